"""The page of all ways to follow the status."""

from __future__ import annotations

from msgspec.structs import replace

from fixtures.public_sites import company
from sevlog.model.public.site import PublicSite
from sevlog.site.pages.subscribe import LISTED_AT_MOST, subscribe
from sevlog.site.pages.view import SiteView


def body(public: PublicSite) -> str:
    return str(subscribe(SiteView(public), "").body)


def test_email_chat_and_scripts_have_an_address_to_use() -> None:
    page = replace(company().page, url="https://status.example/", support_url="mailto:help@status.example")
    text = body(replace(company(), page=page))

    assert "/feed subscribe https://status.example/updates.rss<" in text
    assert "https://status.example/api/v2/summary.json" in text
    assert 'href="mailto:help@status.example"' in text
    assert "Contact support" in text
    assert "Contact support" not in body(replace(company(), page=replace(page, support_url=None)))


def test_each_component_in_use_has_its_feed_listed_and_many_are_folded_away() -> None:
    public = company()
    one = public.components[0]
    gone = replace(one, key="gone", name="Gone", retired=True)
    text = body(replace(public, components=(one, gone)))

    assert f'href="../components/{one.key}/feed.atom"' in text
    assert "gone" not in text and "<details" not in text
    many = tuple(replace(one, key=f"part{n}") for n in range(LISTED_AT_MOST + 1))
    assert "<details><summary>13 components</summary>" in body(replace(public, components=many))
