"""Who holds which role: assigned, released, handed over, with one lead at any time."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fixtures.timelines import FIXING, INCIDENT, RAISED, RESOLVED, at, config, fold, imported, only_problem, record
from sevlog.model.config.roles import Role
from sevlog.model.timeline.replay import replay
from sevlog.model.timeline.state import State


def assign(when: str, person: str, role: str = "incident_manager", extra: str = "") -> str:
    return f'- {{kind: assigned, at: "{when}", id: a-{when[3:]}, role: {role}, person: {person}{extra}}}\n'


def holders(state: State) -> list[tuple[str, str, bool]]:
    return [(h.role, h.person, h.lead) for h in state.holders]


@pytest.mark.demand("S64")
def test_a_role_may_have_several_holders() -> None:
    state = fold(RAISED + assign("10:01", "ana", "tech_lead") + assign("10:02", "bo", "tech_lead"))

    assert holders(state) == [("tech_lead", "ana", False), ("tech_lead", "bo", False)]
    assert state.lead is None


@pytest.mark.demand("S65")
class TestLead:
    def test_is_the_first_incident_manager_where_none_was_named(self) -> None:
        assert fold(RAISED + assign("10:01", "ana") + assign("10:02", "bo")).lead == "ana"

    def test_is_the_one_who_was_named_last(self) -> None:
        state = fold(
            RAISED + assign("10:01", "ana", extra=", lead: true") + assign("10:02", "bo", extra=", lead: true")
        )

        assert state.lead == "bo"
        assert holders(state) == [("incident_manager", "ana", False), ("incident_manager", "bo", True)]

    def test_passes_to_who_is_left_when_it_is_released(self) -> None:
        rows = RAISED + assign("10:01", "ana") + assign("10:02", "bo", extra=", lead: true")
        released = '- {kind: released, at: "10:10", role: incident_manager, person: bo}'

        assert fold(rows + released).lead == "ana"

    def test_passes_to_who_led_before_and_not_to_who_only_holds_the_role_longest(self) -> None:
        lead = ", lead: true"
        rows = RAISED + assign("10:01", "bo") + assign("10:02", "chi", extra=lead) + assign("10:03", "ana", extra=lead)
        released = '- {kind: released, at: "10:10", role: incident_manager, person: ana}'

        state = fold(rows + released)

        assert (state.lead, state.lead_since) == ("chi", at("10:10"))

    def test_is_kept_by_a_second_assignment(self) -> None:
        rows = RAISED + assign("10:01", "ana", extra=", lead: true") + assign("10:02", "bo") + assign("10:03", "ana")
        state = fold(rows)

        assert holders(state) == [("incident_manager", "ana", True), ("incident_manager", "bo", False)]
        assert [(h.person, h.since) for h in state.holders] == [("ana", at("10:01")), ("bo", at("10:02"))]
        assert state.former_holders == ()

    def test_of_a_workstream_leads_only_that(self) -> None:
        stream = ", lead: true, workstream: Refunds"
        state = fold(RAISED + assign("10:01", "ana", extra=", lead: true") + assign("10:02", "bo", extra=stream))

        assert state.lead == "ana"
        assert holders(state) == [("incident_manager", "ana", True), ("incident_manager", "bo", True)]

    def test_that_is_lost_is_told(self) -> None:
        problem = only_problem(fold(f'{FIXING}- {{kind: released, at: "10:10", role: incident_manager, person: ana}}'))

        assert (problem.code, problem.severity, problem.message) == (
            "no_lead",
            "warning",
            "no incident manager leads this incident any more",
        )
        assert problem.hint == f"sevlog assign -i {INCIDENT} incident_manager PERSON --lead"

    def test_that_a_workstream_loses_is_only_its_own(self) -> None:
        stream = ", workstream: Refunds"
        released = f'- {{kind: released, at: "10:10", role: incident_manager, person: bo{stream}}}'

        assert fold(RAISED + assign("10:01", "bo", extra=stream) + released).problems == ()

    def test_that_an_import_lost_is_nobodys_concern(self) -> None:
        rows = FIXING + '- {kind: released, at: "10:10", role: incident_manager, person: ana}'

        assert replay(imported(rows), config()).problems == ()

    def test_that_is_lost_when_it_is_over_is_nobodys_concern(self) -> None:
        assert fold(f'{RESOLVED}- {{kind: released, at: "11:10", role: incident_manager, person: ana}}').problems == ()


def test_who_held_a_role_is_kept() -> None:
    state = fold(
        f"{FIXING}{assign('10:10', 'bo', extra=', lead: true')}"
        '- {kind: released, at: "10:20", role: incident_manager, person: ana}'
    )

    assert [(h.person, h.since, h.until) for h in state.former_holders] == [("ana", at("10:05"), at("10:20"))]
    assert holders(state) == [("incident_manager", "bo", True)]


class TestReleased:
    ROWS = RAISED + assign("10:01", "bo", "tech_lead") + assign("10:02", "bo", "tech_lead", ", workstream: Refunds")

    def test_of_one_workstream_keeps_the_rest(self) -> None:
        state = fold(f'{self.ROWS}- {{kind: released, at: "10:10", role: tech_lead, person: bo, workstream: Refunds}}')

        assert [(h.person, h.workstream) for h in state.holders] == [("bo", None)]

    def test_without_a_workstream_gives_up_the_role_altogether(self) -> None:
        state = fold(f'{self.ROWS}- {{kind: released, at: "10:10", role: tech_lead, person: bo}}')

        assert (state.holders, state.problems) == ((), ())
        assert [(h.workstream, h.until) for h in state.former_holders] == [
            (None, at("10:10")),
            ("Refunds", at("10:10")),
        ]

    def test_gives_up_no_other_role_and_nobody_elses(self) -> None:
        rows = self.ROWS + assign("10:03", "bo", "scribe") + assign("10:04", "chi", "tech_lead")
        state = fold(f'{rows}- {{kind: released, at: "10:10", role: tech_lead, person: bo}}')

        assert holders(state) == [("scribe", "bo", False), ("tech_lead", "chi", False)]

    @pytest.mark.parametrize(
        ("extra", "said"),
        [
            ("", "chi does not hold the role tech lead that this entry releases"),
            (", workstream: Billing", "chi does not hold the role tech lead for Billing that this entry releases"),
        ],
    )
    def test_of_somebody_who_does_not_hold_it_is_told(self, extra: str, said: str) -> None:
        problem = only_problem(
            fold(f'{self.ROWS}- {{kind: released, at: "10:10", id: r, role: tech_lead, person: chi{extra}}}')
        )

        assert (problem.code, problem.severity, problem.entry) == ("not_holding", "warning", "r")
        assert problem.message == said


@pytest.mark.demand("S75")
class TestHandover:
    OFFER = '- {kind: handover, at: "10:20", role: incident_manager, from: ana, to: bo}\n'
    TAKEN = '- {kind: handover, at: "10:30", by: bo, role: incident_manager, from: ana, to: bo, accepted: true}\n'

    def test_that_is_offered_changes_nothing_yet(self) -> None:
        state = fold(FIXING + self.OFFER)

        assert state.lead == "ana"
        assert [(o.role, o.from_, o.to, o.at) for o in state.offers] == [("incident_manager", "ana", "bo", at("10:20"))]

    def test_that_is_offered_twice_is_one_offer(self) -> None:
        assert [o.at for o in fold(FIXING + self.OFFER + self.OFFER.replace("10:20", "10:25")).offers] == [at("10:25")]

    def test_that_is_taken_passes_the_role_and_the_lead(self) -> None:
        state = fold(FIXING + self.OFFER + self.TAKEN)

        assert (state.lead, state.offers, state.problems) == ("bo", (), ())
        assert holders(state) == [("incident_manager", "bo", True)]
        assert [(h.person, h.until) for h in state.former_holders] == [("ana", at("10:30"))]

    def test_that_is_taken_ends_the_offers_to_others(self) -> None:
        assert fold(FIXING + self.OFFER.replace("to: bo", "to: chi") + self.TAKEN).offers == ()

    def test_that_is_taken_leaves_other_offers_open(self) -> None:
        deputy = self.OFFER.replace("incident_manager", "deputy").replace("10:20", "10:21")
        chis = self.OFFER.replace("from: ana", "from: chi").replace("to: bo", "to: dana").replace("10:20", "10:22")
        chis_to_bo = self.OFFER.replace("from: ana", "from: chi").replace("10:20", "10:23")
        rows = FIXING + assign("10:10", "chi") + assign("10:11", "ana", "deputy")

        offers = fold(rows + deputy + chis + chis_to_bo + self.TAKEN).offers
        assert [(o.role, o.from_, o.to) for o in offers] == [
            ("deputy", "ana", "bo"),
            ("incident_manager", "chi", "dana"),
        ]

    def test_of_another_role_makes_no_lead(self) -> None:
        rows = RAISED + assign("10:01", "ana", "tech_lead") + self.TAKEN.replace("incident_manager", "tech_lead")

        assert holders(fold(rows)) == [("tech_lead", "bo", False)]

    def test_passes_every_workstream_with_its_own_lead(self) -> None:
        refunds, bills = ", lead: true, workstream: Refunds", ", workstream: Bills"
        rows = RAISED + assign("10:01", "ana") + assign("10:02", "ana", extra=refunds)
        state = fold(rows + assign("10:03", "ana", extra=bills) + self.TAKEN)

        assert [(h.person, h.workstream, h.lead) for h in state.holders] == [
            ("bo", None, True),
            ("bo", "Refunds", True),
            ("bo", "Bills", False),
        ]

    def test_from_nobody_gives_the_role_all_the_same(self) -> None:
        state = fold(RAISED + self.TAKEN)

        assert (state.lead, holders(state)) == ("bo", [("incident_manager", "bo", True)])

    def test_passes_the_lead_also_where_it_was_never_named(self) -> None:
        rows = RAISED + assign("10:01", "ana") + assign("10:02", "chi") + self.TAKEN

        assert fold(rows).lead == "bo"

    def test_to_somebody_who_holds_the_role_makes_one_holder(self) -> None:
        state = fold(FIXING + assign("10:10", "bo") + self.TAKEN)

        assert holders(state) == [("incident_manager", "bo", True)]
        assert state.holders[0].since == at("10:10")

    def test_of_a_role_beside_the_lead_passes_only_the_role(self) -> None:
        rows = FIXING + assign("10:10", "chi") + self.TAKEN.replace("from: ana", "from: chi")

        assert (fold(rows).lead, holders(fold(rows))) == (
            "ana",
            [("incident_manager", "ana", True), ("incident_manager", "bo", False)],
        )

    def test_keeps_the_workstream(self) -> None:
        rows = RAISED + assign("10:01", "ana", extra=", workstream: Refunds") + self.TAKEN

        assert [(h.person, h.workstream) for h in fold(rows).holders] == [("bo", "Refunds")]

    @pytest.mark.parametrize("row", [OFFER, TAKEN])
    def test_by_somebody_who_does_not_hold_the_role_is_told(self, row: str) -> None:
        problem = only_problem(fold(FIXING + row.replace("from: ana", "from: chi")))

        assert (problem.code, problem.severity) == ("not_holding", "warning")
        assert problem.message.startswith("chi does not hold the role incident manager")

    def test_that_nobody_took_is_void_when_it_is_over(self) -> None:
        assert fold(RESOLVED + self.OFFER).offers == ()


@pytest.mark.demand("S87")
class TestForbiddenPairs:
    BOTH = FIXING + assign("10:10", "ana", "tech_lead")

    def test_on_a_major_are_told(self) -> None:
        problem = only_problem(fold(self.BOTH))

        assert (problem.code, problem.severity) == ("forbidden_pair", "warning")
        assert problem.message == "ana is both incident manager and tech lead on a major incident"
        assert problem.hint == (
            f"assign one of the roles to somebody else: sevlog assign -i {INCIDENT} tech_lead PERSON, "
            f"then: sevlog release -i {INCIDENT} tech_lead ana"
        )

    def test_on_a_minor_are_fine(self) -> None:
        assert fold(self.BOTH.replace("SEV1", "SEV3")).problems == ()

    def test_when_it_is_over_are_nobodys_concern(self) -> None:
        assert fold(RESOLVED + assign("10:10", "ana", "tech_lead")).problems == ()

    def test_of_one_workstream_and_the_whole_are_fine(self) -> None:
        stream = assign("10:01", "ana", extra=", workstream: Refunds")

        assert fold(RAISED + stream + assign("10:10", "ana", "tech_lead")).problems == ()

    def test_of_two_people_are_fine(self) -> None:
        assert fold(FIXING + assign("10:10", "bo", "tech_lead")).problems == ()

    def test_are_told_once_where_both_roles_forbid_each_other(self) -> None:
        roles = tuple(
            replace(role, not_with=("incident_manager",)) if role.key == "tech_lead" else role
            for role in config().roles
        )

        assert only_problem(replay(record(self.BOTH), replace(config(), roles=roles))).code == "forbidden_pair"


@pytest.mark.demand("S13")
def test_more_holders_than_a_role_may_have_are_told() -> None:
    roles = (Role(key="scribe", max_holders=1),)
    rows = RAISED + assign("10:01", "chi", "scribe") + assign("10:02", "bo", "scribe")
    few = replace(config(), roles=roles)
    problem = only_problem(replay(record(rows), few))

    assert replay(record(RAISED + assign("10:01", "chi", "scribe")), few).problems == ()
    assert (problem.code, problem.severity) == ("too_many_holders", "warning")
    assert problem.message == "2 people hold the role scribe (bo, chi); at most 1 may"
    assert problem.hint == f"sevlog release -i {INCIDENT} scribe PERSON"
