"""A secret never reaches customers; one in a record is reported."""

from __future__ import annotations

import pytest

from fixtures.repositories import Repository
from fixtures.secret_shapes import SHAPES

TOKEN = SHAPES["github"]


@pytest.mark.parametrize("name", SHAPES)
def test_a_public_update_with_a_secret_is_refused_before_it_is_written(records: Repository, name: str) -> None:
    records.raised()
    before = records.snapshot()

    refusal = records.refuses(3, "update", f"Use {SHAPES[name]} for now.", "--title", "Cards are refused")

    assert "looks like a secret" in refusal and "--override lint_secret" in refusal
    assert SHAPES[name] not in refusal
    assert records.snapshot() == before


@pytest.mark.parametrize(
    "act",
    [
        ("update", "We are on it", "--title", f"Cards {TOKEN}"),
        ("update", "x" * 21_000 + f" {TOKEN}", "--title", "Cards"),
        ("update", f"We are on it {TOKEN}", "--audience", "social"),
    ],
)
def test_a_title_a_long_text_and_a_post_are_refused_as_well(records: Repository, act: tuple[str, ...]) -> None:
    records.raised()
    before = records.snapshot()

    assert TOKEN not in records.refuses(3, *act)

    assert records.snapshot() == before


def test_a_rule_that_is_switched_off_lets_no_secret_out(records: Repository) -> None:
    records.raised()
    settings = records.root / "sevlog.yaml"
    settings.write_text(settings.read_text("utf-8") + "comms: {lint: {rules: {secret: 'off'}}}\n", "utf-8")
    records.git("commit", "--quiet", "-am", "off")

    assert "a token of a forge" in records.refuses(3, "update", f"Use {TOKEN}", "--title", "Cards")


def test_a_note_with_a_secret_is_recorded_and_warned_of_and_an_error_of_check(records: Repository) -> None:
    incident = records.raised()

    done = records.sevlog("note", f"the token is {TOKEN} here")

    assert done.code == 0
    assert "this looks like a token of a forge: ghp_…" in done.err and f"sevlog redact -i {incident}" in done.err
    assert TOKEN not in done.out + done.err
    assert TOKEN not in records.git("log", "-1", "--format=%B")
    found = records.sevlog("check")
    assert found.code == 1
    assert "-note.yaml:5:20: error[secret]: this looks like a token of a forge: ghp_…" in found.out
    assert "revoke it first (rotate it), then: sevlog redact" in found.out
    assert TOKEN not in found.out


def test_what_was_redacted_is_no_finding_any_more(records: Repository) -> None:
    records.raised()
    records.sevlog("note", f"the token is {TOKEN} here")

    records.does("redact", "note", "--reason", "a token")

    assert records.sevlog("check").code == 0


def test_what_was_let_pass_with_a_reason_is_only_told(records: Repository) -> None:
    records.raised()

    records.does("update", f"Use {TOKEN}", "--title", "Cards", "--override", "lint_secret", "--reason", "an example")

    found = records.sevlog("check")
    assert found.code == 0
    assert "warning[secret]" in found.out and "it was accepted: an example" in found.out
