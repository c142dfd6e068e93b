"""The queue of the server and its worker: nothing is lost, and what cannot work does not stop the rest."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.clocks import Clock
from fixtures.repositories import CONFIG, git, make_template
from sevlog.services.automation.deliveries import TRIES, Watch, Worker
from sevlog.services.recording.recorder import Options
from sevlog.services.workspace.workspace import Workspace
from sevlog.stores.delivery_queue import DeliveryQueue, QueueFull


class Site:
    """A repository with a remote, and a worker on its queue."""

    def __init__(self, folder: Path) -> None:
        self.root, self.hub, self.clock = make_template(folder / "records"), folder / "hub.git", Clock()
        git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
        git(self.root, "remote", "add", "origin", str(self.hub))
        git(self.root, "push", "-qu", "origin", "main")
        self.queue = DeliveryQueue(folder / "queue", 100)
        self.said: list[str] = []
        watch = Watch(after=lambda _: None, log=self.said.append, warn=self.said.append)
        self.worker = Worker(Workspace(self.root, clock=self.clock), self.queue, Options(person="ana"), watch)

    def deliver(self, name: str, source: str = "alertmanager", **more: object) -> None:
        alerts = [{"status": "firing", "labels": {"alertname": name}, "fingerprint": name, **more}]
        body = json.dumps({"version": "4", "status": "firing", "alerts": alerts}).encode()
        self.queue.add(source, None, body, int(self.clock().timestamp()) * 10**9)

    def incidents(self) -> list[str]:
        return sorted(path.name[11:] for path in self.root.glob("incidents/*/*"))

    def sent(self) -> str:
        return git(self.hub, "log", "-1", "--format=%s", "main")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_what_is_recorded_while_the_remote_is_down_is_sent_later(site: Site) -> None:
    site.hub.rename(site.hub.with_name("away.git"))
    site.deliver("disk")
    site.worker.step()
    site.worker.step()
    down = site.worker.health()
    site.hub.with_name("away.git").rename(site.hub)
    before = site.sent()
    site.worker.step()

    assert (site.incidents(), down.waiting, down.unsent) == (["disk"], 0, True)
    assert (down.last_error or "").startswith("recorded locally, not sent yet")
    assert (before, site.sent()) == ("start", f"incident({site.clock():%Y-%m-%d}-disk): triage disk")
    assert (site.worker.health().unsent, site.worker.health().last_error) == (False, None)


def test_while_the_configuration_is_broken_a_delivery_waits_and_keeps_its_time(site: Site) -> None:
    site.deliver("disk")
    arrived = site.clock()
    (site.root / "sevlog.yaml").rename(site.root / "away.yaml")
    (site.root / "sevlog.yaml").write_text("schema: [", "utf-8")
    for _ in range(TRIES + 2):
        assert not site.worker.step()
    site.clock.advance(timedelta(minutes=11))
    stuck = site.worker.health()
    (site.root / "away.yaml").rename(site.root / "sevlog.yaml")
    site.worker.step()

    assert (stuck.ok, stuck.waiting, stuck.oldest_seconds) == (False, 1, 660.0)
    assert site.incidents() == ["disk"]
    (entry,) = sorted(site.root.glob("incidents/*/*/timeline/*alert*"))
    assert f"\nat: {arrived:%Y-%m-%dT%H:%M:%SZ}\n" in entry.read_text("utf-8").replace('"', "")


def test_a_delivery_that_cannot_be_read_is_put_aside_and_the_next_one_goes_on(site: Site) -> None:
    site.queue.add("opsgenie", None, b'{"action": "Create"}', 1)
    site.deliver("disk")
    while site.worker.step() and site.queue.waiting():
        pass

    assert site.incidents() == ["disk"]
    assert site.queue.refused() == 1
    (reason,) = sorted((site.queue.folder / "refused").glob("*.txt"))
    assert reason.read_text("utf-8") == "alert is missing\n"


def test_a_delivery_that_is_refused_each_time_is_put_aside_and_not_lost(site: Site) -> None:
    (site.root / "sevlog.yaml").write_text(
        f"{CONFIG}intake: {{rules: [{{severity: SEV1, components: {{chekout: major_outage}}}}]}}\n", "utf-8"
    )
    site.deliver("disk")
    tries = [site.worker.step() for _ in range(TRIES)]

    assert tries == [False, False, False, False, True]
    assert (site.incidents(), site.queue.waiting(), site.queue.refused()) == ([], [], 1)


def test_what_still_fires_when_its_snooze_ends_is_raised_without_another_delivery(site: Site) -> None:
    until = site.clock.ahead(hours=1)
    rows = f"intake: {{snoozes: [{{until: '{until}', fingerprint: disk, by: ana, reason: x}}]}}\n"
    (site.root / "sevlog.yaml").write_text(CONFIG + rows, "utf-8")
    git(site.root, "commit", "-qam", "snooze")
    site.deliver("disk")
    site.worker.step()
    site.worker.step()
    before = site.incidents()
    site.clock.advance(timedelta(hours=1))
    site.worker.step()

    assert (before, site.incidents()) == ([], ["disk"])


def test_the_queue_keeps_the_order_of_arrival_and_forgets_half_written_files(tmp_path: Path) -> None:
    queue = DeliveryQueue(tmp_path, 3)
    for body in (b"1", b"2"):
        queue.add("json", "builds", body, 5)
    (tmp_path / f"{9:020}.sentry.body.tmp").write_bytes(b"half")
    again = DeliveryQueue(tmp_path, 3)
    again.add("github-issue", None, b"3", 4)  # the clock went back

    waiting = again.waiting()
    assert [again.body(one) for one in waiting] == [b"1", b"2", b"3"]
    assert [(one.source, one.mapping) for one in waiting[1:]] == [("json", "builds"), ("github-issue", None)]
    with pytest.raises(QueueFull):
        again.add("json", None, b"4", 6)
    again.done(waiting[0])
    again.add("json", None, b"4", 6)
    assert sorted(path.name for path in tmp_path.glob("*.tmp")) == []
