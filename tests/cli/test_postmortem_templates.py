"""A postmortem template of the repository itself: every command works on the record that it makes."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository, write_postmortem

TYPES = "types: [{key: service, name: Service, default: true, postmortem_template: tpl/Mine_1.md}]\n"


def with_template(records: Repository) -> None:
    (records.root / "tpl").mkdir()
    (records.root / "tpl" / "Mine_1.md").write_text("# Mine\n\n## What\n\n## Why\n", "utf-8")
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8") + TYPES, "utf-8")
    records.git("add", "-A")
    records.git("commit", "-qm", "template")


def write_words(records: Repository) -> None:
    path = records.folder() / "postmortem.md"
    path.write_text(path.read_text("utf-8").replace("## Why\n", "## Why\n\nThe pool was full.\n"), "utf-8")
    write_postmortem(records.folder())


@pytest.mark.demand("S82", "S15")
def test_a_postmortem_from_the_template_of_the_type_goes_all_the_way_to_the_close(records: Repository) -> None:
    with_template(records)
    incident = records.resolved()
    assert "template: tpl/Mine_1.md" in (records.folder() / "postmortem.md").read_text("utf-8")
    write_words(records)

    records.does("check")
    for step in ("submit", "approve", "publish"):
        records.does("postmortem", step, "-i", incident, "--as", "bo")
    records.does("close", "-i", incident)

    assert "no problems" in records.does("check")


def test_a_postmortem_from_a_named_template_can_be_waived(records: Repository) -> None:
    with_template(records)
    incident = records.raised()
    records.does("postmortem", "new", "-i", incident, "--template", "tpl/Mine_1.md")

    records.does("postmortem", "waive", "-i", incident, "--reason", "small", "--as", "bo")

    assert "no problems" in records.does("check")


def test_a_template_whose_path_no_record_could_name_is_refused(records: Repository) -> None:
    with_template(records)
    (records.root / "tpl" / "mine own.md").write_text("# Mine\n", "utf-8")
    incident = records.raised()

    said = records.refuses(4, "postmortem", "new", "-i", incident, "--template", "tpl/mine own.md")

    assert "the path of a Markdown file (a-z, A-Z, 0-9 and . _ - /)" in said
    assert not (records.folder() / "postmortem.md").exists()
