"""The public view: what may leave the repository, by which names and ids, and the uptime of components."""
