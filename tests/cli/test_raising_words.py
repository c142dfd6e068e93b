"""sevlog raise: components known from triage, a reporter without a handle, a summary from standard input."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository


@pytest.mark.demand("S25")
def test_raising_from_triage_takes_the_components_that_triage_recorded(records: Repository) -> None:
    records.does(
        "raise",
        "Odd",
        "--triage",
        "--source",
        "personnel",
        "--component",
        "checkout=major_outage",
        "--component",
        "search",
    )
    incident = records.incident()

    records.does("raise", "-i", incident, "--severity", "SEV2", "--summary", "Cards are refused")

    assert records.tells("show", incident)["components"] == {"checkout": "major_outage", "search": "partial_outage"}


def test_a_reporter_without_a_handle_is_refused_with_the_option_that_takes_any_text(records: Repository) -> None:
    words = ("raise", "Odd", "--triage", "--reporter", "Jo from support")

    said = records.refuses(2, *words)

    assert "--reporter `Jo from support` is not a handle" in said
    assert '--ref "Jo from support"' in said


def test_a_summary_comes_from_standard_input(records: Repository) -> None:
    words = ("raise", "Cards fail", "--severity", "SEV2", "--component", "checkout", "--source", "personnel")

    records.does(*words, "--summary", "-", text=b"Refused since 14:02\n")

    assert records.tells("show", records.incident())["summary"] == "Refused since 14:02"
