"""The text of a postmortem: facts for a draft, blocks that are rendered from the record, and what is still empty."""
