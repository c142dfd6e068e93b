"""Building the site: the MkDocs plugin and generator, the files, the preview server."""
