"""专业视图: it is hidden, and shows what is published of how unequal reach is."""

from __future__ import annotations

from playwright.sync_api import expect
from test_web.driving import asked, choose, ready, without_map

A_COMMUNITY = "340302001001"


def at_expert(open_page):
    found = ready(open_page(before=without_map))
    found.page.locator("#expert").click()
    expect(found.page.locator("#expert-areas")).to_be_visible()
    return found


def test_it_is_hidden_until_somebody_asks_for_it_and_goes_again(open_page):
    found = ready(open_page(before=without_map))
    expect(found.page.locator("#open-expert")).to_be_hidden()
    assert not [url for url in found.requests if "by=district" in url]
    found.page.locator("#expert").click()
    expect(found.page.locator("#expert")).to_have_attribute("aria-pressed", "true")
    expect(found.page.locator("#tab-expert")).to_be_visible()
    found.page.locator("#expert").click()
    expect(found.page.locator("#open-expert")).to_be_hidden()
    expect(found.page.locator("#tab-table")).to_be_visible()


def test_gini_and_fgt_of_the_city_are_the_published_ones(open_page):
    found = at_expert(open_page)
    city = asked(found, "/v1/coverage", by="district")["city"]
    figures = found.page.locator("#tab-expert dd")
    expect(figures.nth(0)).to_have_text(f"{city['measures']['gini']:.2f}".rstrip("0"))
    expect(figures.nth(1)).to_have_text(f"{100 * (1 - city['reached_share']):.1f}%")
    expect(found.page.locator("#tab-expert")).to_contain_text("2SFCA")
    expect(found.page.locator("#tab-expert")).to_contain_text("暂缺：接口不公布")
    found.shot("map-expert")


def test_areas_are_sorted_by_any_figure_and_those_without_come_last(open_page):
    found = at_expert(open_page)
    rows = asked(found, "/v1/coverage", by="street")["rows"]
    found.page.locator("#expert-level").select_option("street")
    ginis = [
        (row["name"], row["measures"]["gini"])
        for row in rows
        if row["code"] is not None and row["measures"]["gini"] is not None
    ]
    most = max(gini for _, gini in ginis)
    least = min(gini for _, gini in ginis)
    first = found.page.locator("#expert-areas tbody tr").first
    expect(first.locator("td").nth(2)).to_have_text(f"{most:g}")
    found.page.locator("#expert-sort-gini").click()
    expect(first.locator("td").nth(2)).to_have_text(f"{least:g}")
    found.page.locator("#expert-sort-reached").click()
    shares = found.page.locator("#expert-areas tbody td:nth-child(3)").all_inner_texts()
    known = [int(text.rstrip("%")) for text in shares if text != "—"]
    assert known == sorted(known, reverse=True)
    assert set(shares[len(known) :]) <= {"—"}


def test_a_community_is_compared_with_what_it_is_in(open_page):
    found = at_expert(open_page)
    expect(found.page.locator("#tab-expert")).to_contain_text("先在地图或一览中选一个社区")
    choose(found, A_COMMUNITY)
    found.page.locator("#open-expert").click()
    row = found.page.locator("#expert-compared tbody tr").first.locator("td")
    own = asked(found, f"/v1/coverage/{A_COMMUNITY}")["row"]["people"]
    street = asked(found, f"/v1/coverage/{A_COMMUNITY[:9]}", by="street")["row"]
    district = asked(found, f"/v1/coverage/{A_COMMUNITY[:6]}", by="district")["row"]
    city = asked(found, "/v1/coverage")["city"]["people"]
    expect(row).to_have_text(
        [f"{people:,}" for people in (own, street["people"], district["people"], city)]
    )
    heads = found.page.locator("#expert-compared thead th")
    expect(heads.nth(1)).to_have_text(street["name"])
    expect(heads.nth(2)).to_have_text(district["name"])
