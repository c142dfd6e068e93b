"""`python -m sevlog`."""

from .cli.main import main

main()
