"""What acts without a person who types: alerts, issue forms, hooks."""
