"""The types of values in records, validated on reading: times, days, keys, addresses and texts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 time with an offset, such as 2026-11-23T14:07:30Z.")]
Day = Annotated[
    str,
    Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z", description="A date, such as 2026-11-23."),
]
Duration = Annotated[
    str, Meta(pattern=r"^[1-9][0-9]{0,4}(s|m|h|d|w)\Z", description="A duration: 90s, 15m, 2h, 5d or 4w.")
]
Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\Z", description="A stable key: a-z, 0-9 and hyphens.")]
Handle = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z",
        description="The handle of a person; never a name, mail address or phone number.",
    ),
]
HandleBesideList = Annotated[str, Meta(min_length=1, max_length=64, description="The handle of a person.")]
"""A handle where a list of handles is allowed too. It has no pattern: msgspec 0.22 crashes when it frees the type of a
union of a text with a pattern and a list. The rules report a person who is not listed."""
LevelKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\Z", description="A level such as SEV1 or P2.")]
TypeKey = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,62}\Z", description="A key such as third_party.")]
Word = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}\Z", description="A lower-case word with underscores.")]
ChannelType = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}\Z", description="chat, video, document, or another word.")
]
Url = Annotated[
    str,
    Meta(
        pattern=r"^(https?://[^\s<>\"]+|mailto:[^\s<>\"]+)\Z",
        description="An http, https or mailto address.",
        extra={"redaction": "gone"},
    ),
]
EntryId = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}\Z",
        description="Unique within the incident and never changed; by default the compact time plus the kind.",
    ),
]
REPOSITORY_PATH = r"^(?!.*\.\.)[A-Za-z0-9._][A-Za-z0-9._/-]*\Z"
RepositoryPath = Annotated[
    str,
    Meta(
        pattern=REPOSITORY_PATH, description="A file, from the folder of sevlog.yaml, such as .sevlog/allowed_signers."
    ),
]
ShortText = Annotated[str, Meta(min_length=1, max_length=300)]
Prose = Annotated[str, Meta(min_length=1)]
Name = Annotated[str, Meta(min_length=1, max_length=300, extra={"redaction": "kept"})]
"""A short text that the fold or other entries match. model/redaction uses the `redaction` mark."""
