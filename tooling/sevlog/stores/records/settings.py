"""Reads sevlog.yaml and oncall.yaml; what they leave out comes from the shipped defaults."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from ...errors import InvalidRecord
from ...model.config.settings import Config
from ...model.oncall.roster import OnCall
from .. import files, layout
from ..yaml import io as yaml_io
from .adapted_defaults import adapt

_DEFAULTS = Path(__file__).parents[2] / "data" / "defaults.yaml"
_APART_FROM_RECORDS = frozenset({"fields", "hooks", "intake", "notify", "follow_up", "sources"})
"""Sections that change nothing in what the timeline of a record comes to."""
NEWEST_SCHEMA = 1
"""The newest file format this version reads."""


@cache
def shipped_defaults() -> dict[str, Any]:
    """The default process as plain data, in the shape of sevlog.yaml without page and components."""
    data = yaml_io.read(_DEFAULTS.read_bytes())
    assert isinstance(data, dict)
    return data


def with_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """The data with every key it leaves out; mappings that hold named things are filled up key by key.

    Defaults that name roles, severities or priorities of the shipped process adapt to those that replaced them.
    """
    merged = {**shipped_defaults(), **data}
    for key in ("lifecycles", "policies", "comms"):
        shipped = shipped_defaults().get(key)
        if isinstance(shipped, dict) and isinstance(data.get(key), dict):
            merged[key] = {**shipped, **data[key]}
    policies = merged["policies"]
    if isinstance(policies, dict):
        shipped = shipped_defaults()["policies"]
        merged["policies"] = {**policies, "postmortem": _filled(shipped["postmortem"], policies.get("postmortem"))}
    given = data.get("comms")
    told = given.get("audiences") if isinstance(given, dict) else None
    if isinstance(told, dict):
        shipped = shipped_defaults()["comms"]["audiences"]
        merged["comms"]["audiences"] = {**shipped, **{name: _filled(shipped.get(name), told[name]) for name in told}}
    adapt(data, merged)
    return merged


def _filled(shipped: object, given: object) -> object:
    """The given values on top of the shipped ones; the settings of audiences are merged key by key."""
    return {**shipped, **given} if isinstance(shipped, dict) and isinstance(given, dict) else given


def written(root: Path, name: str) -> bytes:
    """The bytes of sevlog.yaml or oncall.yaml; of one that is larger than any may be, as many as show that.

    Raises FileNotFoundError where it is not there, else OSError with the reason as its `strerror`.
    """
    return files.read_plain(root / name, yaml_io.MAX_BYTES)


def read_config(root: Path) -> Config:
    """sevlog.yaml with defaults. Raises InvalidRecord with every mistake where it cannot be read."""
    data = _read(root, layout.CONFIG_FILE)
    if not isinstance(data, dict):
        raise InvalidRecord(f"{layout.CONFIG_FILE} is not a mapping", "sevlog check")
    try:
        config = msgspec.convert(with_defaults(data), Config)
    except msgspec.ValidationError as error:
        raise _invalid(root, layout.CONFIG_FILE, "config", error) from None
    _require_known(layout.CONFIG_FILE, config.schema)
    return config


def read_config_in_part(root: Path) -> tuple[Config, InvalidRecord | None]:
    """sevlog.yaml without those sections with mistakes that do not change what records say, and the error that says so.

    Raises InvalidRecord for mistakes anywhere else.
    """
    try:
        return read_config(root), None
    except InvalidRecord as error:
        from .diagnosis import diagnose

        try:
            raw = written(root, layout.CONFIG_FILE)
            data = yaml_io.read(raw)
        except (yaml_io.YamlError, OSError):
            raise error from None
        pointers = [problem.pointer or "" for problem in diagnose(layout.CONFIG_FILE, raw, "config")]
        wrong = {pointer.split("/")[1] if "/" in pointer else "" for pointer in pointers}
        if not isinstance(data, dict) or not wrong or not wrong <= _APART_FROM_RECORDS:
            raise
        try:
            rest = {key: value for key, value in data.items() if key not in wrong}
            return msgspec.convert(with_defaults(rest), Config), error
        except msgspec.ValidationError:
            raise error from None


def _require_known(name: str, schema: int) -> None:
    if schema > NEWEST_SCHEMA:
        raise InvalidRecord(
            f"{name} has schema {schema}; this sevlog supports up to {NEWEST_SCHEMA}", "install a newer sevlog"
        )


def read_oncall(root: Path) -> OnCall:
    """oncall.yaml; an empty one where there is none. Raises InvalidRecord where it cannot be read."""
    try:
        oncall = msgspec.convert(_read(root, layout.ONCALL_FILE), OnCall)
    except FileNotFoundError:
        return OnCall(schema=1)
    except msgspec.ValidationError as error:
        raise _invalid(root, layout.ONCALL_FILE, "oncall", error) from None
    _require_known(layout.ONCALL_FILE, oncall.schema)
    return oncall


def _read(root: Path, name: str) -> object:
    try:
        return yaml_io.read(written(root, name))
    except yaml_io.YamlError as error:
        raise InvalidRecord(f"{name} cannot be read: {error}", f"sevlog check {name}") from None
    except FileNotFoundError:
        if name == layout.ONCALL_FILE:
            raise
        raise InvalidRecord(f"{name} no longer exists", "sevlog init") from None
    except OSError as error:
        hint = "make it a regular, readable file"
        raise InvalidRecord(f"{name} cannot be read: {error.strerror}", hint) from None


def _invalid(root: Path, name: str, shape: str, error: msgspec.ValidationError) -> InvalidRecord:
    from .diagnosis import diagnose

    problems = diagnose(name, written(root, name), shape)
    if not problems:
        return InvalidRecord(f"{name} is not valid: {error}", f"sevlog check {name}")
    first = problems[0]
    where = f"{name}:{first.line}:{first.column}" if first.line else name
    more = f"; {len(problems) - 1} more" if len(problems) > 1 else ""
    return InvalidRecord(
        f"{where}: {first.message}{more}", first.hint or "", f"list all problems of the file: sevlog check {name}"
    )
