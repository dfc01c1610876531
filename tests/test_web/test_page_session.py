"""A session that ends amid the work: each panel takes a key, and who leaves leaves nothing."""

from __future__ import annotations

import json

from playwright.sync_api import expect
from test_web.driving import choose, only_failed_loads, ready, without_map

A_COMMUNITY = "340302001001"
JOBS = "**/v1/jobs?*"
SESSION = "**/v1/session"


class Guard:
    """Stands for a server on which what is asked for needs a session, which one key opens."""

    KEY = "gmk_example"

    def __init__(self, *, is_open):
        self.is_open = is_open
        self.methods = []

    def set_up(self, page):
        """Stand between a page, which has no map, and its server."""
        without_map(page)
        page.route(JOBS, self._jobs)
        page.route(SESSION, self._session)

    def _jobs(self, route):
        if self.is_open:
            route.fallback()
        else:
            self._refuse(route)

    def _session(self, route):
        method = route.request.method
        self.methods.append(method)
        if method == "GET":
            by = "session" if self.is_open else "nothing"
            route.fulfill(status=200, content_type="application/json", body=json.dumps({"by": by}))
        elif method == "POST" and route.request.post_data_json != {"key": self.KEY}:
            self._refuse(route)
        else:
            self.is_open = method == "POST"
            route.fulfill(status=204)

    def _refuse(self, route):
        problem = {"type": "about:blank", "title": "No", "status": 401, "detail": "Not so."}
        body = json.dumps(problem)
        route.fulfill(status=401, content_type="application/problem+json", body=body)


def test_a_panel_that_is_refused_takes_a_key_and_asks_anew(open_page):
    guard = Guard(is_open=False)
    found = ready(open_page(before=guard.set_up))
    leave = found.page.locator("#sign-out")
    expect(leave).to_be_hidden()
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#community-fault")).to_contain_text("要用密钥查看")
    field = found.page.locator("#community-key")
    field.fill("gmk_wrong")
    field.press("Enter")
    expect(found.page.locator("#community .key-form .fault")).to_contain_text("密钥无效")
    expect(field).to_have_value("gmk_wrong")
    field.fill(guard.KEY)
    field.press("Enter")
    expect(found.page.locator("#community-jobs")).to_be_visible()
    expect(field).to_have_count(0)
    expect(leave).to_be_visible()
    assert guard.methods == ["GET", "POST", "POST"]
    only_failed_loads(found)


def test_who_leaves_ends_the_session_and_clears_the_page(open_page):
    guard = Guard(is_open=True)
    found = ready(open_page(before=guard.set_up))
    choose(found, A_COMMUNITY)
    expect(found.page.locator("#community-jobs")).to_be_visible()
    found.page.locator("#sign-out").click()
    expect(found.page.locator("#community-jobs")).to_have_count(0)
    ready(found)
    expect(found.page.locator("#sign-out")).to_be_hidden()
    assert guard.methods == ["GET", "DELETE", "GET"]


def test_a_session_that_cannot_be_ended_is_told(open_page):
    guard = Guard(is_open=True)
    found = ready(open_page(before=guard.set_up))
    found.page.route(SESSION, lambda route: route.abort())
    found.page.locator("#sign-out").click()
    expect(found.page.locator("#notice")).to_contain_text("连不上服务器")
    expect(found.page.locator("#sign-out")).to_be_visible()
    only_failed_loads(found)
