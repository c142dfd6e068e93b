"""sevlog metrics: the figures as people and other programs read them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from fixtures.repositories import Repository
from sevlog.cli.output.learning.metric_tables import length
from sevlog.model.learning.metrics.definitions import MEASURES


@pytest.fixture
def told(records: Repository) -> Repository:
    records.resolved()
    records.raised(title="Search is slow")
    return records


def test_the_text_has_each_definition_and_fits_80_columns(told: Repository) -> None:
    text = told.does("metrics", "--by", "severity")

    plain = " ".join(text.split())
    assert [words for words in MEASURES.values() if words not in plain] == []
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert "2 incidents, raised " in text
    assert "n < 6: no interval" in text
    assert "mean" not in text


def test_openmetrics_is_what_prometheus_reads(told: Repository) -> None:
    text = told.does("metrics", "--format", "openmetrics", "--by", "severity")

    families = {family.name: family for family in text_string_to_metric_families(text)}  # type: ignore[no-untyped-call]
    assert text.endswith("\n# EOF\n")
    assert families["sevlog_incidents"].samples[0].value == 2
    resolved = families["sevlog_time_to_resolve_median_seconds"]
    assert (resolved.type, resolved.unit) == ("gauge", "seconds")
    assert "checkout" not in text.replace('component="checkout"', "")  # no incident ids, which would be endless


def test_csv_has_a_row_for_each_figure_and_group(told: Repository) -> None:
    rows = list(csv.DictReader(io.StringIO(told.does("metrics", "--format", "csv", "--by", "month"))))

    resolved = [row for row in rows if row["figure"] == "time_to_resolve"]
    assert resolved[0]["group"] == ""
    assert [(row["n"], row["open"]) for row in resolved] == [("1", "1")] * len(resolved)
    assert float(resolved[0]["median"]) > 0


def test_a_file_gets_the_page_and_a_wrong_word_is_refused(told: Repository, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    told.does("metrics", "--format", "html", "-o", str(file))

    assert file.read_text("utf-8").startswith("<!doctype html>")
    assert "did you mean" in told.refuses(2, "metrics", "--type", "sevice")
    assert "--since is in the future" in told.refuses(2, "metrics", "--since", "tomorrow")
    assert "cannot write" in told.refuses(2, "metrics", "-o", str(tmp_path / "no" / "file"))
    two = told.sevlog("metrics", "--json", "--format", "csv")
    assert (two.code, "two formats given" in two.out) == (2, True)


def test_a_repository_without_incidents_says_so(records: Repository) -> None:
    assert "No incidents in this period" in records.does("metrics")
    assert records.does("metrics", "--format", "openmetrics").endswith("# EOF\n")


def test_lengths_have_two_units_at_most() -> None:
    lengths = [length(s) for s in (None, 0.4, 59.6, 90, 3661, 86400 * 8 + 7300)]

    assert lengths == ["-", "0s", "1m", "1m 30s", "1h 1m", "8d 2h"]
