"""Postmortems: drafted, edited, checked, reviewed, published, exported, and fed from a chat."""
