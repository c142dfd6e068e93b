"""Whatever is typed, in whatever place: it is done as typed, or refused in words; what is accepted passes `check`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import click
import pytest

from fixtures.hostile.corpus import CLOSED, ID
from fixtures.hostile.ground import Ground, known_by, records_of
from fixtures.hostile.words import TEXTS
from fixtures.repositories import git
from sevlog.cli.main import cli
from sevlog.errors import Exit
from torture.figures import Figures
from torture.fuzzing.amount import SEED, share

PARTS = 8
"""Over so many tests the commands are spread."""

ELSEWHERE = {
    ("demo",),
    ("site", "serve"),
    ("site", "build"),
    ("init",),
    ("import", "statuspage"),
    ("import", "cstate"),
    ("import", "upptime"),
    ("import", "opsgenie"),
    ("import", "grafana-oncall"),
    ("export",),
    ("doctor",),
    ("completion",),
    ("runbook", "run"),
    ("hook", "run"),
}
"""These write where they are told to, wait, fetch, run what is typed, or take no words; other tests try them."""

LEFT_OUT = {"--repo", "--watch", "--every", "--out", "--dry-run", "--json", "--verbose"}
FITTING = {
    "ID": (ID, "checkout-errors", CLOSED.rpartition("/")[2]),
    "ENTRY": ("20261120T100600Z-observation",),
    "KEY": ("checkout", "first"),
    "PERSON": ("ana", "bo"),
    "LEVEL": ("SEV1", "SEV2", "P1"),
    "TIME": ("-10m", "+2h", "now"),
    "KEY=STATE": ("checkout=major_outage",),
    "KEY[=IMPACT]": ("checkout",),
    "KEY=VALUE": ("text=another",),
    "ROLE": ("scribe",),
    "TEAM": ("payments",),
    "REF": ("T1", "H1"),
    "TYPE=URL": ("chat=https://chat.example/x",),
    "STATUS": ("fixing",),
    "WHOM": ("bo", "team:payments"),
}
"""What belongs in the place of a word of the help."""

BY_NAME = {
    "severity": "SEV2",
    "level": "SEV1",
    "priority": "P2",
    "start": "+1h",
    "end": "+2h",
    "until": "+2h",
    "ended_at": "now",
    "started_at": "-1h",
    "older_than": "1d",
    "schedule": "first",
    "team": "payments",
    "base": "HEAD",
    "days": "5",
    "next_in": "30m",
    "approved_by": "bo",
    "receiver": "bo",
    "holder": "ana",
    "support_cases": "5",
    "affected": "5%",
    "type_": "chat",
    "url": "https://chat.example/x",
    "target": "2026-11-21-search-slow",
    "override": "attestation",
    "attached": "graph.png",
    "evidence": "https://graphs.example/1",
    "paths": "incidents",
    "keys": "text",
    "factors": "load",
    "no_factors": "security",
    "tags": "web",
    "whom": "bo",
}
"""What belongs in the place of a word, by the name that the command has for it."""

HOSTILE = (
    *(text for text in TEXTS if "\0" not in text),
    "../../x",
    "../../../outside/secret",
    "/etc/passwd",
    "-rf",
    "--",
    "--json",
    "incidents/2026",
    ".git/config",
    f"{ID}/../../..",
    f"{ID}\n",
    f"2026-11-20-{'x' * 300}",
    "@file",
    "=",
    "key=",
    "evidence/../../x",
    "=value",
    "a=b=c",
    "checkout=",
    "checkout=\x1b",
    "chat=javascript:alert(1)",
    "\udcff",
    "-1m",
    "-999999999999d",
    "+99999999d",
    "25:61",
    "1e9",
    "٣",
    "0x10",
    "1970-01-01",
    "now-",
    "12:00pm",
    "text=",
    "at=x",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "kind=note",
    "id=../../x",
    "evidence=[]",
    "set={}",
    "components={}",
    "by=",
    "SEV1\n",
    "person:",
    "team:x",
    "x" * 5000,
)
"""What does not; no process can be given a NUL."""


class Leaf(NamedTuple):
    """A command that does something: its words, and what it takes."""

    words: tuple[str, ...]
    command: click.Command


def leaves(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[Leaf]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, (*before, name))
        elif command is not None and (*before, name) not in ELSEWHERE:
            yield Leaf((*before, name), command)


LEAVES = list(leaves(cli))


class Typist:
    """Types commands: most words fit, and at least one does not."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def line(self, leaf: Leaf) -> list[str]:
        chance = self._random
        places: list[list[str]] = []
        for param in leaf.command.params:
            wanted = param.required or chance.random() < (0.95 if "--incident" in param.opts else 0.2)
            if isinstance(param, click.Argument):
                for _ in range(chance.choice((1, 1, 2)) if param.nargs == -1 else max(1, param.nargs)):
                    places.append([self._fitting(param)])
            elif isinstance(param, click.Option) and wanted and not LEFT_OUT & set(param.opts):
                flag = chance.choice([*param.opts, *param.secondary_opts])
                places.append([flag] if param.is_flag else [flag, self._fitting(param)])
        for place in chance.sample(places, min(len(places), chance.choice((1, 1, 1, 1, 2, 3)))):
            place[-1] = chance.choice(HOSTILE)
        if chance.random() < 0.2:
            chance.shuffle(places)
        return [*leaf.words, *(word for place in places for word in place)]

    def _fitting(self, param: click.Parameter) -> str:
        chance = self._random
        if isinstance(param.type, click.Choice):
            return str(chance.choice(list(param.type.choices)))
        if param.name in BY_NAME:
            return BY_NAME[param.name]
        kind = param.metavar or param.type.name
        return chance.choice(FITTING.get(kind, ("we look", "checkout", "5")))


@pytest.mark.parametrize("part", range(PARTS))
def test_no_word_crashes_a_command_or_writes_what_check_refuses(part: int, ground: Ground, figures: Figures) -> None:
    typist = Typist(f"{SEED} {part}")
    before = records_of(ground)
    head = git(ground.root, "rev-parse", "HEAD")
    for number in range(share(0.1 / PARTS)):
        leaf = LEAVES[(number * PARTS + part) % len(LEAVES)]
        words = typist.line(leaf)
        with known_by(number, words):
            did = ground.sevlog(*words, "--no-commit")
            after = records_of(ground)
            assert git(ground.root, "rev-parse", "HEAD") == head
            if after != before:
                assert did.code == Exit.OK, did
                require_only_records(before, after)
                checked = json.loads(ground.sevlog("check", "--json").out)
                errors = {p["code"] for p in checked["problems"] if p["severity"] == "error"}
                assert errors == ({"secret"} if "sevlog redact" in did.err else set()), did
                ground.put_back(before)
        figures(inputs=1)


def require_only_records(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    for path in set(before) | set(after):
        if before.get(path) != after.get(path):
            assert re.fullmatch(
                r"oncall\.yaml|imports/[0-9-]{10}-(cstate|statuspage)\.(json|md)|incidents/[0-9]{4}/[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z0-9-]{1,80}/"
                r"(incident\.yaml|actions\.yaml|postmortem(\.public)?\.md|timeline/[a-zA-Z0-9._-]+\.yaml)",
                path,
            ), path
