"""The PDF of a postmortem, printed by a real browser."""

from __future__ import annotations

import os

import pytest

from fixtures.exports import exportable
from sevlog.adapters.browser import pdf
from sevlog.site.export.page import html_document


@pytest.mark.demand("S83")
def test_a_page_is_printed_to_a_pdf_of_several_pages() -> None:
    page = html_document(exportable("Words.\n\n" * 200))

    printed = pdf(page, {**os.environ})

    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type/Page\n") > 1
