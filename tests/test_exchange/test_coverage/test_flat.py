"""CSV for people and for programs: what is read back is what the report says, without noise."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from test_coverage import towns
from test_exchange.test_coverage.written import assert_like

import geo_match as gm
from geo_match.exchange.coverage import write_coverage
from geo_match.exchange.coverage.flat import without_noise


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(report):
    assert write_coverage(report, "o.csv") == ["community"]
    raw = Path("o.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfkind,code,name,")
    assert b",'=1+1," in raw
    found = pd.read_csv("o.csv", dtype={"code": str})
    found["name"] = found["name"].str.removeprefix("'")
    assert_like(found, report.by("community"))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(towns.towns())
def test_any_towns_csv_reads_back_as_its_report(tmp_path, town):
    people, supply = town
    made = gm.Coverage(towns.supply_frame(supply), towns.communities_frame(towns.COMMUNITIES)).of(
        towns.people_frame(people)
    )
    path = tmp_path / "o.csv"
    write_coverage(made, path)
    expected = made.by("community")
    found = pd.read_csv(path, dtype={"code": str, "name": str})
    assert list(found) == [name for name in expected if name != "geometry"]
    for name in found:
        if pd.api.types.is_numeric_dtype(expected[name]):
            np.testing.assert_allclose(
                found[name].astype(float),
                expected[name].astype(float),
                rtol=1e-11,
                atol=0.0005 if name.endswith("_m") else 0.0,
            )


def test_no_file_has_digits_that_are_noise(report):
    frame = report.by("community").assign(
        gini=0.1 + 0.2, distance_median_m=1_234.567_891_23, in_reach_median=1e-9 / 3
    )
    frame["own"] = 0.1 + 0.2  # a column that is nobody's but the user's
    told = without_noise(frame).iloc[0]
    assert repr(float(told["gini"])) == "0.3"
    assert repr(float(told["distance_median_m"])) == "1234.568"
    assert repr(float(told["in_reach_median"])) == "3.33333333333e-10"
    assert told["own"] == 0.1 + 0.2
    nothing = frame.iloc[:0]
    assert list(without_noise(nothing)) == list(nothing)
    for suffix in (".csv", ".geojson"):
        write_coverage(report, f"o{suffix}")
        written = Path(f"o{suffix}").read_text(encoding="utf-8-sig")
        if suffix == ".geojson":
            written = re.sub(r'"coordinates": [\[\]\d., -]+', "", written)
        digits = [len(one.replace(".", "").strip("0")) for one in re.findall(r"\d+\.\d+", written)]
        assert max(digits) <= 12
