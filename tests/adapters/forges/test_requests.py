"""Where a pull request is opened, from any form of a remote's address."""

from __future__ import annotations

import pytest

from sevlog.adapters.forges.requests import Draft, Place, address_to_open, offered, place_of

DRAFT = Draft(branch="incident/2026-11-23-web", base="main", title="SEV2: Web & co", body="")
GITHUB = "compare/main...incident/2026-11-23-web?expand=1&title=SEV2%3A%20Web%20%26%20co"
GITLAB = (
    "/-/merge_requests/new?merge_request%5Bsource_branch%5D=incident%2F2026-11-23-web"
    "&merge_request%5Btarget_branch%5D=main&merge_request%5Btitle%5D=SEV2%3A%20Web%20%26%20co"
)
GITEA = "compare/main...incident/2026-11-23-web"
BITBUCKET = "pull-requests/new?source=incident%2F2026-11-23-web&dest=main"
SERVER = "pull-requests?create&sourceBranch=refs%2Fheads%2Fincident%2F2026-11-23-web&targetBranch=refs%2Fheads%2Fmain"


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("https://github.com/acme/status.git", f"https://github.com/acme/status/{GITHUB}"),
        ("https://ana:secret@github.com/acme/status", f"https://github.com/acme/status/{GITHUB}"),
        ("git@github.com:acme/status.git", f"https://github.com/acme/status/{GITHUB}"),
        ("ssh://git@github.com:22/acme/status.git/", f"https://github.com/acme/status/{GITHUB}"),
        ("ssh://git@ssh.github.com:443/acme/status.git", f"https://github.com/acme/status/{GITHUB}"),
        ("git@github.acme.example:acme/status.git", f"https://github.acme.example/acme/status/{GITHUB}"),
        ("https://gitlab.com/acme/ops/status.git", f"https://gitlab.com/acme/ops/status{GITLAB}"),
        ("git@gitlab.acme.example:ops/status.git", f"https://gitlab.acme.example/ops/status{GITLAB}"),
        ("http://gitlab.lan:8080/ops/status.git", f"http://gitlab.lan:8080/ops/status{GITLAB}"),
        ("git@codeberg.org:acme/status.git", f"https://codeberg.org/acme/status/{GITEA}"),
        ("https://gitea.acme.example:3000/git/acme/status", f"https://gitea.acme.example:3000/git/acme/status/{GITEA}"),
        (
            "ssh://forgejo@forgejo.acme.example:2222/acme/status.git",
            f"https://forgejo.acme.example/acme/status/{GITEA}",
        ),
        ("git@bitbucket.org:acme/status.git", f"https://bitbucket.org/acme/status/{BITBUCKET}"),
        (
            "ssh://git@bitbucket.acme.example:7999/ops/status.git",
            f"https://bitbucket.acme.example/projects/ops/repos/status/{SERVER}",
        ),
        (
            "https://bitbucket.acme.example/scm/~ana/status.git",
            f"https://bitbucket.acme.example/users/ana/repos/status/{SERVER}",
        ),
    ],
)
def test_the_page_to_open_it_is_known_from_the_remote(remote: str, page: str) -> None:
    place = place_of(remote)

    assert place is not None
    assert address_to_open(place, DRAFT) == page


@pytest.mark.parametrize("remote", ["git@git.acme.example:acme/status.git", "https://acme.example/status"])
def test_of_an_unknown_forge_no_page_is_made_up(remote: str) -> None:
    place = place_of(remote)

    assert place is not None and place.kind == "unknown"
    assert address_to_open(place, DRAFT) is None


@pytest.mark.parametrize(
    "remote", ["/srv/git/status.git", "../hub.git", "file:///srv/git/status.git", "C:/git/status.git", "ext::sh -c x"]
)
def test_a_folder_is_no_forge(remote: str) -> None:
    assert place_of(remote) is None


def test_a_name_of_the_ssh_configuration_stands_for_its_host(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    programs = tmp_path_factory.mktemp("programs")
    (programs / "ssh").write_text('#!/bin/sh\n[ "$1 $2 $3" = "-G -- work" ] && echo hostname github.com\n', "utf-8")
    (programs / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")

    place = place_of("git@work:acme/status.git")

    assert place == Place(kind="github", host="github.com", address="https://github.com", path="acme/status")


def test_in_words_of_the_forge_it_is_a_merge_request() -> None:
    places = [place_of(f"git@{host}:a/b.git") for host in ("gitlab.com", "github.com")]

    assert [place.word for place in places if place] == ["merge request", "pull request"]


@pytest.mark.parametrize(
    ("told", "page"),
    [
        (("Create a pull request for 'x' on GitHub by visiting:", "https://git.acme.example/a/b/pull/new/x"), 1),
        (("To create a merge request for x, visit:", "  https://git.acme.example/a/b/-/merge_requests/new?a=b"), 1),
        (("Create a new pull request for 'x':", "  https://git.acme.example/a/b/compare/main...x"), 1),
        (("Create pull request for x:", "  https://git.acme.example/projects/A/repos/b/pull-requests?create&a=b"), 1),
        (("Visit the docs: https://git.acme.example/help",), None),
        ((), None),
    ],
)
def test_the_page_that_the_forge_names_itself_is_taken(told: tuple[str, ...], page: int | None) -> None:
    assert offered(told) == (None if page is None else told[page].strip())
