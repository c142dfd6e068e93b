"""The theories of an incident as a tree: what each comes from, what spoke for and against it, what was tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model.vocabulary import in_words
from ...services.common.documents import Incident, TimelineRow
from ..markup.html import EMPTY, Child, Html, join, tag
from .elements import bullets, moment, section
from .place import Place

_DEEPEST = 8
"""A theory further down is shown at the top level: its line still names what it comes from."""
_SPEAKS = {"supported": "For", "refuted": "Against"}


def theory_tree(place: Place, one: Incident) -> Html:
    """The tree, with the experiments below their theories; then the observations."""
    tree = _Tree(place, one)
    seen = [
        join(tag("strong", f"{row.get('ref') or ''} "), str(row.get("text") or ""), _confirmed(place, row))
        for row in one.observations
    ]
    loose = [tree.experiment(row) for row in one.experiments if row.get("theory") not in tree.theories]
    return join(tree.html(), bullets(loose), section("Observations", bullets(seen), level=3) if seen else None)


def _confirmed(place: Place, row: Mapping[str, Any]) -> str:
    names = ", ".join(place.person(str(who)) for who in row.get("confirmed_by") or ())
    return f" (confirmed by {names})" if names else ""


class _Tree:
    def __init__(self, place: Place, one: Incident) -> None:
        self._place, self._incident = place, one
        self.theories = {str(row["ref"]): row for row in one.theories}
        self._theory_of = {str(row["ref"]): str(row["theory"]) for row in one.experiments if row.get("ref")}
        self._below: dict[str | None, list[str]] = {}
        for ref in self.theories:
            parent = self._parent(ref)
            self._below.setdefault(parent if self._ends(ref) else None, []).append(ref)
        self._said: dict[str, list[TimelineRow]] = {}
        for row in one.timeline:
            if row.kind == "theory" and row.retracted_by is None:
                self._said.setdefault(str(row.entry.get("ref")), []).append(row)

    def _parent(self, ref: str) -> str | None:
        """The theory that it comes from, itself or through an experiment."""
        for source in self.theories[ref].get("from") or ():
            found = self._theory_of.get(str(source), str(source))
            if found in self.theories and found != ref:
                return found
        return None

    def _ends(self, ref: str) -> bool:
        """Whether its ancestors end, near enough to the top."""
        at: str | None = ref
        for _ in range(_DEEPEST):
            at = self._parent(at) if at is not None else None
            if at is None:
                return True
        return False

    def html(self, parent: str | None = None) -> Html:
        below = self._below.get(parent)
        return tag("ul", [self._theory(ref) for ref in below], class_="internal-theories") if below else EMPTY

    def _theory(self, ref: str) -> Html:
        row = self.theories[ref]
        state = str(row.get("state") or "open")
        said = self._said.get(ref, [])
        evidence = [
            join(tag("strong", f"{_SPEAKS.get(str(later.entry.get('state')), 'Later')}: "), self._words(later))
            for later in said[1:]
            if later.text
        ]
        tried = [self.experiment(test) for test in self._incident.experiments if test.get("theory") == ref]
        fix = str(row.get("proposed_fix") or "")
        return tag(
            "li",
            tag("strong", f"{ref} "),
            tag("span", in_words(state), class_=f"internal-state is-{state}"),
            f" {row.get('text') or ''} ",
            tag("span", *self._source(row), class_="internal-by"),
            bullets([*evidence, *tried, *([join(tag("strong", "Proposed fix: "), fix)] if fix else ())]),
            self.html(ref),
        )

    def _words(self, row: TimelineRow) -> Html:
        return join(
            row.text, " ", tag("span", f"({self._place.person(row.by)}, ", moment(row.at), ")", class_="internal-by")
        )

    def _source(self, row: Mapping[str, Any]) -> tuple[Child, ...]:
        refs = ", ".join(map(str, row.get("from") or ()))
        first = next(iter(self._said.get(str(row["ref"]), ())), None)
        said: tuple[Child, ...] = (self._place.person(first.by), ", ", moment(first.at)) if first else ()
        return ("(", *said, f"; from {refs}" if refs else "", ")") if said or refs else ()

    def experiment(self, row: Mapping[str, Any]) -> Html:
        """What was tried, what should have happened, and what did."""
        parts = [
            tag("div", f"{word}: {row[key]}")
            for word, key in (("Expected", "expectation"), ("Result", "result"))
            if row.get(key)
        ]
        return join(
            tag("strong", f"Experiment {row.get('ref') or ''}: "),
            str(row.get("text") or ""),
            " (reverted)" if row.get("reverted") else "",
            *parts,
        )
