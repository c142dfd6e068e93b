"""A team that sends notifications: an author, senders in clones of their own, and the servers that take messages."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from fixtures.clocks import Clock
from fixtures.edits import age
from fixtures.servers import Asked, MailServer, WebServer
from sevlog.model.comms.ledger import Sheet, key_of
from sevlog.model.comms.opaque import opaque
from sevlog.model.vocabulary import compact
from sevlog.stores.git.command import Git
from sevlog.stores.ledger import View
from torture import killing
from torture.killing import MARK
from torture.stage import typed
from torture.team import CONFIG, Clone, Said, Team, make_team

LEDGER = "refs/sevlog/ledger"
MOST_ONCE = ("SUBSCRIBERS", "FEED")
ROUTES = """\
notify:
  routes:
    - {on: [update], audiences: [public], to: SUBSCRIBERS}
    - {on: [update], audiences: [public], to: FEED, channel: chat}
    - {on: [update], to: TEAM, channel: chat}
"""
SECRETS = ("t0ken-in-path", "s3cret-w0rd")
MODES = ("claimed", "taken", "unconfirmed", "instant")
"""When a sender is killed: after its claim is stored and before it knows; when a server took a message and did not
answer yet; when it sent all, and its confirmation is not stored yet; at any instant."""
_UPDATE = """\
kind: update
at: {at}
by: ana
audience: public
phase: investigating
text: {text}
"""
_BEFORE = """\
#!/bin/sh
while read -r old new ref; do
  [ "$ref" = refs/sevlog/ledger ] || exit 0
  left=$(cat frozen 2>/dev/null)
  if [ -n "$left" ]; then
    if [ "$left" -le 1 ]; then rm -f frozen; else echo $((left - 1)) >frozen; fi
    echo 'not now' >&2
    exit 1
  fi
  case "$TORTURE_DIES $(git log -1 --format=%s "$new")" in
    unconfirmed*sent) kill -9 "-$(cat "$TORTURE_GROUP")"; exit 1 ;;
  esac
done
"""
_AFTER = """\
#!/bin/sh
while read -r old new ref; do
  [ "$ref" = refs/sevlog/ledger ] || exit 0
  echo "$new $TORTURE_RUN" >>pushed
  case "$TORTURE_DIES $(git log -1 --format=%s "$new")" in
    claimed*Claim*) kill -9 "-$(cat "$TORTURE_GROUP")" ;;
  esac
done
"""


@dataclass
class Sender:
    """One process of `sevlog notify`. dies: at what, None for one that lives."""

    name: str
    clone: Clone
    dies: str | None = None
    group: int = 0
    code: int = 0
    said: str = ""

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL

    def kill(self) -> None:
        if self.group:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)


@dataclass
class Post:
    """The servers, and who is to die when one of them took a message."""

    web: WebServer
    mail: MailServer
    senders: dict[str, Sender] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.web.before_answer = self._posted
        self.mail.before_answer = lambda: self._took(self.mail.taken[-1].sender.partition("@")[0])

    def _posted(self, asked: Asked) -> None:
        self._took(asked.path.rpartition("/")[2])

    def _took(self, name: str) -> None:
        sender = self.senders.get(name)
        if sender is not None and sender.dies == "taken":
            sender.kill()

    def addresses(self, name: str) -> dict[str, str]:
        """What a run has in its environment; the servers learn from it which run it was."""
        return {
            "SEVLOG_NOTIFY_SUBSCRIBERS": self.mail.address(
                "list@cart.example", user="robot", from_=f"{name}@cart.example"
            ),
            "SEVLOG_NOTIFY_FEED": self.web.address("webhook+http", f"/t0ken-in-path/FEED/{name}"),
            "SEVLOG_NOTIFY_TEAM": self.web.address("webhook+http", f"/t0ken-in-path/TEAM/{name}"),
        }

    def taken(self) -> Counter[str]:
        """`TO token` -> how often a server took that message, by the key that the sender gave it."""
        keys = Counter(f"{asked.path.split('/')[2]} {asked.headers['Idempotency-Key']}" for asked in self.web.asked)
        mails = Counter(
            f"SUBSCRIBERS {re.findall(r'tok-[a-z]+-[0-9]+-[0-9]+', taken.text)[0]}" for taken in self.mail.taken
        )
        return keys + mails


class Newsroom:
    """The team: who records, who sends, and what has to reach whom."""

    def __init__(self, root: Path, senders: int) -> None:
        self.team: Team = make_team(root, CONFIG + ROUTES)
        for name, text in (("pre-receive", _BEFORE), ("post-receive", _AFTER)):
            hook = self.team.hub / "hooks" / name
            hook.write_text(text, "utf-8")
            hook.chmod(0o755)
        self.author = self.team.clone("ana", "author")
        self.clones = [self.team.clone("bo", f"sender-{number}") for number in range(senders)]
        self.incidents: list[str] = []
        self.updates: dict[str, list[tuple[str, str]]] = {}
        self._runs = 0

    @property
    def count(self) -> int:
        """How many updates there are."""
        return sum(map(len, self.updates.values()))

    def raises(self) -> None:
        """A public incident with one update, recorded but not sent to the remote."""
        number = len(self.incidents)
        title, told = f"Checkout fails {number}", f"tok-first-{number}-0"
        words = ("--severity", "SEV3", "--component", "checkout", "--summary", "x", "--no-push", "--json")
        incident = str(json.loads(_did(typed(self.author, "raise", title, *words)).out)["id"])
        override = ("--override", "approval", "--reason", "nobody is there", "--no-push", "-i", incident)
        _did(typed(self.author, "update", "--title", title, *override, told))
        (path,) = sorted((self.author.folder / "incidents").glob(f"*/{incident}/timeline/*-update.yaml"))
        self.incidents.append(incident)
        self.updates[incident] = [(path.stem, told)]

    def tells(self, incident: str, count: int) -> None:
        """So many more updates, in one commit, as a merged branch brings them."""
        (folder,) = sorted((self.author.folder / "incidents").glob(f"*/{incident}/timeline"))
        clock, number = Clock(), self.incidents.index(incident)
        for _ in range(count):
            clock.advance()
            at, told = clock(), f"tok-more-{number}-{len(self.updates[incident])}"
            name = f"{compact(at)}-update"
            (folder / f"{name}.yaml").write_text(_UPDATE.format(at=clock.ago(), text=told), "utf-8")
            self.updates[incident].append((name, told))
        self.author.git("add", ".")
        self.author.git("commit", "--quiet", "-m", f"told {number}")

    def publish(self, *, squashed: bool = False) -> None:
        """Send what was recorded, or squash the last commits of the past into one and push by force."""
        if squashed:
            self.author.git("reset", "--quiet", "--soft", "HEAD~2")
            self.author.git("commit", "--quiet", "-m", "squashed")
        self.author.git("push", "--quiet", "--force", "origin", "HEAD:main")

    def sender(self, clone: Clone, post: Post, dies: str | None, *, pulls: bool = True) -> Sender:
        """A run in a clone. pulls: its checkout is the newest; else it is as old as the clone."""
        if pulls:
            clone.git("fetch", "--quiet", "origin", "main")
            clone.git("reset", "--quiet", "--hard", "FETCH_HEAD")
        self._runs += 1
        name = f"r{self._runs}"
        group = self.team.root / name
        surroundings = {**post.addresses(name), MARK: name, "TORTURE_RUN": name, "TORTURE_GROUP": str(group)}
        made = Sender(name, Clone(clone.folder, clone.person, {**surroundings, "TORTURE_DIES": dies or ""}), dies)
        post.senders[name] = made
        return made

    def run(self, sender: Sender, chance: random.Random) -> None:
        """Let it run to its end, or its death."""
        process = killing.start(sender.clone, sender.clone.command("notify"))
        sender.group = process.pid
        (self.team.root / sender.name).write_text(str(process.pid), "utf-8")
        seconds = chance.uniform(0.3, 2.5) if sender.dies == "instant" else 120.0
        with contextlib.suppress(subprocess.TimeoutExpired):
            sender.said = process.communicate(timeout=seconds)[1].decode()
        sender.code = killing.end(process)
        killing.end_survivors(sender.clone, kill=chance.random() < 0.3)

    def rest(self) -> None:
        """All claims run out, and what the dead left behind is old."""
        Clock().advance(timedelta(minutes=11))
        for clone in (*self.clones, Clone(self.team.hub, "")):
            place = clone.folder / ".git" if (clone.folder / ".git").is_dir() else clone.folder
            for path in sorted(place.rglob("*.lock")):
                age(path)

    def rows(self) -> dict[str, Sheet]:
        """Incident -> its sheet, as the remote has it."""
        clone = self.clones[0]
        clone.git("fetch", "--quiet", "origin", f"+{LEDGER}:refs/seen")
        view = View(Git(clone.folder), clone.git("rev-parse", "refs/seen"))
        return {incident: view.sheet(incident) for incident in self.incidents}

    def wanted(self) -> dict[tuple[str, str], str]:
        """Incident and key of a row -> what the servers call its message, as in `Post.taken`."""
        found = {}
        for incident, updates in self.updates.items():
            for name, told in updates:
                for to in ("SUBSCRIBERS", "FEED", "TEAM"):
                    key = key_of(name, to)
                    found[incident, key] = f"{to} {told if to == 'SUBSCRIBERS' else opaque(f'{incident}:{key}')}"
        return found

    def claims_of(self, senders: list[Sender]) -> set[str]:
        """The words by which these runs claimed."""
        names = {sender.name for sender in senders}
        rows = [row.split() for row in (self.team.hub / "pushed").read_text("utf-8").splitlines()]
        commits = [commit for commit, *name in rows if name and name[0] in names]
        found: set[str] = set()
        for commit in commits:
            shown = self.clones[0].git("show", "--format=", commit)
            found |= set(re.findall(r'^\+ *"by": "([0-9a-f]+)"', shown, re.MULTILINE))
        return found


def _did(said: Said) -> Said:
    assert said.code == 0, said
    return said
