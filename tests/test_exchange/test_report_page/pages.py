"""Small pages to test with, and a reader of HTML that trusts nothing and closes everything."""

from __future__ import annotations

from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo_match.exchange.report_page.data import PageData

VOID = {"meta", "br", "col"}
WEST, SOUTH, STEP = 117.30, 32.90, 0.01


def square(x, y):
    return shapely.box(
        WEST + x * STEP, SOUTH + y * STEP, WEST + (x + 1) * STEP, SOUTH + (y + 1) * STEP
    )


def community_frame(n=6, *, release="internal", with_outside=True):
    """Return a row a community, each with figures of its own, as `CoverageReport.by` does."""
    at = np.arange(n)
    people = 10 + at
    below = at % 4
    frame = gpd.GeoDataFrame(
        {
            "kind": "community",
            "code": [f"3403020010{one:02d}" for one in at],
            "name": [f"社区{one}" for one in at],
            "has_area": True,
            "people": people,
            "located": people,
            "located_share": 1.0,
            "reached": people - below,
            "reached_share": (people - below) / people,
            "below": below,
            "reason_no_location": 0,
            "reason_none_in_circle": below,
            "in_reach_median": 7.0 + at,
            "distance_median_m": 1234.5 + at,
            "release": release,
        },
        geometry=[square(one % 3, one // 3) for one in at],
        crs=4326,
    )
    if not with_outside:
        return frame
    last = dict.fromkeys(frame) | {
        "kind": "outside",
        "has_area": False,
        "people": 2,
        "located": 2,
        "located_share": 1.0,
        "reached": 1,
        "reached_share": 0.5,
        "below": 1,
        "reason_no_location": 0,
        "reason_none_in_circle": 1,
        "release": release,
    }
    outside = gpd.GeoDataFrame([last], geometry="geometry", crs=4326)
    rows = {
        name: [*frame[name].tolist(), *outside[name].tolist()]
        for name in frame
        if name != "geometry"
    }
    return gpd.GeoDataFrame(rows, geometry=[*frame.geometry, None], crs=4326)


def totals_of(frame, release="internal"):
    sums = {name: int(frame[name].sum()) for name in ("people", "located", "reached", "below")}
    return {
        **sums,
        "located_share": sums["located"] / sums["people"] if sums["people"] else float("nan"),
        "reached_share": sums["reached"] / sums["located"] if sums["located"] else float("nan"),
        "reason_no_location": 0,
        "reason_none_in_circle": sums["below"],
        "in_reach_p10": 3.0,
        "in_reach_median": 8.0,
        "distance_median_m": 1240.0,
        "supply_rows": 40,
        "supply_unlocated": 1,
        "supply_amount": 12345,
        "release": release,
    }


def page(**given):
    frame = given.pop("frame", None)
    frame = community_frame() if frame is None else frame
    release = given.get("release", "internal")
    known = {
        "title": "示范",
        "language": "zh",
        "release": release,
        "totals": totals_of(frame, release),
        "levels": {"community": frame},
    }
    return PageData(**(known | given))


class Read(HTMLParser):
    """Reads a page: its tags in order, its attributes, its texts, its tables; all must close."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.attributes, self.texts = [], [], [], []
        self.tables, self.row_heads, self.headings = [], [], []
        self.declarations = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_decl(self, decl):
        self.declarations.append(decl)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("")
        if tag in {"h1", "h2", "h3"}:
            self.headings.append((tag, ""))

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open[-1][0] == tag, (self.open[-1], tag)
        self.open.pop()

    def handle_data(self, data):
        inside = [tag for tag, _ in self.open]
        self.texts.append((inside[-1] if inside else "", data))
        if "td" in inside or "th" in inside:
            self.tables[-1][-1][-1] += data
            last, attributes = self.open[-1]
            if last == "th" and attributes.get("scope") == "row":
                self.row_heads.append(data)
        if inside and inside[-1] in {"h1", "h2", "h3"}:
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)

    def text(self):
        return "".join(data for tag, data in self.texts if tag != "style")

    def rows(self):
        """Return every row of every table as a dict by the heads of its table."""
        return [
            dict(zip(table[0], row, strict=True))
            for table in self.tables
            for row in table[1:]
            if len(row) == len(table[0])
        ]


def nullable(frame):
    """Return counts as those that are published: null where they are kept back."""
    counts = ["people", "located", "reached", "below", "reason_no_location"]
    counts.append("reason_none_in_circle")
    out = frame.copy()
    for name in counts:
        out[name] = out[name].astype("Int64")
        out[name] = out[name].mask(pd.Series(out[name] < 12, dtype="boolean"))
    out["reached_share"] = out["reached"].astype("Float64") / out["located"].astype("Float64")
    out["located_share"] = out["located"].astype("Float64") / out["people"].astype("Float64")
    return out.assign(release="published")
