"""The forms of the internal site: they build record files in the browser, for people without the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

import msgspec

from ...model.config.settings import Config, Priority, Severity
from ...model.vocabulary import IMPACTS, INCIDENT_PHASES, UNKNOWN_COMPONENT, Audience, in_words
from ...services.publishing.internal_view import InternalView
from ...stores import resources
from ..markup.html import Child, Html, join, tag
from .elements import section
from .place import Place

SCRIPT = "assets/sevlog/forms.js"
Choices = Iterable[tuple[str, str]]


def form_files() -> Iterator[tuple[str, bytes]]:
    """The script of the forms."""
    yield SCRIPT, resources.shared("site/internal/forms.js").read_bytes()


def forms(place: Place) -> Html:
    """All of the page below its heading."""
    view = place.view
    where = (
        "The forge then opens with the new file filled in. Commit all files of one incident to the same branch."
        if view.new_file
        else "Copy it into a new file of the records repository, with the path that is shown."
    )
    return join(
        tag(
            "p",
            f"These forms write the files of a record. {where} Nothing is sent anywhere. Times are in your time zone.",
        ),
        tag("noscript", tag("p", "The forms need JavaScript. Without it, use ", tag("code", "sevlog raise"), ".")),
        section("Raise an incident, or record it afterwards", _raise(view), _result("raise"), anchor="raise"),
        section("Write an update", _update(place), _result("update"), anchor="update"),
        tag("script", src=place.location.to(SCRIPT), defer=True),
    )


def _result(name: str) -> Html:
    return join(tag("p", id=f"{name}-said", role="status"), tag("div", id=f"{name}-files"))


def _raise(view: InternalView) -> Html:
    config = view.config
    components = [
        _choice(f"impact-{one.key}", one.name, [("", "not affected"), *_words(IMPACTS[1:])], name=f"impact:{one.key}")
        for one in config.components
        if not one.retired_on
    ]
    kinds = (("incident", "It is happening now"), ("retrospective", "It is over"))
    return tag(
        "form",
        _choice("raise-kind", "What is recorded", kinds, name="kind"),
        _field("raise-title", "Title", tag("input", name="title", id="raise-title", maxlength=300, required=True)),
        _field("raise-summary", "Summary: what is the emergency?", _area("raise-summary", "summary")),
        _choice("raise-severity", "Severity", _levels(config.severities), name="severity", required=True),
        _choice("raise-priority", "Priority", _levels(config.priorities), name="priority", required=True),
        _choice("raise-type", "Type", ((t.key, t.name or t.key) for t in config.types), name="type"),
        tag("fieldset", tag("legend", "Components, and their state"), *components),
        _field("raise-started", "Began at", _time("raise-started", "started")),
        _field("raise-ended", "Ended at (if it is over)", _time("raise-ended", "ended")),
        _people("raise-by", view),
        tag("button", "Make the files", type="submit"),
        id="raise-form",
        data_options=msgspec.json.encode(_options(view)).decode(),
    )


def _options(view: InternalView) -> dict[str, object]:
    """What the script needs to know besides the choices."""
    return {
        "new_file": view.new_file,
        "prefix": view.prefix,
        "ids": [one.incident.id for one in view.records],
        "unknown": UNKNOWN_COMPONENT,
        "visibility": {one.key: one.visibility for one in view.config.types if one.visibility},
        "after": _way_to_the_end(view.config),
    }


def _way_to_the_end(config: Config) -> list[str]:
    """The statuses of an incident that is recorded when it is over, after the first: up to one where people learn."""
    lifecycle = next(iter(config.lifecycles.values()))
    ends = {status.key for status in lifecycle.statuses if status.category == "learning"}
    raised = next((step.to for step in lifecycle.transitions if step.from_ == "new" and step.act == "raise"), None)
    ways = [[raised]] if raised else []
    for way in ways:
        if way[-1] in ends:
            return [key for key in way[1:] if key]
        ways += [[*way, step.to] for step in lifecycle.transitions if step.from_ == way[-1] and step.to not in way]
    return []


def _update(place: Place) -> Html:
    live = [(row.id, row.title) for row in place.view.board.incidents if row.kind == "incident"]
    if not live:
        return tag("p", "No live incidents.")
    spans = (
        ("15", "15 minutes"),
        ("30", "30 minutes"),
        ("60", "1 hour"),
        ("240", "4 hours"),
        ("1440", "1 day"),
        ("", "–"),
    )
    return tag(
        "form",
        _choice("update-incident", "Incident", live, name="incident"),
        _choice(
            "update-audience",
            "Audience",
            _words(sorted(get_args(Audience), key=lambda one: one != "internal")),
            name="audience",
        ),
        _choice("update-phase", "Phase", _words(INCIDENT_PHASES[:-1]), name="phase"),
        _field("update-text", "Text, in Markdown", _area("update-text", "text")),
        _choice("update-next", "Next update in", spans, name="next"),
        _people("update-by", place.view),
        _people("update-approved", place.view, label="Approved by", name="approved", optional=True),
        tag("button", "Make the file", type="submit"),
        id="update-form",
    )


def _words(keys: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, in_words(key)) for key in keys]


def _levels(levels: Iterable[Severity | Priority]) -> list[tuple[str, str]]:
    return [("", "Choose"), *((one.key, f"{one.key}: {one.name}" if one.name else one.key) for one in levels)]


def _people(ident: str, view: InternalView, *, label: str = "You", name: str = "by", optional: bool = False) -> Html:
    people = [(one.key, one.name or one.key) for one in view.oncall.people]
    first = ("", "–" if optional else "Choose your name")
    return _choice(ident, label, [first, *people], name=name, required=not optional)


def _field(ident: str, label: str, control: Child) -> Html:
    return tag("div", tag("label", label, for_=ident), control)


def _choice(ident: str, label: str, choices: Choices, *, name: str, required: bool = False) -> Html:
    options = [tag("option", text, value=value) for value, text in choices]
    return _field(ident, label, tag("select", options, id=ident, name=name, required=required))


def _area(ident: str, name: str) -> Html:
    return tag("textarea", id=ident, name=name, rows=4, required=True)


def _time(ident: str, name: str) -> Html:
    return tag("input", type="datetime-local", id=ident, name=name)
