"""Findings of the lint of postmortems, as `sevlog postmortem lint` and `sevlog check` report them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from ...errors import SevlogError
from ...model.config.settings import Config
from ...model.learning.lint.finding import POSTMORTEM, Finding, Subject
from ...model.oncall.roster import OnCall
from ...model.problem import Problem
from ...model.timeline.incident import ActionItem, Record
from ...stores import files, layout
from ...stores.markdown import frontmatter
from ...stores.markdown.postmortem_templates import shipped_templates, template_text
from ...stores.yaml import io as yaml_io
from .locating import Locator

PREFIX = "postmortem_"
"""The prefix of a rule name in the codes of `sevlog check`."""
BROKEN = "broken_file"


def in_record(root: Path, folder: str, record: Record, config: Config, oncall: OnCall | None) -> list[Problem]:
    """What `check` reports of an incident's postmortem, by `policies.postmortem_lint.check` and its status.

    As warnings (process.md): a text is for people to judge. Errors are those of rules that sevlog.yaml sets to error.
    """
    found = record.postmortem
    lowest = config.policies.postmortem_lint.check.get(found.status, "off") if found else "off"
    if lowest == "off":
        return []
    problems = in_file(root, f"{folder}/{layout.POSTMORTEM_FILE}", config, oncall, record.actions)
    set_here = config.policies.postmortem_lint.rules
    return [
        replace(
            problem,
            code=f"{PREFIX}{problem.code}",
            incident=record.id,
            severity="error" if set_here.get(problem.code) == "error" else "warning",
        )
        for problem in problems
        if lowest == "warning" or problem.severity == "error"
    ]


def has_own_template(record: Record) -> bool:
    """Whether the postmortem was made from a file of the repository, which can change while the record does not."""
    found = record.postmortem
    return found is not None and found.template is not None and found.template not in shipped_templates()


def in_file(
    root: Path, path: str, config: Config, oncall: OnCall | None, actions: Sequence[ActionItem] = ()
) -> list[Problem]:
    """Every finding about a postmortem. path: relative to `root`, or absolute. actions: those of its incident."""
    try:
        data = files.read_plain(root / path, yaml_io.MAX_BYTES)
    except OSError as error:
        return [Problem(code=BROKEN, message=f"file cannot be read: {error.strerror}", path=path)]
    if len(data) > yaml_io.MAX_BYTES:
        size = f"file is larger than {yaml_io.MAX_BYTES // 1024} KiB"
        return [Problem(code=BROKEN, message=size, hint="move data into evidence/", path=path, line=1, column=1)]
    from ...model.learning.lint.lint import lint  # with its patterns, only where there is something to lint

    matter = _matter(data)
    if matter.get("status") == "waived":
        return []
    found = lint(_subject(root, data, matter, config, oncall, actions), config.policies.postmortem_lint)
    locator = Locator(root)
    return [_problem(finding, path, locator) for finding in found]


def _matter(data: bytes) -> dict[str, object]:
    """The front matter as far as it can be read."""
    try:
        value = yaml_io.read(frontmatter.split(data.removeprefix(codecs.BOM_UTF8))[0])
    except (frontmatter.FrontMatterError, yaml_io.YamlError):
        return {}
    return value if isinstance(value, dict) else {}


def _subject(
    root: Path,
    data: bytes,
    matter: dict[str, object],
    config: Config,
    oncall: OnCall | None,
    actions: Sequence[ActionItem],
) -> Subject:
    known = [(component.key, component.name) for component in config.components]
    known += [(team.key, team.name or "") for team in oncall.teams] if oncall else []
    return Subject(
        text=data.decode("utf-8", "surrogateescape"),
        template=_template(root, matter.get("template")),
        people=tuple(_people(oncall)),
        words=tuple(word for pair in known for word in pair if word),
        factors=bool(matter.get("contributing_factors")) if matter else None,
        actions=tuple(actions),
    )


def _people(oncall: OnCall | None) -> Iterator[str]:
    for person in oncall.people if oncall else ():
        yield person.key
        if person.name:
            yield person.name
        if person.forge:
            yield f"@{person.forge}"


def _template(root: Path, name: object) -> str | None:
    try:
        return template_text(root, name) if isinstance(name, str) else None
    except SevlogError:
        return None


def _problem(finding: Finding, path: str, locator: Locator) -> Problem:
    quoted = f"`{finding.excerpt}`: " if finding.excerpt else ""
    problem = Problem(
        code=finding.rule,
        severity=finding.gravity,
        path=path,
        line=finding.line,
        column=finding.column,
        pointer=finding.pointer,
        message=f"{quoted}{finding.message}",
        hint=finding.suggestion,
    )
    if finding.file == POSTMORTEM:
        return problem
    return locator.in_file(replace(problem, path=f"{path.rpartition('/')[0]}/{finding.file}"))
