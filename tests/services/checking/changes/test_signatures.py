"""check --signatures: commits are signed by the people their entries name, by keys that the base lists. Real keys."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fixtures.checkable import CONFIG, FILES, FOLDER, git, records
from fixtures.commands import run

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")

SIGNERS = ".sevlog/allowed_signers"
SIGNED = CONFIG + f"git: {{allowed_signers: {SIGNERS}, forge_signers: [forge]}}\n"
PEOPLE = ("ana", "bo", "eve", "forge")
Files = Mapping[str, str | None]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in (*PEOPLE, "old"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name], check=True)
    return folder


class Records:
    """A records repository whose main branch lists the keys of ana, bo and the forge."""

    def __init__(self, root: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._keys, self._capsys = root, keys, capsys
        records(root, {"sevlog.yaml": SIGNED, SIGNERS: self.lines("ana", "bo", "forge")})
        git(root, "init", "-q")
        git(root, "config", "gpg.format", "ssh")
        self.commit("ana", at="2025-01-01T00:00:00Z")
        git(root, "checkout", "-q", "-b", "side")

    def line(self, person: str, *, key: str | None = None, options: str = "") -> str:
        kind, data, *_ = (self._keys / f"{key or person}.pub").read_text().split()
        return f"{person} {options} {kind} {data}\n"

    def lines(self, *people: str) -> str:
        return "# who may sign\n" + "".join(self.line(person) for person in people)

    def commit(self, key: str | None, files: Files | None = None, *, at: str | None = None, say: str = "x") -> str:
        """Commit files, signed by a key or by none; the commit's id."""
        for name, text in (files or {}).items():
            path = self.root / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        git(self.root, "add", "-A")
        return self._made(key, "commit", "-q", "--allow-empty", "-m", say, at=at)

    def merge(self, key: str | None, branch: str, *more: str) -> str:
        """Merge a branch without a fast-forward; the merge's id."""
        return self._made(key, "merge", "-q", "--no-ff", "-m", f"merge {branch}", *more, branch)

    def _made(self, key: str | None, command: str, *words: str, at: str | None = None) -> str:
        sign = ("-c", f"user.signingkey={self._keys / key}") if key else ()
        flag = "-S" if key else "--no-gpg-sign"
        environment = {**os.environ, **({"GIT_COMMITTER_DATE": at} if at else {})}
        subprocess.run(
            ["git", *sign, command, flag, *words], cwd=self.root, check=True, env=environment, capture_output=True
        )
        return git(self.root, "rev-parse", "HEAD")

    def found(self, *words: str) -> list[dict[str, Any]]:
        """The findings of check --signatures."""
        self._capsys.readouterr()
        run(["--repo", str(self.root), "check", "--signatures", "--json", *words])
        found: list[dict[str, Any]] = json.loads(self._capsys.readouterr().out)["problems"]
        return [problem for problem in found if problem["code"] != "future_entry"]

    def codes(self, *words: str) -> list[str]:
        return [problem["code"] for problem in self.found(*words)]


@pytest.fixture
def repository(tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> Records:
    return Records(tmp_path / "records", keys, capsys)


def note(by: str, minute: int = 10, text: str = "seen") -> dict[str, str]:
    at = f"2026-11-20T10:{minute}"
    name = f"{FOLDER}/timeline/20261120T10{minute}00Z-note.yaml"
    return {name: f"kind: note\nat: {at}:00Z\nby: {by}\ntext: {text}\n"}


def test_an_entry_signed_by_its_author_is_proven(repository: Records) -> None:
    repository.commit("bo", note("bo"))
    repository.commit("ana", note("ana", 20))
    assert repository.found("--base", "main") == [] == repository.found()


def test_an_entry_signed_by_another_is_told_with_both_names(repository: Records) -> None:
    made = repository.commit("ana", note("bo"))
    (found,) = repository.found("--base", "main")
    assert (found["code"], found["severity"]) == ("signer_is_not_author", "error")
    assert found["path"].endswith("20261120T101000Z-note.yaml")
    assert found["message"] == (
        f"the entry `20261120T101000Z-note` says by: bo, and ana signed it (commit {made[:10]})"
    )
    assert repository.codes() == ["signer_is_not_author"]


def test_a_commit_that_is_not_signed_is_told_with_the_cure(repository: Records) -> None:
    made = repository.commit(None, note("ana"), say="note: seen")
    (found,) = repository.found("--base", "main")
    assert found["code"] == "unsigned_commit"
    assert found["message"] == f"the commit {made[:10]} (“note: seen”, by Ana Test <ana@example.org>) is not signed"
    assert "gpg.format ssh" in found["hint"] and "rebase --exec" in found["hint"]


def test_a_key_that_nobody_listed_does_not_count(repository: Records) -> None:
    repository.commit("eve", note("ana"))
    (found,) = repository.found("--base", "main")
    assert found["code"] == "unknown_signer" and "SHA256:" in found["message"]
    assert "add it to .sevlog/allowed_signers" in found["hint"]


def test_a_change_cannot_vouch_for_its_own_signer(repository: Records) -> None:
    repository.commit("eve", {SIGNERS: repository.lines("ana", "bo", "eve"), "oncall.yaml": FILES["oncall.yaml"]})
    repository.commit("eve", note("ana"))
    found = repository.found("--base", "main")
    assert [problem["code"] for problem in found] == ["unknown_signer", "unknown_signer"]
    assert all("the change itself adds this key" in problem["hint"] for problem in found)
    assert repository.codes() == ["unknown_signer", "unknown_signer"], "nor in the history"


def test_a_signer_that_somebody_listed_before_counts_from_then_on(repository: Records) -> None:
    people = FILES["oncall.yaml"].replace("{key: bo}", "{key: bo}, {key: eve}")
    listed = repository.commit("ana", {SIGNERS: repository.lines("ana", "bo", "eve"), "oncall.yaml": people})
    repository.commit("eve", note("eve"))
    assert repository.codes("--base", listed) == [] == repository.codes()


def test_what_signatures_are_held_against_is_changed_by_signers_only(repository: Records) -> None:
    repository.commit(None, {SIGNERS: repository.lines("ana", "eve")})
    repository.commit(None, {"sevlog.yaml": SIGNED.replace("[forge]", "[eve]")})
    repository.commit(None, {"sevlog.yaml": SIGNED.replace("[forge]", "[eve]") + "# a remark\n"})
    assert repository.codes("--base", "main") == ["unsigned_commit", "unsigned_commit"]


def test_a_key_that_ended_counts_only_before(repository: Records) -> None:
    ended = repository.lines("ana") + repository.line("bo", options='valid-before="20250701"')
    base = repository.commit("ana", {SIGNERS: ended})
    repository.commit("bo", note("bo"))
    (found,) = repository.found("--base", base)
    assert found["code"] == "expired_key" and "a key of bo that was not valid" in found["message"]


def test_a_lost_key_is_not_saved_by_a_date_in_the_past(repository: Records) -> None:
    ended = repository.lines("ana") + repository.line("bo", options='valid-before="20250701"')
    base = repository.commit("ana", {SIGNERS: ended}, at="2025-08-01T12:00:00Z")
    repository.commit("bo", note("bo"), at="2025-06-01T12:00:00Z")
    (found,) = repository.found("--base", base)
    assert found["code"] == "expired_key" and "before the date of its parent commit" in found["message"]


def test_a_key_that_was_found_lost_later_is_told_in_the_history(repository: Records) -> None:
    repository.commit("bo", note("bo"), at="2025-06-01T12:00:00Z")
    repository.commit("bo", note("bo", 20), at="2025-07-15T12:00:00Z")
    assert repository.codes() == []
    ended = repository.lines("ana") + repository.line("bo", options='valid-before="20250701"')
    repository.commit("ana", {SIGNERS: ended}, at="2025-08-01T12:00:00Z")
    assert repository.codes() == ["expired_key"]


def test_who_left_stays_proven_for_what_they_said(repository: Records) -> None:
    repository.commit("bo", note("bo"))
    repository.commit("ana", {SIGNERS: repository.lines("ana")})
    repository.commit("bo", note("bo", 20))
    assert repository.codes() == ["unknown_signer"]


def test_a_commit_that_was_tampered_with_is_told(repository: Records) -> None:
    repository.commit("ana", note("ana"), say="note: all is well")
    shown = subprocess.run(["git", "cat-file", "commit", "HEAD"], cwd=repository.root, capture_output=True, check=True)
    forged = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=repository.root,
        capture_output=True,
        check=True,
        input=shown.stdout.replace(b"all is well", b"it is my fault"),
    )
    git(repository.root, "reset", "-q", "--soft", forged.stdout.decode().strip())
    (found,) = repository.found("--base", "main")
    assert found["code"] == "bad_signature" and "“note: it is my fault”" in found["message"]


def test_commits_beside_the_records_need_no_signature(repository: Records) -> None:
    repository.commit(None, {"runbooks/web.md": "# Web\n", "sevlog.yaml": SIGNED + "# a remark\n"})
    assert repository.codes("--base", "main") == []


def test_a_card_and_an_import_need_a_signer_and_no_special_one(repository: Records) -> None:
    card = FILES[f"{FOLDER}/incident.yaml"].replace("answers", "replies") + "origin: {system: cstate, id: x}\n"
    repository.commit("bo", {f"{FOLDER}/incident.yaml": card})
    repository.commit("bo", {name: text.replace("by: bo\n", "") for name, text in note("bo").items()})
    assert "signer_is_not_author" not in repository.codes("--base", "main")
    assert "unsigned_commit" not in repository.codes("--base", "main")


def test_a_redaction_and_a_compaction_by_somebody_else_take_nobodys_word(repository: Records) -> None:
    base = repository.commit("bo", note("bo", text="Acme"))
    ((path, text),) = note("bo", text="(redacted)").items()
    redaction = "kind: redaction\nat: 2026-11-20T12:00:00Z\nby: ana\nof: 20261120T101000Z-note\nreason: a name\n"
    repository.commit("ana", {path: text, f"{FOLDER}/timeline/20261120T120000Z-redaction.yaml": redaction})
    listed = "- " + text.replace("\n", "\n  ").rstrip() + "\n- " + redaction.replace("\n", "\n  ").rstrip() + "\n"
    repository.commit(
        "ana",
        {
            path: None,
            f"{FOLDER}/timeline/20261120T120000Z-redaction.yaml": None,
            f"{FOLDER}/timeline/history-1.yaml": listed,
        },
    )
    assert repository.codes("--base", base) == []
    other = listed.replace("(redacted)", "my fault")
    repository.commit("ana", {f"{FOLDER}/timeline/history-1.yaml": other})
    assert "signer_is_not_author" in repository.codes("--base", base)


def test_the_forge_may_sign_merges_and_nothing_but_merges(repository: Records) -> None:
    repository.commit("bo", note("bo"))
    git(repository.root, "checkout", "-q", "main")
    repository.merge("forge", "side")
    assert repository.codes("--base", "main~1") == [] == repository.codes()
    repository.commit("forge", note("bo", 20))
    (found,) = repository.found("--base", "main~2")
    assert found["code"] == "forge_signed" and "not by squash, rebase" in found["hint"]


def test_a_merge_that_nobody_signed_and_one_that_adds_of_its_own_are_told(repository: Records) -> None:
    repository.commit("bo", note("bo"))
    git(repository.root, "checkout", "-q", "-B", "other", "main")
    repository.commit("ana", note("ana", 20))
    repository.merge(None, "side")
    assert repository.codes("--base", "main") == ["unsigned_commit"]
    git(repository.root, "reset", "-q", "--hard", "HEAD~1")
    repository.merge("forge", "side", "--no-commit")
    repository.commit("forge", note("bo", 30))
    assert repository.codes("--base", "main") == ["forge_signed"]


def test_a_pipelines_own_merge_on_no_branch_is_left_out(repository: Records) -> None:
    repository.commit("bo", note("bo"))
    git(repository.root, "checkout", "-q", "main")
    repository.commit("ana", note("ana", 20))
    git(repository.root, "checkout", "-q", "--detach")
    repository.merge(None, "side")
    assert repository.codes("--base", "main") == []
    git(repository.root, "checkout", "-q", "-b", "kept")
    assert repository.codes("--base", "main") == ["unsigned_commit"]


def test_a_shallow_clone_says_what_it_cannot_see(repository: Records, tmp_path: Path) -> None:
    repository.commit("bo", note("bo"))
    repository.commit("bo", note("bo", 20))
    repository.commit("bo", note("bo", 30))
    full = repository.root
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{full}", "shallow")
    repository.root = tmp_path / "shallow"
    (found,) = repository.found()
    assert found["code"] == "shallow_history" and "--unshallow" in found["hint"]
    git(repository.root, "fetch", "-q", "--unshallow")
    assert repository.codes() == []


def test_the_policy_asks_for_signatures_with_every_base(
    repository: Records, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit("ana", {"sevlog.yaml": SIGNED + "policies: {signatures: required}\n"})
    git(repository.root, "branch", "-f", "main")
    repository.commit(None, note("bo"))
    assert run(["--repo", str(repository.root), "check", "--base", "main"]) == 1
    assert "[unsigned_commit]" in capsys.readouterr().out
    repository.commit(None, {"sevlog.yaml": SIGNED})
    assert run(["--repo", str(repository.root), "check", "--base", "main"]) == 1, "a change does not excuse itself"


def test_without_a_list_nothing_is_proven_and_it_says_so(
    repository: Records, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = repository.commit("ana", {"sevlog.yaml": CONFIG, SIGNERS: None})
    repository.commit(None, note("bo"))
    (found,) = repository.found("--base", bare)
    assert (found["code"], found["severity"]) == ("no_allowed_signers", "warning")
    capsys.readouterr()
    assert run(["--repo", str(repository.root), "check", "--signatures"]) == 2
    assert "no list of trusted signers is configured" in capsys.readouterr().err
    assert run(["--repo", str(repository.root), "check", "--signatures", "--base", "nope"]) == 4


def test_addresses_stand_for_people_by_their_hash(repository: Records) -> None:
    digest = hashlib.sha256(b"b.olsen@acme.example").hexdigest()
    people = FILES["oncall.yaml"].replace("{key: bo}", f"{{key: bo, email_sha256: {digest}}}")
    lines = repository.lines("ana") + repository.line("b.olsen@acme.example", key="bo")
    base = repository.commit("ana", {SIGNERS: lines, "oncall.yaml": people})
    repository.commit("bo", note("bo"))
    assert repository.codes("--base", base) == []
    lines = repository.lines("ana") + repository.line("someone@acme.example", key="bo")
    base = repository.commit("ana", {SIGNERS: lines, "oncall.yaml": people})
    repository.commit("bo", note("bo", 20))
    (found,) = repository.found("--base", base)
    assert found["code"] == "unknown_signer" and "who is not listed in oncall.yaml" in found["message"]


def test_a_key_for_other_things_than_git_does_not_count(repository: Records) -> None:
    lines = repository.lines("ana") + repository.line("bo", options='namespaces="file"')
    base = repository.commit("ana", {SIGNERS: lines})
    repository.commit("bo", note("bo"))
    assert repository.codes("--base", base) == ["bad_signature"]


def test_what_the_user_trusts_does_not_count(repository: Records, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text(repository.lines("ana", "bo", "eve"))
    git(repository.root, "config", "gpg.ssh.allowedSignersFile", str(tmp_path / "mine"))
    repository.commit("eve", note("ana"))
    assert repository.codes("--base", "main") == ["unknown_signer"]


@pytest.mark.skipif(shutil.which("gpg") is None, reason="needs gpg")
def test_openpgp_keys_count_as_well(repository: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path("/tmp") / f"sevlog-gpg-{os.getpid()}"  # its sockets need a short path
    home.mkdir(mode=0o700)
    try:
        monkeypatch.setenv("GNUPGHOME", str(home))
        for uid in ("Bo <bo@example.org>", "Eve <eve@example.org>"):
            subprocess.run(
                ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", uid, "ed25519", "sign"],
                check=True,
                capture_output=True,
            )
        exported = subprocess.run(
            ["gpg", "--batch", "--armor", "--export", "bo@example.org"], check=True, capture_output=True, text=True
        )
        both = SIGNED.replace("git: {", "git: {openpgp_keys: .sevlog/keys.asc, ")
        base = repository.commit("ana", {"sevlog.yaml": both, ".sevlog/keys.asc": exported.stdout})
        for person, minute, codes in (("bo", 10, []), ("eve", 20, ["unknown_signer"])):
            git(repository.root, "config", "gpg.format", "openpgp")
            for name, text in note("bo", minute).items():
                (repository.root / name).write_text(text)
            git(repository.root, "add", "-A")
            git(repository.root, "-c", f"user.signingkey={person}@example.org", "commit", "-q", "-S", "-m", "x")
            assert repository.codes("--base", base) == codes
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)
