"""Drills, their score, and incidents that are played again."""
