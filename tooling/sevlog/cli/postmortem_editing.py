"""Opens a postmortem in an editor, and keeps what was typed until it is recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotFound, SevlogError, UsageError
from .shared import SharedOptions

if TYPE_CHECKING:
    from ..services.common.outcome import Outcome

_MOST = 1024 * 1024


def edited(shared: SharedOptions, file: str | None) -> Outcome:
    """The act that records the edit. file: the text comes from there, and no editor is opened."""
    from ..services.learning.postmortems import edits as postmortem_edits
    from ..stores.index import kept_texts
    from .writing import has_editor, open_editor

    workspace = shared.workspace
    found = postmortem_edits.opened(workspace, shared.incident)
    if file is not None:
        return postmortem_edits.edit(workspace, found.incident, _whole(file), shared.acting)
    if not has_editor():
        raise UsageError(
            "cannot open an editor: $VISUAL and $EDITOR are not set",
            f"edit {found.file}, then: sevlog postmortem edit -i {found.incident} --file {found.file}",
        )
    kept = kept_texts.keep(workspace.root, "postmortem", workspace.clock(), found.text)
    open_editor(kept)
    try:
        done = postmortem_edits.edit(workspace, found.incident, _whole(str(kept)), shared.acting)
    except SevlogError as error:
        if kept.read_text("utf-8", "replace") == found.text:
            kept_texts.forget(kept)
        else:
            again = f"sevlog postmortem edit -i {found.incident} --file {kept}"
            error.hints = (*error.hints, f"your text is saved; when it is corrected: {again}")
        raise
    if not shared.dry_run:
        kept_texts.forget(kept)
    return done


def _whole(path: str) -> str:
    """The text of a file. Raises NotFound, UsageError."""
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise NotFound(f"--file {path}: no such file", "name a file that contains the text") from None
    except OSError as error:
        raise UsageError(f"--file {path}: {error.strerror}", "name a file that contains the text") from None
    if len(data) > _MOST:
        raise UsageError(f"{path} is larger than {_MOST // 1024} KiB", "move data to evidence/, and link it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start})", f"convert it: iconv -t UTF-8 {path}") from None
