"""Starts the program: `sevlog`, or `python -m sevlog`."""

from __future__ import annotations

import gc
from typing import NoReturn


def main() -> NoReturn:
    """Load the command line and run it. While modules load there is no garbage, so nothing looks for any."""
    gc.disable()
    from .cli.main import main as command_line

    gc.freeze()
    gc.enable()
    command_line()


if __name__ == "__main__":
    main()
