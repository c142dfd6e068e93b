"""What belongs neither in git nor in a text that leaves: addresses of people, and secrets; as patterns.

A shape is written so that ordinary words never have it: a service's own mark, then as many letters as a real one has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
PHONE = re.compile(r"\+[0-9][0-9 ()/.-]{6,}[0-9]|(?<![\w.:-])0[0-9]{1,4}[ /-][0-9][0-9 /-]{4,}[0-9](?![\w:-])")

_FORGE = r"gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}|gl(?:pat|rt|dt|ptt|ft|soat|cbt|agent)-[\w-]{20,}"
_CLOUD = (
    r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|wJalrXUtnFEMI/K7MDENG/\w{8}EXAMPLEKEY|AIza[\w-]{35}|ya29\.[\w-]{20,}"
    r"|GOCSPX-[\w-]{20,}|AccountKey=[A-Za-z0-9+/]{60,}|do[opr]_v1_[a-f0-9]{64}|hv[sbr]\.[\w-]{24,}"
)
_CHAT = r"xox[a-z]-[\w-]{10,}|xapp-\d-[\w-]{20,}|\d{8,10}:AA[\w-]{33}"
_HOOK = (
    r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{6,}"
    r"|https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]{20,}"
    r"|https://[\w.-]+\.webhook\.office\.com/webhookb2/[\w@/-]{30,}"
)
_PAYMENT = r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"
_REGISTRY = r"npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{50,}|rubygems_[a-f0-9]{48}|dckr_pat_[\w-]{20,}"
_MAIL_SERVICE = r"SG\.[\w-]{16,}\.[\w-]{16,}|SK[a-f0-9]{32}(?![\w-])|key-[a-f0-9]{32}(?![\w-])|[a-f0-9]{32}-us\d{1,2}\b"
_MODEL = r"sk-(?:proj|svcacct|admin|ant-[a-z]+\d\d)-[\w-]{20,}|sk-[A-Za-z0-9]{40,}|hf_[A-Za-z0-9]{30,}"
_TOOL = (
    r"NRAK-[A-Z0-9]{27}|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|lin_api_[A-Za-z0-9]{40}|ATATT3[\w=-]{20,}"
    r"|sntr[yu]s_[\w+/=-]{30,}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}"
)
_KEY = r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d|AGE-SECRET-KEY-1[0-9A-Z]{50,}"
_SIGNED = r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*"
_IN_ADDRESS = (
    r"[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s/:@?#'\"<>]{0,100}:"
    r"(?![*x.…]+@|\$|%s|<|\{|\[|\(?redacted)[^\s/@?#'\"<>]{1,200}@(?=[\w\[$])"
)
_NAMED = (
    r"(?i:aws_?secret_?(?:access_?)?key['\"]?\s{0,3}[=:]\s{0,3}['\"]?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
    r"|authorization['\"]?\s{0,3}[:=]\s{0,3}['\"]?(?:bearer|basic|token)\s+(?=[a-z._~+/-]*\d)[\w.~+/-]{16,}=*"
    r"|(?:password|passwd|pwd|secret|api_?key|access_?token|auth_?token)=['\"]?"
    r"(?=[^\s'\"&]{0,60}\d)(?=[^\s'\"&]{0,60}[a-z])[\w.~!@%^*+/-]{8,200})"
)


SECRETS = (
    ("a private key", re.compile(_KEY)),
    ("an access key of a cloud", re.compile(_CLOUD)),
    ("a token of a forge", re.compile(_FORGE)),
    ("a token of a chat", re.compile(_CHAT)),
    ("the secret address of a chat hook", re.compile(_HOOK)),
    ("a key of a payment service", re.compile(_PAYMENT)),
    ("a token of a package registry", re.compile(_REGISTRY)),
    ("a key of a mail or phone service", re.compile(_MAIL_SERVICE)),
    ("a key of a model service", re.compile(_MODEL)),
    ("a token of a tool", re.compile(_TOOL)),
    ("an address with a password", re.compile(_IN_ADDRESS)),
    ("a signed token", re.compile(_SIGNED)),
    ("a named password or key", re.compile(_NAMED)),
)
"""What it is -> how it looks."""

_SIGN = re.compile(
    r"_[A-Za-z0-9]{16}|-\w{16}|-[A-Za-z0-9]+-\w{8}|-us\d|-----BEGIN|:AA|://[^\s/@]*:|\.[\w-]{16}|\.eyJ|/webhook"
    r"|=['\"]?(?!\.\./)[^\s'\"&]{8}|A(?:KIA|SIA|Iza|TATT)|SK[a-f0-9]{8}|PuTTY|SecretAccessKey|_access_?key|_ACCESS_KEY"
    r"|Bearer |Basic |//hooks\.|wJalrX"
)
"""One look for what each of them has in it, nearly no other text has, and that begins with a mark or a capital: there
are few of those, which makes the look quick."""


class Secret(Struct, frozen=True):
    """Something in a text that looks like a secret. what: its kind. start, end: where, in characters."""

    what: str
    start: int
    end: int

    def masked(self, text: str) -> str:
        """Enough of it to find it again, and too little to use it."""
        return f"{text[self.start : self.start + 4]}…"

    def stated(self, text: str) -> str:
        """What to say of it, without saying it."""
        return f"this looks like {self.what}: {self.masked(text)}"


def secrets_in(text: str) -> Iterator[Secret]:
    """What looks like a secret, in order, without matches inside another match."""
    if not _SIGN.search(text):
        return
    found = sorted(
        (match.start(), -match.end(), what)
        for what, pattern in SECRETS
        for match in pattern.finditer(text)
        if not text[match.start() - 1 : match.start()].isalnum()
    )
    last = -1
    for start, end, what in found:
        if start >= last:
            last = -end
            yield Secret(what, start, last)


def without_secrets(text: str, instead: str = "[{what} was here]") -> str:
    """The text with each of them replaced. instead: may name `{what}` it is."""
    parts, done = [], 0
    for secret in secrets_in(text):
        parts += [text[done : secret.start], instead.format(what=secret.what)]
        done = secret.end
    return "".join((*parts, text[done:]))
