"""Services that page a person."""
