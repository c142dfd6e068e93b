"""Load, validate and fold an archive, and `sevlog check` of it, against PyYAML (C) with jsonschema on the same files.

python -m bench.archive [INCIDENTS] [ROUNDS]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from bench.generator import cached
from bench.measure import ROOT, SEVLOG, compare, process
from sevlog.services.workspace import Workspace


class TextTimes(yaml.CSafeLoader):
    """PyYAML's C loader with times left as text, as a schema wants them."""


TextTimes.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rows if tag != "tag:yaml.org,2002:timestamp"]
    for first, rows in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def validator(name: str) -> Draft202012Validator:
    """A validator for one of our schemas; references to the others resolve."""
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in (ROOT / "schemas").glob("*.schema.json")}
    resources = [(s.get("$id", file), Resource.from_contents(s)) for file, s in schemas.items()]
    return Draft202012Validator(schemas[name], registry=Registry().with_resources(resources))


def usual_way(folder: Path) -> int:
    """What one would write first: PyYAML and jsonschema over every file. How many files."""
    card, timeline, matter = (validator(f"{n}.schema.json") for n in ("incident", "timeline", "postmortem"))
    count = 0

    def load(text: str) -> Any:
        return yaml.load(text, Loader=TextTimes)

    for path in (folder / "incidents").rglob("*"):
        if path.suffix == ".yaml":
            by = card if path.name == "incident.yaml" else timeline
            by.validate(load(path.read_text("utf-8")))
        elif path.suffix == ".md":
            matter.validate(load(path.read_text("utf-8").split("---\n")[1]))
        else:
            continue
        count += 1
    return count


def our_way(folder: Path) -> int:
    """Every record read, validated and folded. How many."""
    return sum(1 for _ in Workspace(folder).states())


def main(count: int = 1000, rounds: int = 5) -> None:
    folder = cached(count)
    assert our_way(folder) == count
    compare(
        f"an archive of {count:,} incidents, cold",
        ("PyYAML CSafeLoader + jsonschema", lambda: usual_way(folder)),
        ("load + validate + fold", lambda: our_way(folder)),
        ("sevlog check, whole process", lambda: process(SEVLOG, "check", "--repo", folder)),
        rounds=rounds,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
