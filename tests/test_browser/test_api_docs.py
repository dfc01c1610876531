"""`/docs` in a browser: it shows the API, and asks nobody but the server that it came from."""

from __future__ import annotations

import threading
import time

import pytest
import uvicorn
from test_browser.conftest import DESKTOP

from api.app import create_app
from api.settings import Settings

ROWS = "id,lon,lat,title\nJ1,117.38,32.92,收银员\n"
NOTE_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve a small file on a port; return where."""
    path = tmp_path_factory.mktemp("docs") / "jobs.csv"
    path.write_text(ROWS, encoding="utf-8")
    app = create_app(Settings(sites=path, sites_datum="wgs84"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    (listener,) = server.servers[0].sockets
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_the_page_shows_the_api_and_asks_nobody_else(browser, address):
    context = browser.new_context(viewport=dict(zip(("width", "height"), DESKTOP, strict=True)))
    context.add_init_script(NOTE_VIOLATIONS)
    page = context.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/docs")
    page.get_by_role("heading", name="geo_match").wait_for()
    operation = page.locator("#operations-jobs-get_jobs")
    operation.locator("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    for name, value in (("lon", "117.38"), ("lat", "32.92")):
        operation.get_by_placeholder(name, exact=True).fill(value)
    operation.get_by_role("button", name="Execute").click()
    operation.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    assert {url.partition("?")[0] for url in asked if not url.startswith("data:")} == {
        f"{address}/{path}"
        for path in (
            *("docs", "docs/swagger-ui.css", "docs/swagger-ui-bundle.js", "docs/start.js"),
            *("docs/favicon.png", "openapi.json", "v1/jobs"),
        )
    }
    assert page.evaluate("window.violations") == []
    assert said == []
    context.close()
