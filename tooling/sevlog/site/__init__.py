"""The status site: pages, feeds and JSON from the public view. Pure text out; only `plugin` knows a site generator."""
