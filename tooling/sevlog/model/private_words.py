"""What belongs neither in git nor in a text that leaves: addresses of people, and secrets; as patterns."""

from __future__ import annotations

import re

MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
PHONE = re.compile(r"\+[0-9][0-9 ()/.-]{6,}[0-9]|(?<![\w.:-])0[0-9]{1,4}[ /-][0-9][0-9 /-]{4,}[0-9](?![\w:-])")
SECRETS = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
    ("an access key of a cloud", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a token of a forge", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,})")),
    ("a token of a chat or payment service", re.compile(r"\bxox[abprs]-[\w-]{10,}|\b[sr]k_live_\w{16,}")),
    ("the secret address of a chat hook", re.compile(r"https://hooks\.slack\.com/\S+|https://\S*discord\S*/webhooks/\S+")),
    ("an address with a password", re.compile(r"\b[a-z]+://[^\s/:@]+:[^\s/:@]+@")),
    ("a signed token", re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.")),
)  # fmt: skip
"""What it is -> how it looks."""
