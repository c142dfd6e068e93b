"""Tables are aligned by the columns of the terminal in every script."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sevlog.cli.output.table import columns, padded, shortened, width


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Checkout", 8),
        ("Größe – “ok” …", 14),
        ("日本の障害", 10),
        ("한국어 장애", 11),
        ("支付失败", 8),
        ("Cafe\u0301", 4),
        ("👍", 2),
    ],
)
def test_the_width_of_a_text(text: str, size: int) -> None:
    assert width(text) == size
    assert padded(text, 20) == text + " " * (20 - size)


@pytest.mark.parametrize(
    ("text", "room", "cut"),
    [
        ("Checkout fails", 14, "Checkout fails"),
        ("Checkout fails", 9, "Checkout…"),
        ("日本の障害", 10, "日本の障害"),
        ("日本の障害", 9, "日本の障…"),
        ("日本の障害", 8, "日本の…"),
    ],
)
def test_a_text_is_cut_to_the_columns_of_the_terminal(text: str, room: int, cut: str) -> None:
    assert shortened(text, room) == cut
    assert width(shortened(text, room)) <= room


def test_columns_are_aligned_after_wide_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "36")
    rows = [("鈴木", "支払いができません、原因を調べています"), ("bo", "Payments fail"), ("a\nb\x1b", "x\ty")]

    table = columns(rows, ("LEAD", "TITLE"), cut=True).splitlines()

    starts = [width(line[: len(line) - len(line.split("  ", 1)[1].lstrip())]) for line in table[1:]]
    assert starts == [11, 11, 11]
    assert table[1] == "鈴木       支払いができません、原因…"
    assert table[3].startswith("a b\\u001b  x")


def test_a_table_can_be_printed_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")

    assert columns([("a", "b" * 60)], ("A", "B"), cut=False).splitlines()[1] == f"a  {'b' * 60}"


def test_what_is_piped_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")

    assert columns([("a", "b" * 60)], ("A", "B")).splitlines()[1] == f"a  {'b' * 60}"


@pytest.mark.parametrize(("text", "loaded"), [("Größe – ok", "False"), ("日本", "True")])
def test_the_library_is_loaded_for_wide_characters_only(text: str, loaded: str) -> None:
    probe = f"import sys; from sevlog.cli.output import table; table.width({text!r}); print('wcwidth' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert done.stdout == f"{loaded}\n"
