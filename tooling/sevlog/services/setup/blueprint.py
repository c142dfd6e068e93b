"""Every file of a new records repository, as text: templates/ with the values filled in."""

from __future__ import annotations

import json
import re

from msgspec import Struct

from ...model.vocabulary import Forge
from ...stores import installation, layout, resources
from ...stores.yaml import io as yaml_io

_FOLLOWED = ("lifecycles", "policies")
"""Sections of the process that are written as comments, so that later versions of the shipped ones still apply."""


INSTALL = (
    "python -m pip install -r requirements.txt\n"
    'command -v sevlog > /dev/null || { echo "requirements.txt does not name sevlog: see its comments"; exit 1; }'
)
"""What the workflows of a records repository install sevlog with."""


class Person(Struct, frozen=True, kw_only=True):
    """Someone to list in oncall.yaml."""

    key: str
    name: str | None = None
    email_sha256: str | None = None


class Start(Struct, frozen=True, kw_only=True):
    """What a new repository is about. `components` are (key, name) in the order of the page.

    install: the requirement that pipelines and colleagues install (default: where this sevlog is from). branch: the one
    that holds the records.
    """

    name: str
    url: str
    components: tuple[tuple[str, str], ...] = (("website", "Website"),)
    people: tuple[Person, ...] = ()
    forge: Forge = "github"
    install: str | None = None
    branch: str = "main"


def contents(start: Start) -> dict[str, str]:
    """Every file of a new repository: its path and its text."""
    component = start.components[0][0]
    files = {
        layout.CONFIG_FILE: _filled(
            "sevlog.yaml",
            PAGE=_dumped(page={"name": start.name, "url": start.url}),
            COMPONENTS=_components(start),
            PROCESS=process_text(),
            BRANCH=_word(start.branch),
        ),
        layout.ONCALL_FILE: _filled("oncall.yaml", PEOPLE=_people(start)),
        "README.md": _filled("README.md", NAME=start.name, COMPONENT=component),
        "requirements.txt": _requirements(start),
        ".gitignore": resources.template("gitignore"),
        ".pre-commit-config.yaml": resources.template("pre-commit-config.yaml"),
    }
    for schema in sorted(resources.shared(layout.SCHEMAS).glob("*.json")):
        files[f"{layout.SCHEMAS}/{schema.name}"] = schema.read_text("utf-8")
    files["mkdocs.yml"] = resources.shared("mkdocs.yml").read_text("utf-8")
    pages = resources.shared("site/docs")
    for page in sorted(pages.rglob("*.md")):
        files[f"site/docs/{page.relative_to(pages).as_posix()}"] = page.read_text("utf-8")
    if start.forge == "github":
        names = "".join(f"        {line}\n" for line in yaml_io.dump([n for _, n in start.components]).splitlines())
        files |= workflows(INSTALL, "requirements.txt", start.branch)
        files[".github/ISSUE_TEMPLATE/incident.yml"] = _filled("github/incident.yml", COMPONENTS=names.rstrip("\n"))
        files[".github/ISSUE_TEMPLATE/config.yml"] = resources.template("github/config.yml")
    elif start.forge == "gitlab":
        files[".gitlab-ci.yml"] = resources.template("gitlab/gitlab-ci.yml")
        files[".gitlab/issue_templates/Incident.md"] = _filled("gitlab/Incident.md", COMPONENTS=_listed(start))
    return files


def workflows(install: str, requirements: str, branch: str = "main") -> dict[str, str]:
    """The GitHub workflows with the lines that install sevlog, the file whose change empties pip's cache, and the
    branch that holds the records."""
    lines = "\n".join(f"          {line}" for line in install.splitlines())
    return {
        f".github/workflows/{name}.yml": _filled(
            f"github/{name}.yml", INSTALL=lines, REQUIREMENTS=requirements, BRANCH=_word(branch)
        )
        for name in ("validate", "publish", "notify")
    }


def _requirements(start: Start) -> str:
    """requirements.txt; where nobody else could reach this sevlog, it says what to write instead of a name that
    anybody may register."""
    found = installation.origin()
    line = start.install or found.requirement("site")
    return _filled("requirements.txt", REQUIREMENT=line) if line else _filled("requirements-unset.txt", WHY=found.why)


def process_text() -> str:
    """The shipped process as text to edit: its sections as they are, those that are better followed as comments."""
    sections = re.split(r"^(?=[a-z_]+:)", resources.shipped("defaults.yaml"), flags=re.MULTILINE)[1:]
    texts = []
    for section in sections:
        key = section.partition(":")[0]
        if key == "schema":
            continue
        lines = section.rstrip("\n").splitlines()
        texts.append("\n".join(f"# {line}".rstrip() for line in lines) if key in _FOLLOWED else "\n".join(lines))
    return "\n\n".join(texts)


def _filled(name: str, **values: str) -> str:
    """A template with its @MARKERS@ replaced. A marker without a value, or a value without a marker, is a bug."""
    text = resources.template(name)
    found = set(re.findall(r"@([A-Z]+)@", text))
    if found != values.keys():
        raise ValueError(f"template {name} has the markers {sorted(found)}, and got {sorted(values)}")
    return re.sub(r"@([A-Z]+)@", lambda match: values[match[1]], text)


def _dumped(**value: object) -> str:
    return yaml_io.dump(value).rstrip("\n")


def _components(start: Start) -> str:
    return _dumped(components=[{"key": key, "name": name} for key, name in start.components])


def _word(text: str) -> str:
    """A text within a YAML list or mapping."""
    return text if re.fullmatch(r"[A-Za-z_][\w./-]*", text) else json.dumps(text)


def _listed(start: Start) -> str:
    return "\n".join(f"- [ ] {name}" for _, name in start.components)


def _people(start: Start) -> str:
    rows = [
        {key: value for key in ("key", "name", "email_sha256") if (value := getattr(person, key))}
        for person in start.people
    ]
    return _dumped(people=rows)
