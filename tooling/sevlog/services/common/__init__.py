"""What several use cases share: JSON documents, one-line summaries, typed times and names, outcomes.

Nothing here reads a repository.
"""
