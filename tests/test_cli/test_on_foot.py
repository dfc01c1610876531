"""`within`, `count` and `match` on foot, as a user meets them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from office_desk import run
from test_matching.walked_town import MAX_SNAP_M, SLACK_M, Town, lonlat, network

import geo_match as gm

WALKS = ("--basis", "walking", "--network", "town.net")
ORIGINS = {"O1": (-2_000.0, 700.0), "O2": (100.0, -100.0), "荒": (-2_900.0, -2_900.0)}
SITES = {"S1": (150.0, -350.0), "S2": (-1_900.0, -650.0), "S3": (120.0, 600.0), "S4": (2e4, 0.0)}
DATUM = ("--datum", "wgs84")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder with the town's network, and two files of places in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    network().save("town.net")
    for name, places in (("origins", ORIGINS), ("sites", SITES)):
        rows = [(id_, *lonlat(*place)) for id_, place in places.items()]
        pd.DataFrame(rows, columns=["id", "lon", "lat"]).to_csv(f"{name}.csv", index=False)
    return tmp_path


@pytest.fixture
def ask(capsys):
    """Return what runs a command, and gives its status and what it tells."""

    def asked(*arguments):
        status = run(*arguments)
        return status, capsys.readouterr().err

    return asked


FILES = ("--sites", "sites.csv", "--origins", "origins.csv", "--out", "pairs.csv", *DATUM)


def expected(radius_m):
    """Return the pairs that the oracle walks to."""
    found = {}
    for origin, here in ORIGINS.items():
        for site, there in SITES.items():
            metres = Town().distance_m(*lonlat(*here), *lonlat(*there))
            if metres is not None and metres <= radius_m:
                found[origin, site] = metres
    return found


@pytest.mark.parametrize("limit", [(), ("--limit", "1"), ("--limit", "9")])
def test_within_lists_what_the_oracle_walks_to_with_what_is_straight_and_to_the_street(ask, limit):
    status, told = ask("within", *FILES, *WALKS, "--radius-m", "4000", *limit)
    frame = pd.read_csv("pairs.csv")
    assert status == 0
    rank = ["rank"] if limit else []
    assert list(frame) == [
        *("origin_id", "site_id", *rank),
        *("distance_m", "straight_m", "origin_snap_m", "site_snap_m"),
    ]
    wanted = expected(4_000.0)
    if limit == ("--limit", "1"):
        wanted = {
            pair: metres
            for pair, metres in wanted.items()
            if metres == min(m for (origin, _), m in wanted.items() if origin == pair[0])
        }
    found = dict(
        zip(zip(frame.origin_id, frame.site_id, strict=True), frame.distance_m, strict=True)
    )
    assert found == pytest.approx(wanted, abs=SLACK_M)
    assert len(found) == (2 if limit == ("--limit", "1") else 3)
    assert (frame.distance_m >= frame.straight_m).all()
    for snap, places, ids in (
        ("origin_snap_m", ORIGINS, frame.origin_id),
        ("site_snap_m", SITES, frame.site_id),
    ):
        wanted_m = [Town().snap_m(*lonlat(*places[one])) for one in ids]
        assert frame[snap].tolist() == pytest.approx(wanted_m, abs=SLACK_M)
    assert "within 4,000 m on foot" in told
    assert "led to no street, so not reached on foot: 1 origin of 3 (1 too far)" in told
    assert "led to no street, so not reached on foot: 1 site of 4 (1 too far)" in told


def test_within_in_straight_lines_has_no_such_columns():
    assert run("within", *FILES) == 0
    assert list(pd.read_csv("pairs.csv")) == ["origin_id", "site_id", "distance_m"]


COUNT = ("--sites", "sites.csv", "--origins", "origins.csv", *DATUM, *WALKS)


def read_counts(path):
    if path.suffix == ".csv":
        return pd.read_csv(path)
    if path.suffix == ".ndjson":
        return pd.read_json(path, lines=True)
    frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
    return pd.DataFrame(frame.drop(columns="geometry"))


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "geojson", "gpkg", "parquet"])
def test_count_counts_what_the_oracle_walks_to_and_no_street_is_no_zero(ask, suffix):
    path = Path(f"counts.{suffix}")
    status, told = ask("count", *COUNT, "--radius-m", "4000", "--out", path)
    assert status == 0
    frame = read_counts(path).set_index("id")
    wanted = [origin for origin, _ in expected(4_000.0)]
    assert frame.loc[["O1", "O2"], "count"].tolist() == [wanted.count("O1"), wanted.count("O2")]
    assert pd.isna(frame.loc["荒", "count"])
    assert pd.isna(frame.loc["荒", "snap_m"])
    assert frame["unreachable"].fillna("").tolist() == ["", "", "too_far"]
    snaps = [Town().snap_m(*lonlat(*ORIGINS[one])) for one in ("O1", "O2")]
    assert frame.loc[["O1", "O2"], "snap_m"].tolist() == pytest.approx(snaps, abs=SLACK_M)
    assert "3 origins answered: counts within 4,000 m on foot, written to counts." in told
    assert "led to no street, so not reached on foot: 1 origin of 3 (1 too far)" in told
    assert run("count", *COUNT[:-4], "--radius-m", "4000", "--out", "straight.csv") == 0
    straight = pd.read_csv("straight.csv").set_index("id")
    assert list(straight) == ["lon", "lat", "count"]
    assert frame["count_straight"].tolist() == straight["count"].tolist()


def test_weights_are_added_up_on_foot_and_straight():
    frame = pd.read_csv("sites.csv").assign(jobs=[1, 20, 300, 4_000], pay=[0.5, 1.0, 2.0, 4.0])
    frame.to_csv("sites.csv", index=False)
    weights = ("--weight", "jobs", "--weight", "pay")
    assert run("count", *COUNT, *weights, "--radius-m", "4000", "--out", "sums.csv") == 0
    found = pd.read_csv("sums.csv", dtype=str).set_index("id")
    jobs, pay = (frame.set_index("id")[name] for name in ("jobs", "pay"))
    reached = {
        one: [site for origin, site in expected(4_000.0) if origin == one] for one in ORIGINS
    }
    assert list(found) == [
        *("lon", "lat", "jobs", "pay", "jobs_straight", "pay_straight", "snap_m", "unreachable"),
    ]
    for one in ("O1", "O2"):
        assert found.loc[one, "jobs"] == f"{jobs[reached[one]].sum()}"
        assert float(found.loc[one, "pay"]) == pay[reached[one]].sum()
    assert pd.isna(found.loc["荒", "jobs"])
    assert int(found.loc["O1", "jobs_straight"]) >= int(found.loc["O1", "jobs"])


@pytest.mark.parametrize("name", ["snap_m", "unreachable", "jobs_straight"])
def test_a_weight_that_has_the_name_of_a_column_on_foot_is_refused(ask, name):
    weights = ("--weight", "jobs", "--weight", name)
    status, told = ask("count", *COUNT, *weights, "--out", "sums.csv")
    assert status == 2
    assert "must name another column with --basis walking" in " ".join(
        told.replace("│", " ").split()
    )
    assert not Path("sums.csv").exists()


JOB = {"title": "保洁员", "employer_licence": "verified", "occupation": "401", "vacancies": 2}
LISTS = ("--seekers", "seekers.ndjson", "--jobs", "jobs.ndjson", *DATUM)


def write_lists():
    for name, places, common in (("seekers", ORIGINS, {}), ("jobs", SITES, JOB)):
        rows = [{"id": one} | dict(zip(("lon", "lat"), lonlat(*at), strict=True)) | common
                for one, at in places.items()]  # fmt: skip
        Path(f"{name}.ndjson").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def test_match_on_foot_writes_what_the_library_finds_and_tells_of_streets(ask):
    write_lists()
    asked = ("--radius-m", "4000", "--condition", "employer", *WALKS, "--out", "out.csv")
    status, told = ask("match", *LISTS, *asked)
    assert status == 0
    frame = pd.read_csv("out.csv")
    options = gm.MatchOptions(
        radius_m=4_000.0, basis="walking", network=network(), conditions=["employer"]
    )
    seekers = [dict(zip(("id", "lon", "lat"), (one, *lonlat(*at)), strict=True))
               for one, at in ORIGINS.items()]  # fmt: skip
    jobs = [JOB | dict(zip(("id", "lon", "lat"), (one, *lonlat(*at)), strict=True))
            for one, at in SITES.items()]  # fmt: skip
    names = ["seeker_id", "job_id", "distance_m", "straight_m", "seeker_snap_m", "job_snap_m"]
    wanted = gm.match(seekers, jobs, options)
    assert options.network.max_snap_m == MAX_SNAP_M
    pd.testing.assert_frame_equal(frame[names], wanted[names], check_dtype=False)
    assert frame["reason"].dropna().tolist() == ["not_on_network"]
    assert "2 of 3 seekers matched within 4,000 m on foot on " in told
    assert "0 with some there but none in reach on foot, 1 whom no street leads to" in told
    status, told = ask("match", *LISTS, *asked, "--language", "zh")
    assert status == 0
    assert "步行4,000米以内" in told
    assert "附近没有能走到的道路的1名" in told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--basis", "walking"), "--network.*must be given with --basis walking"),
        (("--network", "town.net"), "--network.*must not be given without --basis walking"),
        (("--basis", "driving"), "--basis.*must be one of geodesic, walking"),
        (("--basis", "walking", "--network", "none.net"), "none.net"),
    ],
)
def test_one_without_the_other_is_refused(ask, more, said):
    write_lists()
    count = ("count", *FILES[:4], *DATUM, "--out", "counts.csv")
    for command in (("within", *FILES), count, ("match", *LISTS, "--out", "out.csv")):
        status, told = ask(*command, *more)
        assert status == (1 if "none.net" in more else 2)
        assert re.search(said, " ".join(told.replace("│", " ").split()))
        assert not Path("out.csv").exists()
        assert not Path("pairs.csv").exists()
        assert not Path("counts.csv").exists()
