"""Who signed which commit, by lists of signers that are handed in: never by what the user or the checkout trusts.

ssh signatures are held against a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS), OpenPGP ones against a file
of public keys. git does the verifying, with both lists put in place for this one run.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from ...errors import GitTrouble
from ..git.command import Git, finished

_PLACES = ("%H", "%P", "%ct", "%an <%ae>", "%s", "%G?", "%GS", "%GF", "%GP")
_FORMAT = "%x00".join(_PLACES) + "%x01"
_KEY_TYPE = re.compile(r"(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+")
_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
_AT_ONCE = 500

Verdict = Literal["good", "unsigned", "bad", "unknown", "expired"]


class Signer(Struct, frozen=True, kw_only=True):
    """A line of a file of allowed signers. names: its principals. key: type and base64."""

    names: tuple[str, ...]
    options: str
    key: str

    @property
    def fingerprint(self) -> str:
        """As ssh-keygen and git show it; empty where the key is none."""
        try:
            data = base64.b64decode(self.key.partition(" ")[2], validate=True)
        except binascii.Error:
            return ""
        return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")

    @property
    def bounded(self) -> bool:
        """Whether it holds for a time only."""
        return "valid-before=" in self.options.lower() or "valid-after=" in self.options.lower()

    @property
    def line(self) -> str:
        """The line again."""
        return " ".join(part for part in (",".join(self.names), self.options, self.key) if part)


class Trusted(Struct, frozen=True, kw_only=True):
    """Whose signatures count. signers: for ssh. keys: a file of OpenPGP public keys, as it is."""

    signers: tuple[Signer, ...] = ()
    keys: bytes = b""


class Signed(Struct, frozen=True, kw_only=True):
    """A commit and what its signature is worth.

    at: the committer's clock, in seconds. names: what the signer goes by (principals, or user ids of an OpenPGP key).
    key: the fingerprint of the key, where one was seen.
    """

    commit: str
    parents: tuple[str, ...]
    at: int
    author: str
    subject: str
    verdict: Verdict
    names: tuple[str, ...] = ()
    key: str = ""


def signers(data: bytes) -> tuple[Signer, ...]:
    """The valid lines of a file of allowed signers; others are skipped, as in ssh-keygen."""
    found = []
    for line in data.decode("utf-8", "replace").splitlines():
        words = _WORD.findall(line) if not line.lstrip().startswith("#") else []
        place = next((n for n, word in enumerate(words) if n and _KEY_TYPE.fullmatch(word)), len(words))
        if place + 1 < len(words):
            names = tuple(name for name in words[0].strip('"').split(",") if name)
            found.append(Signer(names=names, options=" ".join(words[1:place]), key=" ".join(words[place : place + 2])))
    return tuple(found)


def verified(git: Git, commits: Sequence[str], trusted: Trusted) -> Iterator[Signed]:
    """Every commit with the worth of its signature. Raises GitTrouble where a program for it is missing."""
    with tempfile.TemporaryDirectory(prefix="sevlog-") as folder:
        place = Path(folder)
        allowed = place / "allowed"
        allowed.write_text("".join(f"{signer.line}\n" for signer in trusted.signers), "utf-8")
        environment, owners = _keyring(place, trusted.keys)
        for start in range(0, len(commits), _AT_ONCE):
            part = commits[start : start + _AT_ONCE]
            done = git.run(
                "-c",
                f"gpg.ssh.allowedSignersFile={allowed}",
                "-c",
                "gpg.ssh.program=ssh-keygen",
                "-c",
                "gpg.program=gpg",
                "-c",
                "gpg.minTrustLevel=undefined",
                "-c",
                "log.showSignature=false",
                "log",
                "--no-walk=unsorted",
                "--stdin",
                f"--format=tformat:{_FORMAT}",
                data=("\n".join(part) + "\n").encode(),
                environment=environment,
            )
            said = done.stderr.decode("utf-8", "replace")
            if "cannot run ssh-keygen" in said:
                raise GitTrouble("ssh-keygen is needed to check signatures", "install openssh 8.2 or newer")
            for row in done.stdout.decode("utf-8", "replace").split("\x01")[:-1]:
                yield _signed(row.lstrip("\n").split("\0"), trusted, owners)


def _signed(row: Sequence[str], trusted: Trusted, owners: Mapping[str, tuple[str, ...]]) -> Signed:
    commit, parents, at, author, subject, letter, name, key, primary = row
    known = [signer for signer in trusted.signers if signer.fingerprint == key]
    verdict: Verdict = "unknown"
    names: tuple[str, ...] = ()
    if letter == "N":
        verdict = "unsigned"
    elif letter == "B":
        verdict = "bad"
    elif key.startswith("SHA256:"):
        if letter == "G":
            verdict = "good"
            names = tuple(dict.fromkeys([name, *(n for s in known if name in s.names for n in s.names)]))
        elif known:
            verdict = "expired" if any(signer.bounded for signer in known) else "bad"
            names = tuple(dict.fromkeys(n for s in known for n in s.names))
    elif primary in owners:
        verdict = "expired" if letter in "XYR" else "good"
        names = owners[primary]
    return Signed(
        commit=commit,
        parents=tuple(parents.split()),
        at=int(at),
        author=author,
        subject=subject,
        verdict=verdict,
        names=names,
        key=key or primary,
    )


def _keyring(place: Path, keys: bytes) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The environment in which gpg knows just these keys, and the names on each: user ids, and addresses in them."""
    home = place / "gnupg"
    home.mkdir(mode=0o700)
    environment = {"GNUPGHOME": str(home)}
    if not keys:
        return environment, {}
    _gpg(place, environment, "--import", data=keys)
    listing = _gpg(place, environment, "--with-colons", "--list-keys")
    owners: dict[str, tuple[str, ...]] = {}
    primary, fresh = "", False
    for fields in (line.split(":") for line in listing.splitlines()):
        if fields[0] in ("pub", "sub"):
            fresh = fields[0] == "pub"
        elif fields[0] == "fpr" and fresh:
            primary, fresh = fields[9], False
            owners[primary] = ()
        elif fields[0] == "uid" and primary:
            address = re.search(r"<([^<>]+)>", fields[9])
            owners[primary] += (fields[9], *((address[1],) if address else ()))
    return environment, owners


def _gpg(place: Path, environment: Mapping[str, str], *words: str, data: bytes | None = None) -> str:
    """What gpg prints. Raises GitTrouble where it is missing or refuses."""
    command = ["gpg", "--batch", "--quiet", "--no-autostart", "--no-auto-check-trustdb", *words]
    try:
        done = finished(command, place, data, None, {**os.environ, **environment})
    except FileNotFoundError:
        raise GitTrouble("gpg is needed to check OpenPGP signatures", "install gnupg 2.2 or newer") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise GitTrouble(
            "gpg cannot read the file of public keys", *(f"gpg says: {line}" for line in said.splitlines())
        )
    return done.stdout.decode("utf-8", "replace")
