"""Checks sevlog.yaml and oncall.yaml: their shape, what they name, and that nothing private or secret is in them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast
from zoneinfo import ZoneInfo

from msgspec import Struct

from ...errors import InvalidRecord
from ...model.comms.private_words import MAIL, PHONE, secrets_in
from ...model.config.comms import AudienceSettings
from ...model.config.settings import LOGO_FORMATS, Config
from ...model.oncall.roster import OnCall
from ...model.problem import Problem
from ...model.rules.config import CONFIG, CONFIG_RULES, ONCALL
from ...model.rules.known_names import Names, names_of
from ...model.rules.not_in_effect import not_in_effect
from ...model.suggestions import did_you_mean, nearest
from ...stores.markdown import postmortem_templates
from ...stores.markdown.comms_templates import Templates
from ...stores.records import settings
from ...stores.yaml import io as yaml_io
from . import partial_settings as settings_in_part
from .locating import Locator

if TYPE_CHECKING:
    from ...stores.records.salvage import Salvaged
    from ...stores.yaml.nodes import Node  # with the careful reader, only where there is something to find


_SWALLOWED = re.compile(r"^[ \t]*(?:- )?([\w-]+):[ \t]+(#[^\s#]\S*)[ \t]*$", re.MULTILINE)
"""A key whose value YAML takes for a comment, as in `accent: #3355ff`."""

_T = TypeVar("_T")


class Checked(Struct, frozen=True):
    """The readable parts of both files, and all their errors.

    config, oncall: the valid parts of a file with errors, the rest as probably meant; None for an unreadable file.
    broken: the files that cannot be used as they are. names: what records may name; None for a kind that is
    unknown. steps_known: whether the lifecycles can be read.
    """

    config: Config | None
    oncall: OnCall | None
    problems: tuple[Problem, ...]
    names: Names | None = None
    broken: frozenset[str] = frozenset()
    steps_known: bool = True


def check_settings(root: Path) -> Checked:
    """Read both files and find all their mistakes."""
    config, salvaged_config, found = _read(root, CONFIG, settings.read_config)
    oncall, salvaged_oncall, more = _read(root, ONCALL, settings.read_oncall)
    found += more
    told = {(p.path, p.line, p.column) for p in found if p.code == "personal_data"}
    salvaged = {name: made for name, made in ((CONFIG, salvaged_config), (ONCALL, salvaged_oncall)) if made is not None}
    for name in (CONFIG, ONCALL):
        found += [p for p in _private_words(root, name) if (p.path, p.line, p.column) not in told]
        found += _swallowed(root, name)
        found += _not_in_effect(root, name)
    broken = frozenset((*salvaged, *(name for name, held in ((CONFIG, config), (ONCALL, oncall)) if held is None)))
    if config is None or oncall is None:
        return Checked(config, oncall, tuple(found), broken=broken)
    names = settings_in_part.names_known(names_of(config, oncall), salvaged)
    locator = Locator(root)
    coherence = settings_in_part.certain(_coherence(root, config, oncall, names), salvaged)
    found += [locator.in_file(p) for p in coherence if _is_written(root, p)]
    found += [locator.in_file(p) for p in settings_in_part.unchecked(salvaged)]
    return Checked(config, oncall, tuple(found), names, broken, settings_in_part.steps_known(salvaged))


def _read(root: Path, name: str, read: Callable[[Path], _T]) -> tuple[_T | None, Salvaged | None, list[Problem]]:
    """The file, with what was made of it if it has mistakes, and those."""
    try:
        return read(root), None, []
    except InvalidRecord as error:
        from ...stores.records.diagnosis import diagnose

        hint = "; ".join(error.hints)
        try:
            data = settings.written(root, name)
        except OSError:
            code = "symbolic_link" if (root / name).is_symlink() else "unreadable"
            return None, None, [Problem(code=code, message=error.message, path=name, hint=hint)]
        found = diagnose(name, data, "config" if name == CONFIG else "oncall")
        value, made = settings_in_part.read(name, data)
        return (
            cast("_T | None", value),
            made,
            found or [Problem(code="invalid", message=error.message, path=name, hint=hint)],
        )


def _coherence(root: Path, config: Config, oncall: OnCall, names: Names) -> Iterator[Problem]:
    for rule in CONFIG_RULES:
        yield from rule(config, oncall, names)
    yield from _zones(config, oncall)
    yield from _files(root, config)
    yield from _postmortem_templates(root, config)
    yield from _update_templates(root, config)


def _update_templates(root: Path, config: Config) -> Iterator[Problem]:
    """The templates that the communication plan names exist: else the default would be used without a word."""
    comms = config.comms
    rows: list[tuple[str, AudienceSettings]] = [(f"audiences/{who}", plan) for who, plan in comms.audiences.items()]
    rows += [(f"plan/{place}", row) for place, row in enumerate(comms.plan)]
    rows += [(f"plans/{key}/{place}", row) for key, plan in comms.plans.items() for place, row in enumerate(plan)]
    named = [(at, row.template) for at, row in rows if row.template]
    known = Templates(root, comms.templates).names() if named else []
    short = {name.partition("/")[2] for name in known}
    for at, template in named:
        if template not in known and template not in short:
            yield Problem(
                code="unknown_template",
                message=f"template `{template}` does not exist",
                path=CONFIG,
                pointer=f"/comms/{at}/template",
                hint="; ".join(filter(None, (did_you_mean(template, [*short]), f"templates: {', '.join(known)}"))),
            )


def _postmortem_templates(root: Path, config: Config) -> Iterator[Problem]:
    for place, kind in enumerate(config.types):
        name = kind.postmortem_template
        if name and not postmortem_templates.exists(root, name):
            yield Problem(
                code="unknown_template",
                message=f"postmortem template `{name}` does not exist",
                path=CONFIG,
                pointer=f"/types/{place}/postmortem_template",
                hint="; ".join(filter(None, postmortem_templates.what_there_is(name))),
            )


def _is_written(root: Path, problem: Problem) -> bool:
    """Whether the file itself has the section that the problem is about: shipped defaults are nobody's mistake."""
    value = _value(root, problem.path)
    return isinstance(value, dict) and problem.pointer.split("/")[1] in value


def _value(root: Path, name: str) -> object:
    """The value of a file as far as it can be read; None where there is none."""
    try:
        data = settings.written(root, name)
    except OSError:
        return None
    try:
        return yaml_io.read(data)
    except yaml_io.YamlError:
        return settings_in_part.value(data)


def _not_in_effect(root: Path, name: str) -> list[Problem]:
    """Keys that the file sets and nothing acts on yet."""
    locator = Locator(root)
    found = not_in_effect(name, _value(root, name), settings.shipped_defaults())
    return [locator.in_file(problem) for problem in found]


def _swallowed(root: Path, name: str) -> Iterator[Problem]:
    """Values that are comments to YAML: the key is read as if it stood empty, and nobody sees why."""
    try:
        text = settings.written(root, name).decode()
    except (OSError, UnicodeError):
        return
    for found in _SWALLOWED.finditer(text):
        key, value = found.groups()
        yield Problem(
            code="swallowed_value",
            severity="warning",
            path=name,
            line=text.count("\n", 0, found.start(2)) + 1,
            column=found.start(2) - text.rfind("\n", 0, found.start(2)),
            message=f"`{key}` has no value: YAML reads `{value}` as a comment",
            hint=f'write it in quotes: {key}: "{value}"',
        )


def _zones(config: Config, oncall: OnCall) -> Iterator[Problem]:
    named = [(CONFIG, "/page/time_zone", config.page.time_zone)]
    named += [(ONCALL, f"/people/{n}/time_zone", p.time_zone or "Etc/UTC") for n, p in enumerate(oncall.people)]
    named += [(ONCALL, f"/schedules/{n}/time_zone", s.time_zone) for n, s in enumerate(oncall.schedules)]
    for path, at, zone in named:
        if not _is_zone(zone):
            yield Problem(
                code="unknown_zone", message=f"unknown time zone `{zone}`", path=path, pointer=at, hint=_zone_hint(zone)
            )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _zone_hint(name: str) -> str:
    from zoneinfo import available_timezones

    known = available_timezones()
    close = nearest(name, known) or next(
        (z for z in sorted(known) if z.rpartition("/")[2].lower() == name.lower()), None
    )
    return f"did you mean `{close}`?" if close else "use an IANA name such as Europe/Berlin"


def _files(root: Path, config: Config) -> Iterator[Problem]:
    """Files that the configuration names and that are not there."""
    named = [
        (f"/components/{n}/runbooks/{m}", f"runbooks/{name}")
        for n, component in enumerate(config.components)
        for m, name in enumerate(component.runbooks)
    ]
    named += [
        (f"/types/{n}/runbooks/{m}", f"runbooks/{name}")
        for n, kind in enumerate(config.types)
        for m, name in enumerate(kind.runbooks)
    ]
    named += [
        (f"/hooks/{n}/run", posixpath.normpath(hook.run.split()[0]))
        for n, hook in enumerate(config.hooks)
        if "/" in hook.run.partition(" ")[0][1:]
    ]
    if config.page.logo:
        yield from _logo_format(config.page.logo)
        named.append(("/page/logo", f"site/{config.page.logo}"))
    for at, path in named:
        if ".." in path.split("/") or not (root / path).is_file():
            there = [
                p.relative_to(root / path.split("/")[0]).as_posix() for p in (root / path.split("/")[0]).rglob("*.*")
            ]
            hint = did_you_mean(path.partition("/")[2], there) or "create the file, or delete the line"
            yield Problem(
                code="missing_file",
                message=f"file {path} does not exist",
                severity="warning",
                path=CONFIG,
                pointer=at,
                hint=hint,
            )


def _logo_format(name: str) -> Iterator[Problem]:
    if not name.lower().endswith(LOGO_FORMATS):
        yield Problem(
            code="wrong_form",
            message=f"`{name}` is not an image that the status page can show",
            path=CONFIG,
            pointer="/page/logo",
            hint=f"use one of {', '.join(LOGO_FORMATS)}",
        )


def _private_words(root: Path, name: str) -> list[Problem]:
    """Addresses of people (in oncall.yaml) and secrets (in both), wherever in the file they stand."""
    try:
        data = settings.written(root, name)
    except OSError:
        return []
    text = data.decode("utf-8", "replace")
    if not (MAIL.search(text) or PHONE.search(text) or any(secrets_in(text))):
        return []
    from ...stores.yaml import document as yaml_document

    tree, _ = yaml_document.compose(data)
    return [] if tree is None else [p for path, node in _texts(tree, ()) for p in _private_word(name, path, node)]


def _private_word(name: str, path: tuple[str | int, ...], node: Node) -> Iterator[Problem]:
    from ...stores.records.diagnosis import pointer

    def found(code: str, what: str, hint: str) -> Problem:
        return Problem(
            code=code,
            message=f"this is {what}, which must not be in git",
            path=name,
            line=node.line,
            column=node.column,
            pointer=pointer(path),
            hint=hint,
        )

    for secret in secrets_in(node.text):
        hint = "remove and revoke it, and keep the new one as an environment secret"
        yield found("secret", secret.what, hint)
        return
    if name == ONCALL:
        hint = "keep it as an environment secret and write only the secret's name under `contact`: ANA_PAGER"
        if MAIL.search(node.text):
            yield found("personal_data", "an e-mail address", hint)
        elif PHONE.search(node.text):
            yield found("personal_data", "a phone number", hint)


def _texts(node: Node, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Node]]:
    """Every scalar of a tree that is a text, with its path."""
    digits = isinstance(node.value, int) and node.text[:1] in "+0" and len(node.text) > 6
    if node.kind == "scalar" and (isinstance(node.value, str) or digits):
        yield path, node
    for key, value in node.pairs:
        yield from _texts(value, (*path, key.text))
    for place, item in enumerate(node.items):
        yield from _texts(item, (*path, place))


def settings_key(root: Path) -> bytes:
    """The bytes of both files, for callers that must know whether they changed."""
    return b"\0".join(_bytes(root, name) for name in (CONFIG, ONCALL))


def _bytes(root: Path, name: str) -> bytes:
    try:
        return settings.written(root, name)
    except OSError:
        return b""
