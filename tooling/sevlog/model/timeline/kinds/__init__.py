"""The kinds of entries: effect on the state, names they refer to, and one-line summary."""
