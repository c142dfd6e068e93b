"""Alerts and reports from outside: their shape, the rules that open incidents, and duplicates."""
