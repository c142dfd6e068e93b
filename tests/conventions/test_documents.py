"""Every command prints a document with --json that has a `schema` and is described under schemas/cli/."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from conventions.test_options import COMMANDS
from fixtures.oncalls import ONCALL
from fixtures.repositories import Repository, git, records, template, validator
from sevlog.cli.commands.intake import SOURCES
from sevlog.cli.reference.document_schemas import DOCUMENTS

__all__ = ["records", "template"]

NONE = {"completion", "site serve", "intake serve"}
"""A script, and servers: with --json they are refused."""
NAMED_OTHERWISE = {
    "runbook find": "runbook-list",
    "import statuspage": "import",
    "import cstate": "import",
    "import opsgenie": "import",
    "import upptime": "import",
    "import grafana-oncall": "import",
    "intake snooze": "intake-snoozed",
    **{f"problem {act}": "problem-act" for act in ("new", "link", "edit", "require", "review")},
    **{f"intake {source}": "intake" for source in (*SOURCES, "json", "github-issue")},
}
"""Commands that print the document of another one."""
ROOT = Path(__file__).parents[2]
OF_NO_COMMAND = {"act", "error"}
LINES = """
doctor
board
next
list
show
timeline
theories
similar
workload
roles
comms plan
comms templates
comms preview "Cards are refused." --title "Cards are refused"
comms lint "Cards are refused."
postmortem lint
drafts
action list
action sync --dry-run
problem new "Disks fill"
problem list
problem show disks-fill
metrics --by month
postmortem show
replay
postmortem export --to markdown
postmortem import chat log.txt --zone UTC --date 2026-11-23
runbook list
runbook find pool
runbook show pool
oncall who
oncall next
oncall simulate --component checkout
oncall check
oncall override payments --person bo --override double_booking --from +1h --to +2h --dry-run
oncall load
oncall ics
check
fmt --dry-run
compact --all-closed --dry-run
hook list
hook run raised --dry-run
page --to ana --dry-run
notify --dry-run
sync
intake alertmanager alert.json --dry-run
intake snoozed
import statuspage history.json --dry-run
import cstate cstate --dry-run
import upptime issues.json --dry-run
import opsgenie users.json --dry-run
import grafana-oncall users.json --dry-run
init new
upgrade --dry-run
export --to csv
demo demo
site build --out out
note "Seen from here too" --dry-run
update "Cards are refused." --title "Cards are refused" --dry-run
assign scribe bo
maintenance schedule Disks --start +1h --end +2h --component search
drill start last-year
drill inject -i drill --next
drill score drill
"""
"""One line at least for each kind of document; acts print all the same."""


LAST_YEAR = "{schema: 1, title: Last year, kind: incident, origin: {system: statuspage, id: b}}\n"
LAST_YEAR_TIMELINE = """\
- {kind: raised, at: "2025-01-02T10:00:00Z", severity: SEV3, priority: P3, components: {checkout: partial_outage}}
- {kind: observation, at: "2025-01-02T10:05:00Z", text: The pool is full}
- {kind: status, at: "2025-01-02T10:10:00Z", to: fixing}
- {kind: status, at: "2025-01-02T10:20:00Z", to: resolved}
- {kind: status, at: "2025-01-02T10:30:00Z", to: closed}
"""


def document_of(path: str) -> str:
    """The name of the document of a command: its own, else that of an act."""
    own = NAMED_OTHERWISE.get(path) or path.replace(" ", "-")
    return own if own in DOCUMENTS else "act"


def typed() -> dict[str, list[str]]:
    """Command -> the words of its line."""
    lines = [shlex.split(line) for line in LINES.strip().splitlines()]
    return {next(" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]) in COMMANDS): words for words in lines}


def ready(records: Repository) -> None:
    """A repository with a bit of everything, and a remote."""
    root = records.root
    alert = {"labels": {"alertname": "Down"}, "status": "firing"}
    update = {"id": "u1", "status": "resolved", "body": "Over.", "display_at": "2026-01-02T10:00:00.000Z"}
    row = {"id": "abc", "name": "Short stop", "created_at": "2026-01-02T09:00:00.000Z", "incident_updates": [update]}
    issue = {"number": 1, "title": "Shop is down", "labels": ["status"], "created_at": "2026-01-02T09:00:00Z"}
    files = {
        "oncall.yaml": ONCALL,
        "runbooks/pool.md": "---\ntitle: The pool is full\ncomponents: [checkout]\n---\n\n1. Let go\n",
        "alert.json": json.dumps({"status": "firing", "alerts": [alert]}),
        "history.json": json.dumps({"incidents": [row]}),
        "issues.json": json.dumps([issue]),
        "users.json": json.dumps({"data": [{"id": "u", "username": "zoe@example.com", "fullName": "Zoe"}]}),
        "log.txt": "[14:00] ana: Seeing 5xx",
        "cstate/config.yml": "title: Ours\nparams: {systems: [{name: Labels, category: All}]}\n",
        "cstate/content/issues/.keep": "",
        "incidents/2025/2025-01-02-last-year/incident.yaml": LAST_YEAR,
        "incidents/2025/2025-01-02-last-year/timeline/history.yaml": LAST_YEAR_TIMELINE,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    with (root / "sevlog.yaml").open("a", encoding="utf-8") as config:
        config.write("hooks: [{on: [raised], run: ./room}]\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "a bit of everything")
    git(root.parent, "init", "-q", "--bare", "-b", "main", "hub.git")
    git(root, "remote", "add", "origin", str(root.parent / "hub.git"))
    git(root, "push", "-qu", "origin", "main")
    records.fixing()
    records.does("postmortem", "new")


def test_each_kind_of_document_has_a_line_and_each_document_a_schema() -> None:
    printed = {document_of(path) for path in COMMANDS if path not in NONE}
    tried = {document_of(path) for path in typed()}

    assert printed | OF_NO_COMMAND == set(DOCUMENTS)
    assert tried | OF_NO_COMMAND == set(DOCUMENTS)
    assert [name for name, (shape, _) in DOCUMENTS.items() if "schema" not in shape.__struct_fields__] == []


def test_every_command_prints_the_document_that_its_schema_describes(records: Repository) -> None:
    ready(records)
    wrong = {}

    for path, words in typed().items():
        done = records.sevlog(*words, "--json")
        document = json.loads(done.out)
        found = [error.message for error in validator(document_of(path)).iter_errors(document)]
        if found or not document["schema"] or "error" in document:
            wrong[path] = (done.out[:300], found)

    assert wrong == {}


def test_no_key_of_a_document_has_the_underscore_of_a_python_name() -> None:
    schemas = sorted((ROOT / "schemas" / "cli").glob("*.json"))
    keys = {key for path in schemas for key in re.findall(r'^ *"(\w+)": \{$', path.read_text("utf-8"), re.MULTILINE)}

    assert "class" in keys
    assert [key for key in keys if key.endswith("_")] == []


@pytest.mark.parametrize("words", [("--json", "completion", "bash"), ("site", "serve", "--json")])
def test_a_command_without_a_document_refuses_to_print_one(records: Repository, words: tuple[str, ...]) -> None:
    done = records.sevlog(*words)

    assert done.code == 2
    assert "has no JSON output" in json.loads(done.out)["error"]["message"]


def test_sync_with_a_remote_sends_and_receives_and_says_so_in_its_document(records: Repository, tmp_path: Path) -> None:
    ready(records)
    records.does("note", "offline", "--no-push")
    git(tmp_path, "clone", "-q", "hub.git", "other")

    first = json.loads(records.does("sync", "--json"))
    again = json.loads(records.does("sync", "--json"))

    assert (first["schema"], first["pushed"]) == ("1", True)
    assert (again["schema"], again["dropped"]) == ("1", [])
    assert git(tmp_path / "hub.git", "rev-parse", "main") == records.git("rev-parse", "HEAD")
