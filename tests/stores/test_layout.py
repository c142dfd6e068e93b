"""Names, ids and paths of a records repository."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePosixPath

import pytest

from sevlog.errors import NotFound
from sevlog.stores import layout


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Checkout fails", "checkout-fails"),
        ("  Zahlungen für ALLE gestört – Straße, Ærø & Łódź!", "zahlungen-fur-alle-gestort-strasse-aero-lodz"),
        ("../../etc/passwd", "etc-passwd"),
        ("-rf --force", "rf-force"),
        ("支付失败", "zhi-fu-shi-bai"),
        ("Оплата не работает", "oplata-ne-rabotaet"),
        ("ガス", "ga-su"),
        ("!?", "incident"),
        ("🔥", "fire"),
        ("x" * 100, "x" * 60),
        (f"{'word ' * 12}and this does not fit", "word-word-word-word-word-word-word-word-word-word-word-word"),
        (f"{'x' * 60} y", "x" * 60),
    ],
)
def test_a_title_becomes_words_and_hyphens(title: str, slug: str) -> None:
    assert layout.slug(title) == slug
    assert layout.INCIDENT_ID.fullmatch(f"2026-11-23-{slug}")


def test_an_id_that_is_taken_gets_a_number() -> None:
    taken = {"2026-11-23-x", "2026-11-23-x-2"}
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert layout.new_incident_id(at, "x", taken.__contains__) == "2026-11-23-x-3"
    tokyo = at.astimezone(timezone(timedelta(hours=9)))
    assert layout.new_incident_id(tokyo, "x", taken.__contains__) == "2026-11-24-x"


@pytest.mark.parametrize(
    "name",
    [
        "2026-13-01-x",
        "2026-11-32-x",
        "2026-11-23",
        "2026-11-23-",
        "2026-11-23-X",
        "2026-11-23-a/b",
        "x",
        "..",
        "２０２６-11-23-x",
        "2026-11-23-x\n",
        f"2026-11-23-{'x' * 245}",
    ],
)
def test_what_is_no_id(name: str) -> None:
    assert not layout.INCIDENT_ID.fullmatch(name)


def test_paths_follow_from_ids() -> None:
    path = layout.timeline_file("2026-11-23-x", "20261123T120000Z-note")

    assert path == PurePosixPath("incidents/2026/2026-11-23-x/timeline/20261123T120000.000Z-note.yaml")
    assert layout.entry_named(str(path)) == "20261123T120000Z-note"
    assert layout.schema_reference(path, "entry") == "../../../../schemas/entry.schema.json"


def test_the_records_are_found_upwards(tmp_path: Path) -> None:
    (tmp_path / "sevlog.yaml").touch()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)

    assert layout.find_root(deep) == tmp_path
    (deep / "sevlog.yaml").mkdir()
    assert layout.find_root(deep) == tmp_path


def test_where_there_are_none_it_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no sevlog\.yaml in") as error:
        layout.find_root(tmp_path)

    assert "sevlog init" in error.value.hints[0]


def test_incidents_are_listed_by_id_without_what_only_looks_like_one(tmp_path: Path) -> None:
    for name in ("2026/2026-11-23-b", "2026/2026-01-01-a", "2025/2025-01-01-c", "2026/.hidden", "2026/notes", ".git/x"):
        (tmp_path / "incidents" / name).mkdir(parents=True)
    (tmp_path / "incidents/2026/2026-11-24-link").symlink_to(tmp_path)
    (tmp_path / "incidents/README.md").touch()

    assert layout.incident_ids(tmp_path) == ["2025-01-01-c", "2026-01-01-a", "2026-11-23-b"]
    assert layout.incident_ids(tmp_path / "incidents") == []
