"""Two small lists that are matched, a store of them, and how what is written is read."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geo_match.store import Store

DAY = "2025-12-31"
ON = ("--on", DAY)
OPTIONS = {"on": dt.date(2025, 12, 31)}
JOB = {
    "title": "保洁员",
    "employer_licence": "verified",
    "lon": 117.381,
    "lat": 32.931,
    "occupation": "401",
    "job_type": "ordinary",
    "wage_low_cny": 3000,
    "wage_high_cny": 4000,
    "wage_unit": "month",
    "vacancies": 2,
    "shift": "any",
}
SEEKER = {
    "lon": 117.371,
    "lat": 32.931,
    "occupation": "401",
    "birth_year": 1990,
    "sex": "male",
    "accepts": ["ordinary"],
    "shift": "day",
}
SEEKERS = [
    {"id": "S1"},
    {"id": "S2", "wage_floor_cny": 5000},
    {"id": "S3", "lon": 118.201},
    {"id": "S4", "lon": None, "lat": None},
]
JOBS = [{"id": "J1"}, {"id": "J2", "lon": 117.375}, {"id": "J3", "lon": None, "lat": None}]
FILES = ("--seekers", "seekers.ndjson", "--jobs", "jobs.ndjson", "--datum", "wgs84")


def write_ndjson(path, rows, common):
    Path(path).write_text("".join(json.dumps(common | row) + "\n" for row in rows))


def read_rows(path):
    """Return what a file has, the empty cells of CSV as None."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        if str(path).endswith("csv"):
            return [{k: v or None for k, v in row.items()} for row in csv.DictReader(stream)]
        return [json.loads(line) for line in stream]


def of_city(city):
    return ("--seekers", city[0], "--jobs", city[1], *ON)


def frame_of(path):
    """Return what a Parquet file has, as `match` gives its frames."""
    return pq.read_table(path).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)


def plain(text):
    return " ".join(re.sub(r"[│╭╮╰╯─*]", " ", text).split())


def table(rows):
    """Return rows that need not have the same members."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def fill(store):
    """Put the two lists into a store."""
    with Store.open(store) as opened:
        employer = {"id": "E1", "name": "甲", "licence": "verified"}
        opened.put("employers", table([employer]))
        own = {name: value for name, value in JOB.items() if name != "employer_licence"}
        jobs = [own | {"employer_id": "E1"} | job for job in JOBS]
        opened.put("jobs", table(jobs))
        opened.put("seekers", table([SEEKER | one for one in SEEKERS]))
