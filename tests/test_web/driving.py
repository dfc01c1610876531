"""Using the page with the map as a person does, and asking its server beside."""

from __future__ import annotations

import base64
import io
import re

import httpx
import numpy as np
from PIL import Image
from playwright.sync_api import expect

URBAN = "居委会"
MOST_ERROR = 5
expect.set_options(timeout=30_000)  # a machine without a graphics card draws the map slowly


def without_map(page):
    """Have the page believe that nothing can be drawn: what is beside the map is there at once."""
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")


def ready(found):
    """Wait until everything is read and drawn."""
    expect(found.page.locator("#tab-table tbody tr").first).to_be_attached()
    expect(found.page.locator("#notice")).to_be_hidden()
    expect(found.page.locator("#data-date")).to_contain_text(re.compile(r"\d{4}-\d{2}-\d{2}"))
    drawn(found)
    return found


def drawn(found):
    """Wait until the map moves no more, and everything on it is drawn; without one, not at all."""
    expect(found.page.locator("#map:not([aria-busy=true])")).to_be_attached()


def asked(found, path, **parameters):
    """Ask the server of the page; give the answer."""
    answer = httpx.get(f"{found.address}{path}", params=parameters, trust_env=False, timeout=60)
    answer.raise_for_status()
    return answer.json()


def communities(found):
    """Return what the server has of each community, by code."""
    features = asked(found, "/ogc/collections/communities/items", limit=10_000)["features"]
    return {one["id"]: one["properties"] for one in features}


def rows_of(found, **parameters):
    """Return the published rows of communities, by code."""
    rows = asked(found, "/v1/coverage", by="community", **parameters)["rows"]
    return {row["code"]: row for row in rows if row["code"] is not None}


def without_reach(row):
    """Return how many households have nothing in reach, by what was published; None if unknown."""
    if row["below"] is not None:
        return row["below"]
    if row["located"] is None or row["reached"] is None:
        return None
    return max(0, row["located"] - row["reached"])


def is_below_for_certain(row):
    """Return whether some have nothing in reach, however the figures were rounded."""
    if row["below"] is not None:
        return row["below"] > MOST_ERROR
    left_out = without_reach(row)
    return left_out is not None and left_out > 2 * MOST_ERROR


def number_in(locator):
    """Return the first number that an element shows."""
    return int(re.search(r"[\d,]+", locator.inner_text())[0].replace(",", ""))


def choose(found, text):
    """Search for a community and take the first that fits."""
    found.page.locator("#search-field").fill(text)
    found.page.locator("#search-field").press("Enter")
    drawn(found)


def click_map(found, dx=0, dy=0):
    """Click so many pixels from the middle of the map."""
    box = found.page.locator("#map").bounding_box()
    found.page.mouse.click(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)


def picture(found, canvas="#map canvas.maplibregl-canvas"):
    """Return the map as it is drawn, without what lies over it: uint8, (height, width, 3)."""
    data = found.page.locator(canvas).evaluate("canvas => canvas.toDataURL()")
    png = base64.b64decode(data.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def only_failed_loads(found):
    """Take from the console that something could not be loaded, which a test has brought about."""
    others = [one for one in found.said if not one.startswith("Failed to load resource")]
    assert len(others) < len(found.said)
    found.said[:] = others
