"""Links, merges and attached alerts: what a user sees of them in both incidents."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository


@pytest.mark.demand("S56")
@pytest.mark.parametrize(
    ("rel", "here", "there"),
    [
        ("related", "related to", "related to"),
        ("duplicate_of", "duplicate of", "has duplicate"),
        ("child_of", "child of", "parent of"),
        ("caused_by", "caused by", "cause of"),
    ],
)
def test_a_link_is_seen_from_both_sides(records: Repository, rel: str, here: str, there: str) -> None:
    parent, child = records.raised(), records.raised(title="Cards refused")

    records.does("link", parent, "--rel", rel, "-i", child, "--text", "same pool")

    assert f"\n  {here} {parent}: same pool\n" in records.does("show", child)
    assert f"\n  {there} {child}: same pool\n" in records.does("show", parent)
    row = {"rel": rel, "target": child, "text": "same pool", "direction": "in", "words": there}
    assert records.tells("show", parent)["relations"] == [row]
    assert "link" not in {entry["kind"] for entry in records.tells("timeline", parent)["timeline"]}


def test_the_other_side_of_a_link_follows_its_corrections_and_its_time(records: Repository) -> None:
    parent, child = records.raised(), records.raised(title="Cards refused")
    before = records.tells("show", child)["timeline"][-1]["at"]
    link = records.tells("link", parent, "--rel", "child_of", "-i", child)["entries"][0]

    assert records.tells("show", parent, "--as-of", before)["relations"] == []
    assert records.tells("show", parent, "--known-at", before)["relations"] == []
    records.does("correct", link, "-i", child, "rel=caused_by")
    assert f"  cause of {child}\n" in records.does("show", parent)
    records.does("retract", link, "-i", child, "--reason", "another pool")
    assert records.tells("show", parent)["relations"] == []


def test_two_that_name_each_other_as_related_are_listed_once(records: Repository) -> None:
    first, second = records.raised(), records.raised(title="Cards refused")
    records.does("link", first, "-i", second)
    records.does("link", second, "-i", first)

    assert [(row["target"], row["direction"]) for row in records.tells("show", first)["relations"]] == [(second, "out")]


def test_a_merge_is_seen_from_both_sides(records: Repository) -> None:
    goes_on, ends = records.raised(), records.raised(title="Cards refused")

    records.does("merge", "-i", ends, goes_on)

    shown = records.does("show", ends)
    assert f"Merged into:      {goes_on}\n" in shown
    assert f"\n  merged into {goes_on}\n" in shown
    assert "duplicate of" not in shown.partition("Links")[2].partition("Timeline")[0]
    relations = records.tells("show", goes_on)["relations"]
    assert [(row["words"], row["target"]) for row in relations] == [("merged from", ends)]
