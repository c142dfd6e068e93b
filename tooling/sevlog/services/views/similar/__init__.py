"""Past incidents that are like one, or like a text."""
