"""sevlog correct, retract: new entries that change earlier ones; a correction never breaks an entry."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.repositories import Repository


def rows(records: Repository) -> dict[str, dict[str, Any]]:
    return {str(row["kind"]): row for row in records.tells("timeline", records.incident())["timeline"]}


def test_a_correction_counts_and_both_versions_stay(records: Repository) -> None:
    incident = records.raised()
    done = records.tells("correct", "raised", "severity=sev3", "components.search=up", "--reason", "seen again")

    shown = records.tells("show", incident)

    assert (shown["severity"], shown["components"]) == ("SEV3", {"checkout": "partial_outage", "search": "operational"})
    assert rows(records)["raised"]["corrected_by"] == done["entries"]
    assert rows(records)["raised"]["entry"]["severity"] == "SEV2"
    assert len(records.committed()) == 1
    assert "[corrected]" in records.does("timeline", incident)


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        ("text=true", "text", "true"),
        ("text=2026", "text", "2026"),
        ("text=a, b", "text", "a, b"),
        ("by=bo", "by", "bo"),
        ("public=true", "public", True),
    ],
)
def test_a_value_is_read_as_what_the_key_holds(records: Repository, change: str, key: str, value: object) -> None:
    records.raised()
    records.does("note", "x")

    records.does("correct", "note", change)

    assert rows(records)["correction"]["entry"]["set"] == {key: value}


def test_numbers_lists_and_removals_too(records: Repository) -> None:
    incident = records.raised()
    records.does("assess", "--affected", "12", "--support-cases", "3", "--factor", "security", "--symptoms", "x")

    records.does(
        "correct",
        "assessment",
        "affected_count=",
        "affected_percent=12.5",
        "support_cases=A-1,A-2",
        "factors=legal,data_loss",
        "confirmed=true",
        "started_at=-1h",
        "scope=all",
    )

    known = records.tells("show", incident)["assessment"]
    started = known.pop("started_at")
    assert started.endswith("Z")
    assert known == {
        "affected_percent": 12.5,
        "support_cases": ["A-1", "A-2"],
        "support_case_refs": ["A-1", "A-2"],
        "factors": ["legal", "data_loss"],
        "confirmed": True,
        "scope": "all",
        "symptoms": "x",
    }


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (2, ("correct", "raised"), "Missing argument 'KEY=VALUE...'"),
        (2, ("correct", "raised", "severity"), "`severity` is not KEY=VALUE"),
        (2, ("correct", "raised", "severty=SEV1"), "did you mean `severity`?"),
        (2, ("correct", "raised", "severity=SEV9"), "unknown severity `SEV9`"),
        (2, ("correct", "raised", "priority=P9"), "unknown priority `P9`"),
        (2, ("correct", "raised", "severity="), "`severity`"),
        (2, ("correct", "raised", "components.nope=up"), "unknown component `nope`"),
        (2, ("correct", "raised", "components.search=bad"), "unknown component state `bad`"),
        (2, ("correct", "raised", "at=2030-01-01T00:00:00Z"), "is in the future"),
        (2, ("correct", "raised", "by=zed"), "is not listed in oncall.yaml"),
        (2, ("correct", "raised", "scope=few"), "`scope`"),
        (2, ("correct", "raised", "evidence=x"), "has nested keys"),
        (3, ("correct", "raised", "id=abc"), "the id of an entry never changes"),
        (3, ("correct", "raised", "kind=note"), "the kind of an entry never changes"),
        (4, ("correct", "nope", "text=x"), "has no entry with the id `nope`"),
        (4, ("correct", "2026", "text=x"), "is part of 2 entry ids"),
        (4, ("retract", "nope", "--reason", "x"), "has no entry with the id `nope`"),
        (2, ("retract", "note"), "Missing option '--reason'"),
        (3, ("retract", "raised", "--reason", "x"), "opens the incident"),
    ],
)
def test_what_cannot_be_corrected_is_refused(records: Repository, code: int, words: tuple[str, ...], said: str) -> None:
    records.raised("--at", "2026-01-01T10:00:00Z")
    records.does("note", "x", "--at", "2026-01-01T11:00:00Z")

    assert said in records.refuses(code, *words)


def test_candidates_are_told_with_what_they_say(records: Repository) -> None:
    records.raised()
    for text in ("one", "two"):
        records.does("note", text)

    said = records.refuses(4, "retract", "note", "--reason", "x")

    assert said.count("-note   ") == 2
    assert "-note   two" in said


def test_a_retracted_entry_no_longer_counts_and_can_come_back(records: Repository) -> None:
    incident = records.raised()
    records.does("severity", "SEV1", "--reason", "panic")
    records.does("retract", "-i", incident, "Z-severity", "--reason", "that was the other one")
    assert records.tells("show", incident)["severity"] == "SEV2"
    assert "was already retracted" in records.refuses(3, "retract", "Z-severity", "--reason", "x")
    assert "needs no correction" in records.refuses(3, "correct", "Z-severity", "to=SEV3")
    assert "cannot be corrected" in records.refuses(3, "correct", "retraction", "reason=x")

    records.does("retract", "retraction", "--reason", "it was right after all")

    assert records.tells("show", incident)["severity"] == "SEV1"


def test_taking_back_a_step_that_others_stand_on_is_refused(records: Repository) -> None:
    records.fixing()
    records.does("monitor", "--mitigation", "x")

    said = records.refuses(3, "retract", rows(records)["action_taken"]["id"], "--reason", "x")

    assert "no mitigation recorded yet" in said


@pytest.mark.parametrize("words", [("retract", "note"), ("redact", "note"), ("severity", "SEV1")])
def test_a_reason_without_words_is_refused(records: Repository, words: tuple[str, ...]) -> None:
    records.raised()
    records.does("note", "We look")

    assert "`reason`" in records.refuses(2, *words, "--reason", "")


@pytest.mark.demand("S46")
@pytest.mark.parametrize(("what", "level"), [("severity", "SEV3"), ("priority", "P4")])
def test_another_level_is_a_change_with_a_reason_and_not_a_correction_without(
    records: Repository, what: str, level: str
) -> None:
    incident = records.raised()

    said = records.refuses(3, "correct", "raised", f"{what}={level}")

    assert f'sevlog {what} {level} --reason "…" -i {incident}' in said
    records.does("correct", "raised", f"{what}={level}", "--reason", "a typing error")
    assert records.tells("show", incident)[what] == level
