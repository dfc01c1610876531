"""A town of two communities as lists, and how the command is run on them."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pandas as pd
from office_desk import run

DAY = "2025-12-31"
EAST, WEST = "340302001001", "340302001002"


def square(lon, lat):
    corners = [(0, 0), (0.02, 0), (0.02, 0.02), (0, 0.02), (0, 0)]
    return f"POLYGON (({', '.join(f'{lon + x} {lat + y}' for x, y in corners)}))"


COMMUNITIES = [
    {"code": EAST, "name": "东风社区", "area": square(117.38, 32.93)},
    {"code": WEST, "name": "西山社区", "area": square(117.30, 32.93)},
]
HOUSEHOLDS = [
    {"id": "H1", "lon": 117.3901, "lat": 32.9401, "hukou": "urban", "community": EAST},
    {"id": "H2", "lon": 117.3101, "lat": 32.9401, "hukou": "rural", "community": WEST},
    {"id": "H3", "lon": 117.3151, "lat": 32.9451, "hukou": "urban", "community": WEST},
    {"id": "H4", "hukou": "urban", "community": EAST},
]
WEST_HOME = {"lon": 117.3101, "lat": 32.9401}
EMPLOYERS = [
    {"id": "E1", "name": "甲", "licence": "verified"},
    {"id": "E2", "name": "乙", "licence": "expired"},
]
JOBS = [
    {"id": "J1", "title": "保洁员", "lon": 117.3901, "lat": 32.9412, "vacancies": 5, "filled": 2},
    # Closed on the day, and none left: neither counts.
    {
        "id": "J2",
        "title": "保安",
        "lon": 117.3101,
        "lat": 32.9401,
        "vacancies": 9,
        "closed_on": DAY,
    },
    {"id": "J3", "title": "司机", "lon": 117.3101, "lat": 32.9401, "vacancies": 1, "filled": 1},
]
VERIFIED = [{**one, "employer_licence": "verified"} for one in JOBS]
WGS84 = ("--datum", "wgs84")
FILES = ("--people", "h.ndjson", "--supply", "j.ndjson", "--communities", "c.ndjson", *WGS84)
ON = ("--on", DAY)
NOTED = (
    "  notes, which keep no row out:",
    (
        "    lon, lat: must hold a place's coordinates for it to be located: 1 row. It was kept, "
        "but has no place here; `geo-match import` into a store locates it by its address or "
        "community."
    ),
)


def write_ndjson(path, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    Path(path).write_text(text, encoding="utf-8")


def day(text):
    return None if text is None else dt.date.fromisoformat(text)


def covered(capsys, *more):
    """Run the command on the three lists; return what it told."""
    assert run("coverage", *FILES, *ON, *more) == 0
    said = capsys.readouterr()
    return said.out + said.err


def there():
    return sorted(path.name for path in Path().iterdir())


def plain(text):
    return " ".join(re.sub(r"[│╭╮╰╯─*']", " ", text).split()).replace(" :", ":")


def told(capsys):
    return capsys.readouterr().err.splitlines()


def read_csv(path):
    frame = pd.read_csv(path, dtype={"code": str})
    return frame.astype(object).where(frame.notna(), None).set_index("code", drop=False)


def many_households():
    """Return forty households in one community, and three in the other."""
    east = [{"id": f"E{n}", "lon": 117.3901, "lat": 32.9401, "community": EAST} for n in range(40)]
    west = [{"id": f"W{n}", "lon": 117.3101, "lat": 32.9401, "community": WEST} for n in range(3)]
    return east + west


SEEKERS = [
    {"id": "P1", "lon": 117.3901, "lat": 32.9401, "community": EAST, "birth_year": 1990},
    {"id": "P2", "lon": 117.3901, "lat": 32.9401, "community": EAST, "birth_year": 1990},
    {"id": "P3", **WEST_HOME, "community": WEST, "birth_year": 1990},
]
WANTS = [{"wage_floor_cny": 3000}, {"wage_floor_cny": 9000}, {}]
OFFER = {"wage_low_cny": 3000, "wage_high_cny": 5000, "wage_unit": "month"}


def write_seekers():
    rows = [{**one, **wants} for one, wants in zip(SEEKERS, WANTS, strict=True)]
    write_ndjson("p.ndjson", rows)
    write_ndjson("j.ndjson", [{**one, **OFFER} for one in VERIFIED])
    return ("--people", "p.ndjson", "--supply", "j.ndjson", "--communities", "c.ndjson", *WGS84)
