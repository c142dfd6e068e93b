"""cState: its folder of Markdown posts."""
