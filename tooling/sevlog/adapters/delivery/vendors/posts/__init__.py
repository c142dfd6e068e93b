"""Networks with short posts, and text messages."""
