"""A records repository with routes, and the servers that they lead to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fixtures.repositories import Repository, records, template
from fixtures.sending import Sending
from fixtures.servers import MailServer, WebServer, running

__all__ = ["records", "template"]


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running(WebServer()) as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def sending(records: Repository) -> Sending:
    return Sending(records)
