"""Finds and reads the templates of updates: files of the records repository first, then the shipped ones.

A template is named by its audience and its occasion or phase: `comms/public/initial.md` is `public/initial`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import msgspec
from msgspec import Struct, field

from ...errors import InvalidRecord, NotFound, UsageError
from ...model.comms.plan import OUTSIDE
from ...model.comms.template_facts import INSIDE, NOTICE, PUBLIC, SAID
from ...model.comms.templates import Node, TemplateMistake, line_and_column, names, parse
from ...model.problem import Problem
from ...model.suggestions import did_you_mean, nearest
from ...model.vocabulary import Audience
from .. import files, links, resources
from ..yaml import io as yaml_io
from . import frontmatter

MAX_BYTES = 64 * 1024
SHIPPED = "comms"
_ENDING = ".md"
_FALL_BACK: dict[str, tuple[str, ...]] = {"social": ("social", "public"), "executive": ("executive", "internal")}
"""Audiences that read what another one reads where they have no template of their own."""


class Matter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of a template."""

    about: str | None = None
    asks: dict[str, str] = field(default_factory=dict)


class TemplateFile(Struct, frozen=True, kw_only=True):
    """A template. name: audience/occasion. path: relative to the repository; None for a shipped one.

    asks: what its author must say beyond the facts, each with the question to put to them; `text` may be among it.
    """

    name: str
    path: str | None
    text: str
    nodes: tuple[Node, ...]
    about: str = ""
    asks: dict[str, str] = field(default_factory=dict)


class Templates:
    """The templates of one repository. folder: `comms.templates` of sevlog.yaml."""

    def __init__(self, root: Path, folder: str) -> None:
        self._root = root
        self._folder = folder.strip("/") or "."
        self._shipped = resources.data_folder(SHIPPED)

    @classmethod
    def shipped_only(cls) -> Templates:
        """Only the shipped ones: they are always there, and can always be read."""
        place = resources.data_folder(SHIPPED)
        return cls(place.parent, place.name)

    def find(self, audience: str, wanted: Sequence[str]) -> TemplateFile | None:
        """The first of these occasions or phases with a template; the repository's own before a shipped one.

        Raises InvalidRecord where that cannot be read.
        """
        for reader in _FALL_BACK.get(audience, (audience,)):
            for name in wanted:
                full = name if "/" in name else f"{reader}/{name}"
                if self._is_own(full) or self._is_shipped(full):
                    return self.read(full, audience)
        return None

    def read(self, name: str, audience: str | None = None) -> TemplateFile:
        """The template of this full name, for an audience (default: the one that it is named by).

        Raises NotFound with what there is, UsageError for one that names what this audience may not know, InvalidRecord
        where it cannot be read.
        """
        found, problems = self._read(name, audience)
        if problems and audience not in (None, name.partition("/")[0]) and not self._read(name)[1]:
            own = [known for known in self.names() if known.startswith(f"{audience}/")]
            raise UsageError(
                f"template {name} is not for the audience {audience}: {problems[0].message}",
                f"templates for {audience}: {', '.join(own) or 'none'}",
            )
        if problems:
            first = problems[0]
            where = f"{first.path}:{first.line}:{first.column}" if first.line else first.path
            raise InvalidRecord(f"{where}: {first.message}", first.hint or "", f"sevlog check {first.path}")
        if found is None:
            known = self.names()
            raise NotFound(f"unknown template `{name}`", did_you_mean(name, known), f"templates: {', '.join(known)}")
        return found

    def names(self) -> list[str]:
        """The full names of all templates, our own and shipped, sorted."""
        return sorted({*self.own(), *_listed(self._shipped)})

    def own(self) -> list[str]:
        """The full names of the repository's own templates, sorted."""
        return _listed(self._place) if self._is_inside else []

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the repository's own templates."""
        for name in self.own():
            yield from self._read(name)[1]
        if self._is_inside and self._folder != ".":
            yield from self._misplaced()

    def _misplaced(self) -> Iterator[Problem]:
        """Files that are read for no audience."""
        audiences = get_args(Audience)
        lost = [path for path in self._place.glob(f"*/*{_ENDING}") if path.parent.name not in audiences]
        for path in sorted((*self._place.glob(f"*{_ENDING}"), *lost)):
            if path.name != "README.md":
                near = (nearest(path.parent.name, audiences) if path in lost else None) or "public"
                yield Problem(
                    code="unread_file",
                    path=f"{self._folder}/{path.relative_to(self._place).as_posix()}",
                    severity="warning",
                    message="a template must be in a folder named after its audience",
                    hint=f"move it to {self._folder}/{near}/{path.name} (audiences: {', '.join(audiences)})",
                )

    @property
    def _place(self) -> Path:
        return self._root / self._folder

    @property
    def _is_inside(self) -> bool:
        parts = Path(self._folder).parts
        return ".." not in parts and links.first_on_the_way(self._root, self._folder) is None

    def _is_own(self, name: str) -> bool:
        path = f"{self._folder}/{name}{_ENDING}"
        return self._is_inside and links.first_on_the_way(self._root, path) is None and (self._root / path).is_file()

    def _is_shipped(self, name: str) -> bool:
        return (self._shipped / f"{name}{_ENDING}").is_file()

    def _read(self, name: str, audience: str | None = None) -> tuple[TemplateFile | None, list[Problem]]:
        audience = audience or name.partition("/")[0]
        own = self._is_own(name)
        if not own and not self._is_shipped(name):
            return None, []
        path = f"{self._folder}/{name}{_ENDING}" if own else f"(shipped) {name}{_ENDING}"
        file = (self._place if own else self._shipped) / f"{name}{_ENDING}"
        try:
            data = files.read_plain(file, MAX_BYTES)
            if len(data) > MAX_BYTES:
                return None, [_problem(path, "too_large", f"the limit for a template is {MAX_BYTES // 1024} KiB")]
            matter, text = frontmatter.split(data)
            said = msgspec.convert(yaml_io.read(matter) or {}, Matter)
            nodes = parse(text)
        except (frontmatter.FrontMatterError, yaml_io.YamlError, msgspec.ValidationError) as error:
            return None, [_problem(path, "front_matter", f"the front matter cannot be read: {error}")]
        except TemplateMistake as error:
            return None, [_placed(path, data, text, error.place, error.message, None)]
        except OSError as error:
            return None, [_problem(path, "unreadable", f"the file cannot be read: {error.strerror}")]
        found = TemplateFile(
            name=name, path=path if own else None, text=text, nodes=nodes, about=said.about or "", asks=said.asks
        )
        return found, [
            _placed(path, data, text, place, *_why_not(fact, audience, said.asks))
            for fact, place in names(nodes)
            if fact not in known_facts(audience) and fact not in said.asks
        ]


def known_facts(audience: str) -> dict[str, str]:
    """The facts that a template for this audience may name, with what they are."""
    tables = (PUBLIC,) if audience in OUTSIDE else (PUBLIC, INSIDE)
    notice = {} if audience in OUTSIDE else NOTICE
    return {**{name: row[0] for table in tables for name, row in table.items()}, **SAID, **notice}


def _why_not(fact: str, audience: str, asks: dict[str, str]) -> tuple[str, str]:
    if fact in INSIDE:
        return (
            f"`{fact}` is internal: a text for {audience} must not contain it",
            f"remove it; available for {audience}: {', '.join(known_facts(audience))}",
        )
    return (
        f"unknown fact `{fact}`",
        did_you_mean(fact, [*known_facts(audience), *asks])
        or f"to ask the author for it: asks: {{{fact}: the question}}",
    )


def _placed(path: str, data: bytes, text: str, place: int, message: str, hint: str | None) -> Problem:
    whole = data.decode("utf-8", "replace").replace("\r\n", "\n")
    line, column = line_and_column(whole, max(len(whole) - len(text.replace("\r\n", "\n")), 0) + place)
    return Problem(code="template", message=message, path=path, line=line, column=column, hint=hint)


def _problem(path: str, code: str, message: str) -> Problem:
    return Problem(code=code, message=message, path=path)


def _listed(place: Path) -> list[str]:
    return sorted(
        f"{audience}/{path.stem}"
        for audience in get_args(Audience)
        for path in (place / audience).glob(f"*{_ENDING}")
        if not path.is_symlink() and not path.parent.is_symlink()
    )
