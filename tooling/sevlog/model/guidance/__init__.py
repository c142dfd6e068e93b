"""What to do next: the stages of a response, open points, role cards, workload, proposals, runbook steps."""
