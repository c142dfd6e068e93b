"""What looks like a secret is found wherever it stands, and nothing that real people wrote of incidents is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fixtures.secret_shapes import SHAPES
from sevlog.model.comms.private_words import secrets_in, without_secrets

REAL = Path(os.environ.get("SEVLOG_REAL_DATA") or Path(__file__).parents[4] / "shared/data")


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("around", ["{}", "We saw {} in the log.", "key: '{}'\n", "<{}>", "({})", "`{}`"])
def test_a_secret_is_found_once_and_never_said_whole(name: str, around: str) -> None:
    text = around.format(SHAPES[name])

    (found,) = secrets_in(text)

    assert text[found.start : found.end] in SHAPES[name]
    assert len(found.masked(text)) == 5
    assert text[found.start : found.end] not in found.stated(text)
    assert list(secrets_in(without_secrets(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "postgres://user:***@db.example.com",
        "postgres://user:$PASSWORD@db",
        "https://user:<password>@host/",
        "redis://:(redacted)@cache",
        "https://x.example:8080/a@b",
        "http://a.example/x:y@z",
        "http://[::1]:80/",
        "ssh://git@github.com:org/x",
        "git@github.com:a/b",
        "mailto:ana@example.com",
        "the token expired",
        "password=...",
        "token=abc",
        "password: the one of the vault",
        "sk-something",
        "ghp_ is what tokens begin with",
        "key-value pairs",
        "`http://localhost:8080` and ana@x.example",
        "# yaml-language-server: $schema=../../../../schemas/entry.schema.json",
        "degraded_performance",
        "20261128T213838.418Z-note",
        "2026-11-23-a-very-long-name-of-an-incident",
        "us-east-1 and eu-us-12",
        "commit 4f2c1ea0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6",
        "-----BEGIN CERTIFICATE-----",
        "the private key ran out",
    ],
)
def test_what_is_no_secret_is_not_found(text: str) -> None:
    assert list(secrets_in(text)) == []


@pytest.mark.parametrize(
    "text", ["a_" * 40_000, "://" * 40_000, "x://a:" * 20_000, "eyJa." * 20_000, "password=" * 10_000, "-a" * 50_000]
)
def test_a_hostile_text_is_looked_through_at_once(text: str) -> None:
    assert list(secrets_in(text)) == []


@pytest.mark.skipif(not REAL.is_dir(), reason="the archives of real incidents are not here")
@pytest.mark.parametrize("archive", ["claude-statuspage", "github-history", "jenkins-cstate"])
def test_in_real_histories_nothing_is_taken_for_a_secret(archive: str) -> None:
    texts = {p: p.read_bytes().decode() for p in sorted((REAL / archive).rglob("*")) if p.is_file()}

    assert sum(map(len, texts.values())) > 100_000
    assert [(str(p), s.stated(text)) for p, text in texts.items() for s in secrets_in(text)] == []
