"""Whose signatures count, read from a commit: the lists of signers, the people they stand for, and the forge."""

from __future__ import annotations

import hashlib
from typing import TypeVar

import msgspec
from msgspec import Struct

from ....model.config.settings import Config
from ....model.oncall.roster import OnCall, Person
from ....stores import layout
from ....stores.git.command import Git
from ....stores.history import signatures
from ....stores.history.signatures import Signer, Trusted
from ....stores.records import settings
from ....stores.yaml import io as yaml_io

_T = TypeVar("_T")
FILES = (layout.CONFIG_FILE, layout.ONCALL_FILE)


class Trust(Struct, frozen=True, kw_only=True):
    """What one commit says of signatures. path: its file of allowed signers, if it names one.

    signers, keys: what is in the files; people, forge: who the names in them are; required: its policy.
    """

    path: str | None = None
    keys_path: str | None = None
    signers: tuple[Signer, ...] = ()
    keys: bytes = b""
    people: tuple[Person, ...] = ()
    forge: frozenset[str] = frozenset()
    required: bool = False

    @property
    def there(self) -> bool:
        """Whether there is anything to hold a signature against."""
        return bool(self.signers or self.keys)

    @property
    def trusted(self) -> Trusted:
        """The lists."""
        return Trusted(signers=self.signers, keys=self.keys)

    def handles(self, names: tuple[str, ...]) -> frozenset[str]:
        """The people that a signer's names stand for: a handle, the handle at the forge, or a mail address.

        An address is known by its hash; where no hash fits, its local part may be one person's handle. Where
        oncall.yaml lists nobody, a name is a handle as it is.
        """
        found: set[str] = set()
        for name in names:
            digest = hashlib.sha256(name.strip().lower().encode()).hexdigest()
            by_hash = {p.key for p in self.people if p.email_sha256 == digest}
            local = name.partition("@")[0].split("+")[-1].lower()
            found |= by_hash or {p.key for p in self.people if local in (p.key.lower(), (p.forge or "").lower())}
            if not self.people:
                found.add(name.partition("@")[0])
        return frozenset(found)

    def of_forge(self, names: tuple[str, ...], key: str) -> bool:
        """Whether it is the forge that signed."""
        return bool(self.forge & {*names, key})

    def bounded_by(self, later: Trust) -> Trust:
        """The same, with the bounds in time that a later version sets to its keys: one may have been stolen."""
        newer = {signer.key: signer for signer in later.signers if signer.bounded}
        return msgspec.structs.replace(self, signers=tuple(newer.get(s.key, s) for s in self.signers))


def trust_at(git: Git, commit: str) -> Trust:
    """What a commit says. What cannot be read there is as if it were not there: then nothing can be proven by it."""
    config = _decoded(_content(git, commit, layout.CONFIG_FILE), Config, with_defaults=True)
    oncall = _decoded(_content(git, commit, layout.ONCALL_FILE), OnCall)
    if config is None:
        return Trust()
    rules = config.git
    return Trust(
        path=rules.allowed_signers,
        keys_path=rules.openpgp_keys,
        signers=signatures.signers(_content(git, commit, rules.allowed_signers) or b""),
        keys=_content(git, commit, rules.openpgp_keys) or b"",
        people=oncall.people if oncall is not None else (),
        forge=frozenset(rules.forge_signers),
        required=config.policies.signatures == "required",
    )


def _content(git: Git, commit: str, path: str | None) -> bytes | None:
    """A file of a commit, None where it has none."""
    if path is None:
        return None
    done = git.run("cat-file", "blob", f"{commit}:{git.prefix}{path}", check=False)
    return done.stdout if done.returncode == 0 else None


def _decoded(data: bytes | None, shape: type[_T], *, with_defaults: bool = False) -> _T | None:
    if data is None or len(data) > yaml_io.MAX_BYTES:
        return None
    try:
        value = yaml_io.read(data)
        if with_defaults:
            value = settings.with_defaults(value) if isinstance(value, dict) else None
        return msgspec.convert(value, shape)
    except (yaml_io.YamlError, msgspec.ValidationError):
        return None
