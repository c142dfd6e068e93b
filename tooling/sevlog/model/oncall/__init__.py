"""On-call arithmetic: oncall.yaml as data, rotations, overrides, who is on call at an instant, and escalation."""
