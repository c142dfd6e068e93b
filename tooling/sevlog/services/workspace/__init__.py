"""A records repository as use cases see it: the workspace, its catalog of incidents, and looking one up."""
