"""A network between a clone and its remote that does what a test wants: an ssh that a file tells what to do."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sevlog.stores.history import remote
from torture.stage import Stage, Typist, typed
from torture.team import Said

_SSH = """\
#!/bin/sh
# Called as: ssh HOST "git-receive-pack '/path'"; the words of the mode are in the file beside it.
shift
set -- "$1" $(cat '{mode}')
what=$1; how=$2; number=$3
case $what in *receive-pack*) way=push;; *) way=fetch;; esac
case $how in
  well)      exec sh -c "$what" ;;
  deaf)      exit 255 ;;
  hangs)     exec cat '{pipe}' ;;
  says)      cat '{words}' >&2; exit 128 ;;
  slow)      sh -c "$what" | '{python}' -c '{slowly}' ;;
  cut-sent)  head -c "$number" | sh -c "$what"; exit 255 ;;
  cut-heard) sh -c "$what" | head -c "$number"; exit 255 ;;
  unheard)   if [ $way = push ]; then sh -c "$what" | head -c "$number" ; cat >/dev/null; exit 255; fi
             exec sh -c "$what" ;;
esac
"""
_SLOWLY = "import os\nwhile data := os.read(0, 3):\n    os.write(1, data)\n"


@dataclass(frozen=True)
class Impatient(Typist):
    """A clone that has a second of patience for its remote instead of twenty."""

    def types(self, *words: str) -> Said:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(remote, "PATIENCE", 1.0)
            return typed(self, *words)


@dataclass(frozen=True)
class Network:
    """The way between a clone and its remote."""

    folder: Path

    def does(self, *words: str) -> None:
        """From now on: `well`, `deaf`, `hangs`, `slow`, `cut-sent N`, `cut-heard N` (bytes)."""
        (self.folder / "mode").write_text(" ".join(words), "utf-8")

    def says(self, text: str) -> None:
        """From now on the other side only says this, and closes."""
        (self.folder / "words").write_text(text, "utf-8")
        self.does("says")


def connect(stage: Stage, folder: Path) -> tuple[Stage, Network]:
    """A copy of the stage whose clone reaches its remote through a network that works, so far."""
    scene = stage.copy(folder / "scene")
    (folder / "pipe").parent.mkdir(exist_ok=True)
    os.mkfifo(folder / "pipe")
    ssh = folder / "ssh"
    ssh.write_text(
        _SSH.format(
            mode=folder / "mode", pipe=folder / "pipe", words=folder / "words", python=sys.executable, slowly=_SLOWLY
        ),
        "utf-8",
    )
    ssh.chmod(0o755)
    here = scene.here
    here.git("remote", "set-url", "origin", f"ssh://hub.example{scene.team.hub}")
    here.git("config", "core.sshCommand", str(ssh))
    here.git("config", "ssh.variant", "simple")
    network = Network(folder)
    network.does("well")
    return replace(scene, here=Impatient(here.folder, here.person, {"LC_ALL": "C"})), network
