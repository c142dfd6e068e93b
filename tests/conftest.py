"""Tests see no configuration of the machine they run on: git knows an Ana and nothing else, sevlog no environment."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from fixtures.clocks import BEFORE, START, Clock, environment
from sevlog.model.rules.hooks import PIPELINE_VARIABLES

settings.register_profile(
    "sevlog", derandomize=True, max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sevlog")  # the same examples in every run, however slow the machine is

LONG = ("packaging", "torture", "browser", "site", "services/sync")
"""Folders with files that take long. They run first, so that no process works alone at the end."""
OF_A_TERMINAL = {"EDITOR", "VISUAL", "PAGER", "NO_COLOR", "FORCE_COLOR"}
GIT_CONFIG = """\
[user]
	name = Ana Test
	email = ana@example.org
[gc]
	auto = 0
[init]
	defaultBranch = main
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders of LONG first; `make test` keeps the order."""
    items.sort(key=lambda item: not item.nodeid.startswith(tuple(f"tests/{folder}/" for folder in LONG)))


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A git identity that is the same everywhere. A test that wants none sets GIT_CONFIG_GLOBAL to os.devnull."""
    config = tmp_path_factory.mktemp("git") / "config"
    (config.parent / "template/hooks").mkdir(parents=True)  # without samples: they would be a third of all files
    config.write_text(f"{GIT_CONFIG}\ttemplateDir = {config.parent / 'template'}\n", "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("SEVLOG_", "GIT_", "GITHUB_")) or name in OF_A_TERMINAL | PIPELINE_VARIABLES:
                patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        for name, value in environment(BEFORE).items():
            patch.setenv(name, value)
        yield


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, clean_environment: None) -> Clock:
    """The clock of the test, for sevlog, for git, and for whatever the test starts."""
    for name, value in environment(START).items():
        monkeypatch.setenv(name, value)
    return Clock()
