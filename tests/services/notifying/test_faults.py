"""What can go wrong between senders: old checkouts, wrong clocks, lost answers, a ledger that somebody altered."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.repositories import git
from fixtures.sending import UPDATE, Sending, both, hook, row
from fixtures.servers import MailServer, WebServer
from sevlog.adapters.delivery.webhook import Webhook
from sevlog.services.notifying import run
from sevlog.stores.ledger import Ledger, View

LEDGER = "refs/sevlog/ledger"


def meanwhile(web: WebServer, *acts: Callable[[], object]) -> None:
    """Do one act while each of the next messages is on its way."""
    left = list(acts)
    web.before_answer = lambda _: left.pop(0)() if left else None


def commit_to_ledger(sending: Sending, path: str, content: str | None) -> None:
    """What somebody does who edits the ledger by hand."""
    records = sending.records
    records.git("worktree", "add", "-q", "--detach", "../by-hand", LEDGER)
    folder = records.root.with_name("by-hand")
    (folder / path).write_bytes(content.encode("latin-1")) if content is not None else (folder / path).unlink()
    git(folder, "commit", "-qam", "by hand")
    records.git("update-ref", LEDGER, git(folder, "rev-parse", "HEAD"))
    records.git("worktree", "remove", "--force", str(folder))


# ---- two senders


def test_a_confirmation_does_not_overwrite_a_row_that_another_sender_took_over(
    sending: Sending, web: WebServer, tmp_path: Path
) -> None:
    sending.hub(tmp_path)
    sending.environment = both(web)
    sending.raised()
    sending.records.git("push", "-q", "origin", "HEAD:main")
    git(tmp_path, "clone", "-q", str(tmp_path / "hub.git"), "other")

    def take_over() -> None:
        sending.records.clock.advance(timedelta(minutes=4))
        web.plans = [404, 200]
        assert sending.told(root=tmp_path / "other") == [("TEAM", "failed")]

    meanwhile(web, take_over)
    sending.notify()

    assert len(web.asked) == 2
    assert (row(sending, "TEAM").state, row(sending, "TEAM").reason) == ("failed", "it answered 404")


def test_who_was_slower_with_its_claim_sends_nothing(sending: Sending, web: WebServer) -> None:
    sending.raised()
    sending.environment = both(web)
    swap, others = Ledger.swap, [sending.told]

    def slower(*arguments: object) -> View | None:
        if others:
            assert others.pop()() == [("TEAM", "sent")]
        return swap(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ledger, "swap", slower)
        assert sending.told() == []
    assert len(web.asked) == 1


@pytest.mark.parametrize(("to", "minutes"), [("TEAM", 4), ("SUBSCRIBERS", 11)])
def test_who_is_late_still_says_what_became_of_it_where_nobody_took_over(
    sending: Sending, web: WebServer, tmp_path: Path, to: str, minutes: int
) -> None:
    """A clock elsewhere is ahead, so the claim looks as if it ran out; that machine has no address."""
    sending.hub(tmp_path)
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.records.git("push", "-q", "origin", "HEAD:main")
    git(tmp_path, "clone", "-q", str(tmp_path / "hub.git"), "other")
    sending.environment = {f"SEVLOG_NOTIFY_{to}": hook(web)}

    def look() -> None:
        sending.records.clock.advance(timedelta(minutes=minutes))
        here, sending.environment = sending.environment, {}
        sending.notify(root=tmp_path / "other")
        sending.environment = here

    meanwhile(web, look)
    sending.notify()

    assert row(sending, to).state == "sent"
    assert sending.told() == [(other, "left") for other in ("TEAM", "SUBSCRIBERS") if other != to]
    assert len(web.asked) == 1


def test_who_slept_through_its_claim_sends_nothing(sending: Sending, web: WebServer) -> None:
    """As a laptop that was closed: others may have settled it, and somebody may have sent it by hand."""
    sending.raised()
    sending.environment = both(web)
    deliver, nights = run._Run._deliver, [timedelta(hours=8)]

    def later(*arguments: object) -> None:
        sending.records.clock.advance(nights.pop() if nights else timedelta(0))
        deliver(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run._Run, "_deliver", later)
        sending.notify()

    assert len(web.asked) == 1
    assert row(sending, "TEAM").tries == 1
    log = sending.records.git("log", "--reverse", "--format=%s", LEDGER).split("\n")
    assert log == ["Claim 1 deliveries", "0 of 1 deliveries sent", "Claim 1 deliveries", "1 of 1 deliveries sent"]


def test_what_interrupts_one_address_does_not_lose_what_became_of_another(
    sending: Sending, web: WebServer, mail: MailServer
) -> None:
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web), "SEVLOG_NOTIFY_SUBSCRIBERS": mail.address("l@cart.example")}
    arrived = threading.Event()
    mail.before_answer = arrived.set

    def interrupted(*_: object) -> None:
        arrived.wait(30)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Webhook, "send", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sending.notify()

    assert (row(sending, "SUBSCRIBERS").state, row(sending, "TEAM").state) == ("sent", "claimed")


# ---- the remote


@pytest.mark.parametrize("when", ["claim", "confirmation"])
def test_an_answer_that_got_lost_is_looked_up(sending: Sending, web: WebServer, tmp_path: Path, when: str) -> None:
    hub = sending.hub(tmp_path)
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.environment = both(web)
    wanted = {"claim": "Claim*", "confirmation": "*sent"}[when]
    script = hub / "hooks/post-receive"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"""#!/bin/sh
read -r old new ref
case "$(git log -1 --format=%s "$new")" in {wanted}) rm "$0"; kill -9 $PPID;; esac
""")
    script.chmod(0o755)

    assert sorted(sending.told()) == [("SUBSCRIBERS", "sent"), ("TEAM", "sent")]

    assert not script.exists()
    assert (row(sending, "TEAM").state, row(sending, "SUBSCRIBERS").state) == ("sent", "sent")
    assert sending.told() == []
    assert len(web.asked) == 2


def test_results_are_stored_although_the_remote_rejects_them_at_first(
    sending: Sending, web: WebServer, tmp_path: Path
) -> None:
    hub = sending.hub(tmp_path)
    sending.raised()
    sending.environment = both(web)
    script = hub / "hooks/pre-receive"
    script.parent.mkdir(exist_ok=True)

    def freeze() -> None:
        script.write_text('#!/bin/sh\nrm "$0"\necho "not now" >&2\nexit 1\n')
        script.chmod(0o755)

    meanwhile(web, freeze)
    done = sending.notify()

    assert (done.warnings, row(sending, "TEAM").state) == ([], "sent")


@pytest.mark.parametrize("to", ["", "~1", "~3"])
def test_a_ledger_that_was_removed_or_moved_back_is_restored_by_a_clone_that_knows_it(
    sending: Sending, web: WebServer, tmp_path: Path, to: str
) -> None:
    hub = sending.hub(tmp_path)
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}
    sending.notify()
    sending.environment = both(web)
    sending.notify()
    tip = git(hub, "rev-parse", LEDGER)
    git(hub, *(("update-ref", LEDGER, f"{tip}{to}") if to else ("update-ref", "-d", LEDGER)))

    done = sending.notify()

    assert [one.to for one in done.notifications] == []
    assert done.warnings == [f"{LEDGER} was moved back or removed; it was restored from this clone"]
    assert (len(web.asked), git(hub, "rev-parse", LEDGER)) == (2, tip)


def test_a_ledger_that_went_on_after_it_was_moved_back_keeps_both_ways(
    sending: Sending, web: WebServer, tmp_path: Path
) -> None:
    hub = sending.hub(tmp_path)
    sending.raised()
    sending.records.git("push", "-q", "origin", "HEAD:main")
    sending.notify()
    start = git(hub, "rev-parse", LEDGER)
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}
    sending.notify()
    git(hub, "update-ref", LEDGER, start)
    sending.records.does(*UPDATE, "We look into it.")
    sending.records.git("push", "-q", "origin", "HEAD:main")
    git(tmp_path, "clone", "-q", str(hub), "other")
    sending.environment = {"SEVLOG_NOTIFY_SUBSCRIBERS": hook(web)}
    assert sorted(sending.told(root=tmp_path / "other")) == [("SUBSCRIBERS", "sent"), ("TEAM", "left")]

    sending.environment = both(web)
    assert sending.told() == []

    assert (row(sending, "TEAM").state, row(sending, "SUBSCRIBERS").state) == ("sent", "sent")
    assert len(web.asked) == 2


@pytest.mark.parametrize("content", ["{", '{"schema": "\xff"}', '{"schema": "one"}'])
@pytest.mark.parametrize("path", ["2026/2026-11-23-checkout-fails.json", "baseline.json", "open.json"])
def test_a_file_of_the_ledger_that_somebody_broke_counts_as_it_was_before(
    sending: Sending, web: WebServer, path: str, content: str
) -> None:
    sending.environment = {"SEVLOG_NOTIFY_TEAM": hook(web)}
    sending.raised()
    sending.records.does(*UPDATE, "We look into it.")
    sending.notify()
    commit_to_ledger(sending, path, content)
    sending.environment = both(web)

    done = sending.notify()

    assert [(one.to, one.state) for one in done.notifications] == [("SUBSCRIBERS", "sent")]
    assert done.warnings == [f"{path} of the ledger cannot be read; its last readable version counts"]
    assert len(web.asked) == 2
    json.loads(sending.records.git("show", f"{LEDGER}:{path}"))
    assert sending.notify().warnings == []
