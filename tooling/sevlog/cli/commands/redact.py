"""sevlog redact: content that must not stay in a record."""

from __future__ import annotations

import click

from ..options import acting
from ..output import render
from ..parameters import ENTRY
from ..shared import Shared

_EPILOG = """\b
Examples:
  sevlog redact 140730Z-note --reason "it held a customer's address"
  sevlog redact 140730Z-note 141215Z-update --reason "a list of customers"
  sevlog redact 140730Z-note --evidence export.csv --reason "personal data"
  sevlog redact 140900Z-alert --key fingerprint --reason "it named a customer"

\b
A secret? Make it invalid first (rotate the key, end the session). From now on
count it as known: nothing below brings it back.

\b
Then purge the history. The redaction changes what is read from now on; old
commits still hold the words, and so does the subject of the commit that
recorded them. docs/redaction.md goes through it; in short:
  1. everybody sends what they have (sevlog sync), and then stops recording
  2. git clone --mirror URL purge.git && cd purge.git
     git filter-repo --replace-text words.txt --replace-message words.txt
     (words.txt: a line for each piece of text that must go)
     git filter-repo --invert-paths --path incidents/…/evidence/export.csv
     git push --force --mirror URL
  3. at the forge: the refs of pull requests and its caches (GitHub: support
     removes them; GitLab: Settings, Repository, Repository cleanup), forks,
     mirrors, backups, artefacts and logs of pipelines, releases
  4. build and publish the site again; ask CDN, archives and search engines to
     drop what they copied; what mails and chats carried is out of reach
  5. everybody clones anew; an old clone that pushes brings it all back
"""


@click.command(epilog=_EPILOG)
@click.argument("entries", type=ENTRY, nargs=-1, required=True)
@click.option("--reason", required=True, metavar="TEXT", help="Why, without repeating what goes. It stays.")
@click.option("--key", "keys", multiple=True, metavar="KEY", help="A name that goes too: target, fingerprint …")
@click.option("--evidence", "attached", multiple=True, metavar="FILE", help="A file of evidence/ that goes too.")
@acting(reason=False)
def redact(
    shared: Shared, entries: tuple[str, ...], reason: str, keys: tuple[str, ...], attached: tuple[str, ...]
) -> None:
    """Take the content of an ENTRY (any part of its id) out of its file.

    Text, addresses and evidence become `(redacted)`, and files of evidence/ that no other entry names go. What happened
    when, who wrote it, statuses, levels and components stay, so the incident reads as before. A `redaction` entry says
    why; both are one commit, and `sevlog check` takes this edit of an old entry and no other. Customers read that the
    text of an update was removed, and not why.
    """
    from ...services.upkeep import redaction as upkeep_redaction

    wish = upkeep_redaction.Wish(entries=entries, reason=reason, keys=keys, attached=attached)
    render.outcome(shared, upkeep_redaction.redact(shared.workspace, shared.incident, wish, shared.acting))
