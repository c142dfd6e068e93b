"""A seeded archive of incidents in sevlog's own format, and a git history for it.

    python -m bench.generator DIR --incidents 1000 [--layout list|entries] [--live 3] [--commits-each 5] [--seed 7]

An incident has 15 entries of about 40 words, goes through the whole lifecycle and breaks no rule; every second one has
a postmortem of about 600 words. The same arguments give the same bytes and, with the same git, the same commit.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sevlog.stores.yaml.text import dump

FIRST_DAY = datetime(2016, 1, 4, tzinfo=UTC)
COMPONENTS = ("checkout", "payments", "search", "catalogue", "accounts", "mail", "exports", "webhooks")
PEOPLE = ("ana", "bo", "chi", "dee", "eli")
VOCABULARY = """
    the a of to and in on for with from after before while under over cache queue worker leader replica shard index
    token session lock pool thread socket timeout retry backoff deploy rollback config flag gateway proxy certificate
    request response error latency memory disk cpu network region zone node cluster database table row column key value
    customer order basket payment invoice refund search result page image upload export webhook mail login password
    rises falls fails recovers waits drops grows shrinks restarts hangs returns answers misses overflows expires
    slowly quickly twice again still never always mostly only half third every some all none"""
WORDS = tuple(VOCABULARY.split())


@dataclass(frozen=True)
class Made:
    """One incident: its folder's name and, per file below it, the content after each of its commits."""

    id: str
    at: datetime
    steps: tuple[dict[str, str], ...]


def words(chance: random.Random, count: int) -> str:
    """About `count` words in sentences of about 12."""
    picked = chance.choices(WORDS, k=count)
    for start in range(0, count, 12):
        picked[start] = picked[start].capitalize()
        picked[min(start + 11, count - 1)] += "."
    return " ".join(picked)


def timeline(chance: random.Random, at: datetime, live: bool) -> list[dict[str, Any]]:
    """The entries of one incident, oldest first; a live one stops before the mitigation."""
    clock = at
    component, manager, other = chance.choice(COMPONENTS), chance.choice(PEOPLE[:3]), chance.choice(PEOPLE[3:])

    def entry(kind: str, *, same: bool = False, **more: Any) -> dict[str, Any]:
        nonlocal clock
        if not same:
            clock += timedelta(seconds=chance.randint(40, 900))
        base = {"kind": kind, "at": f"{clock:%Y-%m-%dT%H:%M:%SZ}", "by": manager, **more}
        return base if "text" in base else {**base, "text": words(chance, 40)}

    def update(phase: str, impact: str) -> dict[str, Any]:
        return entry("update", audience="public", phase=phase, components={component: impact})

    severity = chance.choice(("SEV1", "SEV2", "SEV2", "SEV3"))
    began = [
        entry("raised", severity=severity, priority="P2", components={component: "partial_outage"}, scope="some"),
        entry("assigned", role="incident_manager", person=manager, lead=True),
        entry("channel", type="chat", url="https://chat.example.com/room"),
        entry("status", to="fixing"),
        update("investigating", "partial_outage"),
        entry("assessment", customer_impact=words(chance, 12), scope="some", confirmed=True),
        update("investigating", "major_outage"),
        entry("theory", ref="T1", by=other),
        update("identified", "partial_outage"),
    ]
    if live:
        return began
    ended = [
        entry("action_taken", type="mitigation"),
        entry("status", to="monitoring"),
        update("monitoring", "degraded_performance"),
    ]
    over = entry("impact", components={component: "operational"})
    over["ended_at"] = over["at"]
    last = [update("resolved", "operational"), entry("status", to="resolved", attestation=words(chance, 10))]
    return [*began, *ended, over, *last]


def postmortem(chance: random.Random) -> tuple[str, str]:
    """The front matter and the text, of about 600 words, of a postmortem; customers get the text as it is."""
    front = dump({"status": "published", "template": "atlassian", "owner": "ana", "approved_by": "chi"})
    sections = ("Summary", "Impact", "Detection", "Response", "Contributing factors", "What went well")
    return f"---\n{front}---\n", "".join(f"\n## {name}\n\n{words(chance, 100)}\n" for name in sections)


def incident(number: int, total: int, *, layout: str, live: bool, seed: int) -> Made:
    """Incident `number` of `total`, spread evenly over ten years."""
    chance = random.Random(f"{seed}/{number}")
    at = FIRST_DAY + timedelta(days=3650) * number / max(total, 1)
    title = words(chance, 4).rstrip(".")
    name = f"{at:%Y-%m-%d}-{title.lower().replace(' ', '-')}-{number}"
    card: dict[str, Any] = {"schema": 1, "title": title, "kind": "incident", "summary": words(chance, 20)}
    card |= {"detection": {"source": "monitoring"}, "visibility": "public", "public_title": title}
    folder = f"incidents/{at:%Y}/{name}"
    entries = timeline(chance, at, live)
    parts = [entries[: 3 * step] for step in range(1, len(entries) // 3 + 1)]
    steps: list[dict[str, str]] = []
    for part in parts:
        if layout == "list":
            step = {f"{folder}/timeline/history.yaml": dump(part, "../../../../schemas/timeline.schema.json")}
        else:
            step = {
                f"{folder}/timeline/{e['at'].replace('-', '').replace(':', '')}-{e['kind']}.yaml": dump(
                    e, "../../../../schemas/entry.schema.json"
                )
                for e in part[-3:]
            }
        steps.append(step)
    steps[0] = {f"{folder}/incident.yaml": dump(card, "../../../schemas/incident.schema.json"), **steps[0]}
    if number % 2 == 0 and not live:
        front, text = postmortem(chance)
        steps[-1] |= {f"{folder}/postmortem.md": front + text, f"{folder}/postmortem.public.md": text}
    return Made(name, at, tuple(steps))


def configuration() -> dict[str, str]:
    """sevlog.yaml and oncall.yaml of the archive."""
    page = {"name": "Bench", "url": "https://status.example.com"}
    components = [
        {"key": key, "name": key.capitalize(), "group": "Shop" if key < "e" else "Platform"} for key in COMPONENTS
    ]
    people = [{"key": key} for key in PEOPLE]
    return {
        "sevlog.yaml": dump({"schema": 1, "page": page, "components": components, "git": {"push": "never"}}),
        "oncall.yaml": dump({"schema": 1, "people": people}),
        ".gitignore": "build/\n",
    }


def incidents(count: int, *, layout: str = "list", live: int = 0, seed: int = 7) -> Iterator[Made]:
    """All incidents, oldest first; the last `live` of them are still being worked on."""
    for number in range(count):
        yield incident(number, count, layout=layout, live=number >= count - live, seed=seed)


def write(
    folder: Path, count: int, *, layout: str = "list", live: int = 0, commits_each: int = 5, seed: int = 7
) -> None:
    """Make the archive as a git repository, with up to `commits_each` commits for each incident, checked out."""
    folder.mkdir(parents=True)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(["git", *arguments], cwd=folder, check=True, env=environment, **more)

    git("init", "--quiet", "--initial-branch=main")
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE, env=environment
    ) as importer:
        assert importer.stdin is not None
        put = importer.stdin.write

        def commit(message: str, at: datetime, files: dict[str, str]) -> None:
            put(f"commit refs/heads/main\ncommitter Ana <ana@example.com> {int(at.timestamp())} +0000\n".encode())
            put(f"data {len(message)}\n{message}\n".encode())
            for name, text in files.items():
                data = text.encode()
                put(f"M 100644 inline {name}\ndata {len(data)}\n".encode() + data + b"\n")

        commit("start", FIRST_DAY - timedelta(days=1), configuration())
        for made in incidents(count, layout=layout, live=live, seed=seed):
            for step in _joined(made.steps, commits_each):
                commit(f"incident({made.id}): entry", made.at, step)
    if importer.returncode:
        raise RuntimeError("git fast-import failed")
    git("reset", "--quiet", "--hard", "main")
    git("config", "user.name", "Ana")
    git("config", "user.email", "ana@example.com")


def _joined(steps: tuple[dict[str, str], ...], at_most: int) -> list[dict[str, str]]:
    """The steps in at most so many groups; within a group the later content of a file wins."""
    size = -(-len(steps) // at_most)
    groups: list[dict[str, str]] = []
    for start in range(0, len(steps), size):
        group: dict[str, str] = {}
        for step in steps[start : start + size]:
            group |= step
        groups.append(group)
    return groups


def cached(count: int, *, layout: str = "list", live: int = 0) -> Path:
    """The archive below build/bench, made where it is not there yet. The first number is that of the archive's form."""
    folder = Path(__file__).resolve().parents[2] / f"build/bench/2-{count}-{layout}-{live}"
    if not (folder / "sevlog.yaml").exists():
        write(folder, count, layout=layout, live=live)
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make an archive of incidents for measuring.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--incidents", type=int, default=1000)
    parser.add_argument("--layout", choices=["list", "entries"], default="list")
    parser.add_argument("--live", type=int, default=0)
    parser.add_argument("--commits-each", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    write(
        given.folder,
        given.incidents,
        layout=given.layout,
        live=given.live,
        commits_each=given.commits_each,
        seed=given.seed,
    )
