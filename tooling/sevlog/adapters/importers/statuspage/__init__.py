"""Atlassian Statuspage: its API, feeds and pages, live or archived."""
