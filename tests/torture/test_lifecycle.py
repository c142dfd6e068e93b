"""Random commands against the table: accepted as it says, or refused with exit 3, a reason and a way that works."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from fixtures.commands import run
from fixtures.repositories import write_postmortem
from fixtures.timelines import config
from torture import cures
from torture.figures import Figures
from torture.lifecycle_model import TARGETS, Expected, Typed, is_accepted, learn, read, step
from torture.sizes import in_parts, share, size
from torture.stage import typed as types
from torture.team import Clone, Said, Team, require_clean

ROWS = config().lifecycles["default"].transitions
OTHER = "the-database-is-full"
RAISED = {"severity": "SEV2", "component": "checkout", "summary": "cards are refused"}
people = st.sampled_from(["ana", "bo"])
phases = st.sampled_from(["investigating", "identified", "monitoring", "resolved"])
levels = st.sampled_from(["SEV1", "SEV2", "SEV3"])


def some(**options: str) -> st.SearchStrategy[dict[str, str]]:
    """All of the options, mostly, else any of them. Underscores stand for hyphens."""
    every = {name.replace("_", "-"): value for name, value in options.items()}
    part = st.sets(st.sampled_from(sorted(every))).map(lambda names: {name: every[name] for name in sorted(names)})
    return st.one_of(st.just(every), st.just(every), part)


_READING = ("list", "show")
"""Commands of hints that only read, and have no --dry-run."""


class Response(RuleBasedStateMachine):
    """One incident after the other, driven by two people in one clone."""

    template: ClassVar[Path]
    typed: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix="lifecycle-"))
        shutil.copytree(self.template, self.place / "here")
        self.here = Clone(self.place / "here", "ana")
        self.now = Expected("", "", None)
        self.number = 0

    def teardown(self) -> None:
        try:
            if self.number:
                require_clean(self.here)
                assert types(self.here, "check").code == 0
        finally:
            shutil.rmtree(self.place)

    def say(self, *words: str) -> Said:
        """Type words and look at nothing but what is said."""
        Response.typed += 1
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["--repo", str(self.here.folder), *words])
        return Said(code, out.getvalue(), err.getvalue())

    @initialize(triage=st.booleans())
    def begin(self, triage: bool) -> None:
        self.number += 1
        options = (
            ["--triage", "--source", "monitoring"] if triage else [p for o in RAISED for p in (f"--{o}", RAISED[o])]
        )
        said = self.say("raise", f"Number {self.number}", *options, "--json")
        assert said.code == 0, said
        self.now = Expected(
            json.loads(said.out)["id"], "triage" if triage else "raised", None if triage else RAISED["severity"]
        )

    @precondition(lambda self: self.now.status in ("closed", "declined", "merged"))
    @rule(triage=st.booleans())
    def begin_again(self, triage: bool) -> None:
        self.begin(triage)

    @rule(person=people, options=some(**RAISED))
    def raise_(self, person: str, options: dict[str, str]) -> None:
        self.act(Typed("raise", person, options))

    @rule(person=people, options=some(channel="chat=https://chat.example/room"))
    def ack(self, person: str, options: dict[str, str]) -> None:
        self.act(Typed("ack", person, options))

    @rule(person=people, options=some(mitigation="rolled back"))
    def monitor(self, person: str, options: dict[str, str]) -> None:
        self.act(Typed("monitor", person, options))

    @rule(person=people, options=some(attestation="no errors", ended_at="now", final_update="It is over."))
    def resolve(self, person: str, options: dict[str, str]) -> None:
        self.act(Typed("resolve", person, options))

    @rule(person=people)
    def close(self, person: str) -> None:
        self.act(Typed("close", person))

    @rule(word=st.sampled_from(["reopen", "decline"]), person=people, options=some(reason="because"))
    def give_a_reason(self, word: str, person: str, options: dict[str, str]) -> None:
        self.act(Typed(word, person, options))

    @rule(person=people, into=st.sampled_from([(OTHER,), ()]))
    def merge(self, person: str, into: tuple[str, ...]) -> None:
        self.act(Typed("merge", person, {}, into))

    @rule(
        word=st.sampled_from(["monitor", "resolve", "close"]),
        person=people,
        rules=st.sets(
            st.sampled_from(
                ["mitigation", "assessment", "attestation", "impact_end", "final_updates", "cleanups", "postmortem"]
            ),
            min_size=1,
        ),
    )
    def override(self, word: str, person: str, rules: set[str]) -> None:
        self.act(Typed(word, person, {"reason": "it must be"}, (), tuple(sorted(rules))))

    @rule(person=people, options=some(customer_impact="some cannot pay", scope="some"))
    def assess(self, person: str, options: dict[str, str]) -> None:
        if options:
            self.act(Typed("assess", person, options))

    @rule(person=people, kind=st.sampled_from(["mitigation", "diagnostic"]))
    def do(self, person: str, kind: str) -> None:
        self.act(Typed("act", person, {"type": kind}, ("restarted",)))

    @rule(person=people)
    def end_impact(self, person: str) -> None:
        self.act(Typed("impact", person, {"ended-at": "now"}))

    @rule(person=people, phase=phases, audience=st.sampled_from(["internal", "public"]))
    def tell(self, person: str, phase: str, audience: str) -> None:
        title = {"title": "Payments fail"} if audience == "public" else {}
        self.act(Typed("update", person, {"audience": audience, "phase": phase, **title}, ("We are on it.",)))

    @rule(person=people, level=levels)
    def grade(self, person: str, level: str) -> None:
        self.act(Typed("severity", person, {"reason": "it grows"}, (level,)))

    @rule(person=people)
    def plan(self, person: str) -> None:
        self.act(Typed("task", person, {}, ("look at the logs",)))

    @rule(person=people, word=st.sampled_from(["note", "theory", "observe", "decide"]))
    def write(self, person: str, word: str) -> None:
        self.act(Typed(word, person, {}, ("so it seems",)))

    def act(self, typed: Typed) -> None:
        """Type it; it is accepted or refused as expected, and the record is as expected afterwards."""
        accepted = is_accepted(self.now, ROWS, typed)
        before = self.here.head
        said = self.say(*typed.words(self.now.id))
        assert said.code == (0 if accepted else 3), (typed, self.now, said)
        if accepted:
            learn(self.now, typed)
        else:
            assert self.here.head == before
            self.require_way_out(typed, said)
        self.require_as_expected()

    def require_way_out(self, typed: Typed, said: Said) -> None:
        """What the hints say can be done: the same command then, or at least another."""
        assert said.err.startswith("error: ") and "hint: " in said.err, said
        taken = step(self.now, ROWS, typed) if typed.word in TARGETS else None
        if taken is None and (typed.word in TARGETS or "already" not in said.err):
            tried: dict[str, Said] = {}
            assert self.leads_on(said, tried), (typed, self.now, said, tried)
        for _ in range(8 if taken else 0):
            typed = self.cured(typed, said)
            said = self.say(*typed.words(self.now.id))
            if said.code == 0:
                learn(self.now, typed)
                return
        assert taken is None, (typed, self.now, said)

    def leads_on(self, said: Said, tried: dict[str, Said]) -> bool:
        """A command that the hints offer works, or what it says in turn does: `close` first wants the postmortem."""
        for words in (words for hint in hints(said) for words in cures.commands(hint, OTHER)):
            if (line := " ".join(words)) in tried:
                continue
            tried[line] = self.say(*words, *(() if words[0] in _READING else ("--dry-run",)))
            if tried[line].code == 0 or self.leads_on(tried[line], tried):
                return True
        return False

    def cured(self, typed: Typed, said: Said) -> Typed:
        """Do what each hint says: type its command, or add its option. Where it is the same command, that one."""
        options = dict(typed.options)
        for hint in hints(said):
            wanted = cures.options(hint)
            options.update(wanted)
            for words in cures.commands(hint, OTHER)[: 0 if wanted else 1]:
                if words[0] == typed.word:
                    return read(words, typed.person)
                by = typed.person
                if words[:2] == ["postmortem", "submit"]:
                    (folder,) = sorted(self.here.folder.glob(f"incidents/*/{self.now.id}"))
                    write_postmortem(folder)
                elif words[:2] == ["postmortem", "approve"]:
                    (path,) = sorted(self.here.folder.glob(f"incidents/*/{self.now.id}/postmortem.md"))
                    by = next(p for p in ("ana", "bo") if f"authors:\n  - {p}\n" not in path.read_text("utf-8"))
                done = self.say(*words, "--as", by)
                assert done.code == 0, (typed, self.now, said, words, done)
                learn(self.now, read(words, typed.person))
        return Typed(typed.word, typed.person, options, typed.arguments, typed.overrides)

    def require_as_expected(self) -> None:
        said = self.say("show", self.now.id, "--json")
        shown: dict[str, Any] = json.loads(said.out)
        assert (shown["status"], shown["severity"], shown["lead"]) == (
            self.now.status,
            self.now.severity,
            self.now.lead,
        ), self.now
        assert {task["ref"] for task in shown["tasks"] if task["state"] == "open"} == self.now.open_tasks
        assert shown["major"] == (self.now.severity in ("SEV1", "SEV2"))
        assert [problem for problem in shown["problems"] if problem["severity"] == "error"] == []


def hints(said: Said) -> list[str]:
    """The hints of a refusal, without the last resort."""
    rows = [line.removeprefix("hint: ") for line in said.err.splitlines() if line.startswith("hint: ")]
    return [row for row in rows if not row.startswith(("to do it anyway", "to send it anyway"))]


@in_parts
def test_random_commands_are_accepted_or_refused_as_the_table_says(team: Team, part: int, figures: Figures) -> None:
    here = team.clone("ana")
    here.git("remote", "remove", "origin")
    words = [part for name, value in RAISED.items() for part in (f"--{name}", value)]
    assert types(here, "raise", OTHER.replace("-", " ").capitalize(), *words).code == 0
    Response.template, Response.typed = here.folder, 0
    how = settings(
        max_examples=len(share("examples", part)),
        stateful_step_count=size("steps"),
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        phases=[Phase.generate, Phase.shrink],
    )

    run_state_machine_as_test(seeded(size("seed") * 1000 + part)(Response), settings=how)

    figures(commands=Response.typed)
