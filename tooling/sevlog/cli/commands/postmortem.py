"""sevlog postmortem: new, show, edit, lint, submit, approve, public, publish, waive, export, import."""

from __future__ import annotations

import click

from ...errors import Exit
from ...stores import resources
from ..options import APPROVED_BY, acting, looking, or_as_argument
from ..output import render
from ..output.reporters import REPORTERS, ReportStyle
from ..parameters import INCIDENT, POSTMORTEM_TEMPLATE
from ..screen import say
from ..shared import SharedOptions
from .postmortem_export import export
from .postmortem_import import import_

_GROUP_EXAMPLES = """\b
Examples:
  sevlog postmortem edit checkout-fails
  sevlog postmortem submit checkout-fails
  sevlog postmortem approve checkout-fails
  sevlog postmortem waive checkout-fails --reason "same cause as 2026-11-02-checkout-slow"
"""


@click.group(epilog=_GROUP_EXAMPLES)
def postmortem() -> None:
    """Write, review and publish a postmortem."""


postmortem.add_command(export)
postmortem.add_command(import_)


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem new search-slow --template atlassian")
@click.option(
    "--template",
    type=POSTMORTEM_TEMPLATE,
    help=f"Template: {', '.join(resources.shipped_names('postmortems'))}, or the path of a Markdown file "
    "(default: that of the incident type).",
)
@click.option("--all", "every", is_flag=True, help="Show every entry in the timeline, not only the key ones.")
@or_as_argument("incident")
@acting()
def new(shared: SharedOptions, template: str | None, every: bool) -> None:
    """Create a postmortem from a template, with the facts of the record. Resolving a severe incident also does this."""
    from ...services.learning.postmortems import states

    render.outcome(shared, states.new(shared.workspace, shared.incident, template, shared.acting, every=every))


@postmortem.command(
    epilog="\b\nExamples:\n  sevlog postmortem show checkout-fails\n  sevlog postmortem show --all --json"
)
@click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")
@click.option("--all", "every", is_flag=True, help="Show every entry in the timeline, not only the key ones.")
@or_as_argument("named")
@looking
def show(shared: SharedOptions, named: str | None, every: bool) -> None:
    """Show a postmortem with its timeline, participants, metrics and actions."""
    from ...services.common import documents
    from ...services.learning.postmortems import text as postmortem_text

    found = postmortem_text.shown(shared.workspace, named, every=every)
    say(documents.as_json(found) if shared.json else found.text.rstrip())


@postmortem.command(
    epilog="\b\nExamples:\n  sevlog postmortem edit checkout-fails\n"
    "  sevlog postmortem edit checkout-fails --file draft.md"
)
@click.option("--file", "file", type=click.Path(), metavar="PATH", help="Take the whole file from here.")
@or_as_argument("incident")
@acting()
def edit(shared: SharedOptions, file: str | None) -> None:
    """Edit a postmortem in $VISUAL or $EDITOR and commit it, with changes that are not committed yet."""
    from ..postmortem_editing import edited

    render.outcome(shared, edited(shared, file))


@postmortem.command(
    epilog="\b\nExamples:\n  sevlog postmortem lint\n  sevlog postmortem lint -i checkout-fails\n"
    "  sevlog postmortem lint notes/draft.md --rule counterfactual --rule blame_name"
)
@click.argument("file", metavar="[FILE|ID]", required=False, type=click.Path())
@click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")
@click.option("--rule", "rules", metavar="RULE", multiple=True, help="Report only this rule; may be repeated.")
@click.option("--format", "style", type=click.Choice(list(REPORTERS)), default="text", help="Output format.")
@looking
def lint(shared: SharedOptions, file: str | None, named: str | None, rules: tuple[str, ...], style: str) -> int:
    """Check postmortems: blameless wording, empty sections, vague action items. Without FILE, ID and -i: all of them.

    Exit code 1 if there are errors. Rules, examples and how to allow a finding: docs/postmortem-lint.md.
    """
    from ...services.learning.postmortems import lint as postmortem_lint

    workspace = shared.workspace
    if file and named is None and "/" not in file and "." not in file and not shared.path(file).exists():
        file, named = None, file  # an id has neither; a missing file is reported as one
    result = postmortem_lint.linted(workspace, named, shared.path(file) if file else None, rules)
    frame = ReportStyle(workspace.git.prefix if workspace.git.present else "", render.styled, "postmortem")
    say(REPORTERS["json" if shared.json else style](result, frame))
    return Exit.FINDINGS if result.errors else Exit.OK


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem submit checkout-fails")
@or_as_argument("incident")
@acting()
def submit(shared: SharedOptions) -> None:
    """Submit a postmortem for review."""
    from ...services.learning.postmortems import states

    render.outcome(shared, states.submit(shared.workspace, shared.incident, shared.acting))


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem approve checkout-fails --as dana")
@or_as_argument("incident")
@acting()
def approve(shared: SharedOptions) -> None:
    """Approve a postmortem: it explains what happened and how the risk becomes smaller."""
    from ...services.learning.postmortems import states

    render.outcome(shared, states.approve(shared.workspace, shared.incident, shared.acting))


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem public checkout-fails")
@or_as_argument("incident")
@acting()
def public(shared: SharedOptions) -> None:
    """Draft the postmortem for customers, postmortem.public.md, from what they know already."""
    from ...services.learning.postmortems import customers

    render.outcome(shared, customers.draft(shared.workspace, shared.incident, shared.acting))


@postmortem.command(epilog="\b\nExamples:\n  sevlog postmortem publish checkout-fails")
@APPROVED_BY
@or_as_argument("incident")
@acting()
def publish(shared: SharedOptions, approved_by: tuple[str, ...]) -> None:
    """Publish postmortem.public.md on the status page, with an update that says so."""
    from ...services.learning.postmortems import customers

    shared.approved_by = approved_by
    render.outcome(shared, customers.publish(shared.workspace, shared.incident, shared.acting))


@postmortem.command(
    epilog='\b\nExamples:\n  sevlog postmortem waive checkout-fails --reason "covered by 2026-11-02-checkout-slow"'
)
@click.option("--reason", required=True, metavar="TEXT", help="Reason, kept in the record.")
@or_as_argument("incident")
@acting(reason=False)
def waive(shared: SharedOptions, reason: str) -> None:
    """Waive the postmortem, with a reason."""
    from ...services.learning.postmortems import states

    render.outcome(shared, states.waive(shared.workspace, shared.incident, reason, shared.acting))
