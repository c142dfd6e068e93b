"""The HTML and the Markdown of a postmortem: one file, safe, and complete."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import pytest

from fixtures.exports import PNG, exportable
from fixtures.filled import filled
from sevlog.model.learning.postmortem.markers import Part
from sevlog.site.export.document import markdown_document
from sevlog.site.export.page import html_document

HOSTILE = """# T <script>alert(1)</script>

## One

<script>alert(2)</script> <img src=x onerror=alert(3)> [bad](javascript:alert(4)) ![x](https://e.org/x.png)
[in](#one) [there](runbooks/x.md) ![Disk](evidence/a/graph.png) [ref]

## One

- [x] ticked
- [ ] not ticked
"""


@pytest.mark.demand("S83")
def test_the_page_runs_nothing_and_asks_for_nothing() -> None:
    page = html_document(exportable(HOSTILE))

    assert "<script" not in page and "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert re.findall(r'(?:src|srcset|data)="(?!data:image/png)([^"]*)"', page) == []
    assert re.findall(r"<link|@import|url\(|<iframe|<object", page) == []
    assert set(re.findall(r'href="([^"]*)"', page)) == {"https://e.org/x.png", "#one"}
    assert "default-src &#39;none&#39;" in page
    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in page


def test_the_page_is_well_formed_and_its_anchors_are_unique() -> None:
    page = html_document(exportable(HOSTILE, Part("metrics", "| A | B |\n|---|---|\n| 1 \\| 2 | |\n| 3 | 4 |")))
    body = page[page.index("<body>") : page.index("</html>")]
    tree = ElementTree.fromstring(re.sub(r"(<(?:br|hr|img)[^>]*)>", r"\1/>", body))

    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert ids == ["one", "one-2"]
    assert tree.findtext(".//h1") == "T <script>alert(1)</script>"
    assert [td.get("data-label") for td in tree.iter("td")] == ["A", None, "A", "B"]


def test_a_definition_of_a_link_counts_in_every_part() -> None:
    page = html_document(
        exportable("See [ref] here.", Part("metrics", "None."), "\n\n[ref]: https://example.org/ref\n")
    )

    assert '<a href="https://example.org/ref"' in page


def test_markdown_has_the_facts_in_a_table_and_one_title() -> None:
    text = markdown_document(exportable("# Our title\n\nWords.\n"))

    assert text.startswith("# Our title\n\n| Fact | Value |")
    assert '| Owner | Ana "A" <a\\|b> |' in text
    assert markdown_document(exportable("Words.")).startswith("# Checkout <fails> & more\n")


def test_each_document_of_a_restricted_incident_says_so() -> None:
    source = exportable("Words.", restricted=True)

    for text in filled([markdown_document(source), html_document(source)]):
        assert "This incident is restricted" in text
    assert "restricted" not in html_document(exportable("Words."))
