"""Who may deliver: the signature of the source over the raw body, or a shared secret. All in constant time.

Source of the schemes: the documentation of the vendors' webhooks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

SHORTEST = 16
"""The fewest characters of a secret."""
_FRESH = 300
"""Seconds by which a signed time may differ from ours."""


class Request(Struct, frozen=True, kw_only=True):
    """What a sender shows. headers: by lower-case name. token: of the query. now: seconds since 1970."""

    headers: Mapping[str, str]
    token: str | None
    body: bytes
    now: float


def is_allowed(source: str, request: Request, secrets: Sequence[str]) -> bool:
    """Whether the sender has one of the secrets. A signature that is there counts, and nothing else then."""
    header, signed = _SIGNATURES.get(source, ("", _never))
    if header and (given := request.headers.get(header)) is not None:
        return any(signed(request, given, secret.encode()) for secret in secrets)
    shown = [word.encode("utf-8", "replace") for word in _shown(request)]
    return any(hmac.compare_digest(word, secret.encode()) for word in shown for secret in secrets)


def _shown(request: Request) -> list[str]:
    """The secrets that a sender shows: a bearer token, the password of a login, or `token` of the query."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    found = [request.token] if request.token else []
    if kind.lower() == "bearer":
        found.append(value.strip())
    if kind.lower() == "basic":
        try:
            found.append(base64.b64decode(value.strip(), validate=True).decode().partition(":")[2])
        except (binascii.Error, UnicodeDecodeError):
            return found
    return found


def _digest(secret: bytes, data: bytes) -> str:
    return hmac.new(secret, data, hashlib.sha256).hexdigest()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.strip().lower().encode("utf-8", "replace"), wanted.encode())


def _github(request: Request, given: str, secret: bytes) -> bool:
    return _same(given, f"sha256={_digest(secret, request.body)}")


def _pagerduty(request: Request, given: str, secret: bytes) -> bool:
    """A comma list of v1=HEX: several while a secret is changed."""
    wanted = f"v1={_digest(secret, request.body)}"
    return any(_same(one, wanted) for one in given.split(","))


def _bare(request: Request, given: str, secret: bytes) -> bool:
    return _same(given, _digest(secret, request.body))


def _grafana(request: Request, given: str, secret: bytes) -> bool:
    """Of the body, or of `time:body` where Grafana sends a time, too."""
    at = request.headers.get(GRAFANA_TIME)
    if at is None:
        return _bare(request, given, secret)
    if not re.fullmatch(r"\d{1,12}", at) or abs(request.now - int(at)) > _FRESH:
        return False
    return _same(given, _digest(secret, at.encode() + b":" + request.body))


def _never(request: Request, given: str, secret: bytes) -> bool:
    return False


GRAFANA_TIME = "x-grafana-alerting-timestamp"
_Signed = Callable[[Request, str, bytes], bool]
_SIGNATURES: dict[str, tuple[str, _Signed]] = {
    "github-issue": ("x-hub-signature-256", _github),
    "pagerduty": ("x-pagerduty-signature", _pagerduty),
    "sentry": ("sentry-hook-signature", _bare),
    "grafana": ("x-grafana-alerting-signature", _grafana),
}
"""Source -> the header of its signature, and how it is checked."""
