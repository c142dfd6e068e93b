"""The JSON Schemas of what commands print with `--json`, made from the classes of the documents (schemas/cli/).

`python -m sevlog.cli.reference.document_schemas` writes them; a test fails if they are out of date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from ...services.automation.hooks import HookList, HookRuns
from ...services.automation.intake import Intake
from ...services.automation.snoozes import Snoozed
from ...services.common.documents import Acted, Board, Failure, Incident, IncidentList, Timeline
from ...services.comms.documents import DraftList, LintResult, PlanTable, Previewed, TemplateList
from ...services.importing.run import ImportResult
from ...services.learning.actions.listing import ActionList
from ...services.learning.actions.synced import ActionSync
from ...services.learning.drills.drill_acts import Released
from ...services.learning.drills.playback import Replay
from ...services.learning.drills.score import DrillScore
from ...services.learning.metrics.documents import Metrics
from ...services.learning.postmortems.chat_proposals import Proposed
from ...services.learning.postmortems.export import Exported as PostmortemExported
from ...services.learning.postmortems.text import PostmortemText
from ...services.learning.problem_acts import ProblemActed
from ...services.notifying.documents import Notified
from ...services.oncall.documents import Coming, Exported, Overridden, PageLoad, Simulated, Who
from ...services.paging.documents import Pages
from ...services.publishing.documents import Built
from ...services.response.runbook_documents import Checklist, RunbookList
from ...services.setup.demo.run import Demonstration
from ...services.setup.doctor import Report
from ...services.setup.repository import Started
from ...services.setup.upgrading import Upgraded
from ...services.sync.sync_result import Sync
from ...services.upkeep.compaction import Compaction
from ...services.upkeep.formatting import Formatting
from ...services.views.export import IncidentsExported
from ...services.views.guide_documents import Guides, Roles, Theories, Workload
from ...services.views.problem_records import ProblemList, ProblemShown
from ...services.views.similar.documents import Similar
from ...stores import resources
from ...stores.records import schemas


class Finding(Struct, kw_only=True):
    """One problem in the records."""

    code: Annotated[str, Meta(description="The rule that is broken, as a word that stays the same.")]
    severity: Annotated[str, Meta(description="error, warning or note.")]
    path: Annotated[str, Meta(description="The file, relative to the records repository.")]
    line: int | None
    column: int | None
    pointer: Annotated[str, Meta(description="JSON Pointer within the file.")]
    message: str
    hint: str | None


class Findings(Struct, kw_only=True):
    """`sevlog check --json`."""

    schema: str
    problems: list[Finding]
    checked: Annotated[int, Meta(description="Number of records checked.")]
    reused: Annotated[int, Meta(description="Number of records whose results were reused from an earlier run.")]


DOCUMENTS: dict[str, tuple[type[Struct], str]] = {
    "act": (Acted, "Output of each act with --json"),
    "error": (Failure, "Output of a failed command with --json"),
    "board": (Board, "sevlog board --json"),
    "list": (IncidentList, "sevlog list --json"),
    "show": (Incident, "sevlog show --json"),
    "timeline": (Timeline, "sevlog timeline --json"),
    "next": (Guides, "sevlog next --json"),
    "theories": (Theories, "sevlog theories --json"),
    "similar": (Similar, "sevlog similar --json"),
    "workload": (Workload, "sevlog workload --json"),
    "roles": (Roles, "sevlog roles --json"),
    "comms-plan": (PlanTable, "sevlog comms plan --json"),
    "comms-templates": (TemplateList, "sevlog comms templates --json"),
    "comms-preview": (Previewed, "sevlog comms preview --json, sevlog update --preview --json"),
    "problem-list": (ProblemList, "sevlog problem list --json"),
    "problem-show": (ProblemShown, "sevlog problem show --json"),
    "problem-act": (ProblemActed, "sevlog problem new, link, edit, require, review --json"),
    "action-list": (ActionList, "sevlog action list --json"),
    "action-sync": (ActionSync, "sevlog action sync --json"),
    "drill-inject": (Released, "sevlog drill inject --json"),
    "drill-score": (DrillScore, "sevlog drill score --json"),
    "replay": (Replay, "sevlog replay --json"),
    "postmortem-lint": (Findings, "sevlog postmortem lint --json"),
    "metrics": (Metrics, "sevlog metrics --json"),
    "postmortem-export": (PostmortemExported, "sevlog postmortem export --json"),
    "postmortem-import-chat": (Proposed, "sevlog postmortem import chat FILE --json; with --apply: as each act"),
    "postmortem-show": (PostmortemText, "sevlog postmortem show --json"),
    "comms-lint": (LintResult, "sevlog comms lint --json"),
    "drafts": (DraftList, "sevlog drafts --json"),
    "runbook-list": (RunbookList, "sevlog runbook list --json, sevlog runbook find --json"),
    "runbook-show": (Checklist, "sevlog runbook show --json"),
    "check": (Findings, "sevlog check --json"),
    "notify": (Notified, "sevlog notify --json"),
    "page": (Pages, "sevlog page --json"),
    "oncall-who": (Who, "sevlog oncall who --json"),
    "oncall-next": (Coming, "sevlog oncall next --json"),
    "oncall-override": (Overridden, "sevlog oncall override --json"),
    "oncall-check": (Findings, "sevlog oncall check --json"),
    "oncall-simulate": (Simulated, "sevlog oncall simulate --json"),
    "oncall-load": (PageLoad, "sevlog oncall load --json"),
    "oncall-ics": (Exported, "sevlog oncall ics --json"),
    "fmt": (Formatting, "sevlog fmt --json"),
    "compact": (Compaction, "sevlog compact --json"),
    "hook-list": (HookList, "sevlog hook list --json"),
    "hook-run": (HookRuns, "sevlog hook run --json"),
    "intake": (Intake, "sevlog intake … --json"),
    "intake-snoozed": (Snoozed, "sevlog intake snoozed --json"),
    "sync": (Sync, "sevlog sync --json"),
    "site-build": (Built, "sevlog site build --json"),
    "import": (ImportResult, "sevlog import … --json"),
    "export": (IncidentsExported, "sevlog export --json"),
    "init": (Started, "sevlog init --json"),
    "upgrade": (Upgraded, "sevlog upgrade --json"),
    "demo": (Demonstration, "sevlog demo --json"),
    "doctor": (Report, "sevlog doctor --json"),
}


def schema(name: str) -> dict[str, object]:
    """The schema of a document. Later versions may add keys. Raises KeyError for an unknown name."""
    shape, title = DOCUMENTS[name]
    made = msgspec.json.schema(shape, ref_template="#/$defs/{name}")
    definitions = made.pop("$defs")
    root = definitions.pop(made["$ref"].rpartition("/")[2])
    return {
        "$schema": schemas.DIALECT,
        "$id": f"urn:sevlog:schema:cli:{name}:1",
        **root,
        "title": title,
        **({"$defs": definitions} if definitions else {}),
    }


def text(name: str) -> str:
    """The schema as text, as in its file."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False).replace("\\\\Z", "$") + "\n"


def write(folder: Path) -> None:
    """Write every schema into a folder."""
    folder.mkdir(exist_ok=True)
    for name in DOCUMENTS:
        (folder / f"{name}.schema.json").write_text(text(name), "utf-8")


if __name__ == "__main__":
    write(resources.shared("schemas") / "cli")
