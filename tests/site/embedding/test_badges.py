"""Badges say the state of the page and of each component, and stay valid pictures whatever the name is."""

from __future__ import annotations

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from fixtures import hostile_sites, public_sites
from fixtures.contrast import contrast
from fixtures.filled import filled
from sevlog.model.public.site import PublicSite
from sevlog.model.vocabulary import IMPACTS, Impact
from sevlog.site.embedding.badges import badge, badges
from sevlog.site.markup.words import english
from sevlog.site.pages.view import SiteView

SVG = "{http://www.w3.org/2000/svg}"


def made(site: PublicSite) -> dict[str, bytes]:
    return dict(badges(SiteView(site)))


def said(svg: bytes) -> str:
    return ElementTree.fromstring(svg).findtext(f"{SVG}title") or ""


def test_the_page_and_each_component_have_a_badge_with_their_state() -> None:
    files = made(public_sites.company())
    assert said(files["badge.svg"]) == "Harbour Post: Partial outage"
    assert said(files["components/payments/badge.svg"]) == "Payments: Partial outage"
    assert said(files["components/website/badge.svg"]) == "Website: Operational"
    assert len(files) == len(public_sites.PARTS) + 2


def test_an_open_incident_keeps_the_badge_from_saying_operational() -> None:
    told = public_sites.update("q", public_sites.AS_OF, "investigating", "Looking.")
    files = made(public_sites.site([public_sites.incident("quiet", "A small thing", "none", [told])]))
    assert said(files["badge.svg"]) == "Harbour Post: Degraded performance"
    assert json.loads(files["badge.json"])["message"] == "Degraded performance"


def test_the_document_for_shields_has_its_keys() -> None:
    document = json.loads(made(public_sites.calm())["badge.json"])
    color = document.pop("color")
    assert len(bytes.fromhex(color)) == 3
    assert document == {"schemaVersion": 1, "label": "Harbour Post", "message": "Operational", "cacheSeconds": 300}


def test_a_later_build_of_the_same_state_changes_no_badge() -> None:
    site = public_sites.calm()
    assert made(site) == made(replace(site, as_of=site.as_of + timedelta(days=2)))


def test_a_hostile_name_is_text_in_a_picture_that_is_well_formed() -> None:
    for path, content in filled(list(made(hostile_sites.hostile()).items())):
        if path.endswith(".svg"):
            names = {part.tag.removeprefix(SVG) for part in ElementTree.fromstring(content).iter()}
            assert names == {"svg", "title", "clipPath", "rect", "g", "text"}, path


@pytest.mark.parametrize("state", IMPACTS)
def test_white_text_has_enough_contrast_on_each_box(state: Impact) -> None:
    boxes = [
        part.get("fill", "") for part in ElementTree.fromstring(badge(english(), "Shop", state)).iter(f"{SVG}rect")
    ][1:]
    assert len(boxes) == 2
    assert min(contrast(box, "#ffffff") for box in boxes) >= 4.5
