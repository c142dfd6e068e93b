"""All mistakes of one file, each with its place, in words that help."""

from __future__ import annotations

import pytest

from sevlog.model.suggestions import nearest, reshaped
from sevlog.stores.records.diagnosis import diagnose


def told(text: str | bytes, shape: str = "timeline") -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [f"{p.line}:{p.column}: {p.message}" for p in diagnose("incidents/x.yaml", data, shape)]


def test_findings_come_in_the_order_of_the_file_and_carry_its_path() -> None:
    found = diagnose("a/b.yaml", b"- kind: nte\n  at: now\n- kind: note\n  at: now\n", "timeline")
    assert [(p.path, p.line, p.column, p.pointer) for p in found] == [
        ("a/b.yaml", 1, 3, "/0"),
        ("a/b.yaml", 1, 9, "/0/kind"),
        ("a/b.yaml", 2, 7, "/0/at"),
        ("a/b.yaml", 3, 3, "/1"),
        ("a/b.yaml", 4, 7, "/1/at"),
    ]


def test_an_error_of_syntax_hides_no_mistake_in_what_can_be_read() -> None:
    assert told('- kind: nte\n  at: noon\n  by: "ana\n  text: x\n- kind: note\n  at: [1\n  text: a: b\n') == [
        "1:9: unknown entry kind `nte`",
        "2:7: `at` is not a time: `noon`",
        "3:7: the quotes that open here are never closed",
        "6:7: the list `[…]` that opens here is not closed, or a comma is missing",
        "7:10: `: ` is not allowed here: it starts a value inside a text, or the indentation is wrong",
    ]


def test_many_errors_of_syntax_are_told_up_to_the_bound() -> None:
    row = '- kind: note\n  at: 2026-11-20T10:00:00Z\n  text: "x\n'
    assert [line.split(":")[0] for line in told(row * 250)] == [str(3 + 3 * place) for place in range(100)]


def test_a_key_that_may_be_among_unreadable_lines_is_not_called_missing() -> None:
    assert told("kind: note\n\tat: 2026-11-23T14:07:30Z\ntext: x\n") == ["2:1: a tab where only spaces are allowed"]


def test_mistakes_of_yaml_and_of_shape_are_told_together() -> None:
    assert told("kind: note\nat: 2026-11-23T14:07:30Z\ntext: a\ntext: b\nphase: resolved\n") == [
        "4:1: the key `text` is used twice",
        "5:1: `phase` is not a key of a `note` entry",
    ]


def test_a_misspelt_key_is_not_reported_missing_as_well() -> None:
    assert told("kind: status\nat: 2026-11-23T14:07:30Z\nby: ana\nTo: resolved\n") == [
        "4:1: `To` is not a key of a `status` entry"
    ]


def test_an_hour_that_does_not_exist_is_named_before_the_missing_offset() -> None:
    assert told("kind: note\nat: 2026-11-23 25:05\ntext: x\n") == [
        "2:5: `at` is not a time: `2026-11-23 25:05`: there is no hour 25, the last one is 23"
    ]


def test_a_value_that_breaks_several_rules_is_told_once() -> None:
    assert told("kind: note\nat: yesterday\ntext: x\n") == ["2:5: `at` is not a time: `yesterday`"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nstatus: drfat\n---\n\nText\n", ["2:9: `status` cannot be `drfat`"]),
        ("---\n\n# note\nauthors: [ana]\n---\n", ["4:1: the front matter needs the key `status`"]),
        ("---\nstatus: draft\n\n# What happened\n", ["1:1: the front matter that starts here is not closed"]),
        ("# What happened\n", ["1:1: the file has no front matter with the status of the postmortem"]),
        ("---\n---\nText\n", ["2:1: the front matter is empty"]),
        ("---\nstatus: draft\nstatus: draft\n---\n", ["3:1: the key `status` is used twice"]),
        (b"---\nstatus: draft\n---\n\ncaf\xe9\n", ["5:4: the byte 0xE9 is not UTF-8"]),
        ("---\nstatus: draft\n---\n\ttabs are fine in the text\n", []),
        ("---\r\nstatus: draft\r\n---\r\n", []),
    ],
)
def test_front_matter_is_told_with_the_lines_of_the_whole_file(text: str | bytes, expected: list[str]) -> None:
    assert told(text, "postmortem") == expected


def test_front_matter_may_be_missing_where_it_is_optional() -> None:
    assert told("Dear customers\n", "public-postmortem") == []
    assert told("---\nheadline: x\n---\n", "public-postmortem") == ["2:1: `headline` is not a key of the front matter"]


def test_a_message_stays_on_one_line_and_shows_what_cannot_be_seen() -> None:
    (message,) = told('at: 2026-11-23T14:07:30Z\nkind: "a\\u202eb\\nc"\n')
    assert message == "2:7: unknown entry kind `a\\u202eb\\nc`"


def test_a_long_value_is_cut() -> None:
    (message,) = told(f"at: 2026-11-23T14:07:30Z\nkind: {'long ' * 50}\n")
    assert len(message) < 100


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("udpate", ["update", "note"], "update"),
        ("Sev1", ["SEV1", "SEV2"], "SEV1"),
        ("in-review", ["in_review", "draft"], "in_review"),
        ("check", ["checkout", "search"], "checkout"),
        ("degraded", ["degraded_performance", "operational"], "degraded_performance"),
        ("xyz", ["checkout", "search"], None),
        ("", ["checkout"], None),
        ("payments api", ["payments-api"], "payments-api"),
    ],
)
def test_the_nearest_word_is_proposed_where_one_is_near(word: str, known: list[str], expected: str | None) -> None:
    assert nearest(word, known) == expected


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("Checkout API", r"^[a-z0-9-]+\Z", "checkout-api"),
        ("Incident Manager", r"^[a-z][a-z0-9_]*\Z", "incident_manager"),
        ("SEV 1", r"^[A-Za-z0-9][A-Za-z0-9_-]*\Z", "SEV1"),
        ("Zürich", r"^[a-z0-9-]+\Z", "zurich"),
        ("15 minutes", r"^[1-9][0-9]*(s|m|h|d|w)\Z", "15m"),
        ("9:00", r"^[0-2][0-9]:[0-5][0-9]\Z", "09:00"),
        ("status.example.com", r"^https?://[^\s]+\Z", "https://status.example.com"),
        ("!!!", r"^[a-z]+\Z", None),
    ],
)
def test_a_text_is_proposed_in_the_form_that_is_asked_for(text: str, pattern: str, expected: str | None) -> None:
    assert reshaped(text, pattern) == expected
