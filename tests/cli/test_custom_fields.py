"""`--field` fills in the custom fields of sevlog.yaml, with their types, wherever a record needs them."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository

FIELDS = """\
fields:
  vendor_case: {type: string, description: The number of the vendor's case, required_for: [SEV2]}
  seats: {type: integer}
  loss: {type: number}
  breach: {type: boolean}
  reported_on: {type: date}
  regions: {type: list}
"""


@pytest.fixture
def fielded(records: Repository) -> Repository:
    path = records.root / "sevlog.yaml"
    path.write_text(path.read_text("utf-8") + FIELDS, "utf-8")
    records.git("commit", "-qam", "fields")
    return records


def test_a_required_field_is_asked_for_until_it_is_filled_in(fielded: Repository) -> None:
    incident = fielded.raised()
    assert "required field `vendor_case` is missing" in fielded.does("check")
    asked = fielded.does("next", incident)
    assert "! fill in: vendor_case" in asked
    assert f"sevlog assess -i {incident} --field vendor_case=VALUE" in asked

    fielded.does("assess", "--field", "vendor_case=C-17 = urgent", "--field", "regions=eu, us", "--scope", "some")

    assert fielded.tells("show")["fields"] == {"vendor_case": "C-17 = urgent", "regions": ["eu", "us"]}
    assert fielded.tells("show")["timeline"][-1]["text"] == "Fields: vendor_case = C-17 = urgent, regions = eu, us"
    assert "no problems" in fielded.does("check")
    fielded.does("assess", "--field", "seats=3")
    assert fielded.tells("show")["fields"] == {"vendor_case": "C-17 = urgent", "regions": ["eu", "us"], "seats": 3}
    assert "already has these values" in fielded.refuses(3, "assess", "--field", "seats=3")


def test_raise_takes_them_too_also_out_of_triage(fielded: Repository) -> None:
    incident = fielded.tells(
        "raise", "Odd numbers", "--triage", "--summary", "x", "--source", "monitoring", "--field", "loss=2.5"
    )["id"]

    level = ("--severity", "SEV2", "--component", "checkout", "--summary", "Cards are refused")
    fielded.does("raise", "-i", incident, *level, "--field", "breach=no", "--field", "reported_on=2026-11-23")

    assert fielded.tells("show")["fields"] == {"loss": 2.5, "breach": False, "reported_on": "2026-11-23"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("seats=three", "`three` is not a whole number\nhint: --field seats=3\n"),
        ("seats=2.5", "`2.5` is not a whole number"),
        ("loss=much", "`much` is not a number"),
        ("breach=perhaps", "`perhaps` is not true or false"),
        ("reported_on=2026-02-30", "`2026-02-30` is not a date, such as 2026-11-23"),
        ("regions=,", "`,` is not a list of texts"),
        ("vendor_cas=C-1", "unknown field `vendor_cas`"),
        ("vendor_case", "`vendor_case` is not KEY=VALUE"),
    ],
)
def test_what_does_not_fit_is_refused(fielded: Repository, typed: str, said: str) -> None:
    fielded.raised()

    assert said in fielded.refuses(2, "assess", "--field", typed)


def test_without_custom_fields_it_says_where_they_are_defined(records: Repository) -> None:
    records.raised()

    assert "sevlog.yaml has no custom fields\nhint: add it there" in records.refuses(2, "assess", "--field", "a=1")
