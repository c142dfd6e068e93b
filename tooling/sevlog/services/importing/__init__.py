"""Importing the history of another tool: one batch, one commit, and a report of what was kept."""
