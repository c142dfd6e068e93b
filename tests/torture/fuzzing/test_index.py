"""Whatever happened to the bytes of the index, every command says what it says without one."""

from __future__ import annotations

import re
from random import Random

from fixtures.hostile.corpus import ID
from fixtures.hostile.ground import Ground, known_by
from sevlog.stores.index import live_cache
from torture.figures import Figures
from torture.fuzzing.amount import SEED, share

PAGE = 4096
COMMANDS = (
    ("check",),
    ("list",),
    ("board",),
    ("show", ID, "--json", "--as-of", "2026-11-21T10:00:00Z"),
    ("check", "--json"),
    ("timeline", ID),
    ("similar", ID),
    ("check", "--format", "github"),
)
PASSING = re.compile(r"\s*\(\d+ unchanged [^)]*\)|\"reused\": \d+|\b\d+ ?(s|min|h|d|m|w)\b")
"""What changes with the time, or with how much was known."""


def test_no_harm_to_the_index_changes_an_answer(ground: Ground, figures: Figures) -> None:
    place = live_cache.index_file(ground.root)
    assert place is not None
    truth = {}
    for words in COMMANDS:
        place.unlink(missing_ok=True)
        truth[words] = looked(ground, words)
    whole = place.read_bytes()
    chance = Random(f"{SEED} index")
    for number in range(share(0.02)):
        harmed = harm(whole, chance)
        words = COMMANDS[number % len(COMMANDS)]
        with known_by(number, words):
            place.write_bytes(harmed)
            assert looked(ground, words) == truth[words]
            assert looked(ground, words) == truth[words], "it believes what it wrote over the harm"
        figures(inputs=1)


def looked(ground: Ground, words: tuple[str, ...]) -> tuple[int, str, str]:
    """What a command says, but for what is passing."""
    did = ground.sevlog(*words)
    return did.code, PASSING.sub("", did.out), PASSING.sub("", did.err)


def harm(whole: bytes, chance: Random) -> bytes:
    """The index with bits turned, pages changed for others, a part taken away, or other bytes in the place of some."""
    data = bytearray(whole)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        way, at = chance.randrange(5), chance.randrange(len(data))
        if way == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            page, other = (chance.randrange(len(whole) // PAGE) * PAGE for _ in range(2))
            data[page : page + PAGE] = whole[other : other + PAGE]
        elif way == 2 and len(data) > PAGE:
            del data[max(at, PAGE) :]
        elif way == 3:
            length = chance.randrange(1, 200)
            data[at : at + length] = chance.randbytes(length)
        else:
            data[at : at + chance.randrange(1, 40)] = chance.choice((b"", b"\0" * 40, b"\xff" * 8, b"2026-11-20"))
    return bytes(data)
