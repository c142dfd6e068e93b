"""Templates of updates and of postmortems: what cannot be read, names an unknown fact, or does not exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.checkable import CONFIG, checked, commit, git, records, told


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("comms/public/initial.md", "We look into {{titel}}.\n", "1:14 template: unknown fact `titel`"),
        ("comms/public/initial.md", "{{#text}}\n", "1:1 template: `{{#text}}` is not closed: add `{{/text}}`"),
        (
            "comms/public/initial.md",
            "Ask {{lead}}.\n",
            "1:5 template: `lead` is internal: a text for public must not contain it",
        ),
        (
            "comms/publik/initial.md",
            "We look.\n",
            " unread_file: a template must be in a folder named after its audience",
        ),
        ("comms/public/initial.md", "We look into {{title}}.\n", None),
    ],
)
@pytest.mark.demand("S53")
def test_a_mistake_in_a_template_of_updates_is_found(
    tmp_path: Path, path: str, text: str, expected: str | None
) -> None:
    found = told(checked(records(tmp_path, {path: text})))
    assert found == ([] if expected is None else [f"{path}{'' if expected[0] == ' ' else ':'}{expected}"])


def test_templates_of_another_folder_are_checked_there(tmp_path: Path) -> None:
    config = CONFIG + "comms: {templates: texts/ours}\n"
    root = records(tmp_path, {"sevlog.yaml": config, "texts/ours/public/initial.md": "{{titel}}\n"})
    assert told(checked(root)) == ["texts/ours/public/initial.md:1:1 template: unknown fact `titel`"]
    assert told(checked(root, "texts/ours/public/initial.md")) == told(checked(root))


def test_a_pull_request_that_breaks_a_template_fails(tmp_path: Path) -> None:
    commit(tmp_path, {"comms/internal/initial.md": "{{titel}}\n"})
    git(tmp_path, "switch", "-q", "-c", "change")
    commit(tmp_path, {"comms/public/initial.md": "{{titel}}\n"})
    found = [(problem.path, problem.severity) for problem in checked(tmp_path, base="main").problems]
    assert found == [("comms/internal/initial.md", "warning"), ("comms/public/initial.md", "error")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("howie", []),
        ("site/postmortem.md", []),
        ("howi", ["sevlog.yaml:6:39 unknown_template: postmortem template `howi` does not exist"]),
        ("site/none.md", ["sevlog.yaml:6:39 unknown_template: postmortem template `site/none.md` does not exist"]),
        ("sevlog.yaml", ["sevlog.yaml:6:39 unknown_template: postmortem template `sevlog.yaml` does not exist"]),
    ],
)
def test_the_postmortem_template_of_a_type_exists(tmp_path: Path, name: str, expected: list[str]) -> None:
    config = CONFIG + f"types: [{{key: a, postmortem_template: {name}}}]\n"
    root = records(tmp_path, {"sevlog.yaml": config, "site/postmortem.md": "# {title}\n"})
    assert told(checked(root, "sevlog.yaml")) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("initial", []),
        ("public/initial", []),
        ("hushh", ["sevlog.yaml:6:36 unknown_template: template `hushh` does not exist"]),
        ("public/hushh", ["sevlog.yaml:6:36 unknown_template: template `public/hushh` does not exist"]),
        ("hush", []),
    ],
)
@pytest.mark.demand("S53")
def test_the_template_of_updates_that_a_plan_names_exists(tmp_path: Path, name: str, expected: list[str]) -> None:
    config = CONFIG + f"comms: {{plans: {{quiet: [{{template: {name}}}]}}}}\n"
    root = records(tmp_path, {"sevlog.yaml": config, "comms/internal/hush.md": "Quiet please.\n"})
    assert told(checked(root, "sevlog.yaml")) == expected
