"""Reads custom JSON by a mapping of sevlog.yaml."""

from __future__ import annotations

from ...errors import UsageError
from ...model import field_paths
from ...model.config.intake import PayloadMapping
from ...model.field_paths import Missing
from ...model.intake.alert import Signal
from .payload import PayloadPart, identity
from .signals import signal_of

_HINT = "compare the path with the payload: sevlog intake json --mapping NAME FILE --dry-run"


def mapped(name: str, mapping: PayloadMapping, payload: dict[str, object]) -> list[Signal]:
    """The alerts of a payload, each once with its last state; their source is the mapping. Raises UsageError."""
    found = {}
    for place, row in _rows(name, mapping, payload):
        one = _Row(name, mapping, place, row)
        signal = one.signal()
        found[signal.fingerprint] = signal
    if not found:
        raise UsageError("the payload contains no alert", "pass the payload of the source unchanged")
    return list(found.values())


def _rows(name: str, mapping: PayloadMapping, payload: dict[str, object]) -> list[tuple[str, object]]:
    """Each alert, and where it is."""
    if mapping.alerts is None:
        return [("the payload", payload)]
    found = field_paths.values(payload, mapping.alerts)
    if isinstance(found, Missing):
        raise _error(name, "alerts", mapping.alerts, "the payload", found)
    rows = found[0] if len(found) == 1 and isinstance(found[0], list) else found
    assert isinstance(rows, list)
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            what = field_paths.kind(row)
            raise UsageError(
                f"mapping `{name}`: alerts: item {number} of `{mapping.alerts}` is {what}, not an object",
                _HINT.replace("NAME", name),
            )
    return [(f"item {number} of `{mapping.alerts}`", row) for number, row in enumerate(rows)]


class _Row:
    """One alert of a payload."""

    def __init__(self, name: str, mapping: PayloadMapping, place: str, row: object) -> None:
        self._name, self._mapping, self._place, self._row = name, mapping, place, row

    def signal(self) -> Signal:
        """What it says. Raises UsageError for a title or fingerprint that is missing."""
        mapping = self._mapping
        title = self._text("title", mapping.title, required=True)
        word = self._text("state", mapping.state).strip().lower()
        ended = word in {one.lower() for one in mapping.resolved}
        is_known = ended or not mapping.firing or word in {one.lower() for one in mapping.firing}
        at = self._text("at", mapping.at)
        fingerprint = self._text("fingerprint", mapping.fingerprint, required=True) if mapping.fingerprint else ""
        return signal_of(
            PayloadPart(self._row),
            self._name,
            ("resolved" if ended else "firing") if is_known else word or "no state",
            words="alertmanager",
            begun=at,
            ended=at,
            fingerprint=fingerprint or identity(title),
            title=title,
            summary=self._text("summary", mapping.summary),
            url=[self._text("url", mapping.url)],
            labels={label: self._text(f"labels.{label}", path) for label, path in mapping.labels.items()},
        )

    def _text(self, key: str, path: str | None, *, required: bool = False) -> str:
        """The value at a path as a text; several with commas."""
        if path is None:
            return ""
        found = field_paths.values(self._row, path)
        if isinstance(found, Missing):
            if required:
                raise _error(self._name, key, path, self._place, found)
            return ""
        parts = [_plain(value) for one in found for value in (one if isinstance(one, list) else [one])]
        text = ", ".join(part for part in parts if part)
        if required and not text.strip():
            raise _error(self._name, key, path, self._place, Missing(path, field_paths.kind(found[0])))
        return text


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def _error(name: str, key: str, path: str, place: str, missing: Missing) -> UsageError:
    where = f"`{missing.there}` of {place}" if missing.there else place
    return UsageError(
        f"mapping `{name}`: {key}: no value at `{path}`: {where} is {missing.has}", _HINT.replace("NAME", name)
    )
