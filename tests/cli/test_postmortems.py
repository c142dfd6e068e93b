"""sevlog postmortem: the states from draft to published or waived; others are refused with the legal ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.repositories import Repository, write_postmortem
from sevlog.stores.markdown import frontmatter
from sevlog.stores.yaml import io as yaml_io


def front(records: Repository) -> dict[str, object]:
    matter = yaml_io.read(frontmatter.split((records.folder() / "postmortem.md").read_bytes())[0])
    assert isinstance(matter, dict)
    return matter


@pytest.mark.demand("S82")
def test_a_postmortem_is_begun_from_a_template_where_there_is_none(records: Repository) -> None:
    records.raised()

    done = records.tells("postmortem", "new", "--as", "bo")

    assert sorted(Path(p).name for p in records.committed()) == [f"{done['entries'][0]}.yaml", "postmortem.md"]
    assert front(records)["authors"] == ["bo"]
    assert front(records)["template"] == "atlassian"
    assert "## Contributing factors" in (records.folder() / "postmortem.md").read_text("utf-8")
    said = records.refuses(3, "postmortem", "new")
    assert "already has a postmortem, and it is `draft`" in said
    assert f"edit it: sevlog postmortem edit -i {records.folder().name}\n" in said


def test_the_id_of_an_incident_can_be_typed_without_its_option(records: Repository) -> None:
    """A command with a text cannot have this: the id would be part of the text."""
    incident = records.raised()
    records.raised(title="Search is slow")

    assert records.tells("postmortem", "new", incident)["incident"] == incident
    assert incident in records.does("replay", "-i", incident)
    assert "postmortem.md" in records.sevlog("postmortem", "lint", incident).out
    assert "two incidents given: a and -i b" in records.refuses(2, "compact", "a", "-i", "b")


def test_every_step_is_a_commit_an_entry_and_one_key_of_the_file(records: Repository) -> None:
    incident = records.resolved()
    path = records.folder() / "postmortem.md"
    path.write_text(path.read_text("utf-8").replace("owner: ana", "owner: ana  # for now"), "utf-8")
    write_postmortem(records.folder())
    body = frontmatter.split(path.read_bytes())[1]

    for step, state in (("submit", "in_review"), ("approve", "approved"), ("publish", "published")):
        before = records.commits()
        done = records.tells("postmortem", step, "-i", incident, "--as", "bo")
        assert records.commits()[1:] == before
        assert len(records.committed()) == 2
        assert records.trailers() == [f"Incident: {incident}", f"Entry: {done['entries'][0]}"]
        assert front(records)["status"] == state
        assert done["status"] == "resolved"

    assert front(records)["approved_by"] == "bo"
    assert front(records)["published_at"]
    assert frontmatter.split(path.read_bytes())[1] == body
    assert "owner: ana  # for now" in path.read_text("utf-8")
    assert [row["kind"] for row in records.tells("timeline", incident)["timeline"]][-3:] == ["note", "decision", "note"]


STATES = {
    "draft": {"submit", "waive"},
    "in_review": {"approve", "waive"},
    "approved": {"publish"},
    "published": set(),
    "waived": set(),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", ["submit", "approve", "publish", "waive"])
def test_a_step_from_a_wrong_state_is_refused_with_what_is_legal(records: Repository, state: str, step: str) -> None:
    incident = records.resolved()
    path = records.folder() / "postmortem.md"
    path.write_text(path.read_text("utf-8").replace("status: draft", f"status: {state}"), "utf-8")
    write_postmortem(records.folder())
    words = ("postmortem", step, "-i", incident, *(("--reason", "x") if step == "waive" else ()), "--as", "bo")

    if step in STATES[state]:
        records.does(*words)
        return
    said = records.refuses(3, *words)

    assert f"is `{state}`; `{step}` requires" in said
    for legal in STATES[state]:
        assert f"sevlog postmortem {legal} -i {incident}" in said
    assert bool(STATES[state]) != ("no command applies to it any more" in said)


def test_a_waiver_needs_a_reason_and_lets_a_major_be_closed(records: Repository) -> None:
    incident = records.resolved()
    records.refuses(2, "postmortem", "waive", "-i", incident)

    records.does("postmortem", "waive", "-i", incident, "--reason", "same cause as last week", "--as", "bo")

    assert (front(records)["reason"], front(records)["approved_by"]) == ("same cause as last week", "bo")
    records.does("close", "-i", incident)


def test_without_a_postmortem_the_steps_say_how_to_begin(records: Repository) -> None:
    incident = records.raised()

    assert f"sevlog postmortem new -i {incident}" in records.refuses(3, "postmortem", "submit")


def test_a_declined_incident_and_a_maintenance_need_none(records: Repository) -> None:
    incident = records.raised()
    records.does("decline", "--reason", "x")
    assert "needs no postmortem" in records.refuses(3, "postmortem", "new", "-i", incident)
    records.does("maintenance", "schedule", "Move", "--start", "+1h", "--end", "+2h", "--component", "search")
    assert "needs no postmortem" in records.refuses(3, "postmortem", "new", "-i", "move")


def test_edits_that_are_not_committed_are_not_swept_along(records: Repository) -> None:
    incident = records.resolved()
    path = records.folder() / "postmortem.md"
    write_postmortem(records.folder())
    path.write_text(path.read_text("utf-8") + "\nmore\n", "utf-8")

    said = records.refuses(5, "postmortem", "submit", "-i", incident)

    assert "has uncommitted changes" in said
    assert "git -C" in said


def test_a_restricted_incident_is_never_published(records: Repository) -> None:
    incident = records.raised("--type", "security")
    records.does("postmortem", "new")
    write_postmortem(records.folder())
    for step in ("submit", "approve"):
        records.does("postmortem", step, "--as", "bo")

    assert "is restricted" in records.refuses(3, "postmortem", "publish", "-i", incident)


def test_a_broken_front_matter_is_told_with_its_place(records: Repository) -> None:
    incident = records.resolved()
    path = records.folder() / "postmortem.md"
    path.write_text("---\nstatus: drafty\n---\n", "utf-8")

    said = records.refuses(6, "postmortem", "submit", "-i", incident)

    place = f"incidents/{incident[:4]}/{incident}/postmortem.md"
    assert f"error: {place}:2:9: `status` cannot be `drafty`\n" in said
    assert f"hint: list all problems: sevlog check {place}\n" in said


@pytest.mark.parametrize(("step", "state"), [("submit", "draft"), ("approve", "in_review")])
def test_an_untouched_template_goes_no_further(records: Repository, step: str, state: str) -> None:
    incident = records.resolved()
    path = records.folder() / "postmortem.md"
    path.write_text(path.read_text("utf-8").replace("status: draft", f"status: {state}"), "utf-8")
    records.git("commit", "--quiet", "--allow-empty", "-am", state)

    said = records.refuses(3, "postmortem", step, "-i", incident, "--as", "bo")

    assert "still contains only the template" in said
    assert f"then: sevlog postmortem {step} -i {incident}" in said


def test_nobody_approves_alone_what_they_alone_wrote(records: Repository) -> None:
    incident = records.resolved()
    write_postmortem(records.folder())
    records.does("postmortem", "submit", "-i", incident)

    said = records.refuses(3, "postmortem", "approve", "-i", incident)

    assert "ana is the only author of the postmortem" in said
    assert "if nobody else can" not in said
    assert f"sevlog postmortem approve -i {incident} --as bo\n" in said
    records.does("postmortem", "approve", "-i", incident, "--as", "bo")


def test_a_postmortem_without_a_text_for_customers_is_not_published(records: Repository) -> None:
    incident = records.resolved()
    write_postmortem(records.folder())
    for step in ("submit", "approve"):
        records.does("postmortem", step, "-i", incident, "--as", "bo")
    records.git("rm", "--quiet", f"incidents/{incident[:4]}/{incident}/postmortem.public.md")
    records.git("commit", "--quiet", "-m", "not yet")

    said = records.refuses(3, "postmortem", "publish", "-i", incident)

    assert "postmortem.public.md is missing or empty" in said
    assert f"then: sevlog postmortem publish -i {incident}" in said
    assert front(records)["status"] == "approved"


@pytest.mark.demand("S82")
def test_a_postmortem_starts_from_any_template_that_exists(records: Repository) -> None:
    records.raised()
    said = records.refuses(4, "postmortem", "new", "--template", "googel")
    assert "unknown postmortem template `googel`" in said
    assert "did you mean `google`?" in said
    (records.root / "ours.md").write_text("# {title}\n\n## What we saw\n", "utf-8")

    records.does("postmortem", "new", "--template", "ours.md")

    assert "## What we saw" in (records.folder() / "postmortem.md").read_text("utf-8")
    assert front(records)["template"] == "ours.md"


def test_resolving_does_not_wait_for_a_template_that_does_not_exist(records: Repository) -> None:
    config = records.root / "sevlog.yaml"
    config.write_text(config.read_text("utf-8") + "types: [{key: service, default: true, postmortem_template: ours}]\n")
    records.git("commit", "-q", "-a", "-m", "set the template")

    records.resolved()

    assert front(records)["template"] == "atlassian"
    assert "## Contributing factors" in (records.folder() / "postmortem.md").read_text("utf-8")
