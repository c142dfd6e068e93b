"""From records to the public view that the site is built from."""
