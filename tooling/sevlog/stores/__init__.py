"""The outside world: files, YAML, schemas, git."""
