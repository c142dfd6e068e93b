"""The lint of postmortems: places, what is not prose, suppressions, sections, action items, broken files, time."""

from __future__ import annotations

from time import process_time

import msgspec
import pytest

from sevlog.model.config.postmortem_lint import PostmortemLint
from sevlog.model.learning.lint.finding import Finding, Subject
from sevlog.model.learning.lint.lint import FINDERS, lint
from sevlog.model.learning.lint.rules import RULES, SUPPRESSION
from sevlog.model.timeline.incident import ActionItem

pytestmark = pytest.mark.demand("S81")

FRONT = "---\nstatus: draft\n---\n\n"
BLAMED = "The engineer should have checked the lag."
TEMPLATE = """# {title}

## Summary

{summary}

## Fault

<!-- What did not work as intended? -->

## Impact

Who was affected?

## What went well
"""


def found(text: str, template: str | None = None, /, **settings: object) -> tuple[Finding, ...]:
    people = ("ana", "Ana Ruiz", "jonas")
    subject = Subject(text=text, template=template, people=people, words=("jonas",))
    return lint(subject, msgspec.convert(settings, PostmortemLint))


def placed(text: str, **settings: object) -> list[tuple[str, int | None, int | None]]:
    return [(finding.rule, finding.line, finding.column) for finding in found(text, **settings)]


def in_fault(text: str) -> str:
    return f"{FRONT}## Fault\n\n{text}\n"


def rules(text: str) -> list[str]:
    return [finding.rule for finding in found(in_fault(text))]


def test_every_rule_has_a_finder_and_the_mistakes_in_suppressions_come_last() -> None:
    assert [*FINDERS, SUPPRESSION] == list(RULES)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (f"{FRONT}## Fault\n\nIt was late. The engineer should have slept.\n", 7, 27),
        (f"---\r\nstatus: draft\r\n---\r\n\r\n## Fault\r\n\r\nAll was red.\r\n{BLAMED}\r\n", 8, 14),
        (f"{FRONT}## Fault\n\n-\t🚀 日本 {BLAMED}\n", 7, 21),
        (f"{FRONT}## Fault\n\nThe engineer\nshould have *tested* it.\n", 8, 1),
        (f"\ufeff{FRONT}{BLAMED}", 5, 14),
        (f"{FRONT}| what | why |\n|---|---|\n| lag | {BLAMED} |\n", 7, 22),
    ],
)
def test_line_and_column_count_characters_of_the_whole_file(text: str, line: int, column: int) -> None:
    assert placed(text) == [("counterfactual", line, column)]


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{BLAMED}\n```",
        f"~~~~\n```\n{BLAMED}\n~~~~",
        f"- a step\n\n  ```\n  {BLAMED}\n  ```",
        f"It said:\n\n    {BLAMED}",
        f"> {BLAMED}\n{BLAMED}",
        f"### {BLAMED}",
        f"{BLAMED}\n---",
        f"<!-- {BLAMED} -->",
        f"a <!--\n{BLAMED}\n--> b",
        f"The log says `{BLAMED}` once an hour.",
        f'The report says "{BLAMED}" on page 3.',
        f"The report says „{BLAMED}“ on page 3.",
        f"[graph](https://x.example/the-engineer-should-have-checked) and <https://x.example/{BLAMED[:12]}>",
        f"2026-11-02T03:10:11Z {BLAMED}",
        f"[12:03:04.123] WARN {BLAMED}",
    ],
)
def test_code_quotations_headings_comments_links_and_log_lines_are_not_prose(text: str) -> None:
    assert [rule for rule in rules(f"Words.\n\n{text}") if rule != "empty_section"] == []


def test_prose_behind_a_code_block_a_comment_or_a_quotation_is_read_again() -> None:
    text = f"```\nx\n```\n{BLAMED}\n\n<!-- a\nb --> {BLAMED}\n\n> x\n\n{BLAMED}"

    assert [line for _, line, _ in placed(in_fault(text))] == [10, 13, 17]


def test_a_question_does_not_claim_what_people_should_have_done() -> None:
    assert rules("Is it fair that the team should have known this?") == []
    assert rules("It is fair that the team should have known this.") == ["counterfactual"]


@pytest.mark.parametrize("title", ["# Messages time out", "# Links", "## Links are expired", "## Lost messages"])
def test_a_title_that_says_what_broke_does_not_silence_what_is_below_it(title: str) -> None:
    assert placed(f"{FRONT}{title}\n\n### Fault\n\n{BLAMED}\n") == [("counterfactual", 9, 14)]


@pytest.mark.parametrize("title", ["Timeline", "Participants", "Supporting data", "Responders", "Follow-up actions"])
def test_names_are_welcome_where_they_say_who_did_what_when(title: str) -> None:
    assert placed(f"{FRONT}## {title}\n\nAna Ruiz restarted the node.\n") == []


def test_a_subsection_is_read_as_what_contains_it_unless_its_own_title_says_otherwise() -> None:
    text = f"{FRONT}## Timeline\n\n### Night\n\nAna came.\n\n## Review\n\n### What went well\n\nAna came.\n"

    assert placed(text) == []
    assert placed(text.replace("## Timeline", "## Story")) == [("blame_name", 9, 1)]


def test_a_name_that_is_also_a_component_is_not_a_finding() -> None:
    assert rules("The writer of jonas is single.") == []
    assert rules("The writer of Ana is single.") == ["blame_name"]


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- sevlog:allow counterfactual: the contract says so -->\n{BLAMED}",
        f"<!-- sevlog:allow counterfactual: the contract says so -->\n\nIt was late.\n{BLAMED}",
        f"{BLAMED} <!-- sevlog:allow counterfactual: the contract says so -->",
        f"<!-- sevlog:allow blame_name, counterfactual: agreed\nwith the author -->\n- Ana: {BLAMED}",
    ],
)
def test_a_comment_with_a_reason_allows_a_finding_on_its_line_or_in_the_next_paragraph(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("sevlog:allow counterfactual", "has no reason"),
        ("sevlog:allow counterfactual:", "has no reason"),
        ("sevlog:allow : because", "names no rule"),
        ("sevlog:allow counterfactuals: typed", "unknown rule `counterfactuals`"),
        ("sevlog:allow minimizer: nothing there", "suppresses nothing"),
    ],
)
def test_a_mistake_in_a_suppression_is_a_finding_and_the_suppression_has_no_effect(comment: str, said: str) -> None:
    findings = found(in_fault(f"<!-- {comment} -->\n{BLAMED}"))

    assert [finding.rule for finding in findings] == ["suppression", "counterfactual"]
    assert said in findings[0].message
    assert findings[0].line == 7


def test_a_suppression_ends_with_its_paragraph_and_may_name_a_rule_that_is_off() -> None:
    allowed = "<!-- sevlog:allow counterfactual: quoted -->"
    assert placed(in_fault(f"{allowed}\n{BLAMED}\n\n{BLAMED}")) == [("counterfactual", 10, 14)]
    assert placed(in_fault(f"{allowed}\n{BLAMED}"), rules={"counterfactual": "off"}) == []


def test_settings_change_the_gravity_add_words_and_names_and_allow_phrases() -> None:
    text = in_fault("Kim merged it. Selbstverständlich war das einfach.\nThe engineer should have slept.")
    settings = {
        "rules": {"counterfactual": "error", "blame_name": "off"},
        "words": {"minimizer": ("selbstverst*",), "allowed": ("der Engineer",)},
        "names": ("Kim",),
    }

    assert [(f.rule, f.gravity) for f in found(text, **settings)] == [
        ("minimizer", "warning"),
        ("counterfactual", "error"),
    ]
    assert [f.rule for f in found(text, names=("Kim",))] == ["blame_name", "counterfactual"]
    assert [f.rule for f in found(text, words={"allowed": ("should have slept",)})] == []


def sections(text: str, **settings: object) -> list[tuple[str, str, str]]:
    findings = found(FRONT + text, TEMPLATE, **settings)
    return [(f.rule, f.gravity, f.excerpt) for f in findings]


def test_sections_of_the_template_must_be_there_and_have_words_of_their_own() -> None:
    text = "## Summary\n\nIt broke.\n\n## Impact\n\nWho was affected?\n\n## What went well\n\n## Extra\n\nTODO\n"

    assert sections(text) == [
        ("missing_section", "error", "Fault"),
        ("untouched_template", "error", "## Impact"),
        ("empty_section", "warning", "## What went well"),
        ("empty_section", "warning", "## Extra"),
    ]
    assert (
        sections(
            "# A title\n" + text.replace("TODO", "None.").replace("Who was affected?\n", ""),
            optional=("fault", "Impact", "What went well"),
        )
        == []
    )


def test_a_question_that_is_left_beside_its_answer_is_a_warning_and_a_comment_may_stay() -> None:
    text = (
        "## Summary\n\nIt broke.\n\n## Fault\n\n<!-- What did not work as intended? -->\n\nThe pool.\n\n"
        "## Impact\n\nWho was affected?\n\nEverybody.\n\n## What went well\n\n- The call\n"
    )

    assert sections(text) == [("untouched_template", "warning", "Who was affected?")]
    assert sections(text.replace("\n\nThe pool.", "")) == [
        ("untouched_template", "error", "## Fault"),
        ("untouched_template", "warning", "Who was affected?"),
    ]


def test_code_a_table_a_picture_a_marker_or_a_subsection_fills_a_section() -> None:
    filled = (
        "```\nlog\n```",
        "| a |\n|---|\n| b |",
        "![graph](g.png)",
        "<!-- sevlog:timeline -->",
        "### Below\n\nWords.",
    )

    for content in filled:
        text = f"## Summary\n\n{content}\n\n## Fault\n\nA.\n\n## Impact\n\nB.\n\n## What went well\n\nC.\n"
        assert sections(text) == [], content


def test_a_suppression_below_an_empty_heading_or_anywhere_for_the_file_counts() -> None:
    text = (
        "## Summary\n\nIt broke.\n\n## Impact\n\nOne.\n\n## What went well\n"
        "<!-- sevlog:allow empty_section: nobody came to the meeting -->\n\n"
        "<!-- sevlog:allow missing_section: the fault is in the problem record -->\n"
    )

    assert sections(text) == []


def test_action_items_of_the_list_are_read_by_title_owner_and_due_date() -> None:
    items = (
        ActionItem(id="A1", title="Monitoring for the queue"),
        ActionItem(id="A2", title="Limit retries", status="accepted", due="2026-12-01"),
        ActionItem(id="A3", title="Limit retries", status="in_progress", team="storage"),
        ActionItem(id="A4", title="Better dashboards", status="wont_do"),
        ActionItem(id="A5", title="Limit retries", status="accepted", owner="ana", due="2026-12-01"),
    )
    findings = lint(Subject(text=in_fault("None."), actions=items), PostmortemLint())

    assert [(f.rule, f.file, f.pointer, f.line) for f in findings] == [
        ("action_without_verb", "actions.yaml", "/0/title", None),
        ("action_without_owner", "actions.yaml", "/1", None),
        ("action_without_due", "actions.yaml", "/2", None),
    ]


def test_a_file_that_others_cannot_read_has_a_finding_for_each_reason_with_its_place() -> None:
    conflict = f"{FRONT}Words.\n<<<<<<< ours\nOne.\n=======\nTwo.\n>>>>>>> theirs\n"
    cases = {
        conflict: [(6, "merge conflict"), (10, "merge conflict")],
        f"{FRONT}A\0B\n": [(5, "NUL byte")],
        (FRONT.encode() + b"caf\xe9\n").decode("utf-8", "surrogateescape"): [(5, "not UTF-8")],
        "# A title\n\nWords.\n": [(1, "front matter is missing")],
        "---\nstatus: draft\n\nWords.\n": [(1, "not closed")],
        "": [(1, "front matter is missing")],
    }

    for text, expected in cases.items():
        findings = [finding for finding in found(text) if finding.rule == "broken_file"]
        assert [finding.line for finding in findings] == [line for line, _ in expected], text
        assert all(said in finding.message for finding, (_, said) in zip(findings, expected, strict=True)), text
        assert all(finding.gravity == "error" for finding in findings)


HOSTILE = (
    "[" * 10,
    "](" * 5,
    "`x ``y ```z ",
    "<!-- a --> ",
    "<a <a ",
    "_a__b___",
    "* * * * x ",
    '"a „b “',
    "should have because did not failure to ",
    "Ana should ",
    "if only of of of ",
    "\n> > > > a",
    "\n- [ ] - [ ]",
    "\n        - x",
    "\n# #### ###",
    "\n```\n~~~",
    "\n<<<<<<< x",
    "the root cause. ",
    "\n<!-- sevlog:allow counterfactual: x -->",
    "I should have. <!-- sevlog:allow counterfactual: x -->\n\n",
    " \t",
    "TODO. " * 2,
    "🚀",
    "\0",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_makes_the_lint_hang(piece: str) -> None:
    text = f"{FRONT}## Actions\n\n{piece * (40_000 // len(piece))}"

    started = process_time()
    found(text, rules={"unsupported_cause": "warning"})

    assert process_time() - started < 20  # milliseconds, or minutes where a pattern backtracks; not a figure of speed
