"""A browser for the tests, and what it notices about a page while it shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from system_parts import CHROMIUM, chromium_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

# Maps are drawn alike on every machine, and nothing is said of a graphics card that is not there.
_BY_SOFTWARE = ["--use-gl=angle", "--use-angle=swiftshader"]
# Runs before the page's own markup is read, and outside its policy.
_NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
DESKTOP, TABLET = (1366, 768), (768, 1024)
PHONE, SMALL_PHONE = (390, 844), (320, 640)
# A4 without the margins, in pixels, as the style asks for.
UPRIGHT, ACROSS = 703, 1031


@dataclass(frozen=True, slots=True)
class Visit:
    """A page that is shown, and what was noticed.

    Parameters
    ----------
    page
        To be asked further.
    requests
        The address of each thing that it asked for, its own first.
    said
        What stands in the console, and errors that nobody caught.
    """

    page: Page
    requests: list[str]
    said: list[str]

    @property
    def violations(self) -> list[str]:
        """What its own policy kept it from."""
        return self.page.evaluate("window.violations")

    @property
    def overflow(self) -> int:
        """Pixels by which it is wider than its window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    @property
    def scrolled(self) -> list[str]:
        """The tables that are wider than their frames, and are scrolled."""
        return self.page.locator(".scroll").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth)"
            ".map(one => one.getAttribute('aria-label'))"
        )

    def beyond_the_paper(self) -> list[str]:
        """Return the sections that are wider than A4 between its margins, as it is printed."""
        self.page.emulate_media(media="print")
        found = []
        for width, sections in ((UPRIGHT, "section:not(.wide)"), (ACROSS, "section.wide")):
            self.page.set_viewport_size({"width": width, "height": 900})
            found += self.page.locator(sections).evaluate_all(
                "all => all.filter(one => one.scrollWidth > one.clientWidth)"
                ".map(one => one.querySelector('h2').textContent)"
            )
        return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium for the tests of a module.

    No longer than that: while it is driven, its loop counts as running, and others could not be.
    """
    if not CHROMIUM.found():
        pytest.skip(f"no {CHROMIUM.name}. Remedy: {CHROMIUM.remedy}")
    with sync_playwright() as playwright:
        # Without its sandbox, which root may not use: it is shown only what the tests wrote.
        started = playwright.chromium.launch(
            executable_path=chromium_program(), chromium_sandbox=False, args=_BY_SOFTWARE
        )
        yield started
        started.close()


@pytest.fixture
def visit(browser):
    """Give a function that shows a file in a window of its own, without any network."""
    contexts = []

    def show(path, size=DESKTOP):
        width, height = size
        context = browser.new_context(
            offline=True, viewport={"width": width, "height": height}, locale="zh-CN"
        )
        contexts.append(context)
        context.add_init_script(_NOTE_VIOLATIONS)
        page = context.new_page()
        found = Visit(page, [], [])
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda message: found.said.append(message.text))
        page.on("pageerror", lambda error: found.said.append(str(error)))
        page.goto(path.as_uri())
        return found

    yield show
    for context in contexts:
        context.close()
