"""The acts of a response: raise, acknowledge, update, delegate, step, correct, follow a runbook."""
