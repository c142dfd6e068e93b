"""Action items: added, changed, done, listed, and kept in step with commits and trackers."""
