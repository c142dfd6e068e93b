"""What reading commands show: board, list, one incident, its timeline, and what to do next."""
