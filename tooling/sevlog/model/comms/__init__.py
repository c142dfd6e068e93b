"""What people are told: the communication plan, templates, drafts, the text lint, events and the sent ledger."""
