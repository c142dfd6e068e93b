"""Whatever a page to be imported holds, it is imported as records that pass `check`, or refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fixtures.hostile.ground import Ground, known_by, records_of
from fixtures.hostile.mutation import Mutator
from fixtures.importing import LIVE, OVER, PLANNED
from fixtures.statuspages import COMPONENTS, PAGE, summary
from sevlog.errors import Exit
from torture.figures import Figures
from torture.fuzzing.amount import SEED, share
from torture.fuzzing.test_arguments import require_only_records


def as_bytes(document: Any) -> bytes:
    return json.dumps(document, indent=1).encode()


ATOM = b"""<?xml version="1.0" encoding="UTF-8"?>
<feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">
  <id>tag:status.parcelpost.example,2005:/history</id>
  <link rel="alternate" type="text/html" href="https://status.parcelpost.example"/>
  <title>Parcel Post Status - Incident History</title>
  <updated>2026-05-03T10:00:00Z</updated>
  <entry>
    <id>tag:status.parcelpost.example,2005:Incident/31</id>
    <published>2026-05-02T10:00:00Z</published>
    <updated>2026-05-02T12:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://status.parcelpost.example/incidents/inc1dent0001"/>
    <title>Labels &amp; more are late</title>
    <content type="html">&lt;p&gt;&lt;small&gt;May &lt;var data-var='date'&gt; 2&lt;/var&gt;, &lt;var
    data-var='time'&gt;12:00&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt;
    &lt;strong&gt;Resolved&lt;/strong&gt; - It is over.&lt;/p&gt;</content>
  </entry>
</feed>
"""
SITE = b"""title: Harbour Status
baseURL: https://status.harbour.example/
languageCode: en
params:
  categories:
    - {name: Ships, description: They float., closed: false}
  systems:
    - {name: crane-1, category: Cranes, description: Lifts things.}
    - {name: Ferry, category: Ships}
"""
POSTS = (
    b"""---
title: The ferry is late
date: 2026-05-02T10:00:00-00:00
resolved: true
resolvedWhen: 2026-05-02T11:30:00Z
severity: disrupted
affected:
  - Ferry
section: issue
---

*Monitoring* - It moves. {{< track "2026-05-02 11:00:00" >}}
""",
    b"""+++
title = "Down"
date = 2026-05-02T10:00:00Z
resolved = false
severity = "down"
affected = ["Ferry"]
+++
Text
""",
    b'{"title": "Down", "date": "2026-05-02", "severity": "notice", "affected": ["crane-1"]}\n\n<!-- no --> Words.\n',
)


class Origin(NamedTuple):
    """A file of a page to be imported, and the command for it."""

    name: str
    command: str
    path: str
    examples: tuple[bytes, ...]
    fenced: bool = False


LINES = b"".join(json.dumps(row).encode() + b"\n" for row in (OVER, LIVE))
ORIGINS = (
    Origin("summary", "statuspage", "summary.json", (as_bytes(summary(OVER, LIVE, maintenances=(PLANNED,))),)),
    Origin("incidents", "statuspage", "incidents.json", (as_bytes({"page": PAGE, "incidents": [OVER, LIVE]}),)),
    Origin(
        "lines", "statuspage", "archive.jsonl", (b"".join(json.dumps(row).encode() + b"\n" for row in (OVER, LIVE)),)
    ),
    Origin("components", "statuspage", "components.json", (as_bytes({"page": PAGE, "components": COMPONENTS}),)),
    Origin("feed", "statuspage", "history.atom", (ATOM,)),
    Origin("site", "cstate", "config.yml", (SITE,)),
    Origin("post", "cstate", "content/issues/2026-05-02-late.md", POSTS, fenced=True),
)


@pytest.mark.parametrize("origin", ORIGINS, ids=lambda origin: origin.name)
def test_no_page_crashes_an_import_or_leads_to_records_that_check_refuses(
    origin: Origin, ground: Ground, figures: Figures
) -> None:
    inputs = Mutator(
        f"{SEED} {origin.name}", origin.examples, fenced=origin.fenced, as_json=origin.path.endswith(("json", "jsonl"))
    )
    page = ground.root / ".git/page"
    put(page / "config.yml", SITE)
    put(page / "content/issues/first.md", POSTS[0])
    source = page if origin.command == "cstate" else page / origin.path
    before = records_of(ground)
    for number in range(share(0.05 / len(ORIGINS))):
        data = inputs.next()
        put(page / origin.path, data)
        with known_by(number, data):
            did = ground.sevlog("import", origin.command, str(source), "--no-commit")
            after = records_of(ground)
            if after != before:
                assert did.code == Exit.OK, did
                require_only_records({**before, "sevlog.yaml": after["sevlog.yaml"]}, after)
                checked = json.loads(ground.sevlog("check", "--json").out)
                assert [p for p in checked["problems"] if p["severity"] == "error"] == []
                ground.put_back(before)
    figures(inputs=share(0.05 / len(ORIGINS)))


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_the_pages_are_sound_at_first(ground: Ground) -> None:
    for origin in ORIGINS:
        page = ground.folder / "records/.git" / origin.name
        put(page / "config.yml", SITE)
        put(page / "content/issues/first.md", POSTS[0])
        put(page / origin.path, origin.examples[0])
        source = page if origin.command == "cstate" else page / origin.path
        did = ground.sevlog("import", origin.command, str(source), "--no-commit")
        assert did.code == Exit.OK, did
