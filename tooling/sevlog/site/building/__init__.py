"""Builds the site: the MkDocs plugin, the generator, the preview server and the files that they write."""
