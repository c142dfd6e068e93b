"""The lint for texts that customers read: what to avoid, why, and what to write instead.

Each rule is a row of RULES. English words are in lint_words; `comms.lint.words` adds words of other languages, of
vendors and of the team. Findings are warnings unless the rule or `comms.lint.rules` sets another severity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from ..config.comms import Lint
from ..problem import Gravity
from ..vocabulary import FINAL_PHASES, MAINTENANCE_PHASES, Phase
from . import lint_words as english
from .plaintext import plain
from .private_words import MAIL, PHONE, secrets_in
from .templates import HOLE, line_and_column


class Hearing(Struct, frozen=True, kw_only=True):
    """A text with the facts that the lint needs.

    down: whether a component is in a major outage. people: names and handles. hidden: names of private components and
    of teams. ids: severities, priorities, and internal ids. title: the internal title.
    """

    text: str
    phase: Phase
    down: bool = False
    people: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    title: str | None = None
    support: str | None = None


class Finding(Struct, frozen=True, kw_only=True):
    """A finding in a text. excerpt: the text found. line, column: from 1. instead: what to write."""

    rule: str
    gravity: Gravity
    line: int
    column: int
    excerpt: str
    message: str
    instead: str


class Rule(Struct, frozen=True):
    """A rule. finds: the places in the text; configured words are searched in addition."""

    message: str
    instead: str
    finds: Callable[[Hearing, Lint], Iterable[re.Match[str] | tuple[int, int]]]
    gravity: Gravity = "warning"


def lint(hearing: Hearing, settings: Lint) -> tuple[Finding, ...]:
    """The findings in a text, in order."""
    hearing = replace(hearing, text=hearing.text[:_READ])
    allowed = [m.span() for m in _phrases(settings.words.get(ALLOWED, ())).finditer(hearing.text)]
    found: dict[tuple[int, int, str], Finding] = {}
    for name, rule in RULES.items():
        gravity = settings.rules.get(name, rule.gravity)
        if gravity == "off":
            continue
        for start, end in sorted(_spans(name, rule, hearing, settings)):
            if not any(a <= start and end <= b for a, b in allowed):
                line, column = line_and_column(hearing.text, start)
                found[start, end, name] = Finding(
                    rule=name,
                    gravity=gravity,
                    line=line,
                    column=column,
                    message=rule.message,
                    instead=rule.instead,
                    excerpt=_excerpt(hearing.text, start, end, name),
                )
    return tuple(found[key] for key in sorted(found))


def _excerpt(text: str, start: int, end: int, rule: str) -> str:
    """The text found; only the first characters of a secret."""
    return f"{text[start : start + 4]}…" if rule == SECRET else " ".join(text[start:end].split())[:80]


SECRET = "secret"
"""The rule whose findings are never shown in full."""
_READ = 20_000
"""The most characters that are checked; longer texts have a finding for their length."""
ALLOWED = "allowed"
"""The word list of phrases without findings."""


def _spans(name: str, rule: Rule, hearing: Hearing, settings: Lint) -> Iterator[tuple[int, int]]:
    own = _phrases(settings.words.get(name, ())).finditer(hearing.text)
    quiet = name == "promise" and hearing.phase in MAINTENANCE_PHASES
    for place in (*rule.finds(hearing, settings), *(() if quiet else own)):
        yield place if isinstance(place, tuple) else place.span()


@lru_cache(maxsize=64)
def _phrases(words: Sequence[str]) -> re.Pattern[str]:
    """Matches any of these words or phrases; `*` matches the rest of a word."""
    literal = [r"\s+".join(re.escape(part).replace(r"\*", r"\w*") for part in phrase.split()) for phrase in words]
    return _expressions(tuple(literal))


@lru_cache(maxsize=64)
def _expressions(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Matches any of these expressions as whole words, ignoring case."""
    if not parts:
        return re.compile(r"(?!)")
    spaced = "|".join(part.replace(" ", r"\s+") for part in parts)
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)", re.IGNORECASE)


def _words(*parts: str) -> Callable[[Hearing, Lint], Iterable[re.Match[str]]]:
    return lambda hearing, _: _expressions(parts).finditer(_without_links(hearing.text))


_URL = re.compile(r"https?://[^\s)>]+")


def _without_links(text: str) -> str:
    """The text with spaces in place of URLs."""
    return _URL.sub(lambda match: " " * len(match[0]), text)


_INTERNAL_HOST = re.compile(
    r"\b(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}"
    r"(?:internal|local|lan|corp|intranet|intra|private|localdomain|svc|cluster|consul|home\.arpa)\b(?:\.[a-z0-9-]+)*"
    r"|\blocalhost(?::\d+)?\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?<![\w.-])(?:[a-z]{1,20}-){0,4}(?:db|app|web|api|node|srv|server|host|prod|stage|staging|worker|master|primary"
    r"|replica|redis|kafka|pg|mysql|postgres|k8s|vm|gw|lb|fw|sw)(?:-(?!v\d)[a-z0-9]{1,20}){0,4}-?\d{1,4}(?![\w-])"
    r"|(?<![\w-])[a-z0-9]+(?:-[a-z0-9]+){0,4}-[a-f0-9]{8,10}-[a-z0-9]{5}(?![\w-])"
)


def _hosts(hearing: Hearing, _: Lint) -> Iterator[re.Match[str]]:
    yield from _INTERNAL_HOST.finditer(hearing.text)
    yield from _MACHINE.finditer(_without_links(hearing.text))


_NUMBERS = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\w:]|\.\d)"
)


def _addresses(hearing: Hearing, _: Lint) -> Iterator[re.Match[str]]:
    from ipaddress import ip_address  # slow to load, and most commands lint nothing

    for match in _NUMBERS.finditer(hearing.text):
        if re.search(r"(?i)\bv(?:ersion)?\.? ?\Z", hearing.text[max(match.start() - 9, 0) : match.start()]):
            continue
        try:
            address = ip_address(match[0])
        except ValueError:
            continue
        if match[0].strip(":") and not (address.is_global and hearing.text[match.end() : match.end() + 1] == "/"):
            yield match  # customers use ranges of public addresses in allow-lists


_TICKET = re.compile(r"(?<![\w-])([A-Z][A-Z0-9]{1,9})-\d{1,6}(?![\w-])")
_RECORD = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?:-[a-z0-9]+)+|(?<!\w)\d{8}T\d{6}(?:\.\d{3})?Z(?:-[a-z_]+)?")
_COMMIT = re.compile(r"(?<![\w-])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}(?![\w-])")


def _internal_ids(hearing: Hearing, _: Lint) -> Iterator[re.Match[str]]:
    text = _without_links(hearing.text)
    yield from (m for m in _TICKET.finditer(text) if m[1] not in english.TICKET_PREFIXES)
    yield from _RECORD.finditer(text)
    yield from _COMMIT.finditer(text)
    yield from _exactly(text, hearing.ids)
    if hearing.title and len(hearing.title.split()) > 2:
        yield from _phrases((hearing.title,)).finditer(text)


def _exactly(text: str, words: Iterable[str]) -> Iterator[re.Match[str]]:
    chosen = "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True) if word)
    return re.finditer(rf"(?<![\w-])(?:{chosen})(?![\w-])", text) if chosen else iter(())


_STARTS = re.compile(r"(?:\A|[.!?:;\n]|[-*] |\d\. )\W*\Z")


def _people(hearing: Hearing, _: Lint) -> Iterator[re.Match[str]]:
    """Names and handles of people. A first name that is also a word counts only inside a sentence, capitalized."""
    text = _without_links(hearing.text)
    for match in _exactly(text, hearing.people):
        word = match[0].lower()
        if word not in english.ORDINARY_NAMES or (
            match[0][0].isupper() and word not in english.MONTHS and not _STARTS.search(text[: match.start()])
        ):
            yield match


def _outages(hearing: Hearing, lint_: Lint) -> Iterable[re.Match[str]]:
    return () if hearing.down else _words(*english.OUTAGES)(hearing, lint_)


def _promises(hearing: Hearing, lint_: Lint) -> Iterator[re.Match[str]]:
    """Promised times; not in a maintenance, whose window is an intended promise."""
    if hearing.phase not in MAINTENANCE_PHASES:
        yield from _words(*english.PROMISES)(hearing, lint_)
        if hearing.phase not in FINAL_PHASES:
            yield from _words(*english.PROMISED_TIMES)(hearing, lint_)


def _guesses(hearing: Hearing, lint_: Lint) -> Iterable[re.Match[str]]:
    return _words(*english.GUESSES)(hearing, lint_) if hearing.phase == "investigating" else ()


def _apologies(hearing: Hearing, lint_: Lint) -> Iterator[re.Match[str] | tuple[int, int]]:
    yield from _words(*english.EMPTY_APOLOGIES)(hearing, lint_)
    sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n+", hearing.text) if re.search(r"\w", s)]
    sorry = _expressions(english.APOLOGY_SENTENCES)
    if sentences and all(sorry.search(sentence) and len(sentence) < 200 for sentence in sentences):
        yield 0, len(hearing.text)


_SHOUTED = re.compile(r"(?<!\w)[^\W\d_a-z]{2,40}(?:\s{1,4}[^\W\d_a-z]{2,40}){2,}(?!\w)|!{2,}")


def _capitals(hearing: Hearing, _: Lint) -> Iterator[re.Match[str]]:
    for match in _SHOUTED.finditer(_without_links(hearing.text)):
        if match[0].startswith("!") or (match[0].isupper() and any(len(word) > 3 for word in match[0].split())):
            yield match


def _length(hearing: Hearing, settings: Lint) -> Iterator[tuple[int, int]]:
    if len(plain(hearing.text)) > settings.longest:
        yield settings.longest, min(settings.longest + 40, len(hearing.text))


def _holes(hearing: Hearing, lint_: Lint) -> Iterator[re.Match[str]]:
    yield from HOLE.finditer(hearing.text)
    yield from _words(*english.HOLES)(hearing, lint_)
    yield from re.finditer(r"(?<!\w)_{3,}|[\[<](?:…|\.\.\.)[\]>]", hearing.text)


def _secrets(hearing: Hearing, _: Lint) -> Iterator[tuple[int, int]]:
    return ((secret.start, secret.end) for secret in secrets_in(hearing.text))


_DESKS = re.compile(r"(?i)(?:support|help|helpdesk|service|info|status|security|press|privacy|contact|hello|care)\b")

_DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}|\d{4}-\d\d-\d\d")


def _private(hearing: Hearing, _: Lint) -> Iterator[re.Match[str]]:
    for match in MAIL.finditer(hearing.text):
        if not _DESKS.match(match[0]) and match[0] not in (hearing.support or ""):
            yield match
    yield from (m for m in PHONE.finditer(_without_links(hearing.text)) if not _DATE.match(m[0]))


RULES: dict[str, Rule] = {
    "hole": Rule("placeholder was not filled in", "fill it in, or remove it", _holes, "error"),
    SECRET: Rule("this looks like a secret", "remove it, and revoke it: it was typed into a text", _secrets, "error"),
    "host_name": Rule("host name: useless to customers, useful to attackers", "say what customers cannot do", _hosts),
    "ip_address": Rule(
        "IP address: useless to customers, useful to attackers", "say what customers cannot do", _addresses
    ),
    "internal_id": Rule("internal id: customers do not know it", "say what it means for customers", _internal_ids),
    "internal_name": Rule(
        "internal name: customers do not know it",
        "use the name that customers see",
        lambda hearing, _: _exactly(_without_links(hearing.text), hearing.hidden),
    ),
    "person": Rule("names a person", "say what was done, or `we`", _people),
    "vendor": Rule(
        "names another company, which does not help customers and may not be public",
        "say what it means for customers, or write `one of our providers`",
        lambda *_: (),
    ),
    "personal_data": Rule("personal mail address or phone number", "use the address of your support", _private),
    "promise": Rule(
        "promises a time that is not known",
        "say what you are doing now, and set the next update with --next-in",
        _promises,
    ),
    "guess": Rule(
        "guesses at a cause: readers remember the first thing they read",
        "say what is known: what fails, who is affected, and that you are working on it",
        _guesses,
    ),
    "blame": Rule("blames somebody", "say what happened, and what you will change", _words(*english.BLAME)),
    "outage": Rule(
        "exaggerates: no component is in a major outage",
        "say what fails, such as `some card payments are refused`, or set --component KEY=major_outage",
        _outages,
    ),
    "apology": Rule(
        "empty apology: it does not say what for", "name the reason: `You could not pay. We are sorry.`", _apologies
    ),
    "capitals": Rule("reads as shouting", "write it in lower case, with a period", _capitals),
    "length": Rule(
        "too long for readers on a phone", "keep what customers can act on; put the rest into a postmortem", _length
    ),
}
"""Rule name -> rule, in the order of the documentation."""

PREFIX = "lint_"
"""The prefix of a rule name in finding codes and overrides."""
