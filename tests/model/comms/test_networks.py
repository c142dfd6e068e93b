"""Posts: within what the network counts, cut at a word, with the link; and Markdown as plain text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevlog.model.comms.networks import SHIPPED, fitted, length, networks
from sevlog.model.comms.plaintext import one_line, plain
from sevlog.model.config.comms import Network

LINK = "https://status.cart.example/incidents/abcdefghijkl/"


def test_a_post_that_fits_is_whole_and_has_the_link_behind_it() -> None:
    assert fitted("Card payments\n fail.", LINK, SHIPPED["bluesky"]) == f"Card payments fail. {LINK}"
    assert fitted(f"See {LINK} now", LINK, SHIPPED["bluesky"]) == f"See {LINK} now"
    assert fitted("Card payments fail.", None, SHIPPED["sms"]) == "Card payments fail."


def test_what_is_too_long_is_cut_at_a_word_before_the_link() -> None:
    post = fitted("Card payments fail, for everybody in Europe. " * 10, LINK, SHIPPED["sms"])

    assert post.endswith(f"… {LINK}")
    assert len(post) <= 160
    assert post.removesuffix(f"… {LINK}").split()[-1] in ("Card", "payments", "fail", "for", "everybody", "Europe.")


def test_x_counts_a_link_as_23_and_other_scripts_double() -> None:
    x = SHIPPED["x"]

    assert length("Karten gehen nicht, été, “so”", x) == 29
    assert length("决済", x) == 4
    assert length(f"決済 {LINK}", x) == 4 + 1 + 23
    assert len(fitted("決" * 300, LINK, x).partition("…")[0]) == (280 - 24 - 2) // 2  # … counts once, the link 24


def test_mastodon_counts_a_link_as_23_and_bluesky_every_character() -> None:
    assert length(LINK, SHIPPED["mastodon"]) == 23
    assert length(LINK, SHIPPED["bluesky"]) == len(LINK)


def test_a_character_of_several_is_not_torn() -> None:
    family = "👩‍👩‍👧"
    post = fitted(family * 60, None, Network(limit=41))

    assert set(post.removesuffix("…").replace(family, "")) == set()
    accent = fitted("q\u0303" * 60, None, Network(limit=40))
    assert unicodedata.combining(accent[0]) == 0
    assert accent.removesuffix("…").replace("q\u0303", "") == ""


def test_a_link_that_leaves_no_room_for_words_is_left_out() -> None:
    post = fitted("Card payments fail for everybody in Europe", "https://x.example/" + "a" * 200, Network(limit=40))

    assert post == "Card payments fail for everybody in…"


@given(st.text(max_size=400), st.sampled_from(sorted(SHIPPED)), st.booleans())
def test_no_text_is_ever_too_long(text: str, name: str, linked: bool) -> None:
    assert length(fitted(text, LINK if linked else None, SHIPPED[name]), SHIPPED[name]) <= SHIPPED[name].limit


def test_a_network_can_be_added_or_changed() -> None:
    found = networks({"x": Network(limit=4000), "intranet": Network(limit=100)})

    assert (found["x"].limit, found["intranet"].limit, found["mastodon"].limit) == (4000, 100, 500)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Cards\n\n**All** _cards_ *fail*.", "Cards\n\nAll cards fail."),
        (
            "See [the page](https://p.example) or <https://q.example>",
            "See the page (https://p.example) or https://q.example",
        ),
        ("[https://p.example](https://p.example)", "https://p.example"),
        ("- one\n- two", "- one\n- two"),
        ("`a_b_c` and snake_case_word, 2*3*4", "a_b_c and snake_case_word, 2*3*4"),
        ("```sh\nrm **x**\n```", "rm **x**"),
        ("![a graph](https://p.example/x.png) shows", "a graph shows"),
        ("<b>bold</b> <script>alert(1)</script>&amp;<!-- x -->", "bold alert(1)&"),
        (r"\*not bold\* 3 \> 2", "*not bold* 3 > 2"),
        ("> said\n\n\n\n> so", "said\n\nso"),
    ],
)
def test_markdown_as_plain_text(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_one_line_has_no_line_ends() -> None:
    assert one_line("# Cards\n\n- one\n- two") == "Cards - one - two"


@pytest.mark.parametrize("text", ["[" * 300_000, "*a" * 150_000, "_a " * 100_000, "a" + "`" * 300_000, "![](" * 75_000])
def test_a_hostile_text_is_plain_at_once(text: str) -> None:
    assert plain(text)
