"""Messages for schema violations: the value, what is allowed, and the probable meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from ...model.impossible_time import impossible_part
from ...model.suggestions import nearest, reshaped, type_by_another_name
from ...model.vocabulary import shortened
from .schemas import Schema, Violation, described_patterns, is_instant

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping (`key: value` lines)",
}
_AS_IN_RECORDS = "write it as 2026-11-23T14:07:30Z"
_NAIVE = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)")
_WITHOUT_SECONDS = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d) ?([Zz]|[+-]\d\d:?\d\d)")
_ZONE_NAME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)? ?[A-Za-z][A-Za-z_/]+")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{6,}[0-9]")
_SHOWN = 60


class SchemaMistake(NamedTuple):
    """A schema violation in words. path: of the value; on_key: it is about the key at the end of that path."""

    code: str
    message: str
    hint: str | None
    path: tuple[str | int, ...]
    on_key: bool = False


class Subject(NamedTuple):
    """What a schema is applied to.

    noun: `sevlog.yaml`, `a raised entry`. source: gives the text of a scalar as the file has it, by path.
    stranger: hint about a key that is known elsewhere, or None.
    """

    noun: str
    source: Callable[[tuple[str | int, ...]], str]
    stranger: Callable[[str], str | None] = lambda _: None


def described(violations: list[Violation], subject: Subject) -> Iterator[SchemaMistake]:
    """One message for each wrong value, in the order of the schema: for several broken rules, the most specific one."""
    best: dict[tuple[Any, ...], Violation] = {}
    for violation in violations:
        alone = violation.rule if violation.rule in ("required", "additionalProperties") else ""
        place = (violation.path, violation.on_key and violation.found, alone)
        held = best.get(place)
        if held is None or _weight(violation) < _weight(held):
            best[place] = violation
    meant = _meant_keys(best.values())
    for violation in best.values():
        yield from _DESCRIBERS.get(violation.rule, _other)(violation, subject, meant)


def _weight(violation: Violation) -> int:
    order = ("type", "format", "enum", "pattern")
    return order.index(violation.rule) if violation.rule in order else len(order)


def _meant_keys(violations: Any) -> set[tuple[tuple[str | int, ...], str]]:
    """Keys that are missing only because they are misspelled: (path of the mapping, right key)."""
    return {
        (violation.path, right)
        for violation in violations
        if violation.rule == "additionalProperties"
        for key in _extra(violation)
        if (right := nearest(key, _free_keys(violation))) is not None
    }


def _extra(violation: Violation) -> list[str]:
    return [key for key in violation.found if key not in violation.part.get("properties", {})]


def _free_keys(violation: Violation) -> list[str]:
    return [key for key in violation.part.get("properties", {}) if key not in violation.found]


def _unknown_keys(violation: Violation, subject: Subject, _: set[Any]) -> Iterator[SchemaMistake]:
    known = list(violation.part.get("properties", {}))
    whose = subject.noun if not violation.path else name_of(violation.path)
    for key in _extra(violation):
        close = nearest(key, _free_keys(violation)) or nearest(key, known)
        hint = f"did you mean `{close}`?" if close else None if violation.path else subject.stranger(key)
        yield SchemaMistake(
            "unknown_key",
            f"`{shown(key)}` is not a key of {whose}",
            hint or f"known keys: {', '.join(known)}",
            (*violation.path, key),
            on_key=True,
        )


def _missing_key(violation: Violation, subject: Subject, meant: set[Any]) -> Iterator[SchemaMistake]:
    whose = subject.noun if not violation.path else name_of(violation.path)
    for key in violation.limit:
        if key not in violation.found and (violation.path, key) not in meant:
            about = violation.part["properties"].get(key, {}).get("description", "")
            yield SchemaMistake(
                "missing_key", f"{whose} needs the key `{key}`", f"{key}: {about}".rstrip(": "), violation.path
            )


def _wrong_type(violation: Violation, subject: Subject, _: set[Any]) -> Iterator[SchemaMistake]:
    name, found = name_of(violation.path) if violation.path else subject.noun, violation.found
    allowed = [t for t in ([violation.limit] if isinstance(violation.limit, str) else violation.limit) if t != "null"]
    source = subject.source(violation.path)
    if found is None:
        yield SchemaMistake("empty_value", f"{name} is empty", "fill it in, or delete the line", violation.path)
        return
    takes = "a time" if violation.part.get("format") == "date-time" else " or ".join(_TYPES[t] for t in allowed)
    yield SchemaMistake(
        "wrong_type",
        f"{name} must be {takes}, not {found_words(found, source)}",
        _type_hint(allowed, found, source, violation.part),
        violation.path,
    )


def _type_hint(allowed: list[str], found: object, source: str, part: Schema) -> str | None:
    if "string" in allowed and isinstance(found, (bool, int, float)):
        if part.get("format") == "date-time":
            return _AS_IN_RECORDS
        return f'without quotes YAML reads it as {_plain_name(found)}: write "{source}"'
    if "boolean" in allowed and isinstance(found, str):
        meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}.get(
            found.lower()
        )
        return (
            f"YAML 1.2 accepts only true and false: write {meant}" if meant else "write true or false, without quotes"
        )
    if ("integer" in allowed or "number" in allowed) and isinstance(found, str):
        return "write a plain number, without quotes and without a unit"
    if "array" in allowed and isinstance(found, (str, int, float)):
        return f"write it as a list, even for one value: [{source}]"
    if "object" in allowed and part.get("properties"):
        return f"write its keys below it, indented: {', '.join(part['properties'])}"
    if "object" in allowed and isinstance(found, list):
        return "write `key: value` lines, without the hyphens in front"
    if "array" in allowed and isinstance(found, dict):
        return "start each item with a hyphen: - key: value"
    return None


def _wrong_word(violation: Violation, subject: Subject, _: set[Any]) -> Iterator[SchemaMistake]:
    words = [word for word in violation.limit if word is not None]
    name, found = name_of(violation.path), violation.found
    if violation.on_key:
        yield _wrong_key(violation, words)
        return
    if found is None:
        yield SchemaMistake("empty_value", f"{name} is empty", f"allowed: {', '.join(words)}", violation.path)
        return
    close = (type_by_another_name(found, words) or nearest(found, words)) if isinstance(found, str) else None
    what = f"`{shown(found)}`" if isinstance(found, str) else found_words(found, subject.source(violation.path))
    hint = f"did you mean `{close}`? Allowed: {', '.join(words)}" if close else f"allowed: {', '.join(words)}"
    yield SchemaMistake("unknown_value", f"{name} cannot be {what}", hint, violation.path)


def _wrong_key(violation: Violation, words: list[str]) -> SchemaMistake:
    close = nearest(violation.found, words)
    hint = f"did you mean `{close}`?" if close else f"known keys: {', '.join(words)}"
    return SchemaMistake(
        "unknown_key",
        f"`{shown(violation.found)}` is not a key of {name_of(violation.path)}",
        hint,
        (*violation.path, violation.found),
        on_key=True,
    )


def _wrong_form(violation: Violation, subject: Subject, _: set[Any]) -> Iterator[SchemaMistake]:
    if violation.part.get("format") == "date-time":
        yield from _wrong_time(violation, subject, _)
        return
    found, pattern = violation.found, violation.limit
    path = (*violation.path, found) if violation.on_key else violation.path
    name = f"the key `{shown(found)}` of {name_of(violation.path)}" if violation.on_key else name_of(path)
    form = pattern_words().get(pattern) or str(violation.part.get("description", "another form"))
    private = private_word(found)
    if private and "never a" in form:
        yield SchemaMistake(
            "personal_data",
            f"{name} is {private}, which must not be in git: `{shown(found)}`",
            "keep it as an environment secret and write only the secret's name here: ANA_PAGER"
            if pattern.startswith("^[A-Z]")
            else "write the person's handle, such as ana",
            path,
            violation.on_key,
        )
        return
    if found.endswith("\n") and re.search(pattern, found.rstrip("\n")):
        yield SchemaMistake(
            "wrong_form", f"{name} ends with a line break", "write it on one line", path, violation.on_key
        )
        return
    like = reshaped(found, pattern)
    said = f"{name} is not allowed" if violation.on_key else f"{name} cannot be `{shown(found)}`"
    first = form[0].lower() if form[1:2].islower() or form[1:2] == " " else form[0]
    expected = f"xpected: {first}{form[1:].rstrip('.')}"
    hint = f"did you mean `{like}`? E{expected}" if like else f"e{expected}"
    yield SchemaMistake("wrong_form", said, hint, path, violation.on_key)


def _wrong_time(violation: Violation, subject: Subject, _: set[Any]) -> Iterator[SchemaMistake]:
    name, text = name_of(violation.path), violation.found
    message, hint = f"{name} is not a time: `{shown(text)}`", _AS_IN_RECORDS
    naive, brief = _NAIVE.fullmatch(text), _WITHOUT_SECONDS.fullmatch(text)
    impossible = impossible_part(text)
    if impossible:
        message, hint = f"{name} is not a time: `{shown(text)}`: {impossible}", _AS_IN_RECORDS
    elif naive:
        clock = naive[2] if naive[2].count(":") == 2 else f"{naive[2]}:00"
        utc = f"{naive[1]}T{clock}Z"
        message = f"{name} has no UTC offset: `{shown(text)}`"
        hint = f"write {utc} for UTC, or add the offset: {utc[:-1]}+01:00" if is_instant(utc) else hint
    elif brief and is_instant(f"{brief[1]}T{brief[2]}:00{brief[3].upper()}"):
        message = f"{name} has no seconds: `{shown(text)}`"
        hint = f"write {brief[1]}T{brief[2]}:00{brief[3].upper()}"
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        message, hint = f"{name} is a day, not a time: `{text}`", f"add the time and its offset: {text}T14:07:30Z"
    elif _ZONE_NAME.fullmatch(text) and not text.endswith(("Z", "z")):
        message = f"{name} uses a time zone name, which can be ambiguous: `{shown(text)}`"
        hint = "write the offset in digits, such as +01:00, or Z for UTC"
    elif re.search(str(violation.part.get("pattern", "")), text):
        message = f"{name} is not a valid date and time: `{shown(text)}`"
    yield SchemaMistake("wrong_time", message, hint, violation.path)


def _wrong_length(violation: Violation, subject: Subject, _: set[Any]) -> Iterator[SchemaMistake]:
    name = name_of(violation.path) if violation.path else subject.noun
    size, limit = len(violation.found), violation.limit
    if size == 0:
        about = str(violation.part.get("description", "")).rstrip(".")
        hint = f"fill it in ({about})" if about else "fill it in, or delete the line"
        yield SchemaMistake("empty_value", f"{name} is empty", hint, violation.path)
    elif violation.rule.startswith("max"):
        unit = "characters" if violation.rule == "maxLength" else "items"
        yield SchemaMistake(
            "too_long", f"{name} has {size:,} {unit}; at most {limit:,} are allowed", None, violation.path
        )
    else:
        yield SchemaMistake("too_short", f"{name} needs at least {limit}", None, violation.path)


def _out_of_range(violation: Violation, _: Subject, __: set[Any]) -> Iterator[SchemaMistake]:
    side = "at least" if violation.rule == "minimum" else "at most"
    yield SchemaMistake(
        "out_of_range",
        f"{name_of(violation.path)} must be {side} {violation.limit}, not {violation.found}",
        None,
        violation.path,
    )


def _choice(violation: Violation, subject: Subject, _: set[Any]) -> Iterator[SchemaMistake]:
    """None of several forms fits: report the form that has the right type, else the types."""
    for wrong in violation.choices:
        if not any(inner.rule == "type" and inner.path == violation.path for inner in wrong):
            yield from described(list(wrong), subject)
            return
    types = [inner.limit for wrong in violation.choices for inner in wrong if inner.limit != "null"]
    yield from _wrong_type(violation._replace(limit=types, part=violation.choices[0][0].part), subject, set())


def _other(violation: Violation, subject: Subject, _: set[Any]) -> Iterator[SchemaMistake]:
    name = name_of(violation.path) if violation.path else subject.noun
    yield SchemaMistake(
        "invalid", f"{name} violates the rule {violation.rule}: {violation.limit}", None, violation.path
    )


_DESCRIBERS: dict[str, Callable[[Violation, Subject, set[Any]], Iterator[SchemaMistake]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_key,
    "type": _wrong_type,
    "enum": _wrong_word,
    "pattern": _wrong_form,
    "format": _wrong_time,
    "minimum": _out_of_range,
    "maximum": _out_of_range,
    "anyOf": _choice,
    **dict.fromkeys(
        ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _wrong_length
    ),
}


@cache
def pattern_words() -> dict[str, str]:
    """What each pattern of the model stands for."""
    return dict(described_patterns())


def private_word(text: str) -> str | None:
    """What a text is if it is an address of a person: an e-mail address or a phone number; else None."""
    if _MAIL.fullmatch(text.strip().removeprefix("mailto:")):
        return "an e-mail address"
    plain = text.strip().removeprefix("tel:")
    if _PHONE.fullmatch(plain) and not re.fullmatch(r"\d{4}-\d\d-\d\d.*", plain):
        return "a phone number"
    return None


def name_of(path: tuple[str | int, ...]) -> str:
    """A value's name in a message: its key, and its place in a list, counted from 1."""
    last = path[-1] if path else "the file"
    if isinstance(last, int):
        before = name_of(path[:-1]) if len(path) > 1 else "the list"
        return f"{before} item {last + 1}"
    return f"`{shown(last)}`"


def shown(text: str) -> str:
    """A text as it is quoted in a message: on one line, cut where it is long, unseen characters as escapes."""
    cut = shortened(text, _SHOWN)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)


def found_words(value: object, source: str) -> str:
    """A value of the wrong type in words. source: its text in the file."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"{source or str(value).lower()}"
    if isinstance(value, (int, float)):
        return f"the number {source or value}"
    if isinstance(value, str):
        return f"the text `{shown(value)}`"
    return "a list" if isinstance(value, list) else "a mapping"


def _plain_name(value: object) -> str:
    return "true or false" if isinstance(value, bool) else "a number"
