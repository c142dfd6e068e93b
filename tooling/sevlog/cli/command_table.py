"""Every command: its heading, where it lives and its one-line help. Read by `--help` without importing any of them."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A command. `where` is a module below `cli.commands` and the attribute in it."""

    name: str
    heading: str
    where: str
    help: str


SET_UP, RESPOND, LOOK, LEARN, PLAN = "Set up", "Respond", "Look", "Learn", "Plan"
ON_CALL, RECORDS, IN_OUT = "On call", "Records", "In and out"

COMMANDS: tuple[Row, ...] = (
    Row("init", SET_UP, "init:init", "Make a new records repository."),
    Row("demo", SET_UP, "demo:demo", "Make a filled one and serve its site."),
    Row("doctor", SET_UP, "doctor:doctor", "Say what is wrong with this machine or repository, and the cure."),
    Row("completion", SET_UP, "completion:completion", "Let your shell complete commands, incidents and names."),
    Row("raise", RESPOND, "raise_:raise_", "Raise an incident."),
    Row("ack", RESPOND, "raise_:ack", "Take command: lead it, record the channels, start fixing."),
    Row("channel", RESPOND, "raise_:channel", "Record where the response talks."),
    Row("assess", RESPOND, "assessing:assess", "Say what is known of the impact."),
    Row("severity", RESPOND, "assessing:severity", "Change the severity."),
    Row("priority", RESPOND, "assessing:priority", "Change the priority."),
    Row("impact", RESPOND, "assessing:impact", "Change the state of components."),
    Row("update", RESPOND, "updates:update", "Tell customers, or another audience."),
    Row("comms", RESPOND, "comms:comms", "The communication plan, templates, previews, and drafts to approve."),
    Row("escalate", RESPOND, "roles:escalate", "Ask a person, a team or a policy for help."),
    Row("page", RESPOND, "page:page", "Page who is on call for it."),
    Row("assign", RESPOND, "roles:assign", "Give a role to a person."),
    Row("release", RESPOND, "roles:release", "Take a role from a person."),
    Row("handover", RESPOND, "roles:handover", "Offer a role to someone, or accept it."),
    Row("join", RESPOND, "roles:join", "Join an incident."),
    Row("note", RESPOND, "updates:note", "Write down a part of the story."),
    Row("observe", RESPOND, "investigation:observe", "Write down what was seen."),
    Row("theory", RESPOND, "investigation:theory", "Write down why it may happen."),
    Row("experiment", RESPOND, "investigation:experiment", "Put a theory to the test."),
    Row("decide", RESPOND, "investigation:decide", "Write down a decision."),
    Row("act", RESPOND, "investigation:act", "Write down what was done to the system."),
    Row("task", RESPOND, "investigation:task", "Write down something to do, or that it is done."),
    Row("link", RESPOND, "updates:link", "Link another incident, a ticket, an alert or a change."),
    Row("runbook", RESPOND, "runbook:runbook", "Find the runbook that fits, and tick its steps off."),
    Row("monitor", RESPOND, "lifecycle:monitor", "It is mitigated: watch whether it stays so."),
    Row("resolve", RESPOND, "lifecycle:resolve", "The impact is over."),
    Row("close", RESPOND, "lifecycle:close", "Everything is done: off the board."),
    Row("reopen", RESPOND, "lifecycle:reopen", "It is back: to fixing again."),
    Row("decline", RESPOND, "lifecycle:decline", "It was a false alarm."),
    Row("merge", RESPOND, "lifecycle:merge", "It is part of another incident."),
    Row("correct", RESPOND, "corrections:correct", "Correct an entry."),
    Row("retract", RESPOND, "corrections:retract", "Take an entry back."),
    Row("board", LOOK, "board:board", "The live incidents, the most pressing first."),
    Row("next", LOOK, "guidance:next_", "What is outstanding, with the command for it."),
    Row("list", LOOK, "board:list_", "All incidents, or some of them."),
    Row("show", LOOK, "board:show", "One incident as it stands, or as it stood."),
    Row("timeline", LOOK, "board:timeline", "The entries of one incident."),
    Row("theories", LOOK, "guidance:theories", "The tree of theories, and what was tried."),
    Row("similar", LOOK, "similar:similar", "Past incidents like this one, and what they taught."),
    Row("workload", LOOK, "guidance:workload", "Who carries what, and who needs a break."),
    Row("roles", LOOK, "guidance:roles", "The roles, their cards, and who holds them."),
    Row("postmortem", LEARN, "postmortem:postmortem", "Submit, approve, publish or waive a postmortem."),
    Row("maintenance", PLAN, "maintenance:maintenance", "Plan, begin, verify, complete or cancel a maintenance."),
    Row("oncall", ON_CALL, "oncall:oncall", "Say who is on call, and change it."),
    Row("check", RECORDS, "check:check", "Find every mistake in the records."),
    Row("fmt", RECORDS, "fmt:fmt", "Bring record files into one form."),
    Row("compact", RECORDS, "compact:compact", "Put a closed incident's timeline into one file."),
    Row("redact", RECORDS, "redact:redact", "Take content out of an entry, for safety or privacy."),
    Row("sync", RECORDS, "sync:sync", "Send what was recorded here, and take in what others recorded."),
    Row("hook", IN_OUT, "hook:hook", "Commands of your own that run after acts."),
    Row("intake", IN_OUT, "intake:intake", "Take in alerts of a monitoring system."),
    Row("import", IN_OUT, "import_:import_", "Bring in the history of another status page."),
    Row("site", IN_OUT, "site:site", "Build or serve the status page."),
)
