"""sevlog postmortem export: a postmortem as a document for readers elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import UsageError
from ..options import looking, or_as_argument
from ..output import render
from ..parameters import INCIDENT
from ..screen import say, send
from ..shared import SharedOptions

if TYPE_CHECKING:
    from ...services.learning.postmortems.export import Exportable, Exported

FORMATS = ("markdown", "html", "confluence", "pdf")


@click.command(
    epilog="\b\nExamples:\n  sevlog postmortem export -i checkout-fails --to html -o checkout.html\n"
    "  sevlog postmortem export -i checkout-fails --to confluence -o page.xml\n"
    "  sevlog postmortem export -i checkout-fails --to pdf -o checkout.pdf --all"
)
@click.option("-i", "--incident", "named", type=INCIDENT, help="Any part of an incident id.")
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="Format of the document.")
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to this file (default: standard output; a PDF needs a file).",
)
@click.option("--all", "every", is_flag=True, help="Show every entry in the timeline, not only the key ones.")
@or_as_argument("named")
@looking
def export(shared: SharedOptions, named: str | None, form: str, out: Path | None, every: bool) -> None:
    """Export a postmortem with its timeline, participants, metrics and actions, as one document.

    confluence: storage format, and a list of the images to attach to the page. pdf: needs Chromium or Chrome.
    """
    from ...services.common.documents import as_json
    from ...services.learning.postmortems.export import exportable

    if form == "pdf" and out is None:
        raise UsageError("a PDF needs a file", "sevlog postmortem export --to pdf -o postmortem.pdf")
    source = exportable(shared.workspace, named, every=every)
    if form in ("html", "pdf"):
        from ...services.learning.postmortems.embedded_pictures import with_pictures_to_embed

        source = with_pictures_to_embed(shared.workspace, source)
    data = _data(shared, source, form)
    if out is not None:
        _write(out, data)
    done = _done(source, form, data, out)
    if shared.json:
        say(as_json(done))
        return
    if out is None:
        send(data)
    for text in done.warnings:
        render.warn(text)
    if out is not None:
        say(f"{out}: {done.title}", err=True)
    for name in done.attachments:
        say(f"attach to the page: {name}", err=True)


def _data(shared: SharedOptions, source: Exportable, form: str) -> bytes:
    from ...site.export import confluence, document, page

    if form == "markdown":
        return document.markdown_document(source).encode()
    if form == "confluence":
        return confluence.confluence_document(source).encode()
    text = page.html_document(source)
    if form == "html":
        return text.encode()
    from ...adapters.browser import pdf

    return pdf(text, shared.workspace.environment)


def _done(source: Exportable, form: str, data: bytes, out: Path | None) -> Exported:
    from ...services.common.documents import SCHEMA
    from ...services.learning.postmortems.export import Exported
    from ...site.export import confluence, document

    names = confluence.attachment_names(source) if form == "confluence" else {}
    return Exported(
        schema=SCHEMA,
        id=source.id,
        title=f"Postmortem: {document.document(source).title}",
        format=form,
        out=str(out) if out else None,
        text=None if out else data.decode(),
        attachments=[f"{source.pictures[name].path} as {attached}" for name, attached in names.items()],
        warnings=list(source.warnings),
    )


def _write(out: Path, data: bytes) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}", "give another file: -o FILE") from None
