"""Many people, one remote: every entry that was sent is stored exactly once, or was refused and told, whole."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from torture.acts import require_whole_acts
from torture.figures import Figures
from torture.sizes import size
from torture.team import PEOPLE, Clone, Said, Team, require_clean, require_sound

Deck = tuple[tuple[int, Callable[[str, random.Random], tuple[str, ...]]], ...]

STORIES: Deck = (
    (8, lambda token, _: ("note", f"seen {token}")),
    (3, lambda token, _: ("observe", f"errors {token}")),
    (3, lambda token, _: ("theory", f"because of {token}")),
    (2, lambda token, _: ("task", f"look at {token}")),
    (2, lambda token, _: ("decide", f"we do {token}")),
    (2, lambda token, _: ("act", f"restarted {token}")),
    (3, lambda token, _: ("update", f"we know {token}", "--audience", "internal", "--phase", "investigating")),
    (1, lambda token, _: ("link", f"https://tickets.example/{token}", "--rel", "ticket")),
)
"""How often, and what: words that are true in every state of an incident that is not over."""
STEPS: Deck = (
    (4, lambda token, _: ("ack", "--channel", f"chat=https://chat.example/{token}")),
    (3, lambda token, _: ("monitor", "--mitigation", f"rolled back {token}")),
    (3, lambda token, _: ("reopen", "--reason", f"back {token}")),
    (1, lambda token, _: ("decline", "--reason", f"nothing {token}")),
    (3, lambda token, chance: ("severity", chance.choice(("SEV2", "SEV3")), "--reason", f"grown {token}")),
    (1, lambda token, _: ("raise", "Everybody sees it", "--severity", "SEV3", "--component", "search",
                          "--summary", f"gone {token}")),
)  # fmt: skip
"""What others may have made illegal meanwhile, and a record that two may raise at once."""


FOLDED = {"theory": "theories", "task": "tasks"}
"""Commands whose entries get a short name (T1, K1) that others may take at the same moment."""


@dataclass
class Story:
    """What one person sent and what they were told of it. `told` are the commands that were accepted."""

    sent: list[str] = field(default_factory=list)
    told: list[tuple[str, ...]] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    refused: list[tuple[str, tuple[str, ...], Said]] = field(default_factory=list)
    broken: list[tuple[tuple[str, ...], Said]] = field(default_factory=list)


def lives(clone: Clone, number: int, count: int, deck: Deck) -> Story:
    """Type `count` random commands, one after the other."""
    chance = random.Random(f"{size('seed')}/{number}")
    weights, makers = zip(*deck, strict=True)
    story = Story()
    for step in range(count):
        token = f"tok-{clone.person}-{number}-{step}"
        words = chance.choices(makers, weights)[0](token, chance)
        if words[0] != "raise":
            words = (*words, "-i", chance.choice(clone.incidents))
        said = clone.types(*words)
        story.sent.append(token)
        if said.code == 0:
            story.accepted.append(token)
            story.told.append(words)
        elif said.code == 3:
            story.refused.append((token, words, said))
        else:
            story.broken.append((words, said))
    return story


def together(clones: list[Clone], count: int, deck: Deck) -> list[Story]:
    """Everyone at once, `count` commands in all."""
    shares = [count // len(clones) + (number < count % len(clones)) for number in range(len(clones))]
    with ThreadPoolExecutor(len(clones)) as pool:
        return list(pool.map(lives, clones, range(len(clones)), shares, [deck] * len(clones)))


def require_exactly_once(team: Team, clones: list[Clone], stories: list[Story], figures: Figures) -> None:
    """What was accepted is stored once and everywhere, what was refused nowhere, and all repositories agree."""
    for _ in range(2):  # the first round sends, the second brings to all what the last of the first one sent
        for clone in clones:
            assert clone.types("sync").code == 0
    stored = team.texts()
    accepted = Counter(token for story in stories for token in story.accepted)
    refused = [row for story in stories for row in story.refused]
    assert [row for story in stories for row in story.broken] == []
    assert stored == accepted
    assert [said.err for _, _, said in refused if "error: " not in said.err or "hint: " not in said.err] == []
    assert [words for _, words, _ in refused if words[0] in {"note", "raise"}] == []
    require_sound(team.hub)
    for clone in clones:
        assert clone.head == team.head
        require_clean(clone)
    require_whole_acts(team.hub)
    figures(
        sent=sum(len(story.sent) for story in stories), stored=len(stored), refused=len(refused),
        lost=len(accepted - stored), doubled=len(stored - accepted),
    )  # fmt: skip


def require_understood(clone: Clone, stories: list[Story]) -> None:
    """The fold tells every theory and every task from the others, however many were thought of at once."""
    said = {word: {words[1] for story in stories for words in story.told if words[0] == word} for word in FOLDED}
    shown = [clone.tells("show", incident) for incident in clone.incidents]
    for word, name in FOLDED.items():
        assert {row["text"] for state in shown for row in state[name]} == said[word]


def test_what_many_people_send_at_once_is_stored_exactly_once(team: Team, figures: Figures) -> None:
    first = team.clone("ana", "first")
    for number in range(max(2, size("entries") // 400)):
        first.raises(f"Checkout fails {number}")
    clones = [team.clone(PEOPLE[number % len(PEOPLE)], f"clone-{number}") for number in range(size("clones"))]

    stories = together(clones, size("entries"), STORIES + STEPS)

    require_exactly_once(team, [first, *clones], stories, figures)
    first.does("check")
    require_understood(first, stories)


def test_several_people_in_one_clone_come_one_after_the_other(team: Team, figures: Figures) -> None:
    here = team.clone("ana")
    here.raises()
    people = [Clone(here.folder, person) for person in PEOPLE[: size("clones")]]

    stories = together(people, size("entries") // 2, STORIES)

    require_exactly_once(team, [here], stories, figures)
    require_understood(here, stories)


@pytest.mark.parametrize("word", FOLDED)
def test_short_names_that_two_gave_at_the_same_moment_stay_apart(team: Team, word: str) -> None:
    ana, bo = team.clone("ana"), team.clone("bo")
    ana.raises()
    bo.does("sync")

    ana.does(word, "the disk is full")
    bo.does(word, "the certificate ran out")

    for clone in (ana, bo):
        clone.does("sync")
        rows = clone.tells("show")[FOLDED[word]]
        assert {row["text"] for row in rows} == {"the disk is full", "the certificate ran out"}
        assert clone.tells("check")["problems"] == []
