"""Documents, and the texts in code, are plain technical English, in the words of docs/glossary.md."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from conventions.voice import found, signs, without_output
from fixtures.filled import filled
from sevlog.model.languages import SHIPPED

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs/glossary.md"
MOST_TERMS = 40

FOLDERS_DONE = ("tooling/sevlog",)
"""Folders of code whose texts, docstrings and comments are plain technical English."""

FOREIGN_NAMES = {("tooling/sevlog/site/export/confluence.py", "colour")}
"""(module, text): names that another program defines. `colour` is the parameter of Confluence's status macro."""

SHIPPED_TEXTS = ("tooling/sevlog/data", "tooling/sevlog/templates", "site", "mkdocs.yml")
"""Texts that users get: templates, defaults, the theme and pages of the site."""


def documents() -> list[Path]:
    """Every document of the repository that people write or read."""
    places = (sorted(ROOT.glob("*.md")), sorted((ROOT / "docs").rglob("*.md")), sorted((ROOT / "changes").glob("*.md")))
    return [path for paths in places for path in paths]


def complaints(name: str, text: str) -> list[str]:
    """The signs in a document, as `file:line: phrase: advice`."""
    return [f"{name}:{line}: `{phrase}`: {advice}" for line, phrase, advice in found(without_output(text))]


def shipped_texts() -> list[Path]:
    """The files of SHIPPED_TEXTS that have English words in them."""
    roots = [ROOT / name for name in SHIPPED_TEXTS]
    paths = [path for root in roots for path in (sorted(root.rglob("*")) if root.is_dir() else [root])]
    foreign = {path for path in paths if {path.stem, path.parent.name} & set(SHIPPED[1:])}
    return [path for path in paths if path.is_file() and path.suffix not in ("", ".svg") and path not in foreign]


def texts_of(source: str) -> Iterator[tuple[int, str]]:
    """Every text of a Python module with its line: strings, docstrings, and comments. A value in an f-string is `X`."""
    tree = ast.parse(source)
    formatted = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inner = {id(part) for node in formatted for part in node.values}
    for node in formatted:
        parts = (part.value if isinstance(part, ast.Constant) else "X" for part in node.values)
        yield node.lineno, "".join(str(part) for part in parts)
    for plain in ast.walk(tree):
        if isinstance(plain, ast.Constant) and isinstance(plain.value, str) and id(plain) not in inner:
            yield plain.lineno, plain.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def complaints_about_code(name: str, source: str) -> list[str]:
    """The signs in the texts of a Python module, as `file:line: phrase: advice`."""
    return [
        f"{name}:{first + line - 1}: `{phrase}`: {advice}"
        for first, text in sorted(texts_of(source))
        if (name, text) not in FOREIGN_NAMES
        for line, phrase, advice in found(text)
    ]


def modules() -> list[Path]:
    """Every module of the folders that are done."""
    return [path for folder in FOLDERS_DONE for path in filled(sorted((ROOT / folder).rglob("*.py")))]


def terms() -> list[str]:
    """The lines of the glossary below its title, blank ones left out."""
    title, *lines = GLOSSARY.read_text("utf-8").splitlines()
    assert title == "# Glossary"
    return filled(line for line in lines if line)


def test_documents_have_no_sign_of_another_voice() -> None:
    wrong = [
        complaint
        for path in filled(documents())
        for complaint in complaints(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]

    assert wrong == [], "\n" + "\n".join(wrong)


def test_code_has_no_sign_of_another_voice() -> None:
    wrong = [
        complaint
        for path in filled(modules())
        for complaint in complaints_about_code(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]

    assert wrong == [], "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("source", "line", "phrase"),
    [
        ('"""Names.\n\nWhoever calls this."""\n', 3, "Whoever"),
        ('x = 1\ny = f"{x} is no file"\n', 2, "is no"),
        ('y = "nothing to mend"\n', 1, "mend"),
        ("x = 1\ny = 2  # it lies in git\n", 2, "lies in"),
    ],
)
def test_each_text_of_a_module_is_read(source: str, line: int, phrase: str) -> None:
    assert [text.split("`: ")[0] for text in complaints_about_code("x.py", source)] == [f"x.py:{line}: `{phrase}"]


def test_names_and_values_in_code_are_not_read() -> None:
    assert complaints_about_code("x.py", 'mended = f"{mended}"\n') == []


def test_the_documents_that_are_read_include_each_kind() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in documents()}

    assert {"README.md", "CONTRIBUTING.md", "docs/glossary.md", "docs/oncall.md", "docs/decisions/sync.md"} <= names
    assert "changes/README.md" in names
    assert "docs/rules.md" in names
    assert {"docs/walkthrough.md", "docs/demands.md", "docs/reference/commands.md"} <= names


def test_a_foreign_name_is_accepted_in_its_module_only() -> None:
    source = 'parameter = "colour"\n'

    for module, _ in filled(sorted(FOREIGN_NAMES)):
        assert '"colour"' in (ROOT / module).read_text("utf-8")
        assert complaints_about_code(module, source) == []
    assert complaints_about_code("x.py", source) == ["x.py:1: `colour`: color"]


def test_shipped_texts_have_no_sign_of_another_voice() -> None:
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}:{sign.line}: `{sign.phrase}`: {sign.advice}"
        for path in filled(shipped_texts())
        for sign in found(path.read_text("utf-8"))
    ]

    assert wrong == [], "\n" + "\n".join(wrong)


def test_the_shipped_texts_include_each_kind() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in shipped_texts()}

    assert {"mkdocs.yml", "site/docs/about.md", "site/theme/404.html", "site/theme/assets/sevlog/status.js"} <= names
    assert {"tooling/sevlog/data/defaults.yaml", "tooling/sevlog/data/comms/public/initial.md"} <= names
    assert {"tooling/sevlog/templates/README.md", "tooling/sevlog/templates/gitlab/gitlab-ci.yml"} <= names


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("`nte` is no kind of entry", "is no"),
        ("1 record checked: nothing to mend", "mend"),
        ("oncall.yaml knows no person `boo`", "knows no"),
        ("It is told of trouble, by people", "is told"),
        ("Records lie\n  in `build/demo`", "lie in"),
        ("What is not released yet is in a folder", "What is not released yet is"),
        ("Whoever gets a role", "Whoever"),
        ("the colours of the page", "colours"),
        ("Who has the rota", "rota"),
    ],
)
def test_a_sign_is_found(text: str, phrase: str) -> None:
    assert phrase in [sign.phrase for sign in found(text)]
    assert signs(text)[0].startswith("`")


@pytest.mark.parametrize(
    "text",
    [
        "There is no server and no database.",
        "if there\nis no hook",
        "A hook that is no longer needed",
        "unknown entry kind `nte` (did you mean `note`?)",
        "`rota` is a key of yours",
        "Recommend an amendment, otherwise a promise is precise.",
    ],
)
def test_plain_english_has_no_sign(text: str) -> None:
    assert signs(text) == []


def test_a_complaint_names_file_and_line_and_skips_the_output_of_commands() -> None:
    text = "# On call\n\n```console\n$ sevlog check\n1 record: nothing to mend\n```\n\nIt mends\nitself.\n"

    assert complaints("docs/x.md", text) == ["docs/x.md:8: `mends`: fix, repair, correct; or: no problems"]


def test_commands_in_a_console_block_are_read() -> None:
    assert complaints("x.md", '```console\n$ sevlog note "the colour"\n```\n') == ["x.md:2: `colour`: color"]


def test_the_glossary_has_one_line_for_each_term() -> None:
    assert [line for line in terms() if not re.fullmatch(r"- \*\*[a-z][a-z ]*\*\*: .+\.", line)] == []
    assert [line for line in terms() if len(line) > 160] == []


def test_the_glossary_is_sorted_and_short() -> None:
    names = [line.split("**")[1] for line in terms()]

    assert names == sorted(set(names))
    assert len(names) <= MOST_TERMS
