"""The table of commands: heading, module and one-line help. `--help` reads it without importing a command."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """One command. `where` is a module in `cli.commands` and the attribute in it."""

    name: str
    heading: str
    where: str
    help: str


SET_UP, RESPOND, LOOK, LEARN, PLAN = "Set up", "Respond", "View", "Learn", "Plan"
ON_CALL, RECORDS, IN_OUT = "On call", "Records", "Integrations"

COMMANDS: tuple[Command, ...] = (
    Command("init", SET_UP, "init:init", "Create a records repository."),
    Command("demo", SET_UP, "demo:demo", "Create a demo repository and serve its status page."),
    Command(
        "doctor", SET_UP, "doctor:doctor", "Find problems with this machine or repository, and show how to fix them."
    ),
    Command("upgrade", SET_UP, "upgrade:upgrade", "Bring the files that sevlog wrote up to date."),
    Command("completion", SET_UP, "completion:completion", "Print the completion script for your shell."),
    Command("raise", RESPOND, "raise_:raise_", "Raise an incident."),
    Command("ack", RESPOND, "raise_:ack", "Take command of an incident and start fixing."),
    Command("channel", RESPOND, "raise_:channel", "Record a chat, call or document of the response."),
    Command("assess", RESPOND, "assessing:assess", "Record the impact on customers."),
    Command("severity", RESPOND, "assessing:severity", "Change the severity."),
    Command("priority", RESPOND, "assessing:priority", "Change the priority."),
    Command("impact", RESPOND, "assessing:impact", "Change the state of components."),
    Command("update", RESPOND, "updates:update", "Publish an update to customers or another audience."),
    Command("drafts", RESPOND, "drafts:drafts", "List the drafts that wait for approval, and since when."),
    Command("approve", RESPOND, "drafts:approve", "Approve a draft and publish it as an update."),
    Command("comms", RESPOND, "comms:comms", "Work with the communication plan, its templates, and the lint of texts."),
    Command("escalate", RESPOND, "roles:escalate", "Record a request for help from a person, team or policy."),
    Command("page", RESPOND, "page:page", "Page the people on call."),
    Command("assign", RESPOND, "roles:assign", "Assign a role to a person."),
    Command("release", RESPOND, "roles:release", "Remove a role from a person."),
    Command("handover", RESPOND, "roles:handover", "Offer a role to another person, or accept one."),
    Command("join", RESPOND, "roles:join", "Join an incident."),
    Command("note", RESPOND, "updates:note", "Add a note to the timeline."),
    Command("observe", RESPOND, "investigation:observe", "Record an observation."),
    Command("confirm", RESPOND, "investigation:confirm", "Confirm an observation of another person."),
    Command("theory", RESPOND, "investigation:theory", "Record a possible cause, or the result of testing one."),
    Command("experiment", RESPOND, "investigation:experiment", "Record a test of a theory."),
    Command("result", RESPOND, "investigation:result", "Add the result of an experiment, and what it shows."),
    Command("decide", RESPOND, "investigation:decide", "Record a decision."),
    Command("act", RESPOND, "investigation:act", "Record an action on the system."),
    Command("task", RESPOND, "investigation:task", "Create or update a task."),
    Command("link", RESPOND, "updates:link", "Link another incident, a ticket, an alert or a change."),
    Command("runbook", RESPOND, "runbook:runbook", "Find a runbook and check off its steps."),
    Command("monitor", RESPOND, "lifecycle:monitor", "Start monitoring after a mitigation."),
    Command("resolve", RESPOND, "lifecycle:resolve", "Resolve the incident."),
    Command("close", RESPOND, "lifecycle:close", "Close the incident."),
    Command("reopen", RESPOND, "lifecycle:reopen", "Reopen an incident: back to fixing."),
    Command("decline", RESPOND, "lifecycle:decline", "Decline an incident as a false alarm."),
    Command("merge", RESPOND, "lifecycle:merge", "Merge an incident into another one."),
    Command("correct", RESPOND, "corrections:correct", "Correct an entry."),
    Command("retract", RESPOND, "corrections:retract", "Retract an entry."),
    Command("board", LOOK, "board:board", "Show the live incidents, most urgent first."),
    Command("next", LOOK, "guidance:next_", "Show what to do next, with the commands."),
    Command("list", LOOK, "board:list_", "List and filter incidents."),
    Command("show", LOOK, "board:show", "Show one incident, now or at a past time."),
    Command("timeline", LOOK, "board:timeline", "Show the timeline of an incident."),
    Command("theories", LOOK, "guidance:theories", "Show the theories and the experiments on them."),
    Command("similar", LOOK, "similar:similar", "Find similar past incidents and what was learned."),
    Command("workload", LOOK, "guidance:workload", "Show who has which roles and tasks, and who needs a break."),
    Command("roles", LOOK, "guidance:roles", "Show the roles, their duties and who has them."),
    Command("action", LEARN, "action:action", "Follow up on action items until they are verified."),
    Command("problem", LEARN, "problem:problem", "Group incidents by a common cause, and follow its fix."),
    Command("metrics", LEARN, "metrics:metrics", "Show the figures of past incidents."),
    Command("postmortem", LEARN, "postmortem:postmortem", "Write, review and publish a postmortem."),
    Command("drill", LEARN, "drill:drill", "Practice with a past incident, and compare."),
    Command("replay", LEARN, "replay:replay", "Play an incident again, with what was known when."),
    Command("maintenance", PLAN, "maintenance:maintenance", "Schedule, start, verify, complete or cancel maintenance."),
    Command("oncall", ON_CALL, "oncall:oncall", "Show who is on call, and change it."),
    Command("check", RECORDS, "check:check", "Check the records for errors."),
    Command("fmt", RECORDS, "fmt:fmt", "Format record files."),
    Command("compact", RECORDS, "compact:compact", "Move a closed incident's timeline into one file."),
    Command("redact", RECORDS, "redact:redact", "Remove content from an entry for safety or privacy."),
    Command("sync", RECORDS, "sync:sync", "Push your records and fetch those of others."),
    Command("notify", IN_OUT, "notify:notify", "Send notifications that were not sent yet."),
    Command("hook", IN_OUT, "hook:hook", "List and run hooks."),
    Command("intake", IN_OUT, "intake:intake", "Take in alerts from a monitoring system."),
    Command("import", IN_OUT, "import_:import_", "Import from another status page or on-call service."),
    Command("export", IN_OUT, "export:export", "Export the incidents as JSON, CSV or a calendar."),
    Command("site", IN_OUT, "site:site", "Build or serve the status page."),
)
