"""The page under the hand: keys and an input method, a finger on a phone, from tab to tab."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_browser.conftest import DESKTOP, PHONE
from test_web.driving import choose, click_map, ready, without_map

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
A_COMMUNITY, ANOTHER = "340302001001", "340303001002"


@pytest.fixture
def beside_map(open_page):
    """Open the page without its map, for what is beside it."""
    return ready(open_page(before=without_map))


def broken_rules(found):
    """Return which rules of accessibility the page breaks, and where."""
    results = Axe().run(found.page, options={"runOnly": {"type": "tag", "values": WCAG}})
    return {
        one["id"]: [node["target"] for node in one["nodes"]]
        for one in results.response["violations"]
    }


def test_the_table_comes_to_the_selected_community_when_it_is_opened_but_not_when_it_is_sorted(
    beside_map,
):
    found = beside_map
    current = found.page.locator("#tab-table tr[aria-current]")
    last = found.page.locator("#tab-table tbody tr").last.locator("button")
    codes = [
        found.page.locator(f"#row-{A_COMMUNITY}").get_attribute("title"),
        last.get_attribute("title"),
    ]
    for code in codes:
        choose(found, code)
        expect(found.page.locator("#tab-table")).to_be_hidden()
        found.page.locator("#open-table").click()
        expect(current.locator("button")).to_have_attribute("title", code)
        expect(current).to_be_in_viewport()
    panel = found.page.locator("#tab-table")
    panel.evaluate("panel => { panel.scrollTop = 0; }")
    found.page.locator("#sort-without").click()
    found.page.locator("#sort-without").click()
    expect(current).to_have_count(1)
    assert panel.evaluate("panel => panel.scrollTop") == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_is_no_wider_than_its_panel(beside_map, language):
    found = beside_map
    if language == "en":
        found.page.locator("#language").click()
        expect(found.page.locator("html")).to_have_attribute("lang", "en")
    widths = "panel => [panel.scrollWidth, panel.clientWidth]"
    wide, seen = found.page.locator("#tab-table").evaluate(widths)
    assert wide <= seen
    found.shot(f"map-table-{language}")


def test_keys_for_an_input_method_are_left_to_it(beside_map):
    """While letters become a word, Enter takes the word: it is no choice, and nothing is sought."""
    found = beside_map
    field = found.page.locator("#search-field")
    field.focus()
    typing = found.page.context.new_cdp_session(found.page)
    typing.send(
        "Input.imeSetComposition", {"text": "340302", "selectionStart": 6, "selectionEnd": 6}
    )
    expect(field).to_have_value("340302")
    expect(found.page.locator("#hits")).to_be_hidden()
    pressed = "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}"
    field.evaluate(f"field => field.dispatchEvent(new KeyboardEvent('keydown', {pressed}))")
    expect(found.page.locator("#community h2")).to_have_count(0)
    typing.send("Input.insertText", {"text": A_COMMUNITY})
    expect(found.page.locator("#hits li")).to_have_count(1)
    field.press("Enter")
    expect(found.page.locator("#community h2")).to_have_count(1)


def test_an_option_is_taken_when_the_finger_leaves_it_not_when_it_comes_down(beside_map):
    found = beside_map
    found.page.locator("#search-field").fill("3403")
    first = found.page.locator("#hits li").first
    first.hover()
    found.page.mouse.down()
    expect(first).to_be_visible()
    expect(found.page.locator("#community h2")).to_have_count(0)
    found.page.mouse.up()
    expect(found.page.locator("#community h2")).to_have_count(1)
    expect(found.page.locator("#search-field")).to_be_focused()


def test_on_a_phone_what_was_tapped_or_found_comes_into_view(open_page):
    found = ready(open_page(size=PHONE))
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#community h2")).to_be_in_viewport()
    found.shot("map-phone-found")
    found.page.evaluate("window.scrollTo(0, 0)")
    expect(found.page.locator("#community h2")).not_to_be_in_viewport()
    click_map(found)
    expect(found.page.locator("#circle h2")).to_be_in_viewport()
    expect(found.page.locator("#circle-jobs")).to_be_visible()
    found.shot("map-phone-tapped")
    assert broken_rules(found) == {}


def test_that_nothing_is_found_is_said_to_who_hears_the_page(beside_map):
    found = beside_map
    found.page.locator("#search-field").fill("没有这样的地方")
    said = found.page.locator("#search [role=status]")
    expect(said).to_have_text("没有这样的社区")
    assert broken_rules(found) == {}
    found.page.locator("#search-field").press("Escape")
    expect(said).to_have_text("")


def test_in_english_it_keeps_to_wcag_a_and_aa(beside_map):
    found = beside_map
    found.page.locator("#language").click()
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#community-jobs")).to_be_visible()
    assert broken_rules(found) == {}
    assert found.overflow == 0


def test_a_page_that_cannot_begin_says_so(open_page):
    def broken(page):
        without_map(page)
        page.add_init_script(
            "document.addEventListener('readystatechange', "
            "() => document.getElementById('search')?.remove());"
        )

    found = open_page(size=DESKTOP, before=broken)
    expect(found.page.locator("#notice")).to_contain_text("#search")
    assert len(found.said) == 1
    found.said.clear()
