"""The pages of the public site, made from the public view alone."""
