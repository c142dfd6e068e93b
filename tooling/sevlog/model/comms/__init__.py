"""Communication: the plan, templates, drafts, the text lint, events and the sent ledger."""
