"""What becomes of an experiment, and who else saw what was observed."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository


@pytest.fixture
def tried(records: Repository) -> Repository:
    """A theory with an experiment that has no result yet."""
    records.raised()
    records.does("theory", "Deploy leaks")
    records.does("experiment", "Restart one pod", "--theory", "T1", "--expect", "errors stop there")
    return records


@pytest.mark.demand("S71")
def test_a_result_and_the_state_of_its_theory_are_one_act(tried: Repository) -> None:
    before = len(tried.commits())

    done = tried.tells("result", "e1", "They", "stopped", "--supports", "--reverted", "--as", "bo")

    assert [name.partition("Z-")[2] for name in done["entries"]] == ["experiment", "theory"]
    assert len(tried.commits()) == before + 1
    assert "experiment E1 result: They stopped (reverted); theory T1 supp" in tried.git("log", "-1", "--format=%s")
    shown = tried.tells("show")
    (experiment,) = shown["experiments"]
    assert (experiment["text"], experiment["result"], experiment["reverted"], experiment["result_by"]) == (
        "Restart one pod",
        "They stopped",
        True,
        "bo",
    )
    (node,) = tried.tells("theories")["theories"]
    assert (node["state"], [e["result"] for e in node["experiments"]]) == ("supported", ["They stopped"])
    for view in (tried.does("show"), tried.does("theories")):
        assert view.count("Restart one pod (result: They stopped, reverted)") == 1
    assert tried.does("timeline").count("E1") == 2
    assert "timeline" not in tried.sevlog("check").out


def test_a_result_alone_leaves_the_theory_as_it_is(tried: Repository) -> None:
    done = tried.tells("result", "E1", "Too early to say")

    assert [name.partition("Z-")[2] for name in done["entries"]] == ["experiment"]
    assert tried.tells("theories")["theories"][0]["state"] == "open"


def test_a_theory_that_is_in_that_state_gets_no_second_entry(tried: Repository) -> None:
    tried.does("theory", "T1", "--state", "refuted")

    done = tried.tells("result", "E1", "No change", "--refutes")

    assert [name.partition("Z-")[2] for name in done["entries"]] == ["experiment"]
    assert "T1 was already refuted" in done["hints"]


def test_a_result_is_replaced_and_says_so(tried: Repository) -> None:
    tried.does("result", "E1", "They stopped")
    assert "E1 already has this result" in tried.refuses(3, "result", "E1", "They stopped")

    done = tried.tells("result", "E1", "They came back", "--refutes")

    assert done["hints"] == ["E1 had the result “They stopped” before; the timeline keeps both"]
    assert [e["result"] for e in tried.tells("show")["experiments"]] == ["They came back"]


@pytest.mark.parametrize(
    ("code", "words", "said"),
    [
        (4, ("result", "E7", "x"), ("has no experiment `E7`", "there are: E1")),
        (2, ("result", "E1", "x", "--supports", "--refutes"), ("exclude each other",)),
        (2, ("result", "E1"), ("no text given",)),
        (3, ("experiment", "y", "--ref", "E1", "--theory", "T1", "--expect", "x"), ("sevlog result -i",)),
    ],
)
def test_a_result_that_cannot_be_added_says_why(
    tried: Repository, code: int, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    refusal = tried.refuses(code, *words)

    assert all(part in refusal for part in said)


@pytest.mark.demand("S69")
def test_an_observation_is_confirmed_by_others(tried: Repository) -> None:
    tried.does("observe", "Pool is saturated")

    tried.does("confirm", "o1", "--as", "bo")
    tried.does("confirm", "O1", "The second pool too", "--as", "chi")

    assert tried.git("log", "-1", "--format=%s").endswith("observation O1 confirmed by chi: The second pool too")
    (shown,) = tried.tells("show")["observations"]
    assert (shown["text"], shown["confirmed_by"]) == ("Pool is saturated", ["bo", "chi"])
    assert tried.tells("theories")["observations"][0]["confirmed_by"] == ["bo", "chi"]
    for view in (tried.does("show"), tried.does("theories")):
        assert view.count("O1 Pool is saturated (ana; confirmed by bo, chi)") == 1
    assert "O2" in tried.does("observe", "The disk is full")


def test_what_confirms_nothing_is_refused(tried: Repository) -> None:
    tried.does("observe", "Pool is saturated")
    tried.does("confirm", "O1", "--as", "bo")

    own = tried.refuses(3, "confirm", "O1")
    assert "your own observation" in own and "sevlog confirm -i" in own and "--as PERSON" in own
    assert "bo already confirmed O1" in tried.refuses(3, "confirm", "O1", "--as", "bo")
    assert "has no observation `O4`" in tried.refuses(4, "confirm", "O4", "--as", "bo")
    assert "you are the author" in tried.refuses(2, "observe", "Disk is full", "--confirmed-by", "ana")
    assert "sevlog confirm -i" in tried.refuses(3, "observe", "y", "--ref", "O1")


@pytest.mark.demand("S70")
def test_a_theory_can_come_from_an_observation_a_theory_or_an_experiment(tried: Repository) -> None:
    tried.does("observe", "Pool is saturated")
    for source in ("O1", "T1", "E1"):
        tried.does("theory", f"Because of {source}", "--from", source)

    assert "unknown_reference" not in tried.sevlog("check").out
    assert "has no observation, theory or experiment `E9`" in tried.refuses(4, "theory", "x", "--from", "E9")
