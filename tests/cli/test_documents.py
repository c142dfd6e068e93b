"""Output with --json is one document that matches its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fixtures.repositories import Repository
from sevlog.cli.reference import document_schemas
from sevlog.stores import resources

RAISE = ("raise", "Cards fail", "--severity", "SEV2", "--component", "checkout", "--summary", "no card is taken")


def valid(name: str, printed: str) -> Any:
    document = json.loads(printed)
    Draft202012Validator(document_schemas.schema(name)).validate(document)
    return document


@pytest.mark.parametrize("name", document_schemas.DOCUMENTS)
def test_the_files_in_schemas_cli_are_in_step_with_the_classes(name: str) -> None:
    path = resources.shared("schemas") / "cli" / f"{name}.schema.json"
    assert path.read_text("utf-8") == document_schemas.text(name), "make schemas"


def test_an_incident_from_raise_to_show_prints_what_the_schemas_say(records: Repository) -> None:
    act = valid("act", records.sevlog(*RAISE, "--json").out)
    assert act["status"] == "raised" and act["commit"]
    valid("act", records.sevlog("ack", "--channel", "chat=https://chat.example/1", "--json").out)
    valid("act", records.sevlog("update", "We know", "--title", "Cards", "--json", "--dry-run").out)
    shown = valid("show", records.sevlog("show", "--json").out)
    assert shown["lead"] == "ana" and shown["roles"] == {"incident_manager": ["ana"]}
    assert valid("board", records.sevlog("board", "--json").out)["incidents"][0]["rank"] == 1
    assert valid("list", records.sevlog("list", "--json").out)["incidents"][0]["id"] == act["id"]
    assert len(valid("timeline", records.sevlog("timeline", "--json").out)["timeline"]) == 4
    valid("check", records.sevlog("check", "--json").out)
    valid("doctor", records.sevlog("doctor", "--json").out)


def test_a_failure_prints_one_document_too(records: Repository) -> None:
    records.sevlog(*RAISE)
    for words in (("monitor", "--json"), ("show", "nothing", "--json"), ("raise", "x", "--json"), ("what", "--json")):
        done = records.sevlog(*words)
        assert valid("error", done.out)["error"]["exit_code"] == done.code != 0


def test_init_and_import_print_documents(records: Repository, tmp_path: Path) -> None:
    made = valid("init", records.sevlog("init", str(tmp_path / "new"), "--name", "New", "--json").out)
    source = tmp_path / "incidents.jsonl"
    update = {"id": "u1", "status": "resolved", "body": "Over.", "display_at": "2026-01-02T10:00:00.000Z"}
    row = {
        "id": "abc",
        "name": "Short stop",
        "status": "resolved",
        "impact": "minor",
        "created_at": "2026-01-02T09:00:00.000Z",
        "incident_updates": [update],
    }
    source.write_text(json.dumps(row) + "\n", "utf-8")
    words = ("--repo", str(tmp_path / "new"), "import", "statuspage", str(source), "--json")
    taken_in = valid("import", records.sevlog(*words).out)

    assert (Path(made["root"]), taken_in["imported"]) == (tmp_path / "new", 1)
