"""A remote that rejects, hangs, drops, is replaced or is gone: the commit stays, it is told, and sync makes it good."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from fixtures.filled import filled
from torture.acts import require_whole_acts
from torture.disk import mounted, needs_mount
from torture.figures import Figures
from torture.networks import Network, connect
from torture.sizes import in_parts, share, size
from torture.stage import COMMANDS, OTHERS, TOKEN, UNSENT, Stage, Typist
from torture.team import Said, require_clean, require_sound


@pytest.fixture
def connected(stage: Stage, tmp_path: Path) -> tuple[Stage, Network]:
    return connect(stage, tmp_path)


def typing(stage: Stage, folder: Path) -> Stage:
    """A copy of the stage in which commands are typed in this process."""
    scene = stage.copy(folder / "scene")
    return Stage(scene.team, Typist(scene.here.folder, scene.here.person))


def require_kept(scene: Stage, said: Said) -> None:
    """The act counts as done, with a warning that says where it is and how it is sent later."""
    assert said.code == 0, said
    assert said.err.startswith("warning: ") and "sevlog sync" in said.err, said
    assert scene.here.texts()[TOKEN] == 1
    require_clean(scene.here)


def require_recovery(scene: Stage, *, others: bool = True) -> None:
    """Sync makes good what the network broke: everything is stored once, on both sides."""
    scene.here.does("sync")
    require_clean(scene.here)
    require_sound(scene.team.hub)
    require_whole_acts(scene.team.hub)
    assert scene.team.texts() == scene.here.texts() == Counter([TOKEN, UNSENT, *([OTHERS] if others else [])])
    assert scene.here.head == scene.team.head
    scene.here.does("check")


def test_a_hook_of_the_remote_that_rejects(stage: Stage, tmp_path: Path, figures: Figures) -> None:
    scene = typing(stage, tmp_path)
    hook = scene.team.hub / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'not while we freeze' >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)

    said = scene.here.types(*COMMANDS["monitor"])

    require_kept(scene, said)
    assert "not while we freeze" in said.err
    assert scene.here.types("sync").code == 5
    hook.unlink()
    require_recovery(scene)
    figures(networks=1)


@pytest.mark.parametrize(
    "words",
    [
        "ERROR: Permission to cart/records.git denied to ana.",
        "ERROR: Write access to repository not granted.",
        "ssh: Could not resolve hostname hub.example: Temporary failure in name resolution",
        "remote: \x1b[31mthe disk is full\x1b[0m\nfatal: unable to write",
    ],
)
def test_a_remote_that_only_has_words(connected: tuple[Stage, Network], words: str, figures: Figures) -> None:
    scene, network = connected
    network.says(words)

    said = scene.here.types(*COMMANDS["note"])

    require_kept(scene, said)
    assert words.split("[")[0].split("\n")[0].strip("\x1b") in said.err
    assert "\x1b" not in said.err
    assert scene.here.types("sync").code == 5
    network.does("well")
    require_recovery(scene)
    figures(networks=1)


def test_a_remote_that_hangs_is_left_after_a_while_and_nobody_goes_on_waiting(
    connected: tuple[Stage, Network], tmp_path: Path, figures: Figures
) -> None:
    scene, network = connected
    network.does("hangs")

    said = scene.here.types(*COMMANDS["raise"])

    require_kept(scene, said)
    assert "did not answer within 1 s" in said.err
    pipe = os.open(tmp_path / "pipe", os.O_WRONLY | os.O_NONBLOCK) if _is_read(tmp_path / "pipe") else None
    assert pipe is None, "the ssh of the command is still waiting"
    network.does("well")
    require_recovery(scene)
    figures(networks=1)


def _is_read(pipe: Path) -> bool:
    """Whether some process has the pipe open to read from it."""
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


def test_a_slow_remote_is_waited_for(connected: tuple[Stage, Network], figures: Figures) -> None:
    scene, network = connected
    network.does("slow")

    assert scene.here.types(*COMMANDS["severity"]).code == 0

    network.does("well")
    require_recovery(scene)
    figures(networks=1)


@in_parts
@pytest.mark.parametrize("how", ["cut-sent", "cut-heard"])
def test_a_connection_that_breaks_in_the_middle(
    stage: Stage, tmp_path: Path, how: str, part: int, figures: Figures
) -> None:
    for number in filled(share("cuts", part)):
        chance = random.Random(f"{size('seed')}/{how}/{number}")
        name = chance.choice(["note", "raise", "resolve", "reopen"])
        scene, network = connect(stage, tmp_path / str(number))
        network.does(how, str(chance.choice((0, chance.randint(1, 60), chance.randint(60, 4000)))))

        said = scene.here.types(*COMMANDS[name])

        assert said.code == 0, said
        network.does("well")
        require_recovery(scene)
        figures(networks=1)


def test_a_remote_that_took_it_and_could_not_say_so(stage: Stage, tmp_path: Path, figures: Figures) -> None:
    """The answer is lost after others were faster: what is stored is known again, whatever name it got there."""
    for name in ("note", "raise", "resolve"):
        scene, network = connect(stage, tmp_path / name)
        hook = scene.team.hub / "hooks/post-receive"
        hook.write_text(f"#!/bin/sh\necho deaf > '{tmp_path / name}/mode'\nkill $PPID\n", "utf-8")
        hook.chmod(0o755)

        said = scene.here.types(*COMMANDS[name])

        assert said.code == 0, said
        hook.unlink()
        network.does("well")
        require_recovery(scene)
        figures(networks=1)


def test_a_remote_that_is_gone_for_a_while(stage: Stage, tmp_path: Path, figures: Figures) -> None:
    scene = typing(stage, tmp_path)
    away = scene.team.hub.rename(scene.team.root / "away.git")

    require_kept(scene, scene.here.types(*COMMANDS["note"]))
    assert scene.here.types("sync").code == 5

    away.rename(scene.team.hub)
    require_recovery(scene)
    figures(networks=1)


@needs_mount
def test_a_remote_that_nobody_can_write_to(stage: Stage, tmp_path: Path, figures: Figures) -> None:
    with mounted(tmp_path / "disk") as disk:
        scene = stage.copy(disk.folder / "scene")
        shutil.copytree(scene.here.folder, tmp_path / "here", symlinks=True)
        scene = Stage(scene.team, Typist(tmp_path / "here", scene.here.person))
        disk.protect(True)

        require_kept(scene, scene.here.types(*COMMANDS["correct"]))
        assert scene.here.types("sync").code == 5

        disk.protect(False)
        require_recovery(scene)
    figures(networks=1)


def test_a_remote_whose_last_commits_were_taken_back_by_force(stage: Stage, tmp_path: Path, figures: Figures) -> None:
    """What others recorded and took back stays away; ours is stored."""
    scene = typing(stage, tmp_path)
    scene.here.does("sync")
    subprocess.run(["git", "update-ref", "refs/heads/main", f"{scene.team.head}~1"], cwd=scene.team.hub, check=True)

    scene.here.types(*COMMANDS["note"])

    scene.here.does("sync")
    assert scene.team.texts()[TOKEN] == 1
    require_sound(scene.team.hub)
    figures(networks=1)


def test_a_remote_whose_whole_history_was_rewritten_by_force(stage: Stage, tmp_path: Path, figures: Figures) -> None:
    """As after a purge: other commits with the same content, and nothing of ours twice."""
    scene = typing(stage, tmp_path)
    rewrite = "git filter-branch -f --msg-filter 'cat; echo Purged: yes' -- --all >/dev/null"
    subprocess.run(
        rewrite, shell=True, cwd=scene.team.hub, env={**os.environ, "FILTER_BRANCH_SQUELCH_WARNING": "1"}, check=True
    )

    said = scene.here.types(*COMMANDS["raise"])

    require_kept(scene, said)
    assert "rewritten" in said.err
    require_recovery(scene)
    figures(networks=1)
