"""A cState site: systems become components, issues incidents; its odd times, ends and words are mended and said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from fixtures.statuspages import plain_config, records_of, states_of
from sevlog.adapters.importers.base import ImportBatch, build
from sevlog.adapters.importers.cstate.importer import open_cstate
from sevlog.errors import NotFound, UsageError
from sevlog.model.timeline.entries import Note, Update

CONFIG = """
    # Everything about the page
    title: Harbour Status
    baseURL: https://status.harbour.example/
    languageCode: en
    params:
      description: |
        What floats,
        and what does not.
      categories:
        - {name: Ships, description: They float., closed: false}
        - {name: Cranes, untitled: true}
      systems:
        - {name: crane-1, category: Cranes, description: "Lifts\\nthings."}
        - {name: Ferry, category: Ships}
        - {name: Lighthouse}
"""
ISSUE = """
    ---
    title: The ferry is late
    date: 2026-05-02T10:00:00-00:00
    resolved: true
    resolvedWhen: 2026-05-02T11:30:00Z
    # Possible severity levels: down, disrupted, notice
    severity: disrupted
    affected:
      - Ferry
    section: issue
    ---

    [Final message]
    It arrived.

    [Initial message]
    It is **late**.
"""


def site(tmp_path: Path, *issues: str, config: str = CONFIG, **named: str) -> Path:
    folder = tmp_path / "content/issues"
    folder.mkdir(parents=True)
    (tmp_path / "config.yml").write_text(dedent(config).lstrip("\n"), "utf-8")
    (folder / "_index.md").write_text("---\ntitle: All\n---\n", "utf-8")
    files = {f"2026-05-02-issue-{number}": text for number, text in enumerate(issues, 1)} | named
    for name, text in files.items():
        (folder / f"{name}.md").write_text(dedent(text).lstrip("\n"), "utf-8")
    return tmp_path


def imported(folder: Path) -> ImportBatch:
    return build(open_cstate(folder), plain_config())


def one(tmp_path: Path, *changes: tuple[str, str], text: str = ISSUE) -> ImportBatch:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return imported(site(tmp_path, text))


def told(batch: ImportBatch) -> list[tuple[datetime, str, str]]:
    return [(e.at, e.phase, e.text) for e in records_of(batch)[0].entries if isinstance(e, Update)]


def test_an_issue_is_an_incident_with_its_text_and_its_end(tmp_path: Path) -> None:
    batch = one(tmp_path)

    assert batch.repairs == ()
    assert told(batch) == [
        (
            datetime(2026, 5, 2, 10, tzinfo=UTC),
            "investigating",
            "[Final message]\nIt arrived.\n\n[Initial message]\nIt is **late**.",
        ),
        (datetime(2026, 5, 2, 11, 30, tzinfo=UTC), "resolved", "Resolved."),
    ]
    state = states_of(batch)[0]
    assert (state.status, state.severity, state.problems) == ("closed", "SEV2", ())
    assert [(s.component, s.impact) for s in state.component_steps] == [
        ("ferry", "partial_outage"),
        ("ferry", "operational"),
    ]
    origin = batch.records[0].card.origin
    assert origin is not None
    assert (origin.system, origin.id) == ("cstate", "2026-05-02-issue-1")
    assert origin.url == "https://status.harbour.example/issues/2026-05-02-issue-1/"


def test_the_page_its_systems_and_its_categories(tmp_path: Path) -> None:
    batch = one(tmp_path)

    assert batch.page is not None
    assert (batch.page.name, batch.page.url) == ("Harbour Status", "https://status.harbour.example")
    assert batch.page.description == "What floats, and what does not."
    assert [(c.key, c.name, c.group, c.description) for c in batch.components] == [
        ("ferry", "Ferry", "Ships", None),
        ("crane-1", "crane-1", "Cranes", "Lifts things."),
        ("lighthouse", "Lighthouse", None, None),
    ]
    assert [(g.name, g.description) for g in batch.groups] == [("Ships", "They float."), ("Cranes", None)]


@pytest.mark.parametrize(
    ("severity", "level", "impact"),
    [("down", "SEV1", "major_outage"), ("disrupted", "SEV2", "partial_outage"), ("notice", "SEV3", "operational")],
)
def test_severities_become_levels_and_states(tmp_path: Path, severity: str, level: str, impact: str) -> None:
    state = states_of(one(tmp_path, ("severity: disrupted", f"severity: {severity}")))[0]

    assert (state.severity, state.component_steps[0].impact) == (level, impact)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("date: 2026-05-02T10:00:00-00:00", "date: 2026-05-02 10:00:00", "date `2026-05-02 10:00:00` has no time zone"),
        (
            "date: 2026-05-02T10:00:00-00:00",
            "date: 2026-05-02T9:30:00-00:00",
            "is not well-formed: read as 2026-05-02T09",
        ),
        (
            "resolvedWhen: 2026-05-02T11",
            "resolvedWhen: 2026-04-02T11",
            "resolvedWhen (2026-04-02T11:30:00Z) is before date",
        ),
        ("resolvedWhen: 2026-05-02T11:30:00Z", "x: 1", "it is resolved without resolvedWhen"),
        ("resolved: true", "resolved: false", "is not resolved: it stays open"),
        ("severity: disrupted", "severity: awful", "its severity `awful` is unknown: taken as `disrupted`"),
        ("severity: disrupted", "x: 1", "it has no severity: taken as `disrupted`"),
        ("affected:\n      - Ferry", "affected: null", "`affected` has no value: the component is unknown"),
        ("affected:\n      - Ferry", "affected:", "`affected` has no value: the component is unknown"),
        ("title: The ferry is late", "x: 1", "it has no title: called `Untitled`"),
    ],
)
def test_what_cannot_be_true_is_mended_and_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    batch = one(tmp_path, (old, new))

    assert len(batch.repairs) == 1
    assert said in batch.repairs[0].what
    notes = [e.text for e in records_of(batch)[0].entries if isinstance(e, Note)]
    assert notes == [f"Import repair: {batch.repairs[0].what}."]
    assert states_of(batch)[0].problems == ()


def test_an_end_before_the_start_is_an_end_at_the_start(tmp_path: Path) -> None:
    state = states_of(one(tmp_path, ("resolvedWhen: 2026-05-02T11", "resolvedWhen: 2026-04-02T11")))[0]

    assert state.milestones.resolved_at == datetime(2026, 5, 2, 10, tzinfo=UTC)


def test_an_open_issue_is_live(tmp_path: Path) -> None:
    batch = one(tmp_path, ("resolved: true\n    resolvedWhen: 2026-05-02T11:30:00Z", "resolved: no"))

    assert states_of(batch)[0].status == "fixing"
    assert batch.repairs == ()


def test_informational_issues_are_over_at_once_and_hurt_nothing(tmp_path: Path) -> None:
    batch = one(tmp_path, ("severity: disrupted", "severity: notice\n    informational: true"))

    state = states_of(batch)[0]
    assert [phase for _, phase, _ in told(batch)] == ["resolved"]
    assert (state.status, {s.impact for s in state.component_steps}) == ("closed", {"operational"})


def test_systems_that_the_page_does_not_list_are_added_as_retired(tmp_path: Path) -> None:
    batch = one(tmp_path, ("- Ferry", "- Ferry\n      - Rowing boat"))

    boat = batch.components[-1]
    assert (boat.key, boat.name, boat.retired_on) == ("rowing-boat", "Rowing boat", "2026-05-02")
    assert [r.component for r in batch.repairs] == ["rowing-boat"]


def test_comments_and_shortcodes_are_not_shown_and_not_lost_and_code_stays_as_it_is(tmp_path: Path) -> None:
    body = """
    Seen <!-- a secret
    of two lines --> by all, {{< track "2026-05-02 10:20:00" >}}.

    ```html
    <!-- this is code --> {{< too >}}
    ```
    {{% notice %}}Mind{{% /notice %}} it.
    """
    batch = one(
        tmp_path, ("[Final message]\n    It arrived.\n\n    [Initial message]\n    It is **late**.", body.strip())
    )

    assert told(batch)[0][2] == (
        "Seen  by all, 2026-05-02 10:20:00.\n\n```html\n<!-- this is code --> {{< too >}}\n```\nMind it."
    )
    notes = [e.text for e in records_of(batch)[0].entries if isinstance(e, Note)]
    assert len(notes) == 3
    assert "a secret\nof two lines" in notes[0]
    assert not any(e.public for e in records_of(batch)[0].entries)


def test_toml_front_matter_is_read_too(tmp_path: Path) -> None:
    text = """
    +++
    title = "The ferry is late"
    date = 2026-05-02T10:00:00Z
    resolved = true
    resolvedWhen = 2026-05-02T11:30:00
    severity = "down"
    affected = ["Ferry"]
    +++
    It is late.
    """
    batch = one(tmp_path, text=text)

    assert [text for _, _, text in told(batch)] == ["It is late.", "Resolved."]
    assert [r.what for r in batch.repairs] == ["resolvedWhen `2026-05-02 11:30:00` has no time zone: read as UTC"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Just a text\n", "it has no front matter"),
        ("---\ntitle: x\n", "the front matter is not closed"),
        ("---\ntitle: x\ntitle: y\n---\n", "its front matter cannot be read"),
        ("---\ntitle: x\n---\n", "it has no date"),
        ("---\ntitle: x\ndate: soon\n---\n", "date `soon` is not a time"),
        ("---\ntitle: x\ndate: 2026-05-02\ndraft: true\n---\n", "it is a draft"),
        ("---\n- a\n---\n", "its front matter is not a mapping"),
        ("+++\ntitle = \n+++\n", "its front matter cannot be read"),
    ],
)
def test_what_cannot_be_read_is_kept_whole_in_quarantine(tmp_path: Path, text: str, reason: str) -> None:
    batch = imported(site(tmp_path, ISSUE, broken=text))

    assert len(batch.records) == 1
    assert [(q.id, q.raw) for q in batch.quarantined] == [("broken.md", text)]
    assert reason in batch.quarantined[0].reason


def test_a_translation_is_left_out_with_a_reason(tmp_path: Path) -> None:
    config = CONFIG + "    languages: {en: {weight: 1}, de: {weight: 2}}\n"
    batch = imported(site(tmp_path, config=config, late=ISSUE, **{"late.de": ISSUE}))

    assert [r.origin_id for r in batch.records] == ["late"]
    assert "translation (de)" in batch.quarantined[0].reason


def test_an_issue_without_text_says_so(tmp_path: Path) -> None:
    batch = one(tmp_path, text="---\ntitle: x\ndate: 2026-05-02T10:00:00Z\nseverity: down\n---\n<!-- hidden -->\n")

    assert "it has no text" in [r.what for r in batch.repairs]


def test_what_is_no_cstate_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere does not exist"):
        open_cstate(tmp_path / "nowhere")
    with pytest.raises(NotFound, match=r"has no config\.yml"):
        open_cstate(tmp_path)
    (tmp_path / "config.yml").write_text("a: [\n", "utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        open_cstate(tmp_path)
    (tmp_path / "config.yml").write_text("title: x\n", "utf-8")
    with pytest.raises(NotFound, match="content/issues"):
        open_cstate(tmp_path)
