"""Compiling ahead leaves nothing to compile, whatever is asked of whom afterwards."""

from __future__ import annotations

import subprocess
import sys

_ASKED = """
import sys, tempfile
from geo_match._jit import told_of_compiling
from geo_match.matching.__main__ import compile_kernels

compile_kernels()
import datetime as dt
import geopandas as gpd
import pandas as pd
import geo_match as gm

city = sys.argv[1]
seekers = gpd.read_parquet(f"{city}/seekers.parquet").iloc[::25]
jobs = gpd.read_parquet(f"{city}/jobs.parquet")
employers = pd.read_parquet(f"{city}/employers.parquet")
begun = []
with told_of_compiling(lambda: begun.append(1), lambda: None):
    for limit, threads in ((20, 1), (None, 2)):
        options = gm.MatchOptions(on=dt.date(2025, 12, 31), limit=limit, threads=threads)
        matcher = gm.Matcher(jobs, options, employers=employers)
        matcher.match(seekers)
        prepared = matcher.prepare(seekers)
        matcher.match_one(seekers["id"].iloc[0], among=prepared)
        matcher.shortfall(prepared)
        matcher.match_around({"id": "P", "lon": 117.38, "lat": 32.93})
        matcher.explain({"id": "S", "lon": 117.38, "lat": 32.93}, jobs["id"].iloc[0])
        reverse = gm.ReverseMatcher(seekers, options)
        reverse.match(jobs.iloc[::25], employers=employers)
        many = seekers.assign(radius_m=[2000.0 + i for i in range(len(seekers))])
        gm.ReverseMatcher(many, options).match(jobs.iloc[::25], employers=employers)
        gm.Matcher(jobs, options, employers=employers).match(many)
print(len(begun))
"""


def test_compiling_ahead_leaves_nothing_to_compile_whatever_is_asked(shipped_city):
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _ASKED, shipped_city], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "0\n"
