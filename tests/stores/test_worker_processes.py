"""Work that is shared comes back whole and in order, whatever becomes of the processes that help."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from sevlog.stores.worker_processes import WORTHWHILE, parts_for, shared

HERE = os.getpid()


def test_each_part_is_done_by_a_process_of_its_own_and_comes_back_in_order() -> None:
    found = shared(lambda part, parts: [part, parts, os.getpid()], list[int], 3)
    assert [row[:2] for row in found] == [[0, 3], [1, 3], [2, 3]]
    assert found[0][2] == HERE
    assert len({row[2] for row in found}) == 3


def test_much_comes_back_whole() -> None:
    _, data = shared(lambda part, parts: b"x" * 3_000_000 * part, bytes, 2)
    assert data == b"x" * 3_000_000


def test_an_error_in_a_helper_is_raised_here_as_it_is() -> None:
    def work(part: int, parts: int) -> int:
        if part:
            raise KeyError("the part that went wrong")
        return part

    with pytest.raises(KeyError, match="the part that went wrong"):
        shared(work, int, 2)


def test_what_a_killed_process_did_not_bring_is_done_here() -> None:
    def work(part: int, parts: int) -> list[int]:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return [part, os.getpid()]

    assert shared(work, list[int], 3) == [[0, HERE], [1, HERE], [2, HERE]]


def test_no_process_outlives_an_error_here(tmp_path: Path) -> None:
    told, tell = os.pipe()
    never, _ = os.pipe()

    def work(part: int, parts: int) -> int:
        if part:
            os.write(tell, str(os.getpid()).encode())
            os.read(never, 1)
        raise OSError(os.read(told, 20).decode())

    with pytest.raises(OSError, match=r"\d+") as error:
        shared(work, int, 2)
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(error.value)), 0)


def test_little_work_is_not_shared_and_nothing_is_forked_beside_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1, 2, 3})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert (parts_for(WORTHWHILE - 1), parts_for(WORTHWHILE)) == (1, 2)
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert parts_for(WORTHWHILE) == 1


def test_one_processor_has_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert parts_for(WORTHWHILE) == 1
