"""Sending what was recorded, on top of what others recorded meanwhile."""
