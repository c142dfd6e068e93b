"""The lint of postmortems: rules for blameless wording, for sections and for action items. Pure: text in, findings out."""
