"""Who acts: as named, from the environment, or by a hash of git's mail address; no address is stored anywhere."""

from __future__ import annotations

import hashlib

import pytest

from fixtures.clocks import Clock
from fixtures.repositories import Repository
from sevlog.errors import GitTrouble, UsageError
from sevlog.services.recording.identity import acting_person
from sevlog.services.workspace.workspace import Workspace


def person(records: Repository, named: str | None = None, **environment: str) -> str:
    return acting_person(Workspace(records.root, environment=environment, clock=Clock()), named)


def mail(records: Repository, address: str) -> None:
    records.git("config", "user.email", address)


def test_what_is_named_goes_before_the_environment_and_that_before_git(records: Repository) -> None:
    mail(records, "chi@example.org")

    assert person(records, "bo", SEVLOG_PERSON="ana") == "bo"
    assert person(records, SEVLOG_PERSON="ana") == "ana"
    assert person(records) == "chi"


def test_a_person_is_matched_by_the_hash_of_their_address(records: Repository) -> None:
    digest = hashlib.sha256(b"someone.else@example.org").hexdigest()
    (records.root / "oncall.yaml").write_text(
        f"schema: 1\npeople: [{{key: ana}}, {{key: bo, email_sha256: {digest}}}]\n", "utf-8"
    )
    mail(records, "Someone.Else@Example.org")

    assert person(records) == "bo"


def test_where_nobody_is_listed_the_local_part_is_taken(records: Repository) -> None:
    (records.root / "oncall.yaml").unlink()

    for address, handle in (
        ("ana@example.org", "ana"),
        ("1234+ana-gh@users.example", "ana-gh"),
        ("a b!c@example.org", "a-b-c"),
        ("äö@example.org", "unknown"),
        ("@example.org", "unknown"),
    ):
        mail(records, address)
        assert person(records) == handle
    assert person(records, "Any.One_1") == "Any.One_1"
    with pytest.raises(UsageError, match="is not a valid handle"):
        person(records, "any one")


def test_a_stranger_is_told_how_to_be_known(records: Repository) -> None:
    mail(records, "stranger@example.org")

    with pytest.raises(UsageError, match="does not match anybody") as error:
        person(records)

    assert hashlib.sha256(b"stranger@example.org").hexdigest() in error.value.hints[-1]


def test_where_nothing_says_who_the_cure_is_named(records: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    records.git("config", "user.useConfigOnly", "true")

    with pytest.raises(GitTrouble, match="it is not known who you are") as error:
        person(records)

    assert any("SEVLOG_PERSON" in hint for hint in error.value.hints)


def test_nobody_acts_as_somebody_who_left_or_gives_them_a_role(records: Repository) -> None:
    path = records.root / "oncall.yaml"
    path.write_text(path.read_text("utf-8").replace("{key: bo, name: Bo}", "{key: bo, name: Bo, until: 2026-11-22}"))
    records.git("commit", "-qam", "bo left")
    records.raised()

    assert "bo left on 2026-11-22" in records.refuses(2, "note", "x", "--as", "bo")
    assert "bo left on 2026-11-22" in records.refuses(2, "assign", "scribe", "bo")
