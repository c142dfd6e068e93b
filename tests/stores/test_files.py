"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from sevlog.errors import InvalidRecord
from sevlog.stores import files


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_its_folders_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "x.yaml"

    files.write_whole(path, b"one", new=True)
    files.write_whole(path, b"two")

    assert path.read_bytes() == b"two"
    assert names(path.parent) == ["x.yaml"]


def test_a_new_file_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"mine")

    with pytest.raises(FileExistsError):
        files.write_whole(path, b"yours", new=True)

    assert path.read_bytes() == b"mine"
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("taken", [False, True])
def test_on_a_file_system_without_links_it_works_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "x"
    if taken:
        path.write_bytes(b"mine")
        with pytest.raises(FileExistsError):
            files.write_whole(path, b"yours", new=True)
    else:
        files.write_whole(path, b"yours", new=True)

    assert path.read_bytes() == (b"mine" if taken else b"yours")
    assert names(tmp_path) == ["x"]


def test_a_file_in_the_place_of_a_folder_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "timeline").write_bytes(b"")

    with pytest.raises(NotADirectoryError) as error:
        files.write_whole(tmp_path / "timeline" / "x.yaml", b"", new=True)

    assert error.value.filename == str(tmp_path / "timeline")


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"one")
    path.chmod(0o751)

    files.write_whole(path, b"two")

    assert path.stat().st_mode & 0o777 == 0o751


def test_folders_that_would_be_made_are_known_the_innermost_first(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "x"

    assert files.missing_folders(path) == [tmp_path / "a" / "b", tmp_path / "a"]
    path.parent.mkdir(parents=True)
    (tmp_path / "a" / "other").touch()
    files.remove_folders([tmp_path / "a" / "b", tmp_path / "a"])
    assert names(tmp_path / "a") == ["other"]


def test_drafts_of_a_file_are_found_and_no_others(tmp_path: Path) -> None:
    for name in (".x.yaml.0a1b2c3d.tmp", ".y.yaml.0a1b2c3d.tmp", "x.yaml", ".x.yaml"):
        (tmp_path / name).touch()

    assert [p.name for p in files.drafts_of(tmp_path / "x.yaml")] == [".x.yaml.0a1b2c3d.tmp"]
    assert files.drafts_of(tmp_path / "nowhere" / "x.yaml") == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../x", "is outside the repository"),
        ("a/../../x", "is outside the repository"),
        ("out/x", "out is a symbolic link"),
        ("link", "link is a symbolic link"),
        ("inside/x", "inside is a symbolic link"),
    ],
)
def test_a_path_never_leads_outside_or_through_a_link(tmp_path: Path, name: str, why: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "link").symlink_to(root / "target")
    (root / "a").mkdir()
    (root / "inside").symlink_to("a")

    with pytest.raises(InvalidRecord, match=why):
        files.inside(root, name)

    assert files.inside(root, "a/b") == root / "a/b"


def test_a_file_is_read_to_its_bound_and_one_byte_more(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"0123456789" * 20_000)

    assert files.read_plain(path, 200_000) == path.read_bytes()
    assert files.read_plain(path, 199_999) == path.read_bytes()
    assert len(files.read_plain(path, 150_000)) == 150_001
    assert len(files.read_plain(path, 9)) == 10


@pytest.mark.parametrize("what", ["link", "dangling", "folder", "pipe", "socket", "device"])
def test_nothing_but_a_plain_file_is_read_and_nothing_is_waited_for(what: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    elif what == "device":
        path = Path("/dev/zero")
    else:
        (tmp_path / "outside").write_text("secret")
        path.symlink_to(tmp_path / ("outside" if what == "link" else "nowhere"))

    with pytest.raises(OSError) as error:
        files.read_plain(path, 100)

    assert error.value.strerror == {
        "link": "symbolic link; records must be regular files",
        "dangling": "symbolic link; records must be regular files",
        "folder": "Is a directory",
    }.get(what, "not a regular file")


def test_a_file_that_is_not_there_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.read_plain(tmp_path / "x", 100)
