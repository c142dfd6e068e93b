"""Signs of a text that is not plain technical English, and what to write instead.

`signs` takes any text: a document, an error message, a help text.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Sign(NamedTuple):
    """A phrase in a text. line: counted from 1."""

    line: int
    phrase: str
    advice: str


PHRASES: dict[str, str] = {
    # Riddles: say what a thing is, who does what, and where it is.
    r"(?<!there )(?:is|are|was|were) no(?! longer| more than)": "say what it is: `is not a …`",
    r"knows? (?:no|nothing|nobody)": "say what is missing, and where",
    r"there is no telling": "say that it is not known",
    r"what is [^.,:?]{1,40}? is": "name the thing",
    r"nothing (?:says|tells)": "name what is missing",
    r"(?:is|are) not to be": "say who must not do what",
    r"(?:is|are|was|were|been|being|be) told": "say who tells whom, or: is reported",
    r"told (?:of|back|by)|tells? of": "reported, repeated, shown",
    r"(?:stands?|stood) (?:in|there|here)": "is in; or: replaces",
    r"(?:lies?|lay) (?:in|at|on|below|under|beside|beneath|between|ahead|here|there)": "is in",
    r"(?:is|are|was|were) gone": "does not exist any more; or: was removed",
    r"(?:is|are|was|were) hit": "is affected",
    r"nobody's (?:word|business)": "say who says what",
    r"hold(?:s|ing)? (?:it|them|both|each \w+|everyone|everybody) (?:to|against)": "compare with; check against",
    # Old or indirect words.
    r"mend(?:s|ed|ing)?": "fix, repair, correct; or: no problems",
    r"by way of": "through, with",
    r"com(?:e|es|ing) to know|came to know": "learn, detect",
    r"whoever|whomever": "the person who",
    r"whom": "who; or: the people that",
    r"for ?ever": "always, permanently",
    r"of (?:one's|our) own": "our own …",
    r"if you like": "optionally",
    r"hangs? on": "depends on",
    r"(?:left|leave|leaves) aside": "not used; or: skipped",
    r"every so (?:many|often)|so many times|so long a time": "every n days; that many times",
    r"(?:does|done|do) without": "works without it",
    r"look(?:s|ed|ing)? after": "is responsible for",
    r"anew|beforehand|hitherto|thereby|therein|thereof|whereby": "use a common word",
    r"of trouble|each trouble|the cure|cures? for": "problem, fix",
    r"out of shape": "invalid",
    # The field's words, always the same one for the same thing.
    r"rotas?": "schedule, rotation",
    r"life cycles?": "lifecycle",
    r"hand-overs?": "handover",
    r"stand-ins?": "override; in tests: fake",
    # One spelling: American.
    r"\w*colour\w*": "color",
    r"\w*behaviour\w*": "behavior",
    r"(?:favour|honour|neighbour|rumour|labour)\w*": "-or, not -our",
    r"artefacts?": "artifact",
    r"(?:organi|recogni|summari|normali|initiali|seriali|synchroni|minimi|categori|authori|customi|prioriti|finali)s"
    r"(?:e|es|ed|er|ers|ing|ation|ations)": "-ize, not -ise",
    r"analys(?:e|ed|ing)": "analyze",
    r"(?:licen|defen|offen)ces?": "-ense, not -ence",
    r"cent(?:re|red|res)": "center",
    r"catalogues?": "catalog",
    r"grey": "gray",
    r"(?:travell|labell|modell|signall)(?:ed|ing|er|ers)": "one l",
    r"learnt|spelt|burnt|whilst|amongst|judgements?|programmes?|fulfil": "the American form",
}
"""Pattern -> what to write. A space stands for any space or line break; a name in backticks is not looked at."""


def _spaced(pattern: str) -> str:
    """The pattern with any number of spaces for each one, but not behind a look-behind, which has a fixed width."""
    return re.sub(r"(?<!there) ", " +", pattern)


_SIGNS = tuple(
    (re.compile(r"(?<![\w`-])(?:" + _spaced(pattern) + r")(?![\w-])", re.IGNORECASE), advice)
    for pattern, advice in PHRASES.items()
)
_CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def found(text: str) -> list[Sign]:
    """The signs in a text, in order."""
    flat = re.sub(r"\s", " ", text.replace("\n\n", ". "))
    hits = [(match, advice) for pattern, advice in _SIGNS for match in pattern.finditer(flat)]
    return [
        Sign(text.count("\n", 0, match.start()) + 1, re.sub(r" +", " ", match[0]), advice)
        for match, advice in sorted(hits, key=lambda hit: hit[0].start())
    ]


def signs(text: str) -> list[str]:
    """What to change in a text: each phrase, and what to write instead. Empty for plain English."""
    return [f"`{sign.phrase}`: {sign.advice}" for sign in found(text)]


def without_output(document: str) -> str:
    """A Markdown document whose console blocks keep their commands only: the output has the words of the code."""
    return _CONSOLE.sub(lambda block: re.sub(r"(?m)^(?!\$ ).*$", "", block[0]), document)
