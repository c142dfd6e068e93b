"""Whatever lies in a repository, its site is made of what is whole, and never of what lies outside."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

from fixtures.commands import SEVLOG
from fixtures.hostile.corpus import KINDS, examples
from fixtures.hostile.ground import CANARY, Ground, known_by, records_of
from fixtures.hostile.mutation import Mutator
from sevlog.errors import Exit
from torture.figures import Figures
from torture.fuzzing.amount import SEED, share
from torture.fuzzing.test_places import PLACES, THINGS

PATIENCE = 120
MARK = b"Acme Status"


def test_a_site_is_built_of_what_is_whole_and_of_nothing_else(ground: Ground, figures: Figures) -> None:
    chance = Random(f"{SEED} site")
    kinds = {kind.path: Mutator(f"{SEED} site {kind.name}", examples(kind), fenced=kind.fenced) for kind in KINDS}
    rare = ("sevlog.yaml", "oncall.yaml")  # one that is broken ends the build before it looks at anything else
    usual = [path for path in kinds if path not in rare]
    built = 0
    for number in range(share(0.002)):
        did: list[str] = []
        for path in chance.sample(usual, chance.randrange(1, 5)) + ([chance.choice(rare)] if number % 5 == 4 else []):
            ground.write(path, kinds[path].next())
            did.append(path)
        place, name = chance.choice(PLACES), chance.choice(sorted(THINGS))
        if place not in rare and not any(path.startswith(place) or place.startswith(path) for path in did):
            put(THINGS[name], place, ground)
            did.append(place)
        with known_by(number, (did, name)):
            built += require_sound_site(ground)
        for path in did:
            ground.restore(path)
        figures(inputs=1)
    assert built > share(0.002) / 3, "too few were built for this to show anything"


def put(thing: Callable[[Path, Ground], object], place: str, ground: Ground) -> None:
    thing(ground.remove(place), ground)


def require_sound_site(ground: Ground) -> bool:
    """Build it: whole pages, or words, and no more than that. Whether it was built."""
    out = ground.root / ".git/site"
    before = records_of(ground)
    done = subprocess.run(
        [*SEVLOG, "--repo", str(ground.root), "site", "build", "--out", str(out)],
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode in set(Exit) and "Traceback" not in said, said
    assert CANARY not in said
    assert records_of(ground) == before, "building wrote into the records"
    if done.returncode == Exit.OK:
        assert MARK in (out / "index.html").read_bytes()
        assert (out / "api/v2/summary.json").is_file()
    else:
        assert said, "it failed without a word"
    for path in sorted(out.rglob("*")):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
    return done.returncode == Exit.OK


def test_a_site_of_sound_records_is_built(ground: Ground) -> None:
    assert require_sound_site(ground)
