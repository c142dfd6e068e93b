"""One module per command or family of commands; each is parse, service, render."""
