"""sevlog problem: incidents with a cause in common, the changes that it takes, and what comes back (S89)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from fixtures.repositories import Repository

pytestmark = pytest.mark.demand("S89")


def problem(records: Repository, key: str = "one-sender") -> dict[str, Any]:
    return records.tells("problem", "show", key)


def opened(records: Repository, *words: str) -> str:
    """A problem with the only incident, promised in eight weeks; the incident."""
    incident = records.resolved()
    records.does("problem", "new", "One sender, many victims", "--incident", incident, "--due", "8w", *words)
    return incident


def findings(records: Repository) -> list[dict[str, Any]]:
    rows = json.loads(records.sevlog("check", "--json").out)["problems"]
    return [row for row in rows if row["code"] == "problem_recurred"]


def test_a_problem_is_a_file_with_its_manager_its_incidents_and_a_promise(records: Repository) -> None:
    incident = opened(records, "--cause", "Queues have no share per sender", "--component", "checkout")

    one = problem(records)
    assert (one["key"], one["status"], one["owner"]) == ("one-sender-many-victims", "open", "ana")
    assert [row["id"] for row in one["incidents"]] == [incident]
    assert (one["causes"], one["components"]) == (["Queues have no share per sender"], ["checkout"])
    assert one["due"] == str(records.clock().date() + timedelta(weeks=8))
    assert records.committed() == ["problems/one-sender-many-victims.md"]
    assert records.sevlog("check").code == 0


def test_more_incidents_causes_and_changes_are_added_and_the_rest_of_the_file_stays(records: Repository) -> None:
    incident = opened(records)
    path = records.root / "problems/one-sender-many-victims.md"
    path.write_text(
        path.read_text("utf-8").replace("status: open", "status: open  # since Monday") + "\nBy hand.\n", "utf-8"
    )
    records.git("commit", "-qam", "by hand")
    other = records.raised(title="Search is slow")

    assert f"linked {other} " in records.does("problem", "link", "one-sender", "search-is")
    assert "it says that already" in records.refuses(2, "problem", "link", "one-sender", other)
    records.does("problem", "edit", "one-sender", "--cause", "Waiting is invisible", "--owner", "bo")
    records.does("problem", "require", "one-sender", "A share per merchant", "--owner", "bo", "--due", "4w")
    records.does("problem", "require", "one-sender", "1", "--state", "done", "--ref", "https://git.example/pull/7")

    one = problem(records)
    assert [row["id"] for row in one["incidents"]] == [incident, other]
    assert one["changes"][0]["state"] == "done"
    assert (one["changes"][0]["owner"], one["changes"][0]["ref"]) == ("bo", "https://git.example/pull/7")
    text = path.read_text("utf-8")
    assert "status: open  # since Monday" in text
    assert text.endswith("\nBy hand.\n")


def test_it_is_fixed_once_all_changes_are_made(records: Repository) -> None:
    opened(records)
    records.does("problem", "require", "one-sender", "A share per merchant")

    refusal = records.refuses(3, "problem", "edit", "one-sender", "--status", "fixed")
    assert "is not fixed: not done yet: A share per merchant" in refusal
    records.does("problem", "require", "one-sender", "a share per MERCHANT", "--state", "done")
    records.does("problem", "edit", "one-sender", "--status", "fixed")
    assert problem(records)["fixed_on"] == str(records.clock().date())


@pytest.mark.parametrize("fixed", [False, True])
def test_what_comes_back_is_an_error_until_somebody_promises_again(records: Repository, fixed: bool) -> None:
    opened(records)
    if fixed:
        records.does("problem", "edit", "one-sender", "--status", "fixed")
    assert findings(records) == []
    records.clock.advance(timedelta(days=8))
    again = records.raised(title="Checkout fails again")
    records.does("problem", "link", "one-sender", again)

    (found,) = findings(records)
    assert (found["severity"], found["path"]) == ("error", "problems/one-sender-many-victims.md")
    assert f"came back: {again} began on" in found["message"]
    assert ("after it was fixed" if fixed else "its fix is promised by") in found["message"]
    assert f"came back: {again}" in records.does("problem", "list")
    assert "it came back" in records.does("problem", "show", "one-sender")

    records.does("problem", "review", "one-sender", "--due", "6w", "--reason", "the share was too large")
    assert findings(records) == []
    assert (problem(records)["status"], problem(records)["fixed_on"]) == ("in_progress" if fixed else "open", None)


def test_incidents_that_may_belong_to_it_are_proposed(records: Repository) -> None:
    opened(records, "--cause", "The connection pool of the payment gateway runs dry")
    records.does(
        "raise",
        "Payment gateway pool runs dry",
        "--severity",
        "SEV3",
        "--component",
        "checkout",
        "--summary",
        "The connection pool of the payment gateway is full",
    )
    records.does("raise", "Fax is broken", "--severity", "SEV3", "--component", "search", "--summary", "Paper jam")

    (proposed,) = problem(records)["proposed"]
    assert proposed["title"] == "Payment gateway pool runs dry"
    assert proposed["why"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "nothing"), "unknown problem `nothing`"),
        (("link", "one-sender", "no-such-incident"), "no-such-incident"),
        (("require", "one-sender", "7", "--state", "done"), "there is no change 7"),
        (("edit", "one-sender"), "nothing changes"),
        (("edit", "one-sender", "--owner", "nobody"), "nobody"),
        (("edit", "one-sender", "--status", "closed"), "needs a reason"),
        (("edit", "one-sender", "--due", "20w"), "gets a later promise without a reason"),
        (("new", "One sender, many victims"), "exists already"),
    ],
)
def test_what_makes_no_sense_is_refused(records: Repository, words: tuple[str, ...], says: str) -> None:
    opened(records)
    before = records.commits()

    done = records.sevlog("problem", *words)
    assert done.code != 0
    assert says in done.err
    assert records.commits() == before


def test_front_matter_that_is_wrong_is_a_finding_with_its_place(records: Repository) -> None:
    opened(records)
    path = records.root / "problems/one-sender-many-victims.md"
    path.write_text(path.read_text("utf-8").replace("status: open", "status: opened"), "utf-8")

    rows = json.loads(records.sevlog("check", "--json").out)["problems"]
    (found,) = (row for row in rows if row["path"].startswith("problems/"))
    assert (found["pointer"], found["severity"]) == ("/status", "error")
    assert "open" in (found["hint"] or "") + found["message"]
    assert problem(records)["status"] == "open"


def test_a_dry_run_writes_nothing(records: Repository) -> None:
    incident = records.resolved()

    said = records.does("problem", "new", "Disks fill", "--incident", incident, "--dry-run")
    assert "title: Disks fill" in said
    assert not (records.root / "problems").exists()
