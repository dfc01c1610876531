"""Compiling ahead leaves nothing to compile, whatever is asked of whom afterwards."""

from __future__ import annotations

import subprocess
import sys

_ASKED = """
import sys, tempfile
from geo_match._jit import told_of_compiling
from geo_match.matching.__main__ import compile_kernels

compile_kernels()
import dataclasses
import datetime as dt
import geopandas as gpd
import pandas as pd
import shapely
import geo_match as gm
from geo_match.matching import Around
from geo_match.walking import Network

city = sys.argv[1]
network = Network.from_lines(f"{city}/streets.parquet", f"{city}/river.parquet")
seekers = gpd.read_parquet(f"{city}/seekers.parquet").iloc[::25]
jobs = gpd.read_parquet(f"{city}/jobs.parquet")
employers = pd.read_parquet(f"{city}/employers.parquet")
far = {"id": "F", "lon": 121.0, "lat": 32.93}
boxes = [shapely.box(lon, 32.92, lon + 0.01, 32.94) for lon in (117.36, 121.0)]
areas = gpd.GeoDataFrame({"id": ["A", "B"]}, geometry=boxes, crs="EPSG:4326")
around = Around(areas, by="at")
begun = []
with told_of_compiling(lambda: begun.append(1), lambda: None):
    for limit, threads in ((20, 1), (None, 2)):
        options = gm.MatchOptions(on=dt.date(2025, 12, 31), limit=limit, threads=threads)
        matcher = gm.Matcher(jobs, options, employers=employers)
        matcher.match(seekers)
        prepared = matcher.prepare(seekers)
        matcher.match_one(seekers["id"].iloc[0], among=prepared)
        matcher.shortfall(prepared)
        matcher.count(prepared)
        matcher.match_around({"id": "P", "lon": 117.38, "lat": 32.93})
        matcher.explain({"id": "S", "lon": 117.38, "lat": 32.93}, jobs["id"].iloc[0])
        reverse = gm.ReverseMatcher(seekers, options)
        reverse.match(jobs.iloc[::25], employers=employers)
        matcher.shortfall(far)
        matcher.match_around(areas)
        matcher.shortfall([far | {"at": at, "id": at} for at in "AB"], around=around)
        matcher.count([far | {"at": at, "id": at} for at in "AB"], around=around)
        matcher.explain(far | {"at": "B"}, jobs["id"].iloc[0], around=around)
        reverse.shortfall(jobs.iloc[::25], employers=employers)
        job = {"id": "J", "lon": 121.0, "lat": 32.93, "employer_licence": "verified"}
        reverse.shortfall(job)
        reverse.explain(job, seekers["id"].iloc[0])
        many = seekers.assign(radius_m=[2000.0 + i for i in range(len(seekers))])
        gm.ReverseMatcher(many, options).match(jobs.iloc[::25], employers=employers)
        gm.Matcher(jobs, options, employers=employers).match(many)
        on_foot = dataclasses.replace(options, basis="walking", network=network)
        matcher = gm.Matcher(jobs, on_foot, employers=employers)
        matcher.match(seekers)
        matcher.match_one(seekers["id"].iloc[0], among=matcher.prepare(seekers))
        matcher.shortfall(seekers)
        matcher.count(seekers)
        matcher.match_around({"id": "P", "lon": 117.38, "lat": 32.93})
        reverse = gm.ReverseMatcher(many, on_foot)
        reverse.match(jobs.iloc[::25], employers=employers)
        reverse.shortfall(jobs.iloc[::25], employers=employers)
print(len(begun))
"""


def test_compiling_ahead_leaves_nothing_to_compile_whatever_is_asked(shipped_city):
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _ASKED, shipped_city], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "0\n"
