"""The page with the map in a browser, as a server of the demonstration city gives it."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from test_api.running import CHECKOUT, lines_until, read_on, started
from test_browser.conftest import _NOTE_VIOLATIONS, DESKTOP, browser  # noqa: F401 - a fixture
from test_web.published_city import published_city

from api.pages.built import BUILT
from geo_match.walking import Network

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

SCREENSHOTS = CHECKOUT / "build" / "screenshots"
READY_MS = 30_000
OF_THE_DRIVER = "GL Driver Message"
"""Chromium's own remark, where it draws without a graphics card, that this is slow."""


@dataclass(frozen=True)
class Opened:
    """The page in a window of its own, and what was noticed.

    Parameters
    ----------
    page, context
        To be asked further.
    address
        Of the server that it came from.
    requests
        The address of each thing that it asked for, its own first.
    said
        What stands in the console, and errors that nobody caught. A test in which something fails
        on purpose takes from it what it expects; whatever is left at the end fails the test.
    """

    page: Page
    context: BrowserContext
    address: str
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def asked_elsewhere(self) -> list[str]:
        """What it asked of anybody but its server; what it made itself it asks nobody for."""
        own = (f"{self.address}/", "data:", f"blob:{self.address}/")
        return [url for url in self.requests if not url.startswith(own)]

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

    def hear(self, text: str) -> None:
        """Note what stands in the console."""
        if OF_THE_DRIVER not in text:
            self.said.append(text)

    def shot(self, name: str) -> None:
        """Keep what is seen as `build/screenshots/<name>.png`."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture(scope="session")
def built():
    """Demand the page as it is built, which tests of a checkout without it could not open."""
    if not (BUILT / "index.html").exists():
        pytest.skip("the page is not built. Remedy: make install")


@pytest.fixture(scope="session")
def served(built, shipped_city, request, tmp_path_factory):  # noqa: ARG001 - no server without
    """Serve the demonstration city with its streets and its ground; give the address.

    Its coverage is published before: what the page does until then is another test.
    """
    network = tmp_path_factory.mktemp("streets") / "city.net"
    streets, river = shipped_city / "streets.parquet", shipped_city / "river.parquet"
    Network.from_lines(streets, river).save(network)
    environment = {
        "GEO_MATCH_STORE": str(published_city(lambda: request.getfixturevalue("city_store"))),
        "GEO_MATCH_NETWORK": str(network),
        "GEO_MATCH_GROUND": f"{shipped_city / 'districts.parquet'},{river}",
    }
    with started("api", "--port", "0", **environment) as process:
        said = lines_until(process, "curl")
        read_on(process)
        yield re.search(r"Listening on (\S+) ", said)[1]


@pytest.fixture
def open_page(browser, served):  # noqa: F811 - pytest's way to take a fixture
    """Give a function that opens the page; at the end all was quiet, and all came from here."""
    opened = []

    def show(path="/", size=DESKTOP, *, locale="zh-CN", before=None):
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        context.add_init_script(_NOTE_VIOLATIONS)
        context.set_default_timeout(READY_MS)
        found = Opened(context.new_page(), context, served)
        opened.append(found)
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on("console", lambda message: found.hear(message.text))
        found.page.on("pageerror", lambda error: found.said.append(str(error)))
        if before is not None:
            before(found.page)
        found.page.goto(served + path)
        return found

    yield show
    violations = []
    with ExitStack() as closed:  # all of them: one left open would draw on beside all later tests
        for one in opened:
            closed.callback(one.context.close)
        for one in opened:
            violations += one.violations
    for one in opened:
        assert one.asked_elsewhere == []
        assert one.said == []
    assert violations == []
