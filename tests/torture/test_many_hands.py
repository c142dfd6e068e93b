"""Many people, one remote: every entry that was sent is stored exactly once, or was refused and told, whole."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from fixtures.clocks import Clock
from sevlog.model.timeline.replay import replay
from sevlog.services.sync.rebase import record_at
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.git import replay_commits
from torture.acts import require_whole_acts
from torture.figures import Figures
from torture.sizes import size
from torture.stage import Typist, typed
from torture.team import PEOPLE, TOKEN, Clone, Said, Team, require_clean, require_sound

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
    (
        1,
        lambda token, _: (
            "raise",
            "Everybody sees it",
            "--severity",
            "SEV3",
            "--component",
            "search",
            "--summary",
            f"gone {token}",
        ),
    ),
)
"""What others may have made illegal meanwhile, and a record that two may raise at once."""


AWAY = 20
"""The most commands that someone types without a network before they send them all."""

_KEPT = re.compile(r"it is kept here: git show ([0-9a-f]+)")
FOLDED = {"theory": "theories", "task": "tasks"}
"""Commands whose entries get a short name (T1, K1) that others may take at the same moment."""


@dataclass
class Story:
    """What one person sent, token -> words, and what they were told of it; what was accepted may be refused later."""

    sent: dict[str, tuple[str, ...]] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    refused: dict[str, Said] = field(default_factory=dict)
    broken: list[tuple[tuple[str, ...], Said]] = field(default_factory=list)

    def hear(self, clone: Clone, words: tuple[str, ...], said: Said, token: str | None = None) -> None:
        """Take down what became of a command; a token was in its words, except for sync's."""
        if said.code not in (0, 3) or ("error: " in said.err) != (said.code == 3):
            self.broken.append((words, said))
        if token is not None:
            self.sent[token] = words
            if said.code == 0:
                self.accepted.add(token)
            else:
                self.refused[token] = said
        for commit in _KEPT.findall(said.out + said.err):  # an earlier one too, sent too late
            for lost in TOKEN.findall(clone.git("show", commit)):
                self.refused[lost] = said


def lives(clone: Clone, number: int, count: int, deck: Deck) -> Story:
    """Type `count` random commands, one after the other, and now and then without a network."""
    chance = random.Random(f"{size('seed')}/{number}")
    weights, makers = zip(*deck, strict=True)
    story, offline = Story(), 0
    with clone.session() as types:
        for step in range(count):
            token = f"tok-{clone.person}-{number}-{step}"
            words = chance.choices(makers, weights)[0](token, chance)
            if words[0] != "raise":
                words = (*words, "-i", chance.choice(clone.incidents))
            offline = offline - 1 if offline else chance.choice((0, 0, 0, chance.randint(1, AWAY)))
            story.hear(clone, words, types(*words, *(["--no-push"] if offline else [])), token)
    return story


def together(clones: list[Clone], count: int, deck: Deck) -> list[Story]:
    """Everyone at once, `count` commands in all."""
    shares = [count // len(clones) + (number < count % len(clones)) for number in range(len(clones))]
    with ThreadPoolExecutor(len(clones)) as pool:
        return list(pool.map(lives, clones, range(len(clones)), shares, [deck] * len(clones)))


def require_exactly_once(team: Team, clones: list[Clone], stories: list[Story], figures: Figures) -> None:
    """What was accepted is stored once and everywhere, what was refused nowhere, and all repositories agree."""
    for _ in range(2):  # the first round sends, the second brings to all what the last of the first one sent
        for clone, story in zip(clones, stories, strict=True):
            story.hear(clone, ("sync",), typed(clone, "sync"))
    stored = team.texts()
    refused = {token: said for story in stories for token, said in story.refused.items()}
    accepted = Counter({token for story in stories for token in story.accepted} - refused.keys())
    words = {token: words[0] for story in stories for token, words in story.sent.items()}
    figures(
        sent=len(words),
        stored=len(stored),
        refused=len(refused),
        lost=(accepted - stored).total(),
        doubled=(stored - accepted).total(),
    )
    assert [row for story in stories for row in story.broken] == []
    assert stored == accepted
    assert [s for s in refused.values() if "error: " not in s.err and "cannot be sent" not in s.err] == []
    assert [token for token in refused if words[token] in {"note", "raise"}] == []
    require_sound(team.hub)
    for clone in clones:
        assert clone.head == team.head
        require_clean(clone)
    require_whole_acts(team.hub)


def require_understood(clone: Clone, stories: list[Story]) -> None:
    """The fold tells every theory and every task from the others, however many were thought of at once."""
    gone = {token for story in stories for token in story.refused}
    told = [words for story in stories for token, words in story.sent.items() if token not in gone]
    shown = [clone.tells("show", incident) for incident in clone.incidents]
    for word, name in FOLDED.items():
        assert {row["text"] for state in shown for row in state[name]} == {row[1] for row in told if row[0] == word}


def require_legal_at_every_commit(clone: Clone, figures: Figures) -> None:
    """Whatever commit somebody looks at, the incident that it changed can be folded and breaks no rule there."""
    workspace = Workspace(clone.folder, clock=Clock())
    every = clone.git("rev-list", "--no-merges", "main").split()
    for commit in random.Random(size("seed")).sample(every, min(len(every), size("looks"))):
        change = replay_commits.read(workspace.git, commit)
        for incident in change.trailers.get("Incident", []):
            record = record_at(workspace, commit, incident)
            assert record is not None
            found = replay(record, workspace.config).problems
            assert [problem for problem in found if problem.severity == "error"] == [], change
            figures(folds=1)


def test_what_many_people_send_at_once_is_stored_exactly_once(team: Team, figures: Figures) -> None:
    first = team.clone("ana", "first")
    for number in range(max(2, size("entries") // 400)):
        first.raises(f"Checkout fails {number}")
    clones = [team.clone(PEOPLE[number % len(PEOPLE)], f"clone-{number}") for number in range(size("clones"))]

    stories = together(clones, size("entries"), STORIES + STEPS)

    require_exactly_once(team, [first, *clones], [Story(), *stories], figures)
    first.does("check")
    require_understood(first, stories)
    require_legal_at_every_commit(first, figures)


def test_several_people_in_one_clone_come_one_after_the_other(team: Team, figures: Figures) -> None:
    here = team.clone("ana")
    here.raises()
    people = [Clone(here.folder, person) for person in PEOPLE[: size("clones")]]

    stories = together(people, size("entries") // 2, STORIES)

    require_exactly_once(team, people, stories, figures)
    require_understood(here, stories)


@pytest.mark.parametrize("word", FOLDED)
def test_short_names_that_two_gave_at_the_same_moment_stay_apart(team: Team, word: str) -> None:
    ana, bo = (Typist(team.clone(person).folder, person) for person in ("ana", "bo"))
    ana.raises()
    bo.does("sync")

    ana.does(word, "the disk is full")
    bo.does(word, "the certificate ran out")

    for clone in (ana, bo):
        clone.does("sync")
        rows = clone.tells("show")[FOLDED[word]]
        assert {row["text"] for row in rows} == {"the disk is full", "the certificate ran out"}
        assert clone.tells("check")["problems"] == []
