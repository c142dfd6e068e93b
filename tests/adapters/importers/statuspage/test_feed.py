"""The history feed and archives of it: words and minutes become phases and times, what they do not say stays unsaid."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.statuspages import plain_config, records_of, states_of, write_lines
from sevlog.adapters.importers.base import ImportBatch, build
from sevlog.adapters.importers.statuspage.sources import open_source
from sevlog.errors import UsageError
from sevlog.model.timeline.entries import Note, Update
from sevlog.model.vocabulary import Phase


def line(month: str, day: int, clock: str, status: str, text: str, zone: str = "UTC") -> str:
    return (
        f"<p> <small>{month} <var data-var='date'>{day}</var>, <var data-var='time'>{clock}</var> {zone}</small><br> "
        f"<strong>{status}</strong> - {text} </p>"
    )


def feed(updated: str, *lines: str, code: str = "inc1dent0001") -> bytes:
    html = " ".join(lines).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">
  <id>tag:status.parcelpost.example,2005:/history</id>
  <link rel="alternate" type="text/html" href="https://status.parcelpost.example"/>
  <title>Parcel Post Status - Incident History</title>
  <updated>{updated}</updated>
  <author><name>Parcel Post</name></author>
  <entry>
    <id>tag:status.parcelpost.example,2005:Incident/31</id>
    <published>{updated}</published>
    <updated>{updated}</updated>
    <link rel="alternate" type="text/html" href="https://status.parcelpost.example/incidents/{code}"/>
    <title>Labels &amp; more are late</title>
    <content type="html">{html}</content>
  </entry>
</feed>""".encode()


def batch_of(path: Path, data: bytes) -> ImportBatch:
    path.write_bytes(data)
    return build(open_source(str(path)), plain_config())


def told(batch: ImportBatch) -> list[tuple[datetime, Phase, str]]:
    return [(e.at, e.phase, e.text) for e in records_of(batch)[0].entries if isinstance(e, Update)]


def test_a_feed_gives_incidents_with_phases_times_and_links(tmp_path: Path) -> None:
    data = feed(
        "2026-05-02T11:20:41Z",
        line("May", 2, "11:20", "Resolved", "All is well.<br /><br />See <a href='https://x.example/y'>this</a>."),
        line("May", 2, "10:59", "Update", "Nearly &amp; soon: &lt;1% left"),
        line("May", 2, "10:59", "Monitoring", "A fix is in."),
        line("May", 2, "10:01", "Investigating", "We look into it."),
    )

    batch = batch_of(tmp_path / "history.atom", data)

    assert told(batch) == [
        (datetime(2026, 5, 2, 10, 1, tzinfo=UTC), "investigating", "We look into it."),
        (datetime(2026, 5, 2, 10, 59, tzinfo=UTC), "monitoring", "A fix is in."),
        (datetime(2026, 5, 2, 10, 59, tzinfo=UTC), "monitoring", "Nearly & soon: <1% left"),
        (datetime(2026, 5, 2, 11, 20, tzinfo=UTC), "resolved", "All is well.\n\nSee [this](https://x.example/y)."),
    ]
    record = records_of(batch)[0]
    assert record.card.title == "Labels & more are late"
    assert record.card.origin is not None
    assert record.card.origin.id == "inc1dent0001"
    assert record.card.origin.url == "https://status.parcelpost.example/incidents/inc1dent0001"
    assert [e.origin.status for e in record.entries if isinstance(e, Update) and e.origin] == ["Update"]
    assert [(s.status, s.problems) for s in states_of(batch)] == [("closed", ())]
    assert any("neither impact nor components" in notice for notice in batch.notices)


def test_a_line_without_a_year_has_that_of_its_entry_going_backwards_over_new_year(tmp_path: Path) -> None:
    data = feed(
        "2026-01-01T00:20:00Z",
        line("Jan", 1, "00:20", "Resolved", "Over."),
        line("Dec", 31, "23:50", "Investigating", "Hm."),
    )

    times = [at for at, _, _ in told(batch_of(tmp_path / "history.atom", data))]

    assert times == [datetime(2025, 12, 31, 23, 50, tzinfo=UTC), datetime(2026, 1, 1, 0, 20, tzinfo=UTC)]


def test_the_zone_of_a_line_counts_and_an_unknown_one_is_said(tmp_path: Path) -> None:
    known = feed("2026-05-02T14:20:00Z", line("May", 2, "10:20", "Resolved", "Over.", zone="EDT"))
    unknown = feed("2026-05-02T14:20:00Z", line("May", 2, "14:20", "Resolved", "Over.", zone="QQT"))

    assert told(batch_of(tmp_path / "a.atom", known))[0][0] == datetime(2026, 5, 2, 14, 20, tzinfo=UTC)
    batch = batch_of(tmp_path / "b.atom", unknown)
    assert told(batch)[0][0] == datetime(2026, 5, 2, 14, 20, tzinfo=UTC)
    assert [r.what for r in batch.repairs] == ["the time zone `QQT` is unknown: read as UTC"]


def test_a_scheduled_event_is_a_maintenance_with_its_window(tmp_path: Path) -> None:
    data = feed(
        "2026-05-02T10:00:00Z",
        "<p><strong>THIS IS A SCHEDULED EVENT Jun  3, 22:00 - Jun  4, 02:00 UTC</strong></p>",
        line("May", 2, "10:00", "Scheduled", "We move."),
    )

    batch = batch_of(tmp_path / "history.atom", data)

    card = batch.records[0].card
    assert card.kind == "maintenance"
    assert card.scheduled is not None
    assert (card.scheduled.start, card.scheduled.end) == (
        datetime(2026, 6, 3, 22, tzinfo=UTC),
        datetime(2026, 6, 4, 2, tzinfo=UTC),
    )
    assert batch.repairs == ()


def test_an_entry_without_an_update_is_kept_in_quarantine(tmp_path: Path) -> None:
    batch = batch_of(tmp_path / "history.atom", feed("2026-05-02T10:00:00Z", "<p>Nothing here</p>"))

    assert batch.records == ()
    assert [(q.id, q.reason) for q in batch.quarantined] == [("history.atom, entry 1", "its text contains no update")]
    assert "Nothing here" in str(batch.quarantined[0].raw)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<!DOCTYPE f [<!ENTITY a "aaaa">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>', "declares entities"),
        (b"<rss><channel/></rss>", "is not an Atom feed"),
        (b"<feed", "not well-formed XML"),
    ],
)
def test_what_is_no_plain_atom_feed_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=rf"history\.xml: it (is )?{said.removeprefix('is ')}"):
        batch_of(tmp_path / "history.xml", data)


ARCHIVED = {
    "id": "31",
    "entry_id": "tag:status.parcelpost.example,2005:Incident/31",
    "title": "Labels are late",
    "url": "https://status.parcelpost.example/incidents/inc1dent0001",
    "impact": "major",
    "components": ["Labels", "Tracking"],
    "status_sequence": ["Investigating", "Update", "Resolved"],
    "started_at": "2026-05-02T10:01:00Z",
    "resolved_at": "2026-05-02T11:20:00Z",
    "impact_window": None,
    "updates": [
        {"at": "2026-05-02T10:01:00Z", "status": "Investigating", "message": "We look into it."},
        {"at": "2026-05-02T10:01:00Z", "status": "Update", "message": "Labels are slow."},
        {"at": "2026-05-02T11:20:00Z", "status": "Resolved", "message": "It was between 09:40 and 11:00 UTC."},
    ],
}


def archive(tmp_path: Path, **change: object) -> ImportBatch:
    path = write_lines(tmp_path / "incidents.jsonl", [{**ARCHIVED, **change}])
    return build(open_source(str(path)), plain_config())


def test_an_archive_keeps_the_id_of_the_address_and_names_components(tmp_path: Path) -> None:
    batch = archive(tmp_path)

    assert [r.origin_id for r in batch.records] == ["inc1dent0001"]
    assert [(c.key, c.origin, c.retired_on) for c in batch.components] == [
        ("labels", None, None),
        ("tracking", None, None),
    ]
    state = states_of(batch)[0]
    assert state.problems == ()
    assert state.severity == "SEV2"
    assert {s.impact for s in state.component_steps} == {"partial_outage", "operational"}
    assert [e.origin.status for e in records_of(batch)[0].entries if isinstance(e, Update) and e.origin] == ["Update"]


def test_updates_of_one_minute_keep_their_order_and_have_ids_of_their_own(tmp_path: Path) -> None:
    updates = states_of(archive(tmp_path))[0].updates

    assert [(u.id, u.entry.text) for u in updates][:2] == [
        ("20260502T100100Z-update", "We look into it."),
        ("20260502T100100Z-update-02", "Labels are slow."),
    ]


def test_a_window_of_impact_that_fits_is_the_start_and_the_end_of_the_impact(tmp_path: Path) -> None:
    window = {"start_at": "2026-05-02T09:40:00Z", "end_at": "2026-05-02T11:00:00Z", "source": "postmortem"}

    state = states_of(archive(tmp_path, impact_window=window))[0]

    assert state.problems == ()
    assert state.milestones.started_at == datetime(2026, 5, 2, 9, 40, tzinfo=UTC)
    assert state.milestones.ended_at == datetime(2026, 5, 2, 11, tzinfo=UTC)
    assert state.milestones.resolved_at == datetime(2026, 5, 2, 11, 20, tzinfo=UTC)


def test_a_window_of_impact_of_another_day_is_noted_and_not_used(tmp_path: Path) -> None:
    window = {"start_at": "2025-05-02T09:40:00Z", "end_at": "2025-05-02T11:00:00Z", "source": "postmortem"}

    batch = archive(tmp_path, impact_window=window)

    assert states_of(batch)[0].milestones.started_at == datetime(2026, 5, 2, 10, 1, tzinfo=UTC)
    assert len(batch.repairs) == 1
    assert "does not meet its updates" in batch.repairs[0].what


def test_what_an_archive_derived_by_itself_is_said_in_a_note(tmp_path: Path) -> None:
    batch = archive(tmp_path, components_source="a model", components_confidence={"Labels": 0.97})

    notes = [e.text for e in records_of(batch)[0].entries if isinstance(e, Note)]
    assert notes == ["Import: the archive derived the components from the text (a model): Labels (97%)."]


def test_an_address_without_an_id_is_kept_in_quarantine(tmp_path: Path) -> None:
    batch = archive(tmp_path, url="https://status.parcelpost.example/")

    assert [q.reason for q in batch.quarantined] == [
        "its address `https://status.parcelpost.example/` does not end with an id"
    ]


def test_a_feed_and_an_archive_of_one_page_are_one_history(tmp_path: Path) -> None:
    write_lines(tmp_path / "incidents.jsonl", [ARCHIVED])
    (tmp_path / "history.atom").write_bytes(
        feed(
            "2026-05-02T12:20:41Z",
            line("May", 2, "12:20", "Postmortem", "Why it was."),
            line("May", 2, "11:20", "Resolved", "It is over."),
            line("May", 2, "10:01", "Update", "Labels are slow."),
            line("May", 2, "10:01", "Investigating", "Hm."),
        )
    )

    batch = build(open_source(str(tmp_path)), plain_config())

    assert batch.page is not None
    assert batch.page.name == "Parcel Post"
    assert len(batch.records) == 1
    assert [phase for _, phase, _ in told(batch)][-1] == "postmortem"
    assert states_of(batch)[0].severity == "SEV2"


def test_lines_that_are_no_json_are_kept_and_hide_no_other(tmp_path: Path) -> None:
    path = tmp_path / "incidents.jsonl"
    path.write_text(json.dumps(ARCHIVED) + "\n{broken\n\n[1]\n", "utf-8")

    batch = build(open_source(str(path)), plain_config())

    assert len(batch.records) == 1
    assert [q.id for q in batch.quarantined] == ["incidents.jsonl, line 2", "incidents.jsonl, line 4"]
    assert batch.quarantined[0].raw == "{broken"
