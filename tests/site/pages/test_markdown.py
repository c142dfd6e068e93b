"""Markdown from records becomes safe HTML, and the fast path for plain text gives the same result."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.hostile_sites import PAYLOADS
from sevlog.site.markup import markdown
from sevlog.site.markup.markdown import document_html, plain, update_html

PLAIN = st.text(alphabet=st.sampled_from(list("ab1 .,-+()'\"\n/:=ÄÉ")), max_size=40)


@given(PLAIN)
def test_text_without_markup_reads_the_same_by_the_short_cut_and_through_the_parser(text: str) -> None:
    assert not markdown._is_plain(text) or update_html(text) == markdown._render(text, 4)


BLOCKS = st.sampled_from(
    [
        "# One",
        "## Two",
        "###### Six",
        "####### no",
        "#no",
        "## 1. a",
        "##  b",
        "## c ",
        "## - d",
        "#",
        '## "e" :',
        "words here",
        "two\nlines",
        "a  \nb",
        " indented",
        "- item",
        "1. item",
        "1986 was",
        "+",
        "=",
        "---",
        "===",
        "x\n===",
        "x\n## y",
        "## y\nx",
        "`code`",
        "https://a.example",
        "",
    ]
)


@given(st.lists(BLOCKS, max_size=6), st.sampled_from(["\n", "\n\n", "\n\n\n"]), st.sampled_from(["", "\n", "\n\n"]))
def test_headings_and_plain_paragraphs_read_the_same_by_the_short_cut_and_through_the_parser(
    blocks: list[str], between: str, around: str
) -> None:
    text = around + between.join(blocks) + around
    assert document_html(text) == markdown._render(text, 2)
    assert update_html(text) == markdown._render(text, 4)
    if markdown._plain_blocks(text):
        assert plain(text).split() == re.sub("<[^>]*>", " ", markdown._render(text, 2)).split()


def test_a_document_of_headings_and_plain_paragraphs_takes_the_short_cut() -> None:
    text = "\n## What happened\n\nIt broke.\n\n#### Why\n\nA cable.\nAnd rain.\n"
    made = "<h2>What happened</h2>\n<p>It broke.</p>\n<h4>Why</h4>\n<p>A cable.<br>\nAnd rain.</p>"
    assert markdown._prose(text, 2) == made


def test_every_character_between_letters_reads_the_same_by_the_short_cut_and_through_the_parser() -> None:
    plain_ones = [text for code in range(0x3100) if markdown._is_plain(text := f"a{chr(code)}b")]
    assert len(plain_ones) > 12_000
    assert [text for text in plain_ones if update_html(text) != markdown._render(text, 4)] == []


@given(st.text(max_size=60))
def test_any_text_becomes_only_elements_that_are_allowed(text: str) -> None:
    names = re.findall(r"<\s*/?\s*([a-zA-Z!?][^\s>/]*)", update_html(text))
    assert set(names) <= markdown._TAGS


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_leaves_no_script_no_handler_and_no_foreign_address(payload: str) -> None:
    for html in (update_html(payload), document_html(payload)):
        tags = re.findall(r"<[^>]*>", html)
        assert not [tag for tag in tags if re.search(r"<\s*(script|style|img|svg|iframe|math)|\son\w+\s*=", tag, re.I)]
        assert not [tag for tag in tags if re.search(r"href=\"(?!https?://|mailto:)", tag, re.I)]


def test_html_is_shown_as_the_text_it_is() -> None:
    assert update_html("a <b>bold</b> claim") == "<p>a &lt;b&gt;bold&lt;/b&gt; claim</p>"


def test_a_link_keeps_its_address_and_leads_nowhere_but_the_web_and_mail() -> None:
    html = update_html("[a](https://a.example/?x=1&y=2) [b](mailto:help@a.example) [c](ftp://a.example) [d](/local)")
    assert re.findall('href="([^"]*)"', html) == ["https://a.example/?x=1&amp;y=2", "mailto:help@a.example"]


def test_a_bare_address_becomes_a_link_without_the_sentence_s_full_stop() -> None:
    html = update_html("See https://a.example/x_y?z=1. More soon.")
    assert '<a href="https://a.example/x_y?z=1"' in html
    assert "</a>. More soon." in html


def test_an_image_is_a_link_and_asks_nothing_of_its_host() -> None:
    html = update_html("![a graph](https://graphs.example/g.png)")
    assert html == '<p><a href="https://graphs.example/g.png" rel="noopener nofollow">a graph</a></p>'


def test_a_line_break_in_an_update_is_one_on_the_page() -> None:
    assert update_html("one\ntwo\n\nthree") == "<p>one<br>\ntwo</p>\n<p>three</p>"


def test_headings_take_the_place_that_the_page_has_for_them() -> None:
    assert document_html("# A\n\n## B") == "<h2>A</h2>\n<h3>B</h3>"
    assert document_html("### A\n\n#### B") == "<h2>A</h2>\n<h3>B</h3>"
    assert update_html("# A") == "<h4>A</h4>"


def test_deep_nesting_ends() -> None:
    assert len(update_html("> " * 500 + "x")) < 5_000
    assert "x" in update_html("*" * 400 + "x")


def test_a_plain_text_is_one_line_cut_at_a_word() -> None:
    assert plain("**Bold** move:\n\n- one\n- two & three") == "Bold move: one; two & three"
    assert plain("alpha beta gamma delta", 15) == "alpha beta …"


@pytest.mark.parametrize("mark", ["[", "![", "- a\n", ">", "&", "<", "*a "])
def test_a_text_that_nobody_would_write_is_shown_as_it_is_and_not_parsed(mark: str) -> None:
    """Parsed, a million characters of it take half a minute."""
    text = mark * (1_000_000 // len(mark))
    for html in (update_html(text), document_html(text)):
        assert html.startswith("<p>") and "<ul>" not in html and "<blockquote>" not in html
    assert len(plain(text)) <= 200


def test_a_document_has_footnotes_and_an_update_has_none() -> None:
    text = "Two days[^old], not three minutes[^2].\n\n[^old]: As written in *the runbook*.\n[^2]: Measured.\n"

    made = document_html(text)
    assert '<sup><a href="#fn1" id="fnref1" rel="noopener nofollow">[1]</a></sup>' in made
    assert '<li id="fn2"><p>Measured.' in made
    assert "<em>the runbook</em>" in made
    assert "[^old]" not in made
    assert "<sup>" not in update_html(text)


@pytest.mark.parametrize("word", ["content", "evil", "fn", "fn1x", "javascript:alert(1)"])
def test_footnotes_bring_no_other_ids_or_addresses_into_a_page(word: str) -> None:
    made = document_html(f'[x](#{word}) <a id="{word}">y</a>[^{word}]\n\n[^{word}]: z [x](#{word})\n')

    tags = " ".join(re.findall(r"<[^>]*>", made))
    assert f'"{word}"' not in tags
    assert f'"#{word}"' not in tags
