"""Makes a signal of what a reader found: words, times and texts in one form."""

from __future__ import annotations

from typing import Literal

from ...model.intake.alert import AlertStateName, Answer, Signal, clean, label_words, web_address
from .moments import moment
from .payload import PayloadPart, identity
from .words import meaning

_LABELS = ("component", "service", "app", "application", "job", "workload", "host")
"""Labels that may name a component, the most specific first."""


AnswerKind = Literal["acknowledged", "said"]


def answer_of(kind: AnswerKind | None, who: str, text: str) -> Answer | None:
    """What a person answered at the source; None where nobody is named, or nothing is said."""
    said = clean(text, "summary")
    if kind is None or not who.strip() or (kind == "said" and not said):
        return None
    return Answer(kind=kind, who=clean(who, "label"), mail=who if "@" in who else None, text=said)


def signal_of(
    part: PayloadPart,
    source: str,
    word: str,
    *,
    begun: str = "",
    ended: str = "",
    words: str | None = None,
    fingerprint: str,
    title: str,
    summary: str,
    url: list[str],
    labels: dict[str, object],
) -> Signal:
    """An alert as a reader found it.

    begun, ended: the times at which the alert began and ended. words: the source whose words are used.
    """
    said = meaning(words or source, word)
    told: AlertStateName = "resolved" if said == "ending" else "firing"
    return Signal(
        fingerprint=clean(fingerprint, "fingerprint", identity(fingerprint)),
        source=source,
        state=told,
        at=moment(ended if said == "ending" else begun),
        remark=said in ("quiet", "unknown"),
        unknown_word=clean(word, "label") if said == "unknown" else None,
        title=clean(title, otherwise=f"alert of {source}"),
        summary=clean(summary, "summary") or None,
        url=next((address for one in url if (address := web_address(one))), None),
        components=label_words(labels, _LABELS),
        labels=tuple((clean(k, "label"), clean(v, "label")) for k, v in labels.items() if isinstance(v, str | int)),
    )
