"""Whole commands that load, validate and fold an archive, against PyYAML (C) with jsonschema on the same files.

python -m bench.archive [INCIDENTS] [ROUNDS]
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from bench.generator import cached
from bench.measure import ROOT, SEVLOG, Cost, compare, process


class TextTimes(yaml.CSafeLoader):
    """PyYAML's C loader with times left as text, as a schema wants them."""


TextTimes.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rows if tag != "tag:yaml.org,2002:timestamp"]
    for first, rows in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def validators() -> dict[str, Draft202012Validator]:
    """A validator for a card, a postmortem and each kind of entry: picking it by `kind` is kinder than `oneOf`."""

    def schema(name: str) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((ROOT / f"schemas/{name}.schema.json").read_text("utf-8"))
        return loaded

    definitions = schema("entry")["$defs"]
    kinds = {d["title"]: name for name, d in definitions.items() if "kind" in d.get("properties", {})}
    return {
        **{name: Draft202012Validator(schema(name)) for name in ("incident", "postmortem")},
        **{
            kind: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})
            for kind, name in kinds.items()
        },
    }


def usual_way(folder: Path) -> int:
    """What one would write first, with care: PyYAML and jsonschema over every file. How many files."""
    by = validators()
    count = 0

    def load(text: str) -> Any:
        return yaml.load(text, Loader=TextTimes)

    for path in sorted((folder / "incidents").rglob("*")):
        if path.name == "incident.yaml":
            by["incident"].validate(load(path.read_text("utf-8")))
        elif path.suffix == ".yaml":
            content = load(path.read_text("utf-8"))
            for entry in content if isinstance(content, list) else [content]:
                by[entry["kind"]].validate(entry)
        elif path.name == "postmortem.md":
            by["postmortem"].validate(load(path.read_text("utf-8").split("---\n")[1]))
        else:
            continue
        count += 1
    return count


def sevlog(folder: Path, command: str, *, forget: bool) -> Cost:
    """A command that reads, validates and folds every record. forget: without what an earlier one has left in the git
    directory."""
    if forget:
        shutil.rmtree(folder / ".git/sevlog", ignore_errors=True)
    return process(SEVLOG, command, "--repo", folder)


def main(count: int = 1000, rounds: int = 5) -> None:
    folder = cached(count)
    compare(
        f"an archive of {count:,} incidents",
        ("PyYAML CSafeLoader + jsonschema", lambda: usual_way(folder)),
        ("sevlog list for the first time: load, validate, fold, keep", lambda: sevlog(folder, "list", forget=True)),
        ("sevlog list, nothing changed", lambda: sevlog(folder, "list", forget=False)),
        ("sevlog check for the first time", lambda: sevlog(folder, "check", forget=True)),
        ("sevlog check, nothing changed", lambda: sevlog(folder, "check", forget=False)),
        rounds=rounds,
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
