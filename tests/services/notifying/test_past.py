"""What `show` says of pages: the step and the person, whatever dots are in a handle."""

from __future__ import annotations

import pytest

from sevlog.model.comms.ledger import page_parts


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("payments.0.bo", ("payments.0", "bo")),
        ("schedule:first.line.2.ana.lee", ("schedule:first.line.2", "ana.lee")),
        ("person:bo.2026-11-23T14:00:01+00:00.bo", ("person:bo.2026-11-23T14:00:01+00:00", "bo")),
    ],
)
def test_a_page_is_shown_with_its_step_and_its_person(key: str, expected: tuple[str, str]) -> None:
    assert page_parts(key) == expected
