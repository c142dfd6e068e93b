"""Generates docs/reference/ and schemas/cli/ from the code."""
