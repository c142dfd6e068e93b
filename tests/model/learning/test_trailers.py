"""What commits say of action items: messages as git and forges write them."""

from __future__ import annotations

import pytest

from sevlog.model.learning.trailers import Commit, named, work, wrong_trailers

A1, A2 = ("2026-11-02-cards-fail", "A1"), ("2026-11-02-cards-fail", "A2")
DOES = "Alert on refused cards\n\nIncident-Action: 2026-11-02-cards-fail/A1\n"
SHAS = ("a" * 40, "b" * 40, "c" * 40, "d" * 40, "e" * 40)


def revert(sha: str) -> str:
    return f'Revert "x"\n\nThis reverts commit {sha}.\n'


def after(*messages: str, **merges: tuple[str, ...]) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    """Action -> the first letters of the commits that did it, and of those that took it away."""
    commits = [Commit(sha=sha, message=message) for sha, message in zip(SHAS, messages, strict=False)]
    found = work(commits, lambda sha: merges.get(sha[:1], ()))
    return {
        action: ([c.sha[0] for c in one.done_by], [c.sha[0] for c in one.undone.values()])
        for action, one in found.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        "Incident-Action: 2026-11-02-cards-fail/A1",
        "incident-action : 2026-11-02-cards-fail/a1",
        "* Incident-Action: 2026-11-02-cards-fail/A1",
        "Incident-Action: 2026-11-02-cards-fail/A1\r",
        "Incident-Action: 2026-11-02-cards-fail/A1 (the first half)",
        "* Alert (#12)\n\n* wip\n\nIncident-Action: 2026-11-02-cards-fail/A1\n\n---------\n\nCo-authored-by: Bo <b@x>",
    ],
)
def test_a_trailer_counts_wherever_a_forge_puts_it(text: str) -> None:
    assert named(Commit(sha="a" * 40, message=f"Alert\n\n{text}\n")) == {A1}


def test_one_commit_can_do_several_items_and_one_line_can_name_them() -> None:
    assert set(after(f"{DOES}Incident-Action: 2026-11-02-cards-fail/A2\n")) == {A1, A2}
    assert set(after("x\n\nIncident-Action: 2026-11-02-cards-fail/A1, 2026-11-02-cards-fail/A2")) == {A1, A2}


@pytest.mark.parametrize(
    "text", ["the Incident-Action: 2026-11-02-cards-fail/A1", "Incident-Actions: x", "IncidentAction: x"]
)
def test_what_only_looks_like_one_does_nothing(text: str) -> None:
    assert after(f"x\n\n{text}\n") == {}


def test_one_that_names_nothing_is_reported() -> None:
    commit = Commit(sha="a" * 40, message="x\n\nIncident-Action: A1\nIncident-Action: cards/A1\n")
    assert [wrong.text for wrong in wrong_trailers([commit])] == ["A1", "cards/A1"]


def test_a_revert_takes_the_work_away_and_its_revert_brings_it_back() -> None:
    assert after(DOES) == {A1: (["a"], [])}
    assert after(DOES, revert(SHAS[0])) == {A1: ([], ["b"])}
    assert after(DOES, revert(SHAS[0]), revert(SHAS[1])) == {A1: (["c"], [])}
    assert after(DOES, revert(SHAS[0]), revert(SHAS[1]), revert(SHAS[2])) == {A1: ([], ["d"])}
    assert after(DOES, revert(SHAS[0]), revert(SHAS[1]), revert(SHAS[2]), revert(SHAS[3])) == {A1: (["e"], [])}


def test_a_revert_that_quotes_the_trailer_does_not_do_the_item() -> None:
    quoted = f"{DOES}\nThis reverts commit {SHAS[0]}.\n"
    assert after(DOES, quoted) == {A1: ([], ["b"])}


def test_a_revert_by_reference_names_the_commit_in_short() -> None:
    short = f"Revert the alert\n\nThis reverts commit {SHAS[0][:10]} (Alert on refused cards, 2026-11-20).\n"
    assert after(DOES, short) == {A1: ([], ["b"])}


def test_the_revert_of_a_merge_takes_away_all_that_it_brought() -> None:
    merge = "Merge branch 'alert'"
    undo = f"Revert \"Merge branch 'alert'\"\n\nThis reverts commit {SHAS[2]}, reversing\nchanges made to {'9' * 40}.\n"
    other = DOES.replace("/A1", "/A2")

    assert after(DOES, other, merge, undo, c=(SHAS[0], SHAS[1], SHAS[2])) == {A1: ([], ["d"]), A2: ([], ["d"])}


def test_the_button_of_gitlab_names_a_merge_request() -> None:
    merge = f"{DOES}\nSee merge request shop/api!5"
    assert after(merge, "Revert\n\nThis reverts merge request !5") == {A1: ([], ["b"])}
    assert after(merge, "Revert\n\nThis reverts merge request !50") == {A1: (["a"], [])}


def test_a_copy_of_a_commit_is_the_same_work() -> None:
    copy = f"{DOES}(cherry picked from commit {SHAS[0]})\n"
    assert after(DOES, copy) == {A1: (["a"], [])}
    assert after(DOES, copy, revert(SHAS[0])) == {A1: ([], ["c"])}


def test_work_that_two_commits_did_is_there_until_both_are_gone() -> None:
    assert after(DOES, DOES, revert(SHAS[0])) == {A1: (["b"], ["c"])}
    assert after(DOES, DOES, revert(SHAS[0]), revert(SHAS[1])) == {A1: ([], ["c", "d"])}
