"""Pictures of a published postmortem: decoded, made smaller, without metadata; others are refused before."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from fixtures.repositories import Repository, git, make_template, records, template, write_postmortem
from sevlog.site.building.generator import build_site

__all__ = ["make_template", "records", "template"]

PHOTO = "evidence/graph.jpg"


def photo(size: tuple[int, int] = (3200, 400)) -> bytes:
    """A photo that says where it was taken, and on its side."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "canary: taken at home"
    exif[0x0112] = 6
    Image.new("RGB", size, "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def written(records: Repository, name: str = PHOTO, data: bytes | None = None) -> Path:
    """A postmortem for customers that names a picture; its folder."""
    records.resolved()
    folder = records.folder()
    write_postmortem(folder)
    public = folder / "postmortem.public.md"
    public.write_text(f"{public.read_text('utf-8')}\n![The pool]({name})\n", "utf-8")
    if data is not None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "pictures")
    records.does("postmortem", "submit")
    for who in ("bo", "chi"):
        records.sevlog("postmortem", "approve", "--as", who)
    return folder


def test_a_picture_is_published_smaller_upright_and_without_what_it_knows(records: Repository, tmp_path: Path) -> None:
    written(records, data=photo())
    records.does(
        "update",
        "-i",
        records.incident(),
        "We know why",
        "--title",
        "Cards are refused",
        "--phase",
        "resolved",
        "--override",
        "approval",
        "--reason",
        "late",
    )
    records.does("postmortem", "publish", "--override", "approval", "--reason", "nobody is there")
    build_site(records.root, tmp_path / "out", as_of=records.clock())

    (page,) = sorted((tmp_path / "out/postmortems").glob("*/index.html"))
    (image,) = re.findall(r"<img[^>]*>", page.read_text("utf-8"))
    (address,) = re.findall(r'src="([^"]*)"', image)
    data = (page.parent / address).resolve().read_bytes()
    assert 'alt="The pool"' in image
    assert b"canary" not in data
    with Image.open(BytesIO(data)) as shown:
        assert shown.size == (200, 1600)
        assert dict(shown.getexif()) == {}
    assert 'width="200"' in image


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        (PHOTO, None, "it cannot be read"),
        (PHOTO, b"<svg onload='x'/>", "it is not a PNG, JPEG, GIF or WebP picture"),
        (PHOTO, photo()[:300], "it is not a PNG, JPEG, GIF or WebP picture"),
        ("evidence/../incident.yaml", None, "only pictures below evidence/"),
        ("../../secret.png", None, "only pictures below evidence/"),
    ],
)
def test_what_is_not_fit_is_refused_when_it_is_published(
    records: Repository, name: str, data: bytes | None, why: str
) -> None:
    written(records, name, data)

    assert why in records.refuses(3, "postmortem", "publish")


def test_a_link_to_another_file_is_refused(records: Repository) -> None:
    folder = written(records, data=photo((20, 20)))
    (folder / PHOTO).unlink()
    (folder / PHOTO).symlink_to("/etc/hostname")

    assert "it is a symbolic link" in records.refuses(3, "postmortem", "publish")
