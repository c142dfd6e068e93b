"""Whatever bytes stand in a record file, every command that reads it ends in words, and soon."""

from __future__ import annotations

import pytest

from fixtures.hostile.corpus import KINDS, Kind, examples
from fixtures.hostile.ground import COMMANDS, Ground, known_by
from fixtures.hostile.mutation import Mutator
from sevlog.errors import Exit
from torture.figures import Figures
from torture.fuzzing.amount import SEED, share

PART = 0.5 / len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_command_crashes_or_hangs_over_a_broken_file(kind: Kind, ground: Ground, figures: Figures) -> None:
    inputs = Mutator(f"{SEED} {kind.name}", examples(kind), fenced=kind.fenced)
    for number in range(share(PART)):
        data = inputs.next()
        path = ground.write(kind.path, data)
        with known_by(number, data):
            checked = ground.sevlog("check")
            looked = ground.sevlog(*COMMANDS[number % len(COMMANDS)])
            assert checked.code in (Exit.OK, Exit.FINDINGS)
            assert checked.code == Exit.FINDINGS or looked.code == Exit.OK, "check passes what cannot be shown"
            assert path.read_bytes() == data, "looking wrote"
        figures(inputs=1)


def test_the_ground_is_sound_at_first(ground: Ground) -> None:
    """Else the tests above would try nothing but the first error."""
    for words in COMMANDS:
        assert ground.sevlog(*words).code == Exit.OK
