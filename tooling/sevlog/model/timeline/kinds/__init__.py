"""One row per kind of entry: what it does to the state, the names it refers to, and how it reads in one line."""
