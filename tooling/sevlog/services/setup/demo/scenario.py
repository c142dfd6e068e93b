"""The demo's last hours as a script: open work of yesterday is finished, then a SEV1 breaks out and is in progress.

Each row is one act of one person, so many minutes before now, done by the same services that the commands use.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ....model.vocabulary import Audience, Phase
from ...common.outcome import Outcome
from ...recording.recorder import Options
from ...response import acts as response_acts
from ...response import maintenance as response_maintenance
from ...response import merging as response_merging
from ...response import raising
from ...response import roles as response_roles
from ...response import transitions as response_transitions
from ...response import updates as response_updates
from ...workspace import lookup
from ...workspace.workspace import Workspace

Act = Callable[[Workspace, str, Options], Outcome]
Row = tuple[int, str, str, Act]
"""Minutes before now, who acts, on which incident (part of an id; LIVE for the one that breaks out), the act."""

LIVE = "no-station"
TITLE = "No station in Portugal opens its doors"
PUBLIC_TITLE = "Lockers in Portugal do not open"


def play(workspace_at: Callable[[datetime], Workspace], now: datetime) -> tuple[str, int]:
    """Perform the script; the id of the live incident, and how many acts (each is a commit) there were."""
    live = ""
    for minutes, person, name, act in SCRIPT:
        moment = now - timedelta(minutes=minutes)
        workspace = workspace_at(moment)
        incident = live if name == LIVE else lookup.resolve(workspace, name) if name else ""
        done = act(workspace, incident, Options(person=person, push=False))
        live = done.incident if name == "" else live
    return live, len(SCRIPT)


def _entry(kind: str, **keys: object) -> Act:
    def act(workspace: Workspace, incident: str, options: Options) -> Outcome:
        return response_acts.add_entry(workspace, incident, {"kind": kind, **keys}, options)

    return act


def _update(
    audience: Audience,
    phase: Phase,
    minutes: int | None,
    text: str,
    *components: str,
    title: str | None = None,
    approved_by: str | None = None,
) -> Act:
    def act(workspace: Workspace, incident: str, options: Options) -> Outcome:
        return response_updates.publish_update(
            workspace,
            incident,
            text,
            audience=audience,
            phase=phase,
            components=components,
            next_in=timedelta(minutes=minutes) if minutes else None,
            promise=minutes is not None,
            title=title,
            template=None,
            approved_by=approved_by,
            options=options,
        )

    return act


def _assign(role: str, person: str) -> Act:
    return lambda workspace, incident, options: response_roles.assign_role(
        workspace, incident, role, person, False, None, options
    )


def _impact(*states: str) -> Act:
    return lambda workspace, incident, options: response_acts.change_impact(workspace, incident, states, None, options)


def _monitor(mitigation: str) -> Act:
    return lambda workspace, incident, options: response_transitions.monitor(
        workspace, incident, None, mitigation, options
    )


def _maintenance(act: response_maintenance.MaintenanceAct, text: str) -> Act:
    return lambda workspace, incident, options: response_maintenance.step(
        workspace, incident, act, text=text, reason=None, options=options
    )


def _raise(workspace: Workspace, _: str, options: Options) -> Outcome:
    report = raising.Report(
        title=TITLE,
        severity="SEV1",
        priority="P1",
        components=("locker-doors=major_outage",),
        source="monitoring",
        ref="refused-people-pt",
        scope="some",
        tags=("clock", "modem"),
        started_at=workspace.clock() - timedelta(minutes=5),
        summary="All 560 stations in Portugal have been refusing every code for a few minutes. Nobody in the country "
        "can collect or drop off a parcel.",
    )
    return raising.raise_incident(workspace, report, options)


def _acknowledge(workspace: Workspace, incident: str, options: Options) -> Outcome:
    room = "https://chat.parcelwren.example/inc-portugal-doors"
    call = "https://meet.parcelwren.example/war-room-1"
    state = "https://docs.parcelwren.example/inc-portugal-doors"
    channels = (("chat", room), ("video", call), ("document", state))
    return response_acts.acknowledge(workspace, incident, channels, options)


def _merge(workspace: Workspace, incident: str, options: Options) -> Outcome:
    return response_merging.merge(
        workspace, incident, "no-station-in-portugal", "The courier saw the beginning.", options
    )


_YESTERDAY: tuple[Row, ...] = (
    (175, "amara", "bookings-slow", _monitor(
        "Answers from memory on all four nodes, and the partition of the Leipzig hub split during the quiet hours.")),
    (173, "oskar", "bookings-slow", _update(
        "public", "monitoring", 540, "Reserving a compartment works at the usual speed again. We are still watching "
        "it through today's busy hours.", "compartment-booking=operational", "merchant-api=operational",
        approved_by="amara")),
    (171, "amara", "bookings-slow", _update(
        "internal", "monitoring", 540, "Failed bookings are down to 0.3%. The people who worked on it sleep in; "
        "the next busy hour decides whether this is over.")),
    (160, "bastian", "sim-profiles", _maintenance(
        "verify", "All 560 lockers have their new profile. We check a sample of the card terminals.")),
    (142, "bastian", "sim-profiles", _maintenance(
        "complete", "Done. Cards are accepted at all lockers in Portugal.")),
    (125, "sander", "push-messages", _update(
        "public", "monitoring", 1440, "Delays are down to half a minute. The distributor of the messages still calls "
        "it degraded, so we leave this open.", "push-messages=degraded_performance", approved_by="sander")),
)  # fmt: skip

_LIVE: tuple[Row, ...] = (
    (41, "jonna", "", _raise),
    (41, "jonna", LIVE, _entry(
        "alert", fingerprint="refused-people-pt", source="alertmanager", state="firing",
        url="https://alerts.parcelwren.example/refused-people-pt",
        text="212 people refused within five minutes. It counts people and not stations since June.")),
    (40, "jonna", LIVE, _entry("paged", target="schedule:incident-managers", policy="majors", step=1)),
    (38, "amara", LIVE, _acknowledge),
    (37, "amara", LIVE, _assign("tech_lead", "jonna")),
    (37, "amara", LIVE, _assign("communications_manager", "oskar")),
    (36, "amara", LIVE, _assign("customer_support_lead", "ilse")),
    (35, "amara", LIVE, _update(
        "internal", "investigating", 15, "No station in Portugal opens, for nobody. Other countries are fine. All of "
        "the response is in #inc-portugal-doors; Jonna leads the technical side. Not known yet: why.")),
    (34, "oskar", LIVE, _update(
        "public", "investigating", 25, "Our lockers in Portugal currently do not open. Your parcel is safe. We are "
        "looking for the cause.", "locker-doors=major_outage", title=PUBLIC_TITLE, approved_by="amara")),
    (32, "jonna", LIVE, _entry(
        "observation", ref="O1", confirmed_by=["ewa"], text="The stations are online and answer. Each code is refused "
        "with NOT_YET_VALID. LIS-0012 believes it is 3 h 12 min earlier than it is.")),
    (30, "jonna", LIVE, _entry(
        "escalated", to="schedule:platform", reason="560 clocks went wrong within minutes of each other; that comes "
        "from the network and not from the stations.")),
    (29, "rui", LIVE, _entry("collaborator", person="rui", audience="responder")),
    (28, "amara", LIVE, _entry(
        "assessment", customer_impact="Nobody in Portugal can collect, send or return a parcel at a station.",
        employee_impact="180 couriers wait at stations that accept nothing; the care desk is flooded.",
        symptoms='The screen says "code not valid yet".', scope="some", affected_percent=14.0, support_cases=96,
        confirmed=True)),
    (27, "jonna", LIVE, _entry(
        "theory", ref="T1", **{"from": ["O1"]}, proposed_fix="Give them ours, by configuration, station by station.",
        text="The new network profiles hand out a time server of the operator's test network. Stations set their "
        "clocks every six hours, and the first ones after the change did so just now.")),
    (26, "rui", LIVE, _entry(
        "theory", ref="T2", text="The gateway sends a wrong time at reconnection.", **{"from": ["O1"]})),
    (24, "ilse", "doors-slow-porto", _merge),
    (22, "jonna", LIVE, _entry(
        "experiment", ref="E1", theory="T1", text="Set LIS-0012 and one station in Porto to our own time server.",
        expectation="Both open with a valid code within a minute.", result="Both open. Offset is back to 40 ms.",
        reverted=False)),
    (21, "jonna", LIVE, _entry("theory", ref="T1", state="supported", text="E1 worked twice out of two.")),
    (21, "rui", LIVE, _entry(
        "theory", ref="T2", state="refuted", text="The time in the gateway's greeting is right to the millisecond.")),
    (20, "amara", LIVE, _update(
        "internal", "identified", 18, "Wrong clocks, from a time server that came with the new network profiles. The "
        "repair works on two stations and is being prepared for all. Care desk: codes stay valid, nobody needs a new "
        "one.")),
    (17, "amara", LIVE, _entry(
        "decision", text="We change the time server and leave the profiles. Going back to the old profiles takes ten "
        "minutes per station and would need the whole night.")),
    (16, "oskar", LIVE, _update(
        "executive", "identified", 60, "Parcels have not been collectable anywhere in Portugal for half an hour. The "
        "cause is found, the repair was tested on two of 560 stations and starts in a few minutes.")),
    (13, "jonna", LIVE, _entry(
        "runbook_step", runbook="pickup-codes-refused.md", step="3. Have stations fetch the key set",
        result="Used for the configuration and not for keys: the same broadcast, busiest first, and 20 a minute "
        "because each of them restarts.")),
    (11, "oskar", LIVE, _update(
        "public", "identified", 30, "The clocks of our lockers in Portugal are wrong, so they reject valid codes as "
        "not yet valid. We are correcting them one after another, the busiest first. Keep your code, it will work.",
        approved_by="amara")),
    (8, "jonna", LIVE, _entry(
        "action_taken", type="change",
        text="Broadcast of our time server started. The first 100 stations are right.")),
    (7, "amara", LIVE, _impact("locker-doors=partial_outage")),
    (6, "ilse", LIVE, _entry(
        "task", ref="K1", assignee="ilse", cleanup=True, text="Extend the deadline of everybody who was refused.")),
    (4, "amara", LIVE, _update(
        "internal", "identified", 15, "180 of 560 stations open again, the rest within twenty minutes if nothing "
        "stops us. 310 care cases.")),
)  # fmt: skip

SCRIPT = _YESTERDAY + _LIVE
