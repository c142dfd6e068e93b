"""The home page: headline, open incidents, components and last days."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from fixtures.public_sites import AS_OF, PARTS, company, incident, live_payments, minutes, site, update
from sevlog.model.public.site import PublicSite
from sevlog.model.public.uptime import Day
from sevlog.model.vocabulary import Impact
from sevlog.site.markup.times import Zone
from sevlog.site.markup.words import english
from sevlog.site.pages.bars import counted
from sevlog.site.pages.home import headline_state, headline_text, home
from sevlog.site.pages.view import SiteView


def body(public: PublicSite) -> str:
    return str(home(SiteView(public), "").body)


def quiet_incident(name: str = "A small thing") -> PublicSite:
    """An open incident while every component is operational."""
    return site([incident("quiet", name, "none", [update("q", AS_OF - minutes(5), "investigating", "Looking.")])])


def test_the_headline_names_an_open_incident_while_every_component_is_operational() -> None:
    view = SiteView(quiet_incident())
    assert headline_text(view) == "A small thing"
    assert headline_state(view) != "operational"
    assert "All 9 components are operational" in str(home(view, "").body)


def test_the_headline_counts_several_open_incidents_and_names_each() -> None:
    public = site([live_payments(), *quiet_incident("Another thing").incidents])
    text = body(public)
    assert headline_text(SiteView(public)) == "2 open incidents"
    names = re.search(r'class="headline-names">(.*?)</ul>', text)
    assert names and names[1].index("Card payments") < names[1].index("Another thing"), "the worst first"


def test_a_calm_page_says_so_in_words() -> None:
    assert headline_text(SiteView(site())) == "All systems operational"


def test_a_page_without_components_claims_nothing_about_systems() -> None:
    assert headline_text(SiteView(site(parts=()))) == "No open incidents"


def test_a_degraded_component_without_an_incident_is_in_the_headline() -> None:
    public = site()
    hurt = replace(public.components[0], status="partial_outage")
    view = SiteView(replace(public, components=(hurt, *public.components[1:])))
    assert headline_text(view) == "Partial outage of some systems"
    assert "Affected: Website (partial outage). The other 8 components are operational." in str(home(view, "").body)


def test_a_drill_is_no_news() -> None:
    drill = replace(live_payments(), drill=True)
    assert headline_text(SiteView(replace(site(), incidents=(drill,)))) == "All systems operational"


def test_an_open_incident_stands_with_its_newest_update_the_way_to_all_and_the_promise_of_the_next() -> None:
    text = body(site([live_payments()]))
    assert "About half" in text and "Since about 14:20" not in text
    assert re.search(r'<a href="incidents/[^"]+">Show all 3 updates</a>', text)
    assert 'Next update by <time datetime="2026-11-23T14:33:00Z">23 Nov 2026, 15:33 CET</time>' in text


def test_times_name_the_zone_of_the_page() -> None:
    assert "15:40 CET" in body(site())
    abroad = replace(site().page, time_zone="Asia/Kolkata")
    assert "20:10 IST" in body(replace(site(), page=abroad))
    odd = replace(site().page, time_zone="America/Sao_Paulo")
    assert "11:40 UTC-03:00" in body(replace(site(), page=odd))


def test_groups_are_closed_while_healthy_and_open_while_not() -> None:
    text = body(site([live_payments()]))
    opened = dict(re.findall(r'<details class="group [^"]*"( open)?>.*?<bdi>(\w+)</bdi>', text))
    assert opened == {"": "Receiving", " open": "Sending"}


def test_each_day_with_trouble_is_in_words_with_its_incident() -> None:
    text = body(company())
    item = re.search(r'<li data-day="2026-11-14">(.*?)</li>', text)
    assert item
    words = re.sub("<[^>]+>", "", item[1])
    assert words == "14 Nov 2026: 94.37% uptime, major outage 1 h 21 min · Lockers do not open with the app"


def test_a_drawing_of_days_has_its_summary_as_its_name() -> None:
    assert 'role="img" aria-label="100.00% uptime over 90 days, no incidents"' in body(site())


def test_days_before_a_component_s_first_are_not_called_good() -> None:
    text = body(site())
    lockers = text[text.index("Parcel lockers") :]
    assert "over 54 days" in lockers[: lockers.index("</div></div>")]


def test_a_component_that_is_shown_only_when_degraded_is_hidden_while_well() -> None:
    public = site([live_payments()])
    shy = tuple(replace(component, only_show_if_degraded=True) for component in public.components)
    text = body(replace(public, components=shy))
    assert "components/payments/" in text
    assert "components/website/" not in text


def test_past_days_have_what_began_on_them_in_the_page_s_zone_and_quiet_ones_are_one_line() -> None:
    late = AS_OF.replace(hour=23, minute=30) - timedelta(days=3)
    over = incident("n", "A night thing", "minor", [update("n1", late, "resolved", "Over.")])
    text = body(site([over]))
    assert "Saturday, 21 November 2026" in text, "23:30 UTC is the next day in Berlin"
    plain = re.sub("<[^>]*>", "", text)
    assert "22 Nov 2026 – 23 Nov 2026" in plain
    assert "10 Nov 2026 – 20 Nov 2026" in plain


def test_a_day_on_which_an_incident_began_or_went_on_is_never_quiet() -> None:
    began = AS_OF - timedelta(days=3)
    goes_on = incident("on", "A long thing", "minor", [update("n1", began, "investigating", "Looking.")])
    text = body(site([goes_on]))
    past = text[text.index("The last 14 days") :]

    assert "20 Nov 2026" in past and past.count("Also on this day: ") == 3
    assert "10 Nov 2026 – 19 Nov 2026" in re.sub("<[^>]*>", "", past), "the days before it began are quiet"


def test_a_word_before_the_start_or_after_the_end_is_an_update_of_that_day_and_nothing_that_went_on() -> None:
    ended = AS_OF - timedelta(days=5)
    updates = [update("n2", ended, "resolved", "Over."), update("n3", AS_OF - timedelta(days=2), "postmortem", "Why.")]
    over = replace(incident("on", "A short thing", "minor", updates), phase="postmortem", ended_at=ended)
    text = body(site([over]))
    past = text[text.index("The last 14 days") :]

    assert "Also on this day" not in past
    assert re.findall(r'class="day"><time[^>]*>([^<]*)<.{0,200}?Updated: <span><a[^>]*><bdi>A short thing', past) == [
        "Saturday, 21 November 2026"
    ]


def test_what_has_not_begun_is_on_no_day() -> None:
    public = company()
    planned = [m for m in public.maintenances if m.phase == "scheduled"]
    assert planned
    past = body(public)[body(public).index("The last 14 days") :]
    assert planned[0].name not in past


@pytest.mark.parametrize("count", [12, 1000])
def test_very_many_open_incidents_are_links_beyond_the_first_ten(count: int) -> None:
    incidents = [
        incident(
            f"i{n:04d}", f"Trouble {n}", "minor", [update(f"u{n}", AS_OF - minutes(5), "investigating", "Looking.")]
        )
        for n in range(count)
    ]
    text = body(site(incidents))

    assert text.count('<article class="live ') == 10
    assert f"{count - 10} more open incidents" in text
    assert f"and {count - 6} more" in text[: text.index("Components")]
    assert len(text.encode()) < 300_000


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_description_for_search_engines_is_the_headline(count: int) -> None:
    incidents = [replace(live_payments(), id=f"i{n}") for n in range(count)]
    assert home(SiteView(site(incidents)), "").description.startswith(headline_text(SiteView(site(incidents))))


def test_every_component_of_the_page_is_on_it() -> None:
    text = body(site())
    assert all(f"components/{key}/" in text for key, *_ in PARTS)


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        (("major_outage", "partial_outage"), "2 days with incidents"),
        (("under_maintenance",), "1 day with maintenance"),
        (("under_maintenance", "major_outage"), "2 days with incidents or maintenance"),
    ],
)
def test_days_of_maintenance_are_not_counted_as_days_with_incidents(worst: tuple[Impact, ...], said: str) -> None:
    on = date(2026, 11, 23)
    days = [Day(date=on, uptime=1.0, worst=state, seconds={}, incidents=()) for state in worst]

    assert counted(english(), days) == said


def test_utc_is_called_utc() -> None:
    assert [Zone(name).title for name in ("Etc/UTC", "UTC", "Europe/Berlin")] == ["UTC", "UTC", "Europe/Berlin"]
