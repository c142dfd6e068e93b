"""`sevlog check --base`: findings about a change: edits, the process it weakens, signatures."""
