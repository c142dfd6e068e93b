"""The output of a command in a form that is safe for git: readable, without values that look like secrets."""

from __future__ import annotations

import re

from ...model.comms.private_words import without_secrets

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")


def readable(output: bytes) -> str:
    """The output as text; empty where there was none."""
    text = _CONTROL.sub("", output.decode("utf-8", "replace").replace("\r\n", "\n"))
    return without_secrets(text).strip()
