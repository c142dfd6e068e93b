"""The template language: facts and parts, nothing else; what is not known is told and never an empty place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevlog.model.comms.templates import TemplateMistake, line_and_column, names, parse, render


def rendered(template: str, **facts: str | None) -> str:
    made, lacking = render(parse(template), facts)
    assert lacking == ()
    return made


def test_facts_are_put_in_as_they_are() -> None:
    assert rendered("{{title}}: {{ text }}!", title="Cards", text="fail") == "Cards: fail!"


def test_what_a_fact_says_is_never_read_as_a_template() -> None:
    assert rendered("{{text}}", text="{{lead}} {{#x}}", lead="ana") == "{{lead}} {{#x}}"


@pytest.mark.parametrize("value", [None, "", "  \n "])
def test_a_fact_that_is_not_known_is_told_and_leaves_no_empty_place(value: str | None) -> None:
    assert render(parse("{{a}} by {{lead}}, {{lead}}"), {"a": "Cards", "lead": value})[1] == ("lead",)
    assert render(parse("by {{lead}}"), {"lead": value}, holes="keep") == ("by {{lead}}", ("lead",))


def test_a_part_is_there_only_where_its_fact_is_known_or_only_where_it_is_not() -> None:
    text = "Impact: {{#impact}}{{impact}}{{/impact}}{{^impact}}not known yet{{/impact}}."

    assert rendered(text, impact="cards fail") == "Impact: cards fail."
    assert rendered(text, impact=None) == "Impact: not known yet."


def test_the_lines_of_parts_and_words_to_authors_leave_no_gap() -> None:
    text = "One\n{{! not for readers }}\n{{#two}}\nTwo: {{two}}\n{{/two}}\n{{^two}}\nno two\n{{/two}}\nThree\n"

    assert rendered(text, two="2") == "One\nTwo: 2\nThree"
    assert rendered(text, two=None) == "One\nno two\nThree"


def test_line_ends_of_another_system_mean_the_same() -> None:
    assert rendered("{{#a}}\r\n{{a}}\r\n{{/a}}\r\nend\r\n", a="1") == "1\nend"


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("a\nb {{#x}} c", "`{{#x}}` is not closed: add `{{/x}}`", (2, 3)),
        ("{{/x}}", "`{{/x}}` does not match an open section: no section is open here", (1, 1)),
        ("{{#x}}{{^y}}{{/x}}{{/y}}", "close `{{/y}}` first", (1, 13)),
        ("a {{b", "`{{` without `}}`", (1, 3)),
        ("{{a.b}}", "`{{a.b}}` is not a fact name", (1, 1)),
        ("{{Title}}", "`{{Title}}` is not a fact name", (1, 1)),
        ("{{__class__}}", "is not a fact name", (1, 1)),
        ("{{}}", "is not a fact name", (1, 1)),
        ("{{{a}}}", "without `}}`", (1, 1)),
        ("{{> other}}", "is not a fact name", (1, 1)),
        ("{{#a}}" * 9 + "{{/a}}" * 9, "more than 8 levels", (1, 49)),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, said: str, place: tuple[int, int]) -> None:
    with pytest.raises(TemplateMistake) as mistake:
        parse(text)

    assert said in mistake.value.message
    assert line_and_column(text, mistake.value.place) == place


def test_every_fact_that_is_named_is_known_beforehand() -> None:
    assert list(names(parse("{{a}}{{#b}}{{c}}{{^d}}{{/d}}{{/b}}"))) == [("a", 0), ("b", 5), ("c", 11), ("d", 16)]


@given(st.text(alphabet="{}#^/! ab\n", max_size=60), st.dictionaries(st.sampled_from("ab"), st.text(max_size=5)))
def test_whatever_stands_there_it_is_a_text_or_a_mistake(text: str, facts: dict[str, str]) -> None:
    try:
        nodes = parse(text)
    except TemplateMistake as mistake:
        assert 0 <= mistake.place <= len(text)
    else:
        made, _ = render(nodes, facts)
        assert made == made.strip()


@pytest.mark.parametrize("text", ["{{#" * 50_000, "{{!\n" * 50_000, "{{" * 50_000, "{{!" + " " * 200_000])
def test_a_hostile_text_is_read_at_once(text: str) -> None:
    """Each of these takes minutes where the look at it grows with the square of its length."""
    with pytest.raises(TemplateMistake):
        parse(text)


def test_a_hostile_text_without_a_mistake_is_read_at_once() -> None:
    assert parse(" \t" * 100_000)
