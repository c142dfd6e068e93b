"""sevlog postmortem export: what a person types and gets."""

from __future__ import annotations

import base64
import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from fixtures.exports import PNG
from fixtures.repositories import Repository


def with_picture(records: Repository, name: str, data: bytes) -> None:
    folder = records.folder()
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / name).write_bytes(data)
    path = folder / "postmortem.md"
    path.write_text(f"{path.read_text('utf-8')}\n![Disk](evidence/{name})\n", "utf-8")


@pytest.mark.demand("S83", "S84")
def test_a_postmortem_is_exported_with_the_blocks_of_its_record(records: Repository) -> None:
    incident = records.resolved()
    records.does("note", "The pool was full", "-i", incident)
    with_picture(records, "disk.png", PNG)

    key = records.does("postmortem", "export", "-i", incident, "--to", "markdown")
    done = records.sevlog("postmortem", "export", "-i", incident, "--to", "confluence", "--all", "-o", "page.xml")
    told = records.tells("postmortem", "export", "-i", incident, "--to", "html", "--all")

    assert "<!--" not in key and "| Incident manager | Ana |" in key and "The pool was full" not in key
    assert f"attach to the page: incidents/{incident[:4]}/{incident}/evidence/disk.png as disk.png" in done.err
    assert "The pool was full" in (records.root / "page.xml").read_text("utf-8")
    assert "The pool was full" in told["text"] and "data:image/png" in told["text"]
    assert (told["out"], told["warnings"], told["attachments"]) == (None, [], [])
    assert told["title"] == "Postmortem: Checkout fails"


def test_a_restricted_incident_and_a_picture_that_cannot_be_shown_are_warnings(records: Repository) -> None:
    incident = records.resolved()
    with_picture(records, "disk.png", b"MZ no image")
    with_picture(records, "gone.png", PNG)
    (records.folder() / "evidence" / "gone.png").unlink()
    with_picture(records, "big.png", PNG + bytes(2 * 1024 * 1024))
    card = records.folder() / "incident.yaml"
    card.write_text(card.read_text("utf-8") + "visibility: restricted\n", "utf-8")

    done = records.sevlog("postmortem", "export", "-i", incident, "--to", "html")

    assert done.code == 0
    assert f"warning: {incident} is restricted" in done.err
    assert "evidence/disk.png: not a PNG" in done.err
    assert "evidence/gone.png: No such file" in done.err
    assert "evidence/big.png: larger than 2 MiB" in done.err
    assert "<img" not in done.out and "Disk (evidence/gone.png)" in done.out


def photo() -> bytes:
    """A photo that says where it was taken, on its side."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "canary: at home"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[29] = "2026:11:23 canary"
    Image.new("RGB", (2000, 400), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_picture_in_the_document_does_not_say_where_it_was_taken(records: Repository) -> None:
    incident = records.resolved()
    assert photo().count(b"canary") == 2
    with_picture(records, "rack.jpg", photo())
    with_picture(records, "plot.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><metadata>canary</metadata></svg>")

    done = records.sevlog("postmortem", "export", "-i", incident, "--to", "html")

    (data,) = (base64.b64decode(text) for text in re.findall(r'src="data:image/jpeg;base64,([^"]+)"', done.out))
    assert b"canary" not in data
    with Image.open(BytesIO(data)) as shown:
        assert (shown.size, dict(shown.getexif())) == ((320, 1600), {})
    assert "evidence/plot.svg: it is not a PNG, JPEG, GIF or WebP picture" in done.err
    assert "Disk (evidence/plot.svg)" in done.out and "image/svg" not in done.out
    attached = records.tells("postmortem", "export", "-i", incident, "--to", "confluence")["attachments"]
    assert [name.rpartition(" ")[2] for name in attached] == ["rack.jpg", "plot.svg"]


def test_a_pdf_needs_a_file_and_a_browser(records: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    incident = records.resolved()
    git = shutil.which("git")
    assert git
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(git)

    assert "a PDF needs a file" in records.refuses(2, "postmortem", "export", "-i", incident, "--to", "pdf")
    words = ("postmortem", "export", "-i", incident, "--to", "pdf", "-o", str(tmp_path / "p.pdf"))
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path / "bin"))
        assert "apt install chromium" in records.refuses(4, *words)
    monkeypatch.setenv("SEVLOG_BROWSER", shutil.which("false") or "false")
    assert "made no PDF: exit code 1" in records.refuses(2, *words)
    assert not (tmp_path / "p.pdf").exists()
