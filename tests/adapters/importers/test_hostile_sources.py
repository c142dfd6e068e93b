"""Whatever a source holds, an import ends in records, repairs and quarantine, or in a refusal: never in a crash."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.statuspages import affected, batch_of, incident, maintenance, plain_config, states_of, summary, update
from sevlog.adapters.importers.base import build
from sevlog.adapters.importers.cstate.posts import Draft, read_post
from sevlog.adapters.importers.source import Source, Unusable
from sevlog.errors import SevlogError
from sevlog.model.config.settings import Component, Page
from sevlog.model.timeline.incident import IncidentCard
from sevlog.stores.records import codec
from sevlog.stores.yaml import io as yaml_io

T0, T1 = "2026-05-02T10:00:00.000Z", "2026-05-02T11:00:00.000Z"
DOCUMENT = summary(
    incident(
        "inc1dent0001",
        "Labels are late",
        update("upd1", "identified", T0, affected_components=affected(("c0mplabels00", "operational", "major_outage"))),
        update("upd2", "resolved", T1),
    ),
    maintenances=(maintenance("ma1ntenance1", "Move", update("upd3", "scheduled", T0), start=T0, end=T1),),
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        [
            [],
            {},
            [[]],
            [None],
            {"id": 1},
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00",
            "x" * 400,
            "\x00",
            "a\nb",
        ]
    ),
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to each value of a document."""
    inner: list[Any] = list(value.items()) if isinstance(value, dict) else []
    inner = list(enumerate(value)) if isinstance(value, list) else inner
    return [path, *(p for key, v in inner for p in places(v, (*path, key)))]


PLACES = [path for path in places(DOCUMENT) if path]


@settings(max_examples=400, deadline=None)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_no_value_in_any_place_ends_in_a_crash(changes: list[tuple[tuple[str | int, ...], object]]) -> None:
    document: Any = deepcopy(DOCUMENT)
    for path, junk in changes:
        here = document
        try:
            for key in path[:-1]:
                here = here[key]
            here[path[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took that place away

    try:
        batch = batch_of(json.loads(json.dumps(document)))
    except SevlogError:
        return
    assert [p.message for s in states_of(batch) for p in s.problems if p.code != "unknown_component"] == []
    for record in batch.records:
        assert msgspec.convert(through_yaml(codec.plain(record.card)), IncidentCard) == record.card
        for entry in record.entries:
            assert msgspec.convert(through_yaml(codec.entry_data(entry)), type(entry)) == entry
    for component in batch.components:
        assert msgspec.convert(through_yaml(codec.plain(component)), Component) == component
    if batch.page:
        assert msgspec.convert(through_yaml(codec.plain(batch.page)), Page) == batch.page


def through_yaml(value: object) -> object:
    """The value as a file gives it back."""
    return yaml_io.read(yaml_io.dump(value).encode())


ISSUE: dict[str, Any] = {
    "title": "Late",
    "date": T0,
    "resolved": True,
    "resolvedWhen": T1,
    "severity": "down",
    "affected": ["Ferry"],
    "informational": False,
    "draft": False,
    "url": "/x/",
    "slug": "late",
}


@settings(max_examples=300, deadline=None)
@given(
    changes=st.dictionaries(st.sampled_from(sorted(ISSUE)), JUNK, max_size=4),
    body=st.text(alphabet="<!->{}%`~ab\n /", max_size=60),
    base=st.sampled_from([None, "https://status.harbour.example/"]),
)
def test_no_issue_of_a_cstate_site_ends_in_a_crash(changes: dict[str, object], body: str, base: str | None) -> None:
    data = json.dumps({**ISSUE, **changes}).encode() + b"\n" + body.encode()

    try:
        found = read_post(data, "a folder/An Issue", base)
    except (Unusable, Draft):
        return

    source = Source(system="cstate", label="made up", incidents=(found,), catalogue=True)
    assert [p for s in states_of(build(source, plain_config())) for p in s.problems] == []


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="<!->{}%`~ab\n /", max_size=80))
def test_what_readers_do_not_see_and_what_they_do_is_all_there_was(text: str) -> None:
    """Nothing but the marks of comments and shortcodes, and white space, is lost."""
    found = read_post(b"---\ntitle: x\ndate: 2026-05-02T10:00:00Z\n---\n" + text.encode(), "x", None)

    kept = "".join([found.updates[0].text, *(note.text for note in found.notes)])
    assert text.count("a") + text.count("b") <= kept.count("a") + kept.count("b")
