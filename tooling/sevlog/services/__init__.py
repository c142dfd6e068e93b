"""Use cases: each takes a workspace, returns a result, prints nothing."""
