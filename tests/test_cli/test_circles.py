"""Answers of the command line against brute force that shares nothing with geo_match."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import prcoords
import pyproj
import pytest

from geo_match.cli import circles, main

GEOD = pyproj.Geod(ellps="WGS84")
RADIUS_M = 3000.0


def run(command, *arguments):
    """Run a command on files of WGS-84, which those of columns alone do not say themselves."""
    with pytest.raises(SystemExit, match=r"\d") as stop:
        main([command, "--datum", "wgs84", *map(str, arguments)])
    return stop.value.code


def distances(lon, lat, to_lon, to_lat):
    """Return all geodesic distances, metres, shape (n, m)."""
    n, m = len(lon), len(to_lon)
    return GEOD.inv(np.repeat(lon, m), np.repeat(lat, m), np.tile(to_lon, n), np.tile(to_lat, n))[
        2
    ].reshape(n, m)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Write 300 sites and 200 origins around Bengbu as CSV; give the folder and both frames."""
    folder = tmp_path_factory.mktemp("city")
    rng = np.random.default_rng(3)
    frames = []
    for name, n in (("sites", 300), ("origins", 200)):
        frame = pd.DataFrame(
            {
                "id": [f"{name[0]}{i:03d}" for i in range(n)],
                "lon": rng.normal(117.36, 0.05, n).round(7),
                "lat": rng.normal(32.93, 0.05, n).round(7),
                "jobs": rng.integers(0, 9, n),
            }
        )
        frame.to_csv(folder / f"{name}.csv", index=False)
        frames.append(frame)
    return folder, *frames


@pytest.fixture(scope="module")
def expected(city):
    """Give the pairs within the radius by brute force."""
    _, sites, origins = city
    table = distances(origins.lon, origins.lat, sites.lon, sites.lat)
    return {(f"o{i:03d}", f"s{j:03d}"): table[i, j] for i, j in np.argwhere(table <= RADIUS_M)}


def pairs_of(path):
    frame = pd.read_csv(path)
    return dict(
        zip(zip(frame.origin_id, frame.site_id, strict=True), frame.distance_m, strict=True)
    )


def test_the_jobs_around_each_cell_of_a_real_city_equal_brute_force(reference, tmp_path):
    cells = reference / "roads" / "poa_hexgrid.csv"
    out = tmp_path / "jobs.csv"
    assert run("count", "--sites", cells, "--origins", cells, "--weight", "jobs", "--out", out) == 3

    with cells.open() as stream:
        rows = list(csv.DictReader(stream))
    lon, lat = (np.array([float(row[axis]) for row in rows]) for axis in ("lon", "lat"))
    known = np.array([row["jobs"] != "" for row in rows])
    jobs = np.array([int(row["jobs"]) for row in rows if row["jobs"]])
    table = distances(lon, lat, lon[known], lat[known])
    wanted = (table <= RADIUS_M) @ jobs

    with out.open() as stream:
        found = list(csv.DictReader(stream))
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert [int(row["jobs"]) for row in found] == wanted.tolist()
    assert len(rows) == 1227

    rejected = pd.read_csv(tmp_path / "jobs.csv.rejected.csv")
    assert rejected["row"].tolist() == (np.flatnonzero(~known) + 1).tolist()
    assert len(rejected) == 5
    assert set(rejected["field"]) == {"jobs"}


def test_within_equals_brute_force(city, expected, tmp_path):
    folder, _, _ = city
    out = tmp_path / "pairs.csv"
    assert run("within", "--sites", folder / "sites.csv", "--origins", folder / "origins.csv",
               "--out", out) == 0  # fmt: skip
    found = pairs_of(out)
    assert set(found) == set(expected)
    assert [found[pair] for pair in expected] == pytest.approx(list(expected.values()), abs=1e-6)
    assert max(found.values()) <= RADIUS_M


@pytest.mark.parametrize("pairs_at_once", [1_000_000, 7])
@pytest.mark.parametrize("limit", [1, 5, 1000])
def test_limit_keeps_the_nearest_by_brute_force(
    *, city, expected, tmp_path, monkeypatch, limit, pairs_at_once
):
    monkeypatch.setattr(circles, "_PAIRS_AT_ONCE", pairs_at_once)
    folder, _, _ = city
    out = tmp_path / "pairs.csv"
    run("within", "--sites", folder / "sites.csv", "--origins", folder / "origins.csv",
        "--limit", limit, "--out", out)  # fmt: skip
    frame = pd.read_csv(out)
    wanted = []
    for origin in dict.fromkeys(origin for origin, _ in expected):
        near = sorted((d, site) for (one, site), d in expected.items() if one == origin)
        wanted += [(origin, site, rank) for rank, (_, site) in enumerate(near[:limit], start=1)]
    assert list(zip(frame.origin_id, frame.site_id, frame["rank"], strict=True)) == wanted


@pytest.mark.parametrize("origins_at_once", [100_000, 7])
def test_counts_and_sums_equal_brute_force_however_origins_are_cut(
    city, expected, tmp_path, monkeypatch, origins_at_once
):
    monkeypatch.setattr(circles, "_ORIGINS_AT_ONCE", origins_at_once)
    folder, sites, origins = city
    files = ("--sites", folder / "sites.csv", "--origins", folder / "origins.csv")
    assert run("count", *files, "--out", tmp_path / "counts.csv") == 0
    assert run("count", *files, "--weight", "jobs", "--out", tmp_path / "jobs.csv") == 0
    jobs = dict(zip(sites.id, sites.jobs, strict=True))
    reached = {origin: [s for o, s in expected if o == origin] for origin in origins.id}
    counts = pd.read_csv(tmp_path / "counts.csv")
    sums = pd.read_csv(tmp_path / "jobs.csv")
    assert counts["count"].tolist() == [len(reached[origin]) for origin in origins.id]
    assert sums["jobs"].tolist() == [sum(jobs[s] for s in reached[o]) for o in origins.id]


@pytest.mark.parametrize("epsg", [4548, 4526, 4490, 3857])
def test_projected_files_give_the_answer_of_their_degrees(city, expected, tmp_path, epsg):
    folder, sites, _ = city
    frame = gpd.GeoDataFrame(
        sites[["id"]], geometry=gpd.points_from_xy(sites.lon, sites.lat), crs="EPSG:4326"
    ).to_crs(epsg)
    path, out = tmp_path / "sites.gpkg", tmp_path / "pairs.csv"
    frame.to_file(path)
    assert run("within", "--sites", path, "--origins", folder / "origins.csv", "--out", out) == 0
    found = pairs_of(out)
    assert set(found) == set(expected)
    assert [found[pair] for pair in expected] == pytest.approx(list(expected.values()), abs=1e-3)


@pytest.mark.parametrize("suffix", ["csv", "geojson"])
def test_sites_of_a_web_map_are_found_where_they_are(city, expected, tmp_path, suffix):
    folder, sites, _ = city
    moved = [prcoords.wgs_gcj((lat, lon)) for lon, lat in zip(sites.lon, sites.lat, strict=True)]
    frame = pd.DataFrame(
        {"编号": sites.id, "经度": [p.lon for p in moved], "纬度": [p.lat for p in moved]}
    )
    path, out = tmp_path / f"sites.{suffix}", tmp_path / "pairs.csv"
    if suffix == "csv":
        frame.to_csv(path, index=False, encoding="gb18030")
    else:  # it says EPSG:4326, as such files do
        points = gpd.points_from_xy(frame["经度"], frame["纬度"], crs="EPSG:4326")
        gpd.GeoDataFrame(frame[["编号"]], geometry=points).to_file(path, COORDINATE_PRECISION=15)
    assert run("within", "--sites", path, "--sites-datum", "gcj02",
               "--origins", folder / "origins.csv", "--out", out) == 0  # fmt: skip
    found = pairs_of(out)
    assert set(found) == set(expected)
    assert [found[pair] for pair in expected] == pytest.approx(list(expected.values()), abs=0.02)


def test_pairs_are_streamed_block_by_block(city, expected, tmp_path, monkeypatch):
    folder, _, _ = city
    monkeypatch.setattr(circles, "_PAIRS_AT_ONCE", 50)
    sizes = []
    watched = circles._watched

    def spy(pairs, advance):
        for block in watched(pairs, advance):
            sizes.append(len(block))
            yield block

    monkeypatch.setattr(circles, "_watched", spy)
    out = tmp_path / "pairs.parquet"
    run(
        "within", "--sites", folder / "sites.csv", "--origins", folder / "origins.csv", "--out", out
    )
    assert sum(sizes) == len(expected)
    assert len(sizes) > 10
    assert len(pd.read_parquet(out)) == len(expected)


def test_a_failure_while_streaming_leaves_nothing(city, tmp_path, monkeypatch, capsys):
    folder, _, _ = city

    def broken(pairs, advance):
        del advance
        yield next(iter(pairs))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(circles, "_watched", broken)
    for suffix in ("csv", "gpkg", "parquet"):
        out = tmp_path / f"pairs.{suffix}"
        assert run("within", "--sites", folder / "sites.csv", "--origins", folder / "origins.csv",
                   "--out", out) == 1  # fmt: skip
        assert "No space left on device" in capsys.readouterr().err
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.parametrize("more", [(), ("--limit", 3)])
def test_the_bar_moves_in_many_steps(city, tmp_path, monkeypatch, more):
    folder, _, _ = city
    monkeypatch.setattr(circles, "_LEAST_ORIGINS", 1)
    steps = []
    watched = circles._watched

    def spy(pairs, advance):
        del advance
        return watched(pairs, steps.append)

    monkeypatch.setattr(circles, "_watched", spy)
    run("within", "--sites", folder / "sites.csv", "--origins", folder / "origins.csv",
        *more, "--out", tmp_path / "pairs.csv")  # fmt: skip
    assert sum(steps) == 200
    assert len(steps) >= 50
