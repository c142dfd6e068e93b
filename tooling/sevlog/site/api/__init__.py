"""What programs read: the Statuspage API, and the feeds."""
