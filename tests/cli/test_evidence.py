"""Evidence from the command line: addresses, and files that become part of the record."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixtures.repositories import Repository
from fixtures.secret_shapes import SHAPES
from sevlog.errors import NotFound, UsageError
from sevlog.services.recording import attachments

PICTURE = b"\x89PNG\r\n\0\xff picture"


@pytest.fixture
def raised(records: Repository) -> Repository:
    records.raised()
    return records


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the records, with files to attach."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "Graph of errors (EU).png").write_bytes(PICTURE)
    (folder / "log.txt").write_text("connection refused\n")
    return folder


def rows(records: Repository) -> list[dict[str, str]]:
    """The evidence of the last entry."""
    found: list[dict[str, str]] = records.tells("show")["timeline"][-1]["entry"].get("evidence", [])
    return found


@pytest.mark.demand("S69")
def test_files_and_addresses_are_in_the_commit_of_their_entry(raised: Repository, desk: Path) -> None:
    done = raised.tells(
        "observe",
        "Errors since 13:56",
        "--evidence",
        f"{desk}/Graph of errors (EU).png=Errors per second",
        "--evidence",
        "https://graphs.example/d/1?from=a&to=b",
    )

    file = "evidence/Graph-of-errors-EU.png"
    assert rows(raised) == [
        {"file": file, "label": "Errors per second"},
        {"url": "https://graphs.example/d/1?from=a&to=b"},
    ]
    assert (raised.folder() / file).read_bytes() == PICTURE
    assert sorted(raised.committed()) == sorted(done["files"])
    assert any(path.endswith(file) for path in done["files"])
    assert raised.status() == ""
    assert "evidence" not in raised.sevlog("check").out


def test_a_file_that_is_there_is_used_again_and_another_one_gets_another_name(raised: Repository, desk: Path) -> None:
    log = desk / "log.txt"
    raised.does("note", "one", "--evidence", str(log))
    raised.does("note", "two", "--evidence", f"{log}=the same")
    assert [path for path in raised.committed() if "evidence" in path] == []
    assert rows(raised) == [{"file": "evidence/log.txt", "label": "the same"}]

    log.write_text("another\n")
    raised.does("note", "three", "--evidence", str(log), "--evidence", f"{log}=again")

    assert [row["file"] for row in rows(raised)] == ["evidence/log-2.txt", "evidence/log-2.txt"]
    assert sorted(path.name for path in (raised.folder() / "evidence").iterdir()) == ["log-2.txt", "log.txt"]


def test_a_dry_run_shows_the_file_and_writes_nothing(raised: Repository, desk: Path) -> None:
    before = raised.snapshot()

    shown = raised.does("note", "x", "--evidence", f"{desk}/log.txt", "--dry-run")

    assert "evidence/log.txt: 19 bytes, attached" in shown
    assert raised.snapshot() == before


def test_an_act_that_git_refuses_leaves_no_file(raised: Repository, desk: Path) -> None:
    raised.hook("pre-commit", "exit 1")

    raised.refuses(5, "note", "x", "--evidence", f"{desk}/log.txt")


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (("ack", "--channel", "chat=https://chat.example/x"), "status"),
        (("assess", "--scope", "some", "--source", "monitoring", "--ref", "ALERT-1"), "assessment"),
        (("severity", "SEV1", "--reason", "EU too"), "severity"),
        (("task", "Refund"), "task"),
        (("update", "We see errors.", "--audience", "internal"), "update"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_the_entry_that_an_act_is_about_has_the_evidence(raised: Repository, act: tuple[str, ...], kind: str) -> None:
    before = len(raised.tells("show")["timeline"])

    raised.does(*act, "--evidence", "https://graphs.example/1 =Errors")

    new = raised.tells("show")["timeline"][before:]
    assert [row["kind"] for row in new if row["entry"].get("evidence")] == [kind]


def test_a_result_has_the_evidence_and_not_its_theory(raised: Repository) -> None:
    raised.does("theory", "A leak")
    raised.does("experiment", "Restart", "--theory", "T1", "--expect", "errors stop")

    raised.does("result", "E1", "They did", "--supports", "--evidence", "https://graphs.example/1")

    with_evidence = [row["kind"] for row in raised.tells("show")["timeline"] if row["entry"].get("evidence")]
    assert with_evidence == ["experiment"]
    assert raised.tells("show")["experiments"][0]["evidence"] == [{"url": "https://graphs.example/1"}]


def test_a_file_with_a_secret_is_a_warning(raised: Repository, desk: Path) -> None:
    (desk / "log.txt").write_text(f"token {next(iter(SHAPES.values()))}\n")

    warnings = raised.tells("note", "x", "--evidence", f"{desk}/log.txt")["warnings"]

    assert any("evidence/log.txt" in warning and "revoke it" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("value", "url", "label"),
    [
        ("https://g.example/?a=b", "https://g.example/?a=b", None),
        ("https://g.example/?a=b =Errors = 5 %", "https://g.example/?a=b", "Errors = 5 %"),
        ("HTTPS://g.example/x", "https://g.example/x", None),
    ],
)
def test_an_address_keeps_every_sign_of_its_own(value: str, url: str, label: str | None) -> None:
    (one,) = attachments.read([value])

    assert (one.url, one.label) == (url, label)


@pytest.mark.parametrize(
    ("file", "typed", "name", "label"),
    [
        ("a=b.txt", "a=b.txt", "a-b.txt", None),
        ("a=b.txt", "a=b.txt=c=d", "a-b.txt", "c=d"),
        ("log.txt", "log.txt =The log", "log.txt", "The log"),
        ("..hidden", "..hidden", "hidden", None),
        ("日本.png", "日本.png", "file.png", None),
        ("draft-D1.md", "draft-D1.md", "file-draft-D1.md", None),
    ],
)
def test_a_file_name_is_told_from_its_label_and_made_safe(
    tmp_path: Path, file: str, typed: str, name: str, label: str | None
) -> None:
    (tmp_path / file).write_text("x")

    (one,) = attachments.read([f"{tmp_path}/{typed}"])

    assert (one.name, one.label) == (name, label)


def test_what_is_no_file_and_no_address_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "big.log").open("wb") as big:
        big.truncate(attachments.MAX_BYTES + 1)
    for value, error, said in (
        ("none.txt", NotFound, "none.txt: no such file"),
        ("none.txt=x", NotFound, "none.txt=x: no such file"),
        ("link", UsageError, "link: a symbolic link"),
        ("", UsageError, "Is a directory"),
        ("pipe", UsageError, "not a regular file"),
        ("big.log", UsageError, "big.log has 10,485,761 bytes; the limit is 10 MiB"),
    ):
        with pytest.raises(error) as caught:
            attachments.read([f"{tmp_path}/{value}"])
        assert said in caught.value.message
    for value in ("ftp://x.example/y", "file:///etc/passwd", "https://x.example/a b"):
        with pytest.raises(UsageError):
            attachments.read([value])
