"""The built site contains only the public view: each byte of each file is searched for each canary."""

from __future__ import annotations

from pathlib import Path

import msgspec

from fixtures.canaries import AS_OF, Company
from sevlog.model.public.publication import publish
from sevlog.site.building.generator import build_site
from sevlog.stores import layout


def test_files_of_evidence_do_not_reach_the_site(tmp_path: Path) -> None:
    company = Company()
    company.add("told")
    site = publish(company.records, company.config, AS_OF)
    told = site.incidents[0]
    folder = tmp_path / layout.folder_of(company.records[0].id) / layout.EVIDENCE
    folder.mkdir(parents=True)
    (folder / "canary-file.txt").write_text("canary-content")

    build_site(tmp_path, tmp_path / "out", source=lambda: site)

    files = [path for path in sorted((tmp_path / "out").rglob("*")) if path.is_file()]
    built = "".join(f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" for path in files)
    assert told.id in built
    assert "canary-file" not in built and "canary-content" not in built


def test_no_file_of_the_site_has_what_the_public_view_has_not(tmp_path: Path) -> None:
    company = Company()
    company.add("told")
    company.add("imported", imported=True)
    company.add("planned", kind="maintenance")
    company.add("unlearnt", postmortem="approved")
    company.add("restricted", visibility="restricted")
    company.add("untitled", public_title=None)
    site = publish(company.records, company.config, AS_OF)
    allowed = msgspec.json.encode(site).decode()
    build_site(tmp_path, tmp_path / "out", source=lambda: site)
    leaked: dict[str, str] = {}
    for path in sorted((tmp_path / "out").rglob("*")):
        name = path.relative_to(tmp_path / "out").as_posix()
        text = name + "\n" + (path.read_bytes().decode("utf-8", "replace") if path.is_file() else "")
        leaked |= {f: name for canary, f in company.aviary.fields.items() if canary in text and canary not in allowed}
    assert leaked == {}
    pages = "".join(path.read_text("utf-8") for path in sorted((tmp_path / "out").rglob("*.html")))
    shown = {field for canary, field in company.aviary.fields.items() if canary in pages}
    assert {"page/Page.name", "told/IncidentCard.public_title", "told/Update.text"} <= shown, "the search finds them"
