"""Many senders, kills, rewritten history, a remote that rejects: customers hear once, colleagues at least once."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.servers import MailServer, WebServer, running
from torture.figures import Figures
from torture.networks import connect
from torture.sending import LEDGER, MODES, MOST_ONCE, SECRETS, Newsroom, Post, Sender
from torture.sizes import size
from torture.stage import COMMANDS, Stage, typed
from torture.team import Clone, require_sound

AN_INCIDENT = 50
"""So many updates does an incident get, about."""


@pytest.fixture
def post() -> Iterator[Post]:
    with running(WebServer()) as web, running(MailServer()) as mail:
        yield Post(web, mail)


@pytest.mark.demand("S36")
def test_whoever_sends_and_whoever_dies_customers_hear_once_and_colleagues_at_least_once(
    tmp_path: Path, post: Post, figures: Figures
) -> None:
    room = Newsroom(tmp_path / "team", size("senders"))
    chance, dead = random.Random(size("seed")), list[Sender]()
    modes = itertools.cycle(MODES)
    waves = -(-size("deaths") // doomed())
    for _ in range(-(-size("notifications") // AN_INCIDENT)):
        room.raises()
    for wave in range(waves * 3):
        left = size("notifications") - room.count
        if left <= 0 and len(dead) >= size("deaths"):
            break
        usual = -(-size("notifications") // waves)
        record(room, max(min(left, usual), min(6 * doomed(), usual)), chance)
        room.publish(squashed=wave % 3 == 1)
        senders = cast(room, post, wave, modes)
        at_once = len(senders) if wave % 2 and waves > 2 else doomed()
        send(room, senders[:at_once])
        trouble_the_remote(room, wave)
        send(room, senders[at_once:])
        dead += [sender for sender in senders if sender.killed]
        room.rest()
    settle(room, post)

    figures(kills=len(dead))
    require_kept_promises(room, post, dead, figures)
    require_nothing_left(room)
    assert len(dead) >= size("deaths")


@pytest.mark.parametrize("how", ["hangs", "deaf"])
def test_a_remote_that_hangs_or_is_gone_delays_a_message_and_doubles_none(
    stage: Stage, tmp_path: Path, post: Post, figures: Figures, how: str
) -> None:
    scene, network = connect(stage, tmp_path)
    config = scene.here.folder / "sevlog.yaml"
    config.write_text(config.read_text("utf-8") + "notify: {routes: [{on: [severity_changed], to: TEAM}]}\n", "utf-8")
    scene.here.git("commit", "--quiet", "-am", "routes")
    here = replace(scene.here, environment={**scene.here.environment, **post.addresses("here")})
    network.does(how)

    assert here.types(*COMMANDS["severity"], "--no-push").code == 0
    assert here.types("notify").code == 5

    assert post.web.asked == []
    network.does("well")
    assert here.types("notify").code == 0
    assert here.types("notify").code == 0
    assert len(post.web.asked) == 1
    require_sound(scene.team.hub)
    figures(networks=1)


def doomed() -> int:
    """How many of the senders of a wave are to die."""
    return max(1, size("senders") // 2)


def record(room: Newsroom, count: int, chance: random.Random) -> None:
    """So many updates, of some of the incidents."""
    while count > 0:
        more = min(count, 1 + chance.randrange(8))
        room.tells(chance.choice(room.incidents), more)
        count -= more


def cast(room: Newsroom, post: Post, wave: int, modes: Iterator[str]) -> list[Sender]:
    """A run in each clone. The first are to die, each in its way; now and then one works with an old checkout."""
    clones = [room.clones[(number + wave) % len(room.clones)] for number in range(len(room.clones))]
    return [
        room.sender(
            clone, post, next(modes) if number < doomed() else None, pulls=wave == 0 or (number + wave) % 5 != 4
        )
        for number, clone in enumerate(clones)
    ]


def send(room: Newsroom, senders: list[Sender]) -> None:
    """Let them run at the same time. Who is not killed says nothing but what a remote in trouble explains."""
    with ThreadPoolExecutor(max(1, len(senders))) as pool:
        list(pool.map(lambda sender: room.run(sender, random.Random(sender.name)), senders))
    for sender in senders:
        if not sender.killed:
            assert sender.code in (0, 1, 5), sender
            assert "Traceback" not in sender.said, sender
            assert not any(secret in sender.said for secret in SECRETS)


def trouble_the_remote(room: Newsroom, wave: int) -> None:
    """It rejects the ledger for a while, or somebody takes the ledger back to where it was, or away."""
    if wave % 4 == 1:
        (room.team.hub / "frozen").write_text("2", "utf-8")
    if wave % 6 == 5:
        for clone in room.clones:
            clone.git("fetch", "--quiet", "origin", f"+{LEDGER}:{LEDGER}")
        tip = room.clones[0].git("rev-parse", LEDGER)
        words = ("-d", LEDGER) if wave % 12 == 5 else (LEDGER, f"{tip}~3")
        Clone(room.team.hub, "").git("update-ref", *words)


def settle(room: Newsroom, post: Post) -> None:
    """Send what is left, as CI does, to a remote that is well again."""
    (room.team.hub / "frozen").unlink(missing_ok=True)
    for _ in range(5):
        sender = room.sender(room.clones[0], post, None)
        said = typed(sender.clone, "notify")
        assert said.code in (0, 1), said
        room.rest()
        if not any(row.state in ("owed", "claimed") for sheet in room.rows().values() for row in sheet.rows.values()):
            return


def require_kept_promises(room: Newsroom, post: Post, dead: list[Sender], figures: Figures) -> None:
    """The ledger and the servers agree on every message, and no promise was broken."""
    wanted, taken, killed = room.wanted(), post.taken(), room.claims_of(dead)
    rows = {(name, key): row for name, sheet in room.rows().items() for key, row in sheet.rows.items()}
    once = {name for (_, key), name in wanted.items() if key.endswith(MOST_ONCE)}
    states = Counter(row.state for row in rows.values())
    figures(
        messages=len(wanted),
        delivered=len(taken),
        again=sum(count - 1 for name, count in taken.items() if name not in once),
        twice=sum(count - 1 for name, count in taken.items() if name in once),
        vanished=len(wanted.keys() - rows.keys()) + states["owed"] + states["claimed"],
        unknown=states["unknown"],
    )
    assert rows.keys() == wanted.keys()
    assert taken.keys() <= set(wanted.values())
    assert states.keys() <= {"sent", "unknown"}, states
    assert [name for name in once if taken[name] > 1] == []
    for place, row in rows.items():
        if row.state == "sent":
            assert taken[wanted[place]] >= 1, (place, row)
        else:
            assert row.promise == "most_once" and row.by in killed, (place, row)
    ids = Counter(str(mail["Message-ID"]) for mail in post.mail.mails)
    assert [name for name, count in ids.items() if count > 1] == []


def require_nothing_left(room: Newsroom) -> None:
    """The ledger is sound and holds no secret, and people are told of what is unknown."""
    require_sound(room.team.hub)
    for clone in room.clones:
        require_sound(clone.folder)
    here = room.clones[0]
    history = here.git("log", "-p", "--format=%an %ae %B", "refs/seen")
    assert not any(secret in history for secret in SECRETS)
    unknown = {name: sum(row.state == "unknown" for row in sheet.rows.values()) for name, sheet in room.rows().items()}
    board = typed(here, "board").out
    for name, count in unknown.items():
        told = f"{count} notification{'s were' if count > 1 else ' was'} not delivered: sevlog show {name}"
        assert (told in board) == (count > 0), board
        assert ("unknown to" in typed(here, "show", name).out) == (count > 0)
