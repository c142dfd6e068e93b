"""Makes the carrier for the value of an environment variable."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from .base import PREFIX, BadAddress, Carrier


def is_set(environment: Mapping[str, str], name: str) -> bool:
    """Whether the address of a name is set on this machine."""
    return bool(environment.get(PREFIX + name, "").strip())


def carrier(environment: Mapping[str, str], name: str) -> Carrier:
    """The carrier for a name that is set. Raises BadAddress, which never contains the value."""
    value = environment[PREFIX + name].strip()
    if len(value.split()) != 1:
        raise BadAddress(name, "it contains spaces", "use one variable per address")
    try:
        found = urlsplit(value)
    except ValueError:
        raise BadAddress(name, "it is not an address") from None
    scheme, _, inner = found.scheme.lower().partition("+")
    if scheme in ("smtp", "smtps") and not inner:
        from .mail import Mail

        return Mail(name, found._replace(scheme=scheme))
    if scheme == "webhook":
        return _webhook(name, found, inner)
    if inner in ("https", "http"):
        from .vendors.table import VENDORS

        if scheme not in VENDORS:
            raise BadAddress(name, "unknown service before +https:", f"use one of: {', '.join(sorted(VENDORS))}")
        return VENDORS[scheme].carrier(name, found._replace(scheme=inner))
    from .services import Service

    return Service(name, value)


def _webhook(name: str, found: SplitResult, inner: str) -> Carrier:
    if inner not in ("https", "http"):
        raise BadAddress(name, "it must begin with webhook+https:, not webhook:")
    from .webhook import Webhook

    return Webhook(name, found._replace(scheme=inner))
