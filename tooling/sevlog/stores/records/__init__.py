"""Record files: schemas, reading with findings, edits, and what a broken file was meant to say."""
