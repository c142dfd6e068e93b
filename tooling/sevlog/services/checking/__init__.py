"""`sevlog check`: findings about files, settings and records, each with file, line and column."""
