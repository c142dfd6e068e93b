"""The rules of the lint of postmortems as a table: what is wrong, what to do instead, how grave it is by default.

docs/postmortem-lint.md has a section for each. A rule that reports less than 95 % rightly is off by default.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

RuleGravity = Literal["error", "warning", "off"]


class Rule(Struct, frozen=True):
    """A rule: the message, the suggestion, and the gravity if the settings say nothing."""

    message: str
    suggestion: str
    gravity: RuleGravity = "warning"


SUPPRESSION = "suppression"
ALLOWED = "allowed"
"""The word list of phrases without findings."""

RULES: dict[str, Rule] = {
    "broken_file": Rule("file cannot be read as a postmortem", "repair the file", "error"),
    "missing_section": Rule("section is missing", "add it", "error"),
    "empty_section": Rule("section is empty", "write it, write `None.`, or delete the heading", "error"),
    "untouched_template": Rule("section contains only the question of the template", "answer it", "error"),
    "no_contributing_factor": Rule(
        "no contributing factor is listed",
        'add to the front matter: contributing_factors: [{id: F1, text: "…"}]',
        "error",
    ),
    "blame_name": Rule(
        "names a person in an analysis", "use the role, such as `a responder` or `the author of the change`"
    ),
    "counterfactual": Rule(
        "says what a person should have done, which explains nothing",
        "say what was done and why it made sense at the time; put the change you want under Actions",
    ),
    "single_root_cause": Rule(
        "claims one root cause", "name the conditions that came together, as contributing factors"
    ),
    "unsupported_cause": Rule(
        "claims a cause without evidence nearby",
        "link a graph, a log or a commit, or name the theory (T1), the factor (F1) or the entry",
        "off",
    ),
    "minimizer": Rule("makes it look easy, which it was not at the time", "remove the word, or say what it took"),
    "vague_words": Rule(
        "intention that nobody can check", "say what will change, so that a second person can see that it is done"
    ),
    "action_without_verb": Rule(
        "action item does not begin with a verb", "begin with what is done, such as `Add`, `Remove` or `Limit`"
    ),
    "action_without_owner": Rule("action item has no owner", "name a person or a team: `owner: ana`"),
    "action_without_due": Rule("action item has no due date", "add a date: `due: 2026-12-01`"),
    SUPPRESSION: Rule("suppression has a mistake", "write the rule and the reason"),
}
"""Rule -> what it says, in the order of the documentation."""
