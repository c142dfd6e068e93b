"""Reading an incident's folder: everything that is well-formed, and a finding for everything that is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sevlog.errors import NotFound
from sevlog.model.timeline.entries import entry_id
from sevlog.stores.records import records
from sevlog.stores.records.records import Reading, read_all, read_incident

ID = "2026-11-23-x"
CARD = "schema: 1\ntitle: X\nkind: incident\n"
RAISED = "kind: raised\nat: 2026-11-23T12:00:00Z\nby: ana\nseverity: SEV2\npriority: P2\ncomponents: {a: operational}\n"


def write(root: Path, files: dict[str, str | bytes], incident: str = ID) -> None:
    for name, data in files.items():
        path = root / "incidents" / incident[:4] / incident / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def read(root: Path, files: dict[str, str | bytes] | None = None) -> Reading:
    """The reading of a healthy incident with these files added."""
    write(root, {"incident.yaml": CARD, "timeline/raised.yaml": RAISED, **(files or {})})
    return read_incident(root, ID)


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(p.code, p.path.removeprefix(f"incidents/2026/{ID}/")) for p in reading.problems]


def note(minute: int, more: str = "") -> str:
    return f"kind: note\nat: 2026-11-23T12:{minute:02d}:00Z\nby: ana\ntext: x\n{more}"


def test_all_files_of_an_incident_make_one_record(tmp_path: Path) -> None:
    history = f"- {note(3).replace(chr(10), chr(10) + '  ')}\n- {note(1).replace(chr(10), chr(10) + '  ')}\n"
    reading = read(
        tmp_path,
        {
            "timeline/history.yaml": history,
            "timeline/note.yaml": note(2),
            "actions.yaml": "- {id: A1, title: Do}\n",
            "postmortem.md": "---\nstatus: draft\n---\n\n# X\n",
        },
    )

    assert reading.problems == ()
    assert reading.record is not None
    assert [entry.at.minute for entry in reading.record.entries] == [0, 1, 2, 3]
    assert [a.id for a in reading.record.actions] == ["A1"]
    assert reading.record.postmortem is not None
    assert reading.record.postmortem_text == "# X\n"
    assert reading.sources[entry_id(reading.record.entries[1])].endswith("timeline/history.yaml")


def test_one_broken_entry_of_a_list_does_not_hide_the_others(tmp_path: Path) -> None:
    row = note(3).replace("\n", "\n  ")
    broken = "- kind: nope\n  at: 2026-11-23T12:03:30Z\n  text: x\n"
    later = f"- {row.replace('12:03', '12:04')}\n"
    reading = read(tmp_path, {"timeline/history.yaml": f"- {row}\n{broken}{later}"})

    assert reading.record is not None
    assert len(reading.record.entries) == 3
    assert [path for _, path in codes(reading)] == ["timeline/history.yaml"]
    assert reading.problems[0].line == 6


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("timeline/note.yaml", "kind: note\n"),
        ("timeline/note.yaml", "kind: [\n"),
        ("timeline/note.yaml", b"\xff\xfe"),
        ("timeline/note.yaml", ""),
        ("timeline/note.yaml", "[]\n"),
        ("timeline/note.yaml", "just text\n"),
        ("timeline/note.yaml", note(1).replace("T12:01:00Z", "T12:01:00")),
        ("actions.yaml", "- {id: A1}\n"),
        ("actions.yaml", "id: A1\n"),
        ("actions.yaml", "{}\n"),
        ("actions.yaml", "false\n"),
        ("postmortem.md", "---\nstatus: nope\n---\n"),
        ("postmortem.md", "---\nstatus: draft\n"),
        ("postmortem.public.md", "---\nfalse\n---\nText\n"),
        ("postmortem.md", b"---\nstatus: draft\n---\n\xff"),
        ("postmortem.md", "# no front matter\n"),
    ],
)
def test_a_mistake_in_any_file_is_a_finding_with_its_path_and_the_rest_is_read(
    tmp_path: Path, name: str, data: str | bytes
) -> None:
    reading = read(tmp_path, {name: data})

    assert reading.record is not None
    assert len(reading.record.entries) == 1
    assert {path for _, path in codes(reading)} == {name}
    assert all(p.incident == ID and p.severity == "error" and p.message for p in reading.problems)


def test_without_a_card_there_is_no_record(tmp_path: Path) -> None:
    write(tmp_path, {"timeline/raised.yaml": RAISED})

    reading = read_incident(tmp_path, ID)

    assert reading.record is None
    assert codes(reading) == [("missing_card", "incident.yaml")]


def test_a_card_of_a_newer_format_asks_for_a_newer_tool(tmp_path: Path) -> None:
    reading = read(tmp_path, {"incident.yaml": CARD.replace("schema: 1", "schema: 2")})

    assert reading.record is None
    assert codes(reading) == [("newer_schema", "incident.yaml")]
    assert "install a newer sevlog" in (reading.problems[0].hint or "")


def test_an_incident_without_a_timeline_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"incident.yaml": CARD})

    assert codes(read_incident(tmp_path, ID)) == [("empty_timeline", "timeline")]


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(note(5), "utf-8")
    read(tmp_path)
    (tmp_path / f"incidents/2026/{ID}/timeline/note.yaml").symlink_to(secret)

    reading = read_incident(tmp_path, ID)

    assert codes(reading) == [("symbolic_link", "timeline/note.yaml")]
    assert reading.record is not None
    assert len(reading.record.entries) == 1


@pytest.mark.parametrize("level", ["incidents", "incidents/2026", f"incidents/2026/{ID}"])
def test_records_that_are_reached_through_a_link_are_not_in_the_repository(level: str, tmp_path: Path) -> None:
    read(tmp_path / "outside")
    (tmp_path / "records" / level).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "records" / level).symlink_to(tmp_path / "outside" / level)

    assert list(read_all(tmp_path / "records")) == []
    with pytest.raises(NotFound):
        read_incident(tmp_path / "records", ID)


def test_a_timeline_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    read(tmp_path / "outside")
    write(tmp_path, {"incident.yaml": CARD})
    timeline = tmp_path / f"incidents/2026/{ID}/timeline"
    timeline.symlink_to(tmp_path / f"outside/incidents/2026/{ID}/timeline")

    assert codes(read_incident(tmp_path, ID)) == [("symbolic_link", "timeline"), ("empty_timeline", "timeline")]


@pytest.mark.parametrize("name", ["incident.yaml", "timeline/x.yaml", "actions.yaml", "postmortem.md"])
def test_a_pipe_in_place_of_a_file_is_a_finding_and_not_waited_for(name: str, tmp_path: Path) -> None:
    read(tmp_path)
    path = tmp_path / f"incidents/2026/{ID}" / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)

    assert codes(read_incident(tmp_path, ID)) == [("unreadable", name)]


def test_a_file_whose_name_is_not_utf_8_is_a_finding(tmp_path: Path) -> None:
    read(tmp_path)
    folder = os.fsencode(tmp_path / f"incidents/2026/{ID}/timeline")
    with open(folder + b"/\xff\xfe.yaml", "w") as file:  # noqa: PTH123 - bytes are no Path
        file.write(note(1))

    assert codes(read_incident(tmp_path, ID)) == [("unreadable", "timeline/\ufffd\ufffd.yaml")]


def test_a_file_beyond_bounds_is_not_read(tmp_path: Path) -> None:
    assert codes(read(tmp_path, {"timeline/note.yaml": note(1, f"# {'x' * 1024 * 1024}\n")})) == [
        ("too_large", "timeline/note.yaml")
    ]


def test_entries_beyond_bounds_are_left_out_with_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_ENTRIES", 2)

    reading = read(tmp_path, {"timeline/a.yaml": note(1), "timeline/b.yaml": note(2)})

    assert codes(reading) == [("too_many_entries", "timeline")]
    assert reading.record is not None
    assert len(reading.record.entries) == 2


def test_drafts_editor_files_and_others_are_no_entries(tmp_path: Path) -> None:
    reading = read(tmp_path, {"timeline/.note.yaml.12.tmp": "x", "timeline/.note.yaml": "x", "timeline/x.txt": ""})

    assert reading.problems == ()


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    one = read(tmp_path / "one", {"timeline/a.yaml": note(1), "timeline/b.yaml": note(2)})
    two = read(tmp_path / "two", {"timeline/a.yaml": note(2), "timeline/b.yaml": note(1)})

    assert one.record is not None and two.record is not None
    assert one.record.entries == two.record.entries


def test_all_incidents_come_by_id_and_one_that_is_not_there_is_told(tmp_path: Path) -> None:
    for incident in ("2026-11-23-b", "2025-01-01-c"):
        write(tmp_path, {"incident.yaml": CARD, "timeline/raised.yaml": RAISED}, incident)
    (tmp_path / "incidents/2026/not-an-id").mkdir()

    assert [reading.id for reading in read_all(tmp_path)] == ["2025-01-01-c", "2026-11-23-b"]
    with pytest.raises(NotFound):
        read_incident(tmp_path, ID)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read anything")
def test_a_file_without_permission_is_a_finding(tmp_path: Path) -> None:
    read(tmp_path, {"timeline/note.yaml": note(1)})
    (tmp_path / f"incidents/2026/{ID}/timeline/note.yaml").chmod(0)

    assert codes(read_incident(tmp_path, ID)) == [("unreadable", "timeline/note.yaml")]
