"""The map and the timeline in a browser: a mark for each located claim, filters, links."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]


def test_the_map_has_one_mark_for_each_row_and_its_words(visit: Visit) -> None:
    page = visit("map")
    rows = page.locator("tr[data-mark]")
    pins = page.locator(".leaflet-marker-icon:not(.way-tip)")
    expect(pins.first).to_be_visible()
    assert pins.count() == rows.count() > 50
    label = page.locator(".pin.layer-hands").first.get_attribute("aria-label")
    assert label and "controlled by" in label
    page.locator(".pin.layer-hands").first.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("GeoNames")
    popup.get_by_role("link", name="Claim").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert "/page/claim/" in page.url


@pytest.mark.parametrize("mark", [".pin.layer-hands", ".way-tip"])
def test_a_popup_is_read_and_closed_by_keyboard(visit: Visit, mark: str) -> None:
    page = visit("map?lang=tr", language="tr")
    pin = page.locator(mark).first
    popup = page.locator(".leaflet-popup")
    pin.focus()
    page.keyboard.press("Enter")
    expect(popup.locator(".leaflet-popup-content a").first).to_be_focused()
    button = popup.get_by_role("button")
    expect(button).to_have_accessible_name("Kapat")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(pin).to_be_focused()
    page.keyboard.press("Enter")
    button.focus()
    page.keyboard.press("Enter")
    expect(popup).to_have_count(0)
    expect(pin).to_be_focused()


def test_unticking_every_box_shows_nothing(visit: Visit) -> None:
    page = visit("map")
    for box in page.locator("input[type=checkbox][name=show]").all():
        box.uncheck()
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/map?**show=**")
    expect(page.get_by_text("Nothing is chosen")).to_be_visible()
    assert page.locator("[data-mark]").count() == 0


def test_ways_are_drawn_and_listed(visit: Visit) -> None:
    page = visit("map")
    listed = page.locator("[data-way]").count()
    assert listed >= 2
    expect(page.locator(".way-tip")).to_have_count(listed)
    expect(page.locator("path.way")).to_have_count(listed)


def test_the_coasts_are_drawn_from_this_server(visit: Visit) -> None:
    page = visit("map")
    expect(page.locator(".map path.land").first).to_be_attached()
    expect(page.locator(".map path.coast").first).to_be_attached()


def test_filters_narrow_the_marks_and_stand_in_the_address(visit: Visit) -> None:
    page = visit("map")
    every = page.locator(".leaflet-marker-icon").count()
    page.select_option("#uprising", "karabakh-rising")
    page.uncheck("input[name=show][value=presence]")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/map?**uprising=karabakh-rising**")
    some = page.locator(".leaflet-marker-icon").count()
    assert 0 < some < every
    assert page.locator(".layer-presence[data-mark]").count() == 0
    assert page.locator("#uprising").input_value() == "karabakh-rising"


@pytest.mark.parametrize("path", ["map", "timeline"])
def test_without_a_script_the_same_claims_are_there(visit: Visit, path: str) -> None:
    def claims(page: Page) -> set[str]:
        links = page.locator("main a[href*='/page/claim/']")
        return {a or "" for a in links.evaluate_all("all => all.map((a) => a.href)")}

    with_script = claims(visit(path))
    without = claims(visit(path, javascript=False))
    assert without and without == with_script


def test_the_query_behind_a_page_opens_in_the_editor_and_gives_its_marks(visit: Visit) -> None:
    page = visit("map?show=hands")
    rows = page.locator("table.marks tbody tr").count()
    page.get_by_text("The query behind this page").click()
    page.get_by_role("link", name="Open it in the editor").click()
    expect(page.locator("table.answer tbody tr").first).to_be_visible()
    assert page.locator("table.answer tbody tr").count() >= rows


def test_every_row_of_the_timeline_has_its_bar(visit: Visit) -> None:
    page = visit("timeline?first=1920&last=1920")
    rows = page.locator("table.timeline tbody tr:not(.group)")
    bars = page.locator("table.timeline tbody .bar :is(rect, .day)")
    assert bars.count() >= rows.count() > 40
    box = page.locator("table.timeline .drawn").nth(5).bounding_box()
    assert box and box["width"] > 300
    for bar in bars.all()[:20]:
        place = bar.bounding_box()
        assert place and place["width"] > 3
        assert box["x"] - 8 <= place["x"] <= box["x"] + box["width"] + 8
