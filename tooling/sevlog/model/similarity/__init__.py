"""How alike two incidents are, by their words and by what they hit."""
