"""What a draft says of the investigation: confirmed observations, theories and how they ended, experiments."""

from __future__ import annotations

from collections.abc import Iterator

from ...timeline.entries import Theory
from ...timeline.state import State
from .markdown_parts import bullets, one_line, paragraphs, sentence
from .source import Source

_WORDS = {"supported": "Proved right", "refuted": "Refuted", "open": "Neither proved nor refuted"}


def investigation(source: Source) -> str:
    """Confirmed observations, then each theory with its outcome and experiments, those that proved right first."""
    state = source.state
    order = list(_WORDS)
    known = sorted(state.theories.items(), key=lambda pair: order.index(pair[1].state))
    seen = [f"{f'{o.ref}: ' if o.ref else ''}{sentence(o.text)}" for o in state.observations if o.confirmed_by]
    return paragraphs(
        f"Confirmed observations:\n\n{bullets(seen)}" if seen else "",
        f"Theories:\n\n{chr(10).join(line for ref, theory in known for line in _theory(state, ref, theory))}"
        if known
        else "",
    )


def _theory(state: State, ref: str, theory: Theory) -> Iterator[str]:
    stated, outcome = _texts(state, ref)
    yield f"- {_WORDS[theory.state]}, {ref}: {sentence(stated)}"
    if outcome:
        yield f"    - Because: {sentence(outcome)}"
    if theory.proposed_fix:
        yield f"    - Proposed fix: {sentence(theory.proposed_fix)}"
    for tried in state.experiments:
        if tried.theory == ref:
            result = f" Result: {sentence(tried.result)}" if tried.result else " No result recorded."
            name = f"Experiment {tried.ref}" if tried.ref else "Experiment"
            yield f"    - {name}: {sentence(tried.text)} Expected: {sentence(tried.expectation)}{result}"


def _texts(state: State, ref: str) -> tuple[str, str]:
    """What the theory says, and what was written when it was settled."""
    said = [
        item.effective for item in state.timeline if isinstance(item.effective, Theory) and item.effective.ref == ref
    ]
    texts = [(one_line(entry.text), entry.state) for entry in said if entry.text]
    stated = texts[0][0] if texts else ""
    outcome = next((text for text, became in reversed(texts) if became != "open" and text != stated), "")
    return stated, outcome
