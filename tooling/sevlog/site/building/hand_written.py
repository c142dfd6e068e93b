"""The hand-written pages: those of the repository, and those that sevlog ships in each language."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from ...model.languages import SHIPPED
from ...stores import resources


def shipped_folder(language: str) -> Path:
    """The pages that sevlog ships in a language."""
    return resources.shared("site/docs" if language == SHIPPED[0] else f"site/languages/{language}")


def pages_by_language(docs: Path) -> dict[str, frozenset[str]]:
    """Language -> paths of the hand-written pages that it has beside the first language.

    docs: the folder of the repository. A language has the pages that are shipped and not changed there, and those in
    its own folder there.
    """
    shipped = shipped_folder(SHIPPED[0])
    names = {file.relative_to(root).as_posix() for root in (shipped, docs) for file in root.rglob("*.md")}
    unchanged = {name for name in names if _is_shipped(shipped / name, docs / name)}
    found = {one: unchanged | {name for name in names if (docs / one / name).is_file()} for one in SHIPPED}
    return {one: frozenset(page_path(name) for name in names) for one, names in found.items()}


def _is_shipped(shipped: Path, own: Path) -> bool:
    return shipped.is_file() and (not own.exists() or own.read_bytes() == shipped.read_bytes())


def page_path(name: str) -> str:
    """The path of a page by its source: about/ for about.md, and nothing for index.md."""
    path = name.removesuffix(".md")
    return f"{path}/" if path.rpartition("/")[2] != "index" else path.removesuffix("index")


def add_shipped(files: Files, config: MkDocsConfig, language: str) -> None:
    """Add the shipped pages in the first language of the site, unless the repository has changed them."""
    english, translated = shipped_folder(SHIPPED[0]), shipped_folder(language)
    for file in sorted(english.rglob("*.md")):
        path = file.relative_to(english).as_posix()
        source = translated / path if (translated / path).exists() else file
        known = files.get_file_from_path(path)
        if known is not None and source != file and known.content_bytes == file.read_bytes():
            files.remove(known)
            known = None
        if known is None:
            files.append(File.generated(config, path, abs_src_path=str(source)))


def add_further(files: Files, config: MkDocsConfig, language: str, paths: frozenset[str]) -> None:
    """Add the shipped pages in a further language, outside of the navigation. paths: those that it has."""
    folder = shipped_folder(language)
    for source in sorted(folder.rglob("*.md")):
        name = source.relative_to(folder).as_posix()
        path = f"{language}/{name}"
        if page_path(name) in paths and files.get_file_from_path(path) is None:
            kept_out = InclusionLevel.NOT_IN_NAV
            files.append(File.generated(config, path, abs_src_path=str(source), inclusion=kept_out))
