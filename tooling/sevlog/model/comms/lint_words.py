"""The English words that the lint of texts looks for. Other languages: `comms.lint.words` in sevlog.yaml.

Each phrase is a regular expression without anchors; it is found as whole words, in upper or lower case.
"""

from __future__ import annotations

_LENGTH = r"(?:\d{1,3}|an?|one|two|three|five|ten|fifteen|twenty|thirty|a few|some|a couple of|several)"
_UNIT = r"(?:more )?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)"
_ABOUT = r"(?:(?:about|around|approximately|roughly|less than|under|at most|the next|next) )?"
_DAY = (
    r"(?:today|tonight|tomorrow|noon|midnight|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)"
)
_CLOCK = (
    r"(?:\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?|\d{1,2} ?(?:[ap]\.?m\.?|o'clock)|end of (?:the |this )?(?:day|week)|eod|cob)"
)

PROMISES: tuple[str, ...] = (
    rf"later {_DAY}",
    r"(?<!as\x20)soon(?! after| before|er)",
    r"shortly(?! after| before|\w)",
    "momentarily",
    r"any (?:minute|moment|second)(?: now)?",
    "imminently",
    "before long",
    "eta",
    "asap",
    "as soon as possible",
    "in no time",
    "right away",
    r"(?:will|should|shall) (?:\w+ )?be (?:\w+ )?(?:fixed|resolved|restored|back|repaired|solved|over)",
    r"(?:we |to )?expect(?:ed)? (?:\w+ ){0,4}to be (?:\w+ )?(?:fixed|resolved|restored|back|repaired|solved|over)",
)
PROMISED_TIMES: tuple[str, ...] = (
    rf"(?:in|within) {_ABOUT}{_LENGTH} {_UNIT}",
    rf"(?:in|within) the (?:next )?{_UNIT}",
    rf"(?:by|no later than) (?:about )?(?:{_CLOCK}|{_DAY})",
    "tomorrow",
    "tonight",
)
"""Promised times; searched only before the incident is over, because after that times are facts."""
GUESSES: tuple[str, ...] = (
    "probably",
    "presumably",
    "apparently",
    "possibly",
    "perhaps",
    "maybe",
    "likely (?:caused|due|related|because)",
    "we (?:think|believe|suspect|assume|guess)",
    "seems?(?: to be)?",
    "appears? to be",
    r"(?:might|may|could) be (?:caused|due|related)",
)
_ONE_OF_US = r"(?:engineers?|developers?|employees?|operators?|administrators?|interns?)"
_OTHERS = r"(?:providers?|vendors?|suppliers?|partners?|third[- ]part(?:y|ies))"
BLAME: tuple[str, ...] = (
    r"(?:human|operator|user|pilot|manual) errors?",
    "to blame",
    "at fault",
    r"(?:\w+'s )?fault of",
    "careless(?:ly|ness)?",
    "negligen(?:t|ce|tly)",
    "incompeten(?:t|ce)",
    "sloppy",
    "mistakenly",
    "accidentally",
    "by accident",
    "forgot(?:ten)? to",
    "failed to follow",
    rf"(?:an?|one of our) (?:\w+ )?{_ONE_OF_US}",
    rf"(?:caused by|due to|because of) (?:an? |our |the )?(?:\w+ )?{_OTHERS}",
)
OUTAGES: tuple[str, ...] = (
    r"(?<!partial\x20)outages?",
    "(?:completely|entirely|totally|fully) (?:down|unavailable|offline)",
    "everything is down",
)
EMPTY_APOLOGIES: tuple[str, ...] = (
    "any inconveniences?",
    "inconveniences? (?:this may have )?caused",
    "for the inconveniences?",
)
APOLOGY_SENTENCES: tuple[str, ...] = (
    "apolog(?:y|ies|i[sz]e)",
    "sorry",
    "regret",
    "inconvenience",
    r"thanks?(?: you)?",
    "appreciate",
    "bear with us",
    "your (?:patience|understanding)",
)
_TO_FILL = r"(?:insert|your|fill in|add|name|title|time|date|components?|services?|impact|customer impact|details?)"
HOLES: tuple[str, ...] = (
    "todo",
    "tbd",
    "tba",
    "fixme",
    "xxx+",
    "lorem ipsum",
    r"_{3,}",
    rf"\[{_TO_FILL}\b[^\]\n]{{0,80}}\](?!\()",
    rf"<{_TO_FILL}\b[^>\n]{{0,80}}>",
)
_NAMES = """
will mark grace may bill rose art frank faith hope joy dawn summer april june august sky river robin drew pat jack bob
rob gene guy max miles chase chance case grant dean earl major page paige penny ruby crystal heather iris ivy lily
violet daisy olive ginger basil reed ray rich sandy sunny sue peg jean jade amber norm stew cliff glen lance bo an ann
in on to so al ed mo jo la do no he she we you it
"""
ORDINARY_NAMES = frozenset(_NAMES.split())
"""First names that are also words: they count as names only where they stand as one, inside a sentence."""
MONTHS = frozenset(("april", "may", "june", "august"))
_PREFIXES = """
UTF ISO SHA TLS SSL AES RSA MD HTTP HTTPS COVID CVE RFC IPV WPA USB MP PEP IEEE BASE WINDOWS IOS PHP GPT DIN EN UTC GMT
CET CEST EST EDT PST PDT BST IST JST A B C D E F G H I K L M N P R S T V X Y Z
"""
TICKET_PREFIXES = frozenset(_PREFIXES.split())
"""What stands before a hyphen and a number without being a ticket."""
