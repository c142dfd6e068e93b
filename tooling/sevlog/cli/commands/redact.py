"""sevlog redact: removes content that must not stay in a record."""

from __future__ import annotations

import click

from ..options import acting
from ..output import render
from ..parameters import ENTRY
from ..shared import SharedOptions

_EPILOG = """\b
Examples:
  sevlog redact 140730Z-note --reason "it held a customer's address"
  sevlog redact 140730Z-note 141215Z-update --reason "a list of customers"
  sevlog redact 140730Z-note --evidence export.csv --reason "personal data"
  sevlog redact 140900Z-alert --key fingerprint --reason "it named a customer"

\b
A secret? Invalidate it first (rotate the key, end the session). Treat it as
leaked: nothing below makes it secret again.

\b
Then purge the history. Old commits still contain the text, and so does the
subject of the commit that recorded it. docs/redaction.md of sevlog has all
steps; in short:
  1. everybody runs sevlog sync, and then stops recording
  2. git clone --mirror URL purge.git && cd purge.git
     git filter-repo --replace-text words.txt --replace-message words.txt
     (words.txt: one line for each text to remove)
     git filter-repo --invert-paths --path incidents/…/evidence/export.csv
     git push --force --mirror URL
  3. at the forge, remove: refs of pull requests and caches (GitHub: through
     support; GitLab: Settings, Repository, Repository cleanup), forks,
     mirrors, backups, artifacts and logs of pipelines, releases
  4. build and publish the site again; ask CDN, archives and search engines to
     delete their copies; mails and chat messages cannot be recalled
  5. everybody clones again; a push from an old clone restores the content
"""


@click.command(epilog=_EPILOG)
@click.argument("entries", type=ENTRY, nargs=-1, required=True)
@click.option(
    "--reason", required=True, metavar="TEXT", help="Reason, without the removed content; it stays in the record."
)
@click.option("--key", "keys", multiple=True, metavar="KEY", help="Another key to redact: target, fingerprint …")
@click.option("--evidence", "attached", multiple=True, metavar="FILE", help="A file in evidence/ to remove.")
@acting(reason=False, evidence=False)
def redact(
    shared: SharedOptions, entries: tuple[str, ...], reason: str, keys: tuple[str, ...], attached: tuple[str, ...]
) -> None:
    """Remove the content of an ENTRY (any part of its id) from its file.

    Text, addresses and evidence become `(redacted)`. Files in evidence/ that no other entry names are deleted. Times,
    authors, statuses, severities and components stay. A `redaction` entry records the reason; both are one commit. This
    is the only edit of an old entry that `sevlog check` accepts. Customers read that a text was removed, but not why.
    """
    from ...services.upkeep import redaction as upkeep_redaction

    wish = upkeep_redaction.Wish(entries=entries, reason=reason, keys=keys, attached=attached)
    render.outcome(shared, upkeep_redaction.redact(shared.workspace, shared.incident, wish, shared.acting))
