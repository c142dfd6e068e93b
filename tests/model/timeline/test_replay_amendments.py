"""Corrections, retractions, redactions, and entries with one id."""

from __future__ import annotations

import pytest

from fixtures.timelines import FIXING, INCIDENT, RAISED, at, codes, fold, only_problem
from sevlog.model.timeline.entries import Raised

SEV3 = '- {kind: correction, at: "10:30", id: c1, of: 20260502T100000Z-raised, set: {severity: SEV3}}\n'
INVALID = "`20260502T100000Z-raised` would not be a valid entry of kind raised"
UPDATE = '- {kind: update, at: "10:10", id: u1, audience: public, phase: investigating, text: We loook}\n'


def retraction(name: str, of: str, when: str, extra: str = "") -> str:
    return f'- {{kind: retraction, at: "{when}", id: {name}, of: {of}, reason: Wrong{extra}}}\n'


class TestCorrection:
    def test_replaces_the_keys_it_names_and_both_stay_visible(self) -> None:
        state = fold(RAISED + SEV3)
        item = state.item("20260502T100000Z-raised")

        assert (state.severity, state.priority, state.problems) == ("SEV3", "P1", ())
        assert state.severity_steps[0].at == at("10:00")
        assert item is not None and item.corrected_by == ("c1",)
        assert isinstance(item.entry, Raised) and item.entry.severity == "SEV1"
        assert isinstance(item.effective, Raised) and item.effective.severity == "SEV3"
        assert [i.id for i in state.timeline] == ["20260502T100000Z-raised", "c1"]

    def test_is_followed_by_another_and_the_last_word_counts(self) -> None:
        second = SEV3.replace("10:30", "10:40").replace("c1", "c2").replace("SEV3", "SEV2")
        other = SEV3.replace("10:30", "10:20").replace("c1", "c0").replace("severity: SEV3", "priority: P4")
        state = fold(RAISED + second + SEV3 + other)
        item = state.item("20260502T100000Z-raised")

        assert (state.severity, state.priority) == ("SEV2", "P4")
        assert item is not None and item.corrected_by == ("c0", "c1", "c2")

    def test_counts_by_when_it_was_recorded(self) -> None:
        backdated = SEV3.replace('at: "10:30"', 'at: "10:01", recorded_at: "10:50"').replace("c1", "c2")

        assert fold(RAISED + backdated.replace("SEV3", "SEV2") + SEV3).severity == "SEV2"

    def test_of_the_time_moves_what_happened_and_keeps_the_id(self) -> None:
        name = "20260502T101000Z-action_taken"
        earlier = f'- {{kind: correction, at: "10:30", of: {name}, set: {{at: "2026-05-02T09:00:00Z"}}}}'
        state = fold(f"""{FIXING}
        - {{kind: action_taken, at: "10:10", type: mitigation, text: Restarted}}
        {earlier}
        - {{kind: status, at: "10:20", to: monitoring}}
        """)

        assert state.milestones.mitigated_at == at("09:00")
        item = state.item(name)
        assert item is not None and item.effective is not None
        assert (item.at, item.effective.at) == (at("10:10"), at("09:00"))

    def test_of_the_time_may_make_a_step_illegal(self) -> None:
        late = '- {kind: correction, at: "10:30", of: 20260502T100000Z-raised, set: {at: "2026-05-02T10:06:00Z"}}'
        state = fold(FIXING + late)

        assert codes(state) == ["illegal_transition", "before_raised"]
        assert state.status == "raised"

    def test_of_nothing_removes_the_key(self) -> None:
        rows = RAISED.replace("priority: P1", "priority: P1, scope: all")

        assert fold(rows + SEV3.replace("severity: SEV3", "scope: null")).assessment.scope is None

    def test_of_an_update_shows_when_it_was_edited(self) -> None:
        correction = '- {kind: correction, at: "10:20", recorded_at: "10:25", of: u1, set: {text: We look}}\n'
        (update,) = fold(RAISED + UPDATE + correction).updates

        assert (update.entry.text, update.edited_at) == ("We look", at("10:25"))

    def test_that_does_not_count_edits_nothing(self) -> None:
        state = fold(RAISED + UPDATE + '- {kind: correction, at: "10:20", of: u1, set: {phase: done}}')
        item = state.item("u1")

        assert (codes(state), state.updates[0].edited_at) == (["invalid_correction"], None)
        assert item is not None and item.corrected_by == ()

    def test_that_is_good_counts_after_one_that_is_not(self) -> None:
        bad = SEV3.replace("10:30", "10:20").replace("c1", "c0").replace("severity: SEV3", "severity: '!'")

        assert (fold(RAISED + bad + SEV3).severity, codes(fold(RAISED + bad + SEV3))) == (
            "SEV3",
            ["invalid_correction"],
        )

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ("severty: SEV3", "unknown key `severty` in an entry of kind `raised`; did you mean `severity`?"),
            ("components: 3", f"{INVALID}; invalid `components`: expected a mapping, got a whole number"),
            ("at: yesterday", f"{INVALID}; invalid `at`: invalid RFC3339 encoded datetime"),
            ("severity: null", f"{INVALID}; object missing required field `severity`"),
            ("kind: note", "the `kind` of an entry cannot be corrected"),
            ("id: other", "the `id` of an entry cannot be corrected"),
        ],
    )
    def test_that_would_make_an_invalid_entry_does_not_count(self, change: str, message: str) -> None:
        state = fold(RAISED + SEV3.replace("severity: SEV3", change))
        problem = only_problem(state)

        assert (problem.code, problem.severity, problem.entry) == ("invalid_correction", "error", "c1")
        assert problem.message == message
        assert f"sevlog retract -i {INCIDENT}" in (problem.hint or "")
        assert state.severity == "SEV1"

    def test_of_a_key_like_no_other_names_those_there_are(self) -> None:
        problem = only_problem(fold(RAISED + UPDATE + SEV3.replace("20260502T100000Z-raised", "u1")))

        assert problem.message.startswith(
            "unknown key `severity` in an entry of kind `update`; its keys: approved_by, at,"
        )

    def test_of_a_correction_is_no_correction(self) -> None:
        second = '- {kind: correction, at: "10:40", of: c1, set: {reason: Typo}}'
        problem = only_problem(fold(RAISED + SEV3 + second))

        assert problem.message == "a correction cannot be corrected"
        assert problem.hint == f'retract it instead: sevlog retract -i {INCIDENT} c1 --reason "…"'

    def test_of_an_entry_that_was_taken_back_is_silent(self) -> None:
        note = '- {kind: note, at: "10:10", id: n1, text: x}\n'
        correction = '- {kind: correction, at: "10:40", of: n1, set: {txt: y}}'

        assert fold(RAISED + note + retraction("r1", "n1", "10:30") + correction).problems == ()


@pytest.mark.parametrize("kind", ["correction", "retraction", "redaction"])
class TestOfAnUnknownEntry:
    def row(self, kind: str, of: str) -> str:
        said = "set: {text: y}" if kind == "correction" else "reason: x"
        return f'- {{kind: {kind}, at: "10:30", id: x1, of: {of}, {said}}}\n'

    def test_is_a_finding(self, kind: str) -> None:
        problem = only_problem(fold(RAISED + self.row(kind, "20260502T100000Z-raisd")))

        assert (problem.code, problem.severity, problem.entry) == ("unknown_entry", "error", "x1")
        assert problem.message == (
            f"this {kind} refers to `20260502T100000Z-raisd`, which is not an entry of this incident"
        )
        assert problem.hint == f"list the entry ids: sevlog timeline -i {INCIDENT}"

    def test_is_settled_by_taking_it_back(self, kind: str) -> None:
        assert fold(RAISED + self.row(kind, "nothing") + retraction("r1", "x1", "10:40")).problems == ()

    def test_or_of_itself_is_a_finding(self, kind: str) -> None:
        assert only_problem(fold(RAISED + self.row(kind, "x1"))).message == f"this {kind} refers to itself"


class TestRetraction:
    def test_drops_the_entry_from_what_counts_and_keeps_it_in_sight(self) -> None:
        state = fold(RAISED + UPDATE + retraction("r1", "u1", "10:30"))
        item = state.item("u1")

        assert (state.updates, state.milestones.first_public_update_at, state.problems) == ((), None, ())
        assert item is not None and (item.effective, item.retracted_by) == (None, "r1")
        assert item.entry.text == "We loook"

    def test_of_a_correction_brings_the_first_word_back(self) -> None:
        state = fold(RAISED + SEV3 + retraction("r1", "c1", "10:40"))
        item = state.item("20260502T100000Z-raised")

        assert (state.severity, state.problems) == ("SEV1", ())
        assert item is not None and item.corrected_by == ()

    @pytest.mark.parametrize(
        "times", [("10:30", "10:40", "10:50"), ("10:50", "10:40", "10:30"), ("10:40", "10:50", "10:30")]
    )
    def test_of_a_retraction_counts_whatever_the_clocks_said(self, times: tuple[str, str, str]) -> None:
        first = retraction("r1", "u1", times[0])
        second = retraction("r2", "r1", times[1])
        third = retraction("r3", "r2", times[2])

        assert len(fold(RAISED + UPDATE + first).updates) == 0
        assert len(fold(RAISED + UPDATE + first + second).updates) == 1
        assert len(fold(RAISED + UPDATE + first + second + third).updates) == 0

    @pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 6, 9])
    @pytest.mark.parametrize("last", range(9))
    def test_of_a_retraction_and_so_on_counts_to_the_end(self, length: int, last: int) -> None:
        chain = "".join(
            retraction(f"r{n}", f"r{n - 1}" if n else "u1", "10:50" if n == last else f"10:3{n}") for n in range(length)
        )

        assert len(fold(RAISED + UPDATE + chain).updates) == (length + 1) % 2

    def test_by_two_people_is_the_first_ones(self) -> None:
        item = fold(RAISED + UPDATE + retraction("r2", "u1", "10:40") + retraction("r1", "u1", "10:30")).item("u1")

        assert item is not None and item.retracted_by == "r1"

    def test_by_two_people_stands_when_one_changes_their_mind(self) -> None:
        both = retraction("r1", "u1", "10:30") + retraction("r2", "u1", "10:40")

        assert len(fold(RAISED + UPDATE + both + retraction("r3", "r1", "10:50")).updates) == 0

    @pytest.mark.parametrize("size", [2, 3, 4, 7])
    def test_in_a_ring_the_last_one_stands(self, size: int) -> None:
        ring = "".join(retraction(f"r{n}", f"r{(n + 1) % size}", f"10:3{n}") for n in range(size))
        state = fold(RAISED + ring)
        retracted = {item.id: item.retracted_by for item in state.timeline if item.retracted_by}

        assert f"r{size - 1}" not in retracted
        assert retracted["r0"] == f"r{size - 1}"

    def test_of_the_raising_leaves_the_rest_to_be_mended(self) -> None:
        state = fold(FIXING + retraction("r1", "20260502T100000Z-raised", "10:30"))

        assert (codes(state), state.severity) == (["illegal_transition"], None)
        assert state.lead == "ana"


def test_a_redaction_marks_the_entry_and_changes_nothing_else() -> None:
    state = fold(f'{RAISED}{UPDATE}- {{kind: redaction, at: "10:30", id: x1, of: u1, reason: A name}}')
    item = state.item("u1")

    assert item is not None and (item.redacted_by, item.retracted_by, item.effective) == ("x1", None, item.entry)
    assert (len(state.updates), state.problems) == (1, ())


class TestOneIdTwice:
    def test_tells_the_later_one_apart(self) -> None:
        state = fold(f"""{RAISED}
        - {{kind: task, at: "10:10", ref: K2, text: Refund}}
        - {{kind: task, at: "10:10", ref: K1, text: Delete the canary}}
        """)
        problem = only_problem(state)

        assert set(state.tasks) == {"K1", "K2"}
        assert [item.id for item in state.timeline][1:] == ["20260502T101000Z-task", "20260502T101000Z-task#2"]
        assert (problem.code, problem.severity, problem.entry) == (
            "duplicate_entry_id",
            "error",
            "20260502T101000Z-task",
        )
        assert problem.message == "duplicate entry id `20260502T101000Z-task` in this incident"
        assert problem.hint == "give the later one another `id`, such as 20260502T101000Z-task-2"

    def test_of_different_times_keeps_the_earlier_ones_name(self) -> None:
        later = '- {kind: note, at: "10:20", id: n, text: Later}\n'
        earlier = '- {kind: note, at: "10:10", id: n, text: Earlier}\n'
        item = fold(RAISED + later + earlier).item("n")

        assert item is not None and item.entry.text == "Earlier"

    def test_and_the_same_words_is_one_entry(self) -> None:
        task = '- {kind: channel, at: "10:10", type: chat, url: "#war-room"}\n'
        state = fold(RAISED + task * 3)

        assert (len(state.channels), len(state.timeline)) == (1, 2)
        assert {(p.code, p.severity) for p in state.problems} == {("repeated_entry", "warning")}
        assert state.problems[0].message == ("the entry `20260502T101000Z-channel` is recorded twice; it counts once")

    def test_has_the_same_names_at_every_time_it_is_asked_for(self) -> None:
        rows = RAISED + '- {kind: note, at: "10:10", id: n, recorded_at: "12:00", text: Recorded later}\n'
        rows += '- {kind: note, at: "10:20", id: n, text: Recorded earlier}\n'

        assert [item.id for item in fold(rows, known_by="11:00").timeline] == ["20260502T100000Z-raised", "n#2"]
