"""Pure rules and values: no clock, no environment, no files, no git."""
