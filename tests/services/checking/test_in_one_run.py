"""One run of a check finds every mistake: none hides another, and none makes others look like mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fixtures.checkable import checked, one, records
from fixtures.mistakes import MISTAKES, SHORT, Mistake, with_mistakes

BEHIND_A_GUESS = {
    "oncall: - key: Ana A.": (
        ("unknown_person", "unknown_reviewer"),
        "any name may be the one that this person should have",
    ),
    "history: - kind: xyzzy": (("unknown_reference",), "which keys of an entry name something depends on its kind"),
    "history: - kind: xyzzy ": (
        ("unknown_entry", "illegal_transition"),
        "the entry may be the one that is named, or the step that is missing",
    ),
    "later: of: 20261120T100500Z-nte": (
        ("invalid_correction",),
        "which keys an entry takes depends on its kind, and nobody can say which entry is meant",
    ),
}
"""Mistake -> the findings that nobody can make before it is corrected, and why. A space at the end: a second reason."""

NOTES = ("names_unchecked", "steps_unchecked")
"""What says that something could not be checked; one for each record or list of names, however much is unreadable."""


def found(mistakes: Iterable[Mistake]) -> frozenset[str]:
    """What a check finds in the repository with these mistakes, without notes."""
    return frozenset(line for line in everything(mistakes) if line.split(": ")[0].split(" ")[1] not in NOTES)


def everything(mistakes: Iterable[Mistake]) -> frozenset[str]:
    with TemporaryDirectory() as folder:
        root = records(Path(folder), {**with_mistakes(mistakes)})
        return frozenset(one(problem) for problem in checked(root).problems)


@cache
def alone(mistake: Mistake) -> frozenset[str]:
    return found((mistake,))


def hidden(mistakes: Iterable[Mistake]) -> set[str]:
    """The codes that the table excuses where these mistakes are together."""
    names = {mistake.name for mistake in mistakes}
    return {code for name, (codes, _) in BEHIND_A_GUESS.items() if name.strip() in names for code in codes}


def code_of(line: str) -> str:
    return line.split(": ")[0].rpartition(" ")[2]


def pairs() -> list[tuple[Mistake, Mistake]]:
    """All pairs within one file; of each two files, every mistake of the one with one of the other, in turn."""
    by_file = {file: [mistake for mistake in MISTAKES if mistake.file == file] for file in SHORT}
    within = [pair for mistakes in by_file.values() for pair in combinations(mistakes, 2)]
    across = [
        (mistake, others[place % len(others)])
        for first, second in combinations(SHORT, 2)
        for place, mistake in enumerate(by_file[first])
        for others in (by_file[second],)
    ]
    return within + across


def test_the_repository_without_a_mistake_has_no_finding() -> None:
    assert everything(()) == frozenset()


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_alone_has_its_own_finding_and_no_others(mistake: Mistake) -> None:
    assert [code_of(line) for line in alone(mistake)] == [mistake.code]


def test_all_mistakes_at_once_are_found_in_one_run() -> None:
    together = found(MISTAKES)
    expected = {line for mistake in MISTAKES for line in alone(mistake)}
    assert len(MISTAKES) > 60
    assert {line for line in expected if code_of(line) not in hidden(MISTAKES)} <= together
    assert together <= expected


@pytest.mark.parametrize("file", SHORT)
def test_no_mistake_hides_another_or_makes_noise(file: str) -> None:
    checked_pairs = [pair for pair in pairs() if pair[0].file == file]
    wrong = {}
    for first, second in checked_pairs:
        expected, together = alone(first) | alone(second), found((first, second))
        excused = {line for line in expected - together if code_of(line) in hidden((first, second))}
        if together != expected - excused:
            wrong[first.name, second.name] = sorted(together ^ (expected - excused))
    assert wrong == {}
    assert len(checked_pairs) >= 3


@pytest.mark.parametrize(("name", "excused"), BEHIND_A_GUESS.items(), ids=list(BEHIND_A_GUESS))
def test_what_cannot_be_known_is_said_once(name: str, excused: tuple[tuple[str, ...], str]) -> None:
    (guess,) = (mistake for mistake in MISTAKES if mistake.name == name.strip())
    behind = [mistake for mistake in MISTAKES if mistake.code in excused[0] and mistake != guess]
    assert any(not alone(mistake) <= found((guess, mistake)) for mistake in behind)
    notes = [line for line in everything((guess, *behind)) if code_of(line) in NOTES]
    assert len(notes) == (0 if guess.code == "unknown_entry" else 1)


def test_every_wrong_key_of_a_correction_is_found(tmp_path: Path) -> None:
    right, wrong = "set: {text: The certificate ended at one.}", "set: {txt: a, text: 5, by: ana}"
    mistake = Mistake("later", right, wrong, "invalid_correction")
    assert [p.message for p in checked(records(tmp_path, {**with_mistakes((mistake,))})).problems] == [
        "unknown key `txt` in an entry of kind `note`; did you mean `text`?",
        "`20261120T100500Z-note` would not be a valid entry of kind note; "
        "invalid `text`: expected text, got a whole number",
    ]


def test_a_card_that_is_missing_hides_nothing_of_the_timeline(tmp_path: Path) -> None:
    wrong = Mistake("history", "  by: bo", "  by: boo", "unknown_person")
    files: dict[str, str | None] = {**with_mistakes((wrong,)), SHORT["card"]: None}
    assert [p.code for p in checked(records(tmp_path, files)).problems] == [
        "missing_card",
        "steps_unchecked",
        "unknown_person",
    ]


def test_a_mistake_elsewhere_in_a_broken_file_keeps_its_place_behind_a_correction(tmp_path: Path) -> None:
    """A value that a correction gave is told at the correction, in a file that cannot be read as it stands too."""
    right, wrong = "set: {text: The certificate ended at one.}", "set: {by: boo}"
    mistakes = (
        Mistake("later", right, wrong, "unknown_person"),
        Mistake("later", "  to: fixing", "  t: [", "yaml_syntax"),
    )
    found = [(p.code, p.line) for p in checked(records(tmp_path, {**with_mistakes(mistakes)})).problems]
    assert ("unknown_person", 14) in found
    assert ("yaml_syntax", 10) in found


def test_what_is_not_checked_comes_after_the_mistake_that_is_the_reason(tmp_path: Path) -> None:
    mistake = Mistake("later", "  to: fixing", "  to: 5", "wrong_type")
    found = [(p.code, p.line) for p in checked(records(tmp_path, {**with_mistakes((mistake,))})).problems]
    assert [code for code, _ in found] == ["wrong_type", "steps_unchecked"]
    assert (found[0][1] or 0) > (found[1][1] or 0)
