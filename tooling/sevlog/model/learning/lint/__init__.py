"""The lint of postmortems: rules for blameless wording, sections and action items. Text in, findings out."""
