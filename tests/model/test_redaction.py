"""Redaction: what of an entry is content, read off the model's classes, and what passes for a redacted entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from msgspec import inspect

from fixtures.any_entries import any_entry
from fixtures.canaries import Aviary
from fixtures.publishing import config, only, record
from sevlog.model.public.updates import REMOVED
from sevlog.model.redaction import MARKER, Spot, content, is_marked, is_redacted, redacted, words_at
from sevlog.model.timeline.entries import KINDS, Correction, Note, SeverityChanged, StatusChanged, kind_of
from sevlog.model.timeline.entry_parts import Entry, Evidence
from sevlog.model.timeline.replay import replay

from .public.test_publication import SOLVED

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
STAYS = {
    "AffectedComponent.code",
    "AffectedComponent.name",
    "EntryOrigin.status",
    "EntryOrigin.tweet_id",
    "Assigned.workstream",
    "Released.workstream",
    "Paged.target",
    "Paged.via",
    "Acknowledged.target",
    "Acknowledged.via",
    "Escalated.to",
    "Update.template",
    "RunbookStep.runbook",
    "RunbookStep.step",
    "Link.target",
    "Alert.fingerprint",
    "Alert.source",
}
"""The texts without a form that a redaction leaves: a new one in the model is content until it is said otherwise."""


def free(entry: Entry) -> list[str]:
    return [str(spot.path[0]) for spot in content(entry) if not spot.name]


@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.__struct_config__.tag)
def test_no_text_without_a_form_is_left_but_names(cls: type[Entry]) -> None:
    aviary = Aviary()
    full = aviary.fill(cls, "entry", id=None)
    bare = redacted(full, [spot for spot in content(full) if not spot.name])
    left = msgspec.json.encode(bare).decode()
    fields = {where.rpartition("/")[2] for text, where in aviary.fields.items() if not text.isdigit() and text in left}
    assert fields & _unformed(cls) <= STAYS
    assert is_redacted(full, bare) and is_marked(bare)
    assert (kind_of(bare), bare.at, bare.by, bare.recorded_at) == (kind_of(full), full.at, full.by, full.recorded_at)


def _unformed(cls: type[Entry]) -> set[str]:
    """Class.field of every text that no pattern confines."""
    found: set[str] = set()

    def look(kind: inspect.Type, name: str) -> None:
        if isinstance(kind, inspect.Metadata):
            look(kind.type, name)
        elif isinstance(kind, inspect.UnionType):
            for part in kind.types:
                look(part, name)
        elif isinstance(kind, inspect.VarTupleType):
            look(kind.item_type, name)
        elif isinstance(kind, inspect.StrType) and kind.pattern is None:
            found.add(name)
        elif isinstance(kind, inspect.StructType):
            for field in kind.fields:
                look(field.type, f"{kind.cls.__name__}.{field.name}")

    look(inspect.type_info(cls), "")
    return found


def test_names_go_when_they_are_meant() -> None:
    for cls in KINDS:
        full = Aviary().fill(cls, "entry", id=None)
        bare = redacted(full, content(full))
        assert is_redacted(full, bare)
        assert content(bare) == ()


@given(any_entry())
@settings(max_examples=150, deadline=None)
def test_any_entry_can_be_redacted_once_and_stays_valid(entry: Entry) -> None:
    bare = redacted(entry, content(entry))
    assert is_redacted(entry, bare) == bool(content(entry))
    assert content(bare) == ()
    assert (kind_of(bare), bare.at, bare.by) == (kind_of(entry), entry.at, entry.by)


NOTE = Note(at=AT, by="ana", text="Customer list: Acme", evidence=(Evidence(file="evidence/list.csv"),))
GONE = Note(at=AT, by="ana", text=MARKER)


@pytest.mark.parametrize(
    ("new", "passes"),
    [
        (GONE, True),
        (msgspec.structs.replace(NOTE, text=MARKER), True),
        (msgspec.structs.replace(NOTE, evidence=()), True),
        (msgspec.structs.replace(GONE, id="20261123T100000Z-note"), True),
        (NOTE, False),
        (msgspec.structs.replace(GONE, text=f"{MARKER} a list"), False),
        (msgspec.structs.replace(GONE, text="removed"), False),
        (msgspec.structs.replace(GONE, by="bo"), False),
        (msgspec.structs.replace(GONE, public=True), False),
        (msgspec.structs.replace(NOTE, text=MARKER, evidence=(Evidence(file="evidence/other.csv"),)), False),
        (msgspec.structs.replace(GONE, recorded_at=AT), False),
    ],
    ids=[
        "all",
        "text only",
        "evidence only",
        "id spelt out",
        "nothing",
        "more words",
        "other words",
        "author",
        "another key",
        "other evidence",
        "a key more",
    ],
)
def test_only_the_marker_passes_for_content_and_nothing_else_may_change(new: Entry, passes: bool) -> None:
    assert is_redacted(NOTE, new) is passes


def test_what_the_fold_goes_by_is_no_content() -> None:
    step = StatusChanged(at=AT, by="ana", to="resolved", from_="fixing", attestation="Acme is back", reason="x")
    assert free(step) == ["reason", "attestation"]
    assert not is_redacted(step, msgspec.structs.replace(step, to="closed", reason=MARKER))


def redacted_set(correction: Correction, spots: Iterable[Spot]) -> dict[str, Any]:
    """What a redacted correction still sets."""
    left = redacted(correction, spots)
    assert isinstance(left, Correction)
    return left.set


def test_what_a_correction_says_is_judged_by_the_entry_it_corrects() -> None:
    wrong = SeverityChanged(at=AT, by="ana", to="SEV2", reason="Acme calls")
    correction = Correction(at=AT, by="ana", of="x", set={"to": "SEV1", "reason": "Acme Inc calls"}, reason="typo")
    spots = content(correction, wrong)
    assert redacted_set(correction, spots) == {"to": "SEV1", "reason": MARKER}
    assert words_at(correction, spots) == ("typo", "Acme Inc calls")
    assert redacted_set(correction, content(correction))["to"] == MARKER


SAID = "It works again."
REDACTED = (
    SOLVED.replace(SAID, f'"{MARKER}"')
    + """
- {kind: redaction, at: "12:00", by: ann, of: 20260502T103000Z-update, reason: It named Acme}
"""
)


def test_the_public_reads_that_a_text_was_removed_and_when_but_not_why() -> None:
    before, after = only(record(SOLVED)), only(record(REDACTED))
    (was,) = [update for update in before.updates if update.body == SAID]
    (now,) = [update for update in after.updates if update.id == was.id]
    assert now.body == REMOVED
    assert (now.phase, now.at, now.affected, now.created_at) == (was.phase, was.at, was.affected, was.created_at)
    assert f"{now.updated_at:%H:%M}" == "12:00", "readers of feeds and of the API fetch it again"
    assert f"{after.updated_at:%H:%M}" == "12:00"
    assert "Acme" not in msgspec.json.encode(after).decode() and SAID not in msgspec.json.encode(after).decode()


def test_a_view_of_the_past_does_not_bring_the_text_back() -> None:
    assert SAID not in msgspec.json.encode(only(record(REDACTED), as_of="11:30")).decode()


def test_a_correction_made_before_the_redaction_is_what_counts() -> None:
    better = REDACTED + '- {kind: correction, at: "11:30", by: ann, of: 20260502T103000Z-update, set: {text: Fixed.}}\n'
    assert "Fixed." in [update.body for update in only(record(better)).updates]


def test_nothing_but_words_changes_in_the_fold() -> None:
    before, after = (replay(record(text), config()) for text in (SOLVED, REDACTED))
    for name in ("status", "status_steps", "severity", "components", "component_steps", "milestones", "problems"):
        assert getattr(before, name) == getattr(after, name), name
