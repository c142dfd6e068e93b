"""sevlog.yaml and oncall.yaml: what they leave out has a default, and every mistake has a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from sevlog.errors import InvalidRecord
from sevlog.stores.records import settings

LEAST = 'schema: 1\npage: {name: P, url: "https://p.example"}\n'


def config(folder: Path, text: str) -> Path:
    (folder / "sevlog.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.demand("S4", "S88")
def test_what_is_left_out_is_the_shipped_process(tmp_path: Path) -> None:
    read = settings.read_config(config(tmp_path, LEAST))

    assert [(s.key, s.major) for s in read.severities] == [("SEV1", True), ("SEV2", True), ("SEV3", False)]
    assert {"incident_manager", "tech_lead", "communications_manager", "scribe"} <= {r.key for r in read.roles}
    assert set(read.lifecycles) == {"default", "maintenance"}
    assert read.policies.reopen_within == "7d"


@pytest.mark.demand("S3")
def test_a_list_of_ones_own_replaces_the_shipped_one_and_a_mapping_adds_to_it(tmp_path: Path) -> None:
    read = settings.read_config(
        config(
            tmp_path,
            LEAST + "severities: [{key: BAD, major: true}]\npolicies: {reopen_within: 2d}\n"
            "lifecycles: {own: {statuses: [{key: open, category: live}], transitions: [{from: new, to: open}]}}\n",
        )
    )

    assert [s.key for s in read.severities] == ["BAD"]
    assert read.policies.reopen_within == "2d"
    assert read.policies.assessment == ("customer_impact", "scope")
    assert set(read.lifecycles) == {"default", "maintenance", "own"}


@pytest.mark.demand("S87")
def test_default_reviewers_of_postmortems_with_a_replaced_role_are_left_out_and_written_ones_are_kept(
    tmp_path: Path,
) -> None:
    roles = LEAST + "roles: [{key: pilot, leads: true}, {key: tech_lead}]\n"

    adapted = settings.read_config(config(tmp_path, roles + "policies: {reopen_within: 2d}\n")).policies.postmortem
    assert (adapted.board_role, adapted.reviewer_roles) == (None, ("tech_lead",))
    written = "policies: {postmortem: {board_role: jury, reviewer_roles: [jury]}}\n"
    kept = settings.read_config(config(tmp_path, roles + written)).policies.postmortem
    assert (kept.board_role, kept.reviewer_roles) == ("jury", ("jury",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema: 1\npage: {name: P}\n", "sevlog.yaml:2:"),
        ("schema: 1\npagee: 1\n", "sevlog.yaml:"),
        (LEAST + "severities: [{kye: X}]\n", "sevlog.yaml:3:"),
        ("- a\n", "is not a mapping"),
        ("", "is not a mapping"),
        ("a: [\n", "cannot be read"),
        (LEAST.replace("schema: 1", "schema: 99"), "has schema 99; this sevlog supports up to 1"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidRecord) as error:
        settings.read_config(config(tmp_path, text))

    assert said in error.value.message
    assert error.value.hints


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "sevlog.yaml").mkdir()

    with pytest.raises(InvalidRecord, match="cannot be read"):
        settings.read_config(tmp_path)


def test_without_oncall_yaml_nobody_is_listed(tmp_path: Path) -> None:
    assert settings.read_oncall(tmp_path).people == ()


def test_a_mistake_in_oncall_yaml_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "oncall.yaml").write_text("schema: 1\npeople: [{key: ana, phone: 123}]\n", "utf-8")

    with pytest.raises(InvalidRecord, match=r"oncall\.yaml:2:"):
        settings.read_oncall(tmp_path)


@pytest.mark.parametrize("name", ["sevlog.yaml", "oncall.yaml"])
@pytest.mark.parametrize("leads_to", ["outside.yaml", "nothing.yaml", "/dev/zero"])
def test_a_link_is_not_followed(tmp_path: Path, name: str, leads_to: str) -> None:
    (tmp_path / "outside.yaml").write_text(LEAST, "utf-8")
    (tmp_path / name).symlink_to(leads_to)

    with pytest.raises(InvalidRecord, match="symbolic link"):
        settings.read_config(tmp_path) if name == "sevlog.yaml" else settings.read_oncall(tmp_path)


def test_a_file_without_bounds_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "sevlog.yaml").open("wb") as handle:
        handle.truncate(10**12)

    with pytest.raises(InvalidRecord, match="the limit is 1,048,576"):
        settings.read_config(tmp_path)
