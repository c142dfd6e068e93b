"""sevlog runbook: finds and offers a runbook, shows it as a checklist, and checks off steps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fixtures.repositories import Repository, validator

POOL = """\
---
title: All connections are taken
components: [checkout]
symptoms:
  - Orders time out, the connection pool is full
team: payments
reviewed_on: 2026-10-01
---

# All connections are taken

## 1. Who holds them?

`pool show`

## 2. Let go

`pool drop --idle`

## 3. Check
"""
BREACH = """\
---
title: Somebody was in who should not be
types: [security]
severities: [SEV1]
symptoms: [A login from a country where nobody works]
---

- [ ] Take the machine off the network
- [ ] Keep its memory
"""
INDEX = "---\ntitle: The index is behind\ncomponents: [search]\n---\n\n1. Build it again\n"


@pytest.fixture
def books(records: Repository) -> Repository:
    """A repository with three runbooks, and a component that needs another one."""
    folder = records.root / "runbooks"
    folder.mkdir()
    for name, text in (("pool", POOL), ("breach", BREACH), ("index", INDEX)):
        (folder / f"{name}.md").write_text(text, "utf-8")
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8").replace("name: Checkout}", "name: Checkout, depends_on: [search]}"))
    return records


def tells(books: Repository, kind: str, *words: str) -> dict[str, Any]:
    """The document of `sevlog runbook …`, which holds to its schema."""
    document: dict[str, Any] = json.loads(books.does("runbook", *words, "--json"))
    validator(f"runbook-{kind}").validate(document)
    return document


def found(books: Repository, *words: str) -> list[tuple[str, list[str]]]:
    return [(row["name"], row["why"]) for row in tells(books, "list", "find", *words)["runbooks"]]


@pytest.mark.demand("S61")
def test_it_is_found_for_an_incident_with_the_reason(books: Repository) -> None:
    books.raised(title="Orders time out since the deploy")
    books.does("observe", "The pool of connections is full on every host")

    assert found(books) == [
        ("pool.md", ["component checkout", "symptom: Orders time out, the connection pool is full"]),
        ("index.md", ["search, a dependency of checkout"]),
    ]


@pytest.mark.demand("S15", "S61")
def test_it_is_found_by_component_severity_type_and_words(books: Repository) -> None:
    assert found(books, "--component", "search") == [("index.md", ["component search"])]
    assert found(books, "--type", "security") == [("breach.md", ["type security"])]
    assert found(books, "--type", "security", "--severity", "SEV2") == []
    assert found(books, "--type", "security", "--severity", "sev1") == [
        ("breach.md", ["type security", "severity SEV1"])
    ]
    assert found(books, "connections") == [("pool.md", ["these words"])]
    assert found(books, "idle") == [("pool.md", ["these words in its text"])]
    assert found(books, "hamster") == []


def test_what_sevlog_yaml_names_is_found_whatever_the_runbook_says(books: Repository) -> None:
    config = books.root / "sevlog.yaml"
    text = config.read_text("utf-8").replace(
        "{key: search, name: Search}", "{key: search, name: S, runbooks: [pool.md]}"
    )
    config.write_text(text + "types: [{key: service, default: true}, {key: data, runbooks: [index.md]}]\n", "utf-8")

    assert found(books, "--component", "search") == [
        ("index.md", ["component search"]),
        ("pool.md", ["component search"]),
    ]
    assert found(books, "--type", "data") == [("index.md", ["type data"])]


@pytest.mark.demand("S61")
def test_it_is_offered_when_the_incident_is_raised_and_by_next(books: Repository) -> None:
    done = books.sevlog("raise", "Orders fail", "--severity", "SEV2", "--component", "checkout", "--summary", "x")
    incident = books.incident()

    assert (
        f"hint: runbook: All connections are taken (component checkout): sevlog runbook show -i {incident} pool"
        in done.err
    )
    assert "matching runbook: All connections are taken (component checkout)" in books.does("next")

    books.does("runbook", "done", "pool", "1")
    assert "runbook pool: 1 of 3 steps ticked, next: 2. Let go" in books.does("next")
    assert "matching runbook" not in books.does("next")


@pytest.mark.demand("S60")
def test_steps_are_done_skipped_or_failed_with_who_and_when(books: Repository) -> None:
    incident = books.raised()
    done = books.sevlog("runbook", "done", "pool", "1", "a report holds 80 of them", "--at", "2026-11-23T10:01:00Z")
    assert f"hint: next: 2. Let go: sevlog runbook done -i {incident} pool 2" in done.err
    books.does("runbook", "skip", "pool", "let go", "the report must end by itself", "--at", "2026-11-23T10:02:00Z")
    books.does("runbook", "done", "pool", "3", "--failed", "still full", "--as", "bo", "--at", "2026-11-23T10:03:00Z")

    shown = tells(books, "show", "show", "pool")

    assert shown["incident"] == incident
    assert [(s["tick"]["state"], s["tick"]["by"], s["tick"]["at"], s["tick"]["result"]) for s in shown["steps"]] == [
        ("done", "ana", "2026-11-23T10:01:00Z", "a report holds 80 of them"),
        ("skipped", "ana", "2026-11-23T10:02:00Z", "the report must end by itself"),
        ("failed", "bo", "2026-11-23T10:03:00Z", "still full"),
    ]
    assert shown["command"] == f"sevlog runbook done -i {incident} pool 3"
    assert "runbook_step" in books.trailers()[1]

    text = books.does("runbook", "show", "pool")
    assert "[x] 1. Who holds them?" in text
    assert "[-] 2. Let go" in text
    assert "[!] 3. Check\n    failed 2026-11-23 10:03Z by bo: still full" in text


def test_what_was_ticked_stays_when_the_runbook_changes(books: Repository) -> None:
    books.raised()
    for step in ("1", "2"):
        books.does("runbook", "done", "pool", step)
    path = books.root / "runbooks/pool.md"
    path.write_text("## 1. New\n\n## 2. Who holds them?\n", "utf-8")

    shown = tells(books, "show", "show", "pool")

    assert [(s["name"], bool(s["tick"])) for s in shown["steps"]] == [("1. New", False), ("2. Who holds them?", True)]
    assert [t["step"] for t in shown["elsewhere"]] == ["2. Let go"]


def test_a_step_may_be_taken_again_and_the_last_word_counts(books: Repository) -> None:
    books.raised()
    books.does("runbook", "done", "pool", "3", "--failed", "--at", "2026-11-23T10:03:00Z")
    books.does("runbook", "done", "pool", "3", "empty now", "--at", "2026-11-23T10:09:00Z")

    tick = tells(books, "show", "show", "pool")["steps"][2]["tick"]

    assert (tick["state"], tick["times"], tick["result"]) == ("done", 2, "empty now")


def test_a_retracted_tick_does_not_count(books: Repository) -> None:
    books.raised()
    books.does("runbook", "done", "pool", "1")
    entry = tells(books, "show", "show", "pool")["steps"][0]["tick"]["entry"]
    books.does("retract", entry, "--reason", "the wrong incident")

    assert tells(books, "show", "show", "pool")["steps"][0]["tick"] is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("done", "pol", "1"), 4, "unknown runbook `pol`"),
        (("done", "i", "1"), 4, "is part of"),
        (("done", "pool", "9"), 4, "pool.md has no step `9`"),
        (("skip", "pool", "1", " "), 2, "the text is empty"),
    ],
)
def test_what_is_meant_must_be_clear(books: Repository, words: tuple[str, ...], code: int, said: str) -> None:
    books.raised()
    assert said in books.refuses(code, "runbook", *words)


def test_the_list_shows_steps_owner_and_review(books: Repository) -> None:
    rows = {row["name"]: row for row in tells(books, "list", "list")["runbooks"]}

    assert [rows["pool.md"][key] for key in ("steps", "owner", "reviewed_on")] == [3, "team:payments", "2026-10-01"]
    assert rows["breach.md"]["severities"] == ["SEV1"]
    assert "RUNBOOK" in books.does("runbook", "list")


def test_a_broken_runbook_hides_no_other(books: Repository) -> None:
    (books.root / "runbooks/broken.md").write_bytes(b"---\ntitle: [\n")
    (books.root / "runbooks/odd.md").write_text("---\ntitle: Odd\ncomponents: 3\n---\n", "utf-8")

    names = [row["name"] for row in tells(books, "list", "list")["runbooks"]]

    assert names == ["breach.md", "index.md", "odd.md", "pool.md"]


def test_a_shell_offers_runbooks_and_their_steps(books: Repository) -> None:
    from click import Context

    from sevlog.cli.commands.runbook import done
    from sevlog.cli.completion.runbooks import runbooks, steps

    ctx = Context(done)
    assert [item.value for item in runbooks(ctx, "")] == ["breach", "index", "pool"]
    ctx.params["runbook"] = "pool"
    assert [(item.value, item.help) for item in steps(ctx, "")][:2] == [("1", "Who holds them?"), ("2", "Let go")]


@pytest.mark.demand("S61", "S80")
def test_past_incidents_that_are_alike_are_offered_at_raise(books: Repository) -> None:
    earlier = books.raised(title="Connection pool exhausted")
    books.does("decline", "-i", earlier, "--reason", "x")
    done = books.sevlog(
        "raise",
        "Connection pool exhausted again",
        "--severity",
        "SEV2",
        "--component",
        "checkout",
        "--summary",
        "Cards are refused",
    )

    assert f"hint: similar: {earlier}" in done.err


@pytest.mark.demand("S60")
@pytest.mark.parametrize(("code", "state", "said"), [(0, "done", "succeeded"), (3, "failed", "exit code 3")])
def test_a_command_is_run_for_a_step_and_what_it_printed_is_evidence(
    books: Repository, code: int, state: str, said: str
) -> None:
    books.raised()
    command = ("sh", "-c", f"echo 80 of 80 AKIAABCDEFGHIJKLMNOP; exit {code}")
    done = books.sevlog("runbook", "run", "pool", "1", "--", *command)

    tick = tells(books, "show", "show", "pool")["steps"][0]["tick"]
    assert (done.code, tick["state"]) == (int(code != 0), state)
    assert tick["result"].endswith(f": {said}")
    kept = books.folder() / tick["evidence"][0]
    assert kept.read_text("utf-8") == "80 of 80 [an access key of a cloud was here]\n"
    assert done.out.startswith("80 of 80")
    assert "incidents/" not in books.status()


def test_a_dry_run_runs_nothing_and_an_unknown_step_neither(books: Repository) -> None:
    books.raised()
    books.does("runbook", "run", "pool", "1", "--dry-run", "--", "touch", "ran")
    books.refuses(4, "runbook", "run", "pool", "9", "--", "touch", "ran")

    assert not (books.root / "ran").exists()
