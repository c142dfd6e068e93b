"""The text of a postmortem: facts in a draft, blocks from the record, and the sections that people must write."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from fixtures.timelines import RESOLVED, at, config, fold
from sevlog.model.learning.durations import promises
from sevlog.model.learning.postmortem.facts import PLACEHOLDERS
from sevlog.model.learning.postmortem.markers import rendered
from sevlog.model.learning.postmortem.sections import filled, has_own_words, unwritten
from sevlog.model.learning.postmortem.source import Source
from sevlog.model.timeline.incident import ActionItem
from sevlog.stores.markdown.postmortem_templates import shipped_templates, template_text

STORY = f"""{RESOLVED}
- {{kind: note, at: "10:06", text: Coffee}}
- {{kind: observation, at: "10:10", by: bo, ref: O1, text: The pool is full}}
- {{kind: observation, at: "10:11", by: ana, ref: O1, confirmed_by: [ana]}}
- {{kind: observation, at: "10:12", by: bo, ref: O2, text: It rains}}
- {{kind: theory, at: "10:13", ref: T1, text: A release leaks connections, from: [O1]}}
- {{kind: theory, at: "10:14", ref: T2, text: It is the network}}
- {{kind: experiment, at: "10:15", ref: E1, theory: T1, text: Restart one node, expectation: It recovers}}
- {{kind: experiment, at: "10:18", ref: E1, result: It did}}
- {{kind: theory, at: "10:20", ref: T2, state: refuted, text: No packet is lost}}
- {{kind: theory, at: "10:21", ref: T1, state: supported, text: E1 shows it}}
- {{kind: decision, at: "10:25", by: ana, text: Roll back}}
- {{kind: update, at: "10:08", audience: public, phase: investigating, text: "A | B", next_update_at: "10:20"}}
- {{kind: update, at: "10:30", audience: public, phase: identified, text: Found}}
- {{kind: update, at: "10:09", audience: internal, phase: investigating, text: In the war room}}
- {{kind: assessment, at: "10:31", affected_count: 1200, affected_percent: 12.5}}
- {{kind: assessment, at: "10:32", support_cases: [C1, C2], started_at: "09:50"}}
- {{kind: follow_up_idea, at: "10:50", text: Limit the pool}}
- {{kind: link, at: "10:51", rel: change, target: "https://forge.example/4f2c1e"}}
"""
SHIPPED = shipped_templates()


def source(timeline: str = STORY) -> Source:
    return Source(
        state=fold(timeline), config=config(), now=at("12:00"), people={"ana": "Ana"}, problems=("Pools (p)",)
    )


def draft(template: str) -> str:
    return filled(template_text(Path(), template), source())


@pytest.mark.demand("S82")
@pytest.mark.parametrize("template", SHIPPED)
def test_each_shipped_template_holds_every_fact_of_the_record_and_no_placeholder(template: str) -> None:
    text = draft(template)

    for fact in (
        "1,200 customers or 12.5% of customers were affected.",
        "Support cases: 2 (C1, C2).",
        "Detected by monitoring",
        "Time to detect: 10 minutes",
        "Proved right, T1: A release leaks connections.",
        "Refuted, T2: It is the network.",
        "Experiment E1: Restart one node. Expected: It recovers. Result: It did.",
        "2026-05-02 10:25 Roll back.",
        "2026-05-02 10:30 Rollback: Rolled back to 4f2c1e.",
        "Confirmed by: No errors for 30 minutes.",
        "major outage from 2026-05-02 10:00, operational from 2026-05-02 11:00",
        "Acknowledged after 5 minutes (target: 5 minutes).",
        "promised updates were late or missing: public due 2026-05-02 10:20, sent 2026-05-02 10:30",
        "Change: https://forge.example/4f2c1e",
        "Problem: Pools (p)",
    ):
        assert fact in text
    for marker in ("timeline", "participants", "metrics", "actions"):
        assert text.count(f"<!-- sevlog:{marker} -->") == 1
    assert not [name for name in PLACEHOLDERS if f"{{{name}}}" in text]


@pytest.mark.demand("S84")
def test_the_timeline_shows_key_entries_by_role_and_all_when_asked() -> None:
    key = rendered("<!-- sevlog:timeline -->", source())
    every = rendered("<!-- sevlog:timeline all -->", source())

    for shown in ("Raised", "A \\| B", "O1: The pool is full", "Roll back", "T1 supported", "to monitoring"):
        assert shown in key
    for hidden in ("Coffee", "In the war room", "It rains", "assessment"):
        assert hidden not in key
    assert "| Roll back | Incident manager |" in key
    assert "| O1: The pool is full | Responder |" in key
    assert "Coffee" in every and "In the war room" in every
    assert rendered("<!-- sevlog:timeline -->", source(), every=True) == every


def test_a_retracted_entry_is_in_no_timeline_and_a_corrected_one_as_corrected() -> None:
    changed = f"""{STORY}
- {{kind: retraction, at: "11:10", of: 20260502T102500Z-decision, reason: wrong}}
- {{kind: correction, at: "11:11", of: 20260502T100600Z-note, set: {{text: Tea}}}}
"""
    text = rendered("<!-- sevlog:timeline all -->", source(changed))

    assert "| Roll back |" not in text
    assert "| Tea |" in text
    assert "| Coffee |" not in text


def test_a_block_is_rendered_once_and_never_in_code_or_for_an_unknown_marker() -> None:
    text = rendered(
        "<!-- sevlog:metrics -->\n\n<!-- sevlog:metrics -->\n\n```\n<!-- sevlog:metrics -->\n```\n\n"
        "<!-- sevlog:metric -->\n\n<!-- a question? -->\n",
        source(),
    )

    assert text.count("| Time to detect | 10 minutes |") == 1
    assert "_See the metrics above._" in text
    assert "```\n<!-- sevlog:metrics -->\n```" in text
    assert "_Unknown marker `metric`: did you mean `metrics`?_" in text
    assert "a question" not in text


def test_actions_show_what_is_missing_and_the_ideas_that_became_none() -> None:
    items = (
        ActionItem(id="A1", title="Limit the | pool", status="accepted"),
        ActionItem(id="A2", title="Limit the pool"),
    )
    found = source()
    text = rendered("<!-- sevlog:actions -->", replace(found, state=replace(found.state, actions=items[:1])))
    taken = rendered("<!-- sevlog:actions -->", replace(found, state=replace(found.state, actions=items)))

    assert "| A1 | Limit the \\| pool | improvement | nobody yet | no date yet | accepted |" in text
    assert "- Limit the pool" in text
    assert "- Limit the pool" not in taken


@pytest.mark.parametrize("template", SHIPPED)
def test_a_fresh_draft_has_every_asked_section_to_write_and_none_after_that(template: str) -> None:
    shipped, text = template_text(Path(), template), draft(template)
    asked = unwritten(shipped, text, source())

    assert "Contributing factors" in asked
    assert not has_own_words(shipped, text, source())
    for title in asked:
        text = text.replace(f"# {title}\n", f"# {title}\n\nWords about {title}.\n", 1)
        assert title not in unwritten(shipped, text, source())
    assert unwritten(shipped, text, source()) == ()
    assert has_own_words(shipped, text, source())


def test_a_heading_in_code_or_a_comment_is_not_a_section() -> None:
    template = "# T\n\n## Cause\n\n<!-- Why? -->\n"

    hidden = "## Other\n\n```\n## Cause\n\nBecause.\n```\n\n<!--\n## Cause\n\nBecause.\n-->\n"

    assert unwritten(template, hidden, source()) == ("Cause",)
    assert unwritten(template, "## cause  ##\n\nBecause.\n", source()) == ()


def test_a_comment_in_the_record_stays_text_in_the_rendered_postmortem() -> None:
    text = rendered(
        "<!-- sevlog:timeline -->", source(f'{RESOLVED}\n- {{kind: decision, at: "10:06", text: "a <!-- b"}}')
    )

    assert "a &lt;!-- b" in text
    assert "to resolved" in text


def test_a_promise_is_kept_by_the_next_update_or_the_end_and_counts_once_it_is_due() -> None:
    def kept(*updates: str, now: str = "12:00", base: str = RESOLVED) -> list[tuple[str, bool]]:
        lines = "\n".join(f"- {{kind: update, phase: investigating, text: x, {update}}}" for update in updates)
        return [(one.audience, one.kept) for one in promises(fold(f"{base}\n{lines}"), at(now))]

    first = 'at: "10:08", audience: public, next_update_at: "10:20"'
    assert kept(first, 'at: "2026-05-02T10:20:59Z", audience: public') == [("public", True)]
    assert kept(first, 'at: "10:21", audience: public') == [("public", False)]
    assert kept(first, 'at: "10:15", audience: internal') == [("public", False)]
    assert kept('at: "10:50", audience: public, next_update_at: "11:20"') == [("public", True)]
    still = RESOLVED.partition('- {kind: status, at: "11:00"')[0]
    assert kept(first, now="10:19", base=still) == []
    assert kept(first, now="10:21", base=still) == [("public", False)]
