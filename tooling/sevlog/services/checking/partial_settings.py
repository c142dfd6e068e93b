"""Uses what can be read of a sevlog.yaml or oncall.yaml with mistakes, and says once which names it cannot tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from ...model.config.settings import Config
from ...model.oncall.roster import OnCall
from ...model.problem import Problem
from ...model.rules.config import CONFIG, ONCALL
from ...model.rules.known_names import Names
from ...stores.records import settings
from .certainty import path_of

if TYPE_CHECKING:
    from ...stores.records.salvage import Salvaged  # with the careful reader, only where there are mistakes

_SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    CONFIG: {
        "components": ("component",),
        "severities": ("severity",),
        "priorities": ("priority",),
        "types": ("type",),
        "roles": ("role",),
        "fields": ("field",),
        "lifecycles": ("lifecycle",),
    },
    ONCALL: {
        "people": ("person", "reviewer"),
        "teams": ("team", "reviewer"),
        "schedules": ("schedule",),
        "escalations": ("policy",),
    },
}
"""File -> section -> the kinds of names that it lists."""

_OF_NEIGHBOURS = frozenset({"window", "unreachable"})
"""Findings about one key that others in the same mapping may have caused."""


def value(data: bytes) -> object:
    """The value of a file whose YAML is broken, as far as it can be read."""
    from ...stores.records import salvage

    held: object = salvage.readable(data)
    return held


def read(name: str, data: bytes) -> tuple[Config | OnCall | None, Salvaged | None]:
    """The file as it was probably meant, and what of it is a guess; None, None where it is of a newer format."""
    from ...stores.records import salvage

    held = salvage.readable(data)
    known = held if isinstance(held, dict) else {}
    schema = known.get("schema")
    if isinstance(schema, int) and schema > settings.NEWEST_SCHEMA:
        return None, None
    shape: type[Config | OnCall] = Config if name == CONFIG else OnCall
    made = salvage.salvaged(
        "config" if name == CONFIG else "oncall", settings.with_defaults(known) if name == CONFIG else known
    )
    if not isinstance(held, dict) and held is not None:
        made.guessed.add(())
    try:
        return msgspec.convert(made.value, shape), made
    except (msgspec.ValidationError, TypeError):
        return None, None


def names_known(names: Names, salvaged: Mapping[str, Salvaged]) -> Names:
    """The names, without those kinds of which not all can be read."""
    lost = {kind for name, section in _lacking(salvaged) for kind in _SECTIONS[name][section]}
    return Names({kind: None if kind in lost else known for kind, known in names.known.items()}) if lost else names


def unchecked(salvaged: Mapping[str, Salvaged]) -> Iterator[Problem]:
    """One finding a file whose lists of names cannot all be read: nothing was checked against those."""
    lacking = _lacking(salvaged)
    for name, made in salvaged.items():
        sections = [section for path, section in lacking if path == name]
        if not sections:
            continue
        what = " and ".join(f"`{section}`" for section in sections) if not made.is_guessed(()) else "the file"
        yield Problem(
            code="names_unchecked",
            severity="warning",
            path=name,
            pointer=f"/{made.written((sections[0],))[0]}" if not made.is_guessed(()) else "",
            message=f"until {what} is valid, names are not checked against it",
            hint="fix it, then: sevlog check",
        )
    if not steps_known(salvaged):
        yield Problem(
            code="steps_unchecked",
            severity="warning",
            path=CONFIG,
            pointer="/lifecycles",
            message="until `lifecycles` is valid, transitions of incidents are not checked",
            hint="fix it, then: sevlog check",
        )


def steps_known(salvaged: Mapping[str, Salvaged]) -> bool:
    """Whether the lifecycles can be read."""
    made = salvaged.get(CONFIG)
    return made is None or not (made.is_guessed(("lifecycles",)) or made.has_guesses(("lifecycles",)))


def certain(problems: Iterable[Problem], salvaged: Mapping[str, Salvaged]) -> Iterator[Problem]:
    """The findings that are not about a guess, each with its place in the file."""
    from ...stores.records.diagnosis import pointer

    for problem in problems:
        made = salvaged.get(problem.path)
        if made is None:
            yield problem
            continue
        path = path_of(problem.pointer, made.value)
        about = path[: 2 if path[0] == "lifecycles" else -1] if problem.code in _OF_NEIGHBOURS else path
        if not made.is_told(path) and not (problem.code in _OF_NEIGHBOURS and made.has_guesses(about)):
            yield replace(problem, pointer=pointer(made.written(path)))


def _lacking(salvaged: Mapping[str, Salvaged]) -> list[tuple[str, str]]:
    return [(name, section) for name, made in salvaged.items() for section in _SECTIONS[name] if made.lacks(section)]
