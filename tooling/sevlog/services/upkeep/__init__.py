"""Keeping a repository in shape: redaction, compaction, formatting."""
