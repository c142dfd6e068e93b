"""The working repository: one git command runner, and commits that are whole or absent."""
