"""The pictures of the figures: what they show, that both themes can see it, and the table beside each."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from fixtures.filled import filled
from sevlog.model.learning.metrics.definitions import MEASURES
from sevlog.services.learning.metrics.documents import (
    Dot,
    Duration,
    Figures,
    Metrics,
    MonthOfPromises,
    MonthOfSeverities,
    OpenActions,
    Series,
)
from sevlog.site.metrics import drawing, page, plots

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = '<script>"&'


def duration(key: str, *seconds: float) -> Duration:
    return Duration(
        key=key,
        title=key,
        definition="From here to there.",
        n=len(seconds),
        median=seconds[0] if seconds else None,
        low=None,
        high=None,
        p90=max(seconds, default=None),
        p90_bound=None,
        min=min(seconds, default=None),
        max=max(seconds, default=None),
        open=0,
        missing=0,
        impossible=[],
        dots=[Dot(incident=f"i{n}", severity=f"SEV{n % 3}", seconds=each) for n, each in enumerate(seconds)],
    )


def document(*seconds: float) -> Metrics:
    levels = [duration("SEV0", 60.0), duration("SEV1"), duration("SEV2")]
    rows = [duration(key, *seconds) for key in MEASURES]
    return Metrics(
        schema="1",
        since=SINCE,
        until=SINCE + timedelta(days=59),
        as_of=SINCE + timedelta(days=59),
        time_zone="Etc/UTC",
        filters={"component": [HOSTILE]},
        by=None,
        left_out={},
        unreadable=[HOSTILE],
        notes=[],
        total=Figures(
            name="", incidents=len(seconds), durations=rows, severities=levels, shares=[], quality=[], errors=[]
        ),
        groups=[],
        definitions={},
        durations={},
        counts={},
        uptime={},
        data_quality={},
        component_uptime=[],
        series=Series(
            incidents=[MonthOfSeverities(month="2026-01", counts={"SEV0": 3, "SEV1": 1})],
            promises=[MonthOfPromises(month="2026-01", kept=5, late=2)],
            actions=[OpenActions(at=SINCE + timedelta(days=n), open=n % 4) for n in range(20)],
            actions_left_out=1,
        ),
        rules={},
    )


def luminance(color: str) -> float:
    parts = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_mark_is_seen_in_both_themes() -> None:
    for ground in filled(drawing.BACKGROUNDS):
        assert [color for color in drawing.COLORS if contrast(color, ground) < 3] == []


@pytest.mark.parametrize("plot", ["durations", "incidents", "actions", "promises"])
@pytest.mark.parametrize("seconds", [(), (0.0,), (30.0, 90.0, 4e6, 3600.0)])
def test_each_picture_is_valid_alone_and_says_what_it_is(plot: str, seconds: tuple[float, ...]) -> None:
    text = page.picture(document(*seconds), plot)

    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert "The table below has the figures." in (root.get("aria-label") or "")
    assert "script" not in text
    assert re.search(r"nan|inf\b|None", text) is None


def test_there_is_a_dot_for_each_value_with_a_shape_for_each_severity() -> None:
    row = replace(document(60.0, 600.0, 3600.0))
    row.total.durations = row.total.durations[:1]
    text = str(plots.durations(row))

    circles, triangles = text.count("<circle"), text.count('<path d="M')
    assert (circles, triangles) == (2, 2)  # one of each is in the legend
    assert text.count('<rect x="') == 2
    assert str(plots.durations(row)) == text


def test_a_page_has_unique_ids_a_table_for_each_picture_and_no_script() -> None:
    text = page.standalone(document(60.0, 600.0))

    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids)) > 10
    assert text.count("<svg") == 4
    for caption in ("Durations", "Incidents by month and severity", "Promises by month", "Open action items"):
        assert f"<caption>{caption}</caption>" in text
    assert "<script" not in text
    assert "http" not in text
    assert "1 finished action items are left out" in text


def test_an_axis_has_round_numbers_up_to_the_largest_value() -> None:
    assert [drawing.steps(most) for most in filled([0, 1, 5, 23, 400])] == [
        [0, 1],
        [0, 1],
        [0, 2, 4, 6],
        [0, 10, 20, 30],
        [0, 100, 200, 300, 400],
    ]
