"""The pictures of a document that holds them itself: made smaller and without metadata, as published ones are."""

from __future__ import annotations

from msgspec.structs import replace

from ...common.pictures import UnfitPicture, picture
from ...workspace.workspace import Workspace
from .export import Exportable, Picture

_KINDS = {"jpg": "image/jpeg", "png": "image/png"}


def with_pictures_to_embed(workspace: Workspace, source: Exportable) -> Exportable:
    """The same with pictures that can leave the repository. One that cannot is left out, with a warning."""
    pictures: dict[str, Picture] = {}
    warnings = list(source.warnings)
    for name, original in source.pictures.items():
        try:
            clean = picture(workspace.home(source.id), source.id, name)
        except UnfitPicture as error:
            warnings.append(f"{original.path}: {error}; the document names it instead")
        except ModuleNotFoundError as error:
            missing = f"pictures need the Python package {error.name} (install sevlog[site])"
            warnings.append(f"{original.path}: {missing}; the document names it instead")
        else:
            pictures[name] = Picture(original.path, _KINDS[clean.ending], clean.data)
    return replace(source, pictures=pictures, warnings=tuple(warnings))
