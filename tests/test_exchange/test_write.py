"""What is written reads back the same in other readers, and appears whole or not at all."""

from __future__ import annotations

import json
import os
import resource

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
from pyogrio.errors import DataLayerError

from geo_match.errors import FileError
from geo_match.exchange import SUFFIXES, Rows, count_rows, is_geographic, pair_rows, write_rows
from geo_match.intake import Places, read_places
from geo_match.spatial import Pairs

GEOGRAPHIC = ["geojson", "json", "gpkg", "parquet", "geoparquet"]
TABULAR = ["csv", "ndjson", "jsonl"]
NASTY = ["007", "=1+1", "a,b", 'say "hi"', "two\nlines", "东风", "@x", "-5", "+cmd", "\ttab", ""]


def places(ids):
    rng = np.random.default_rng(len(ids))
    return Places(
        np.array(ids, dtype=object),
        rng.uniform(-180, 180, len(ids)),
        rng.uniform(-90, 90, len(ids)),
        pd.DataFrame(index=pd.RangeIndex(len(ids))),
    )


ORIGINS = places(NASTY)
SITES = places([f"S{i}" for i in range(7)])


def pair_blocks():
    rng = np.random.default_rng(5)
    for first, counts in ((0, [3, 0, 5]), (3, [0, 0]), (5, [7, 1, 0, 2, 4, 6])):
        offsets = np.concatenate(([0], np.cumsum(counts)))
        n = offsets[-1]
        yield Pairs(offsets, rng.integers(0, 7, n), rng.uniform(0, 3000, n), first_query=first)


def expected_pairs():
    rows = []
    for block in pair_blocks():
        for query in range(block.n_queries):
            inside = slice(block.offsets[query], block.offsets[query + 1])
            rows += [
                (NASTY[block.first_query + query], f"S{point}", rank, distance)
                for rank, (point, distance) in enumerate(
                    zip(block.point[inside], block.distance_m[inside], strict=True), start=1
                )
            ]
    return pd.DataFrame(rows, columns=["origin_id", "site_id", "rank", "distance_m"])


def read_back(path):
    match path.suffix:
        case ".csv":
            return pd.read_csv(path, dtype={"origin_id": str, "id": str}, keep_default_na=False)
        case ".ndjson" | ".jsonl":
            with path.open(encoding="utf-8") as lines:
                return pd.DataFrame([json.loads(line) for line in lines])
        case ".parquet" | ".geoparquet":
            return gpd.read_parquet(path)
        case _:
            return gpd.read_file(path)


@pytest.mark.parametrize("ranked", [True, False])
@pytest.mark.parametrize("suffix", GEOGRAPHIC + TABULAR)
def test_pairs_come_back_as_they_were(tmp_path, suffix, ranked):
    path = tmp_path / f"pairs.{suffix}"
    rows = pair_rows(ORIGINS, SITES, pair_blocks(), ranked=ranked, with_point=is_geographic(path))
    expected = expected_pairs()
    assert write_rows(path, rows) == len(expected)
    back = read_back(path)
    origin_ids = back["origin_id"].tolist()
    if suffix == "csv":
        origin_ids = [text.removeprefix("'") for text in origin_ids]
    assert origin_ids == expected["origin_id"].tolist()
    assert back["site_id"].tolist() == expected["site_id"].tolist()
    assert back["distance_m"].tolist() == expected["distance_m"].tolist()
    assert ("rank" in back) == ranked
    if ranked:
        assert back["rank"].tolist() == expected["rank"].tolist()
    if suffix in GEOGRAPHIC:
        at = [int(site[1:]) for site in expected["site_id"]]
        assert back.geometry.x.tolist() == SITES.lon[at].tolist()
        assert back.geometry.y.tolist() == SITES.lat[at].tolist()
        assert back.crs.to_epsg() == 4326 or back.crs.to_string() == "OGC:CRS84"
        assert "lon" not in back


@pytest.mark.parametrize("suffix", GEOGRAPHIC + TABULAR)
def test_counts_come_back_as_they_were(tmp_path, suffix):
    path = tmp_path / f"counts.{suffix}"
    figures = {"岗位": np.arange(11) * 2**40, "pay": np.linspace(0, 1, 11)}
    assert write_rows(path, count_rows(ORIGINS, figures)) == 11
    back = read_back(path)
    for name, values in figures.items():
        assert back[name].tolist() == values.tolist()
    x, y = (back["lon"], back["lat"]) if suffix in TABULAR else (back.geometry.x, back.geometry.y)
    assert x.tolist() == ORIGINS.lon.tolist()
    assert y.tolist() == ORIGINS.lat.tolist()


@pytest.mark.parametrize("suffix", GEOGRAPHIC + TABULAR)
def test_no_rows_are_a_sound_file(tmp_path, suffix):
    path = tmp_path / f"none.{suffix}"
    rows = pair_rows(ORIGINS, SITES, iter(()), ranked=False, with_point=is_geographic(path))
    assert write_rows(path, rows) == 0
    if suffix in TABULAR:
        assert path.read_text() == ("origin_id,site_id,distance_m\n" if suffix == "csv" else "")
    else:
        assert len(read_back(path)) == 0


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet", "csv"])
def test_what_is_written_can_be_read_in_again(tmp_path, suffix):
    path = tmp_path / f"counts.{suffix}"
    plain = places([f"P{i}" for i in range(9)])
    write_rows(path, count_rows(plain, {"count": np.arange(9)}))
    read = read_places(path, numbers=["count"])
    assert read.places.id.tolist() == plain.id.tolist()
    assert read.places.lon.tolist() == plain.lon.tolist()
    assert read.places.lat.tolist() == plain.lat.tolist()
    assert read.places.attributes["count"].tolist() == list(range(9))


def test_figures_never_take_the_name_of_another_column(tmp_path):
    path = tmp_path / "counts.gpkg"
    write_rows(path, count_rows(SITES, {"LON": np.arange(7), "fid": np.arange(7)}))
    assert {"sum_LON", "sum_fid"} <= set(gpd.read_file(path))


def test_csv_cells_that_a_spreadsheet_would_run_are_neutralised(tmp_path):
    path = tmp_path / "counts.csv"
    ids = [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-x",
        "@SUM(A1)",
        "\tx",
        "\rx",
        '="a,b"',
        "-5",
        "+3.5",
        "a=b",
    ]
    write_rows(path, count_rows(places(ids), {"=evil": np.full(10, -1.5)}))
    assert path.read_text().splitlines()[0] == "id,lon,lat,'=evil"
    back = pd.read_csv(path, dtype={"id": str})
    assert back["id"].tolist() == [
        "'=1+1", "'+cmd|' /C calc'!A0", "'-x", "'@SUM(A1)", "'\tx", "'\rx", "'=\"a,b\"",
        "-5", "+3.5", "a=b",
    ]  # fmt: skip
    assert back["'=evil"].tolist() == [-1.5] * 10


def test_geojson_follows_rfc_7946(tmp_path):
    path = tmp_path / "counts.geojson"
    write_rows(path, count_rows(places(["A"]), {"count": np.array([3])}))
    document = json.loads(path.read_text(encoding="utf-8"))
    assert set(document) == {"type", "features"}
    (feature,) = document["features"]
    assert set(feature) == {"type", "geometry", "properties"}
    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"] == {"id": "A", "count": 3}


def test_geoparquet_carries_sound_metadata(tmp_path):
    path = tmp_path / "counts.parquet"
    write_rows(path, count_rows(SITES, {"count": np.arange(7)}))
    with pq.ParquetFile(path) as file:
        geo = json.loads(file.metadata.metadata[b"geo"])
        assert json.loads(file.schema_arrow.metadata[b"geo"]) == geo
        kind = file.schema_arrow.field(geo["primary_column"]).type
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"] == {"encoding": "WKB", "geometry_types": ["Point"]}
    assert kind == pa.binary()


def test_geopackage_has_a_named_layer_and_an_index_where_its_size_is_known(tmp_path):
    counts, pairs = tmp_path / "counts.gpkg", tmp_path / "pairs.gpkg"
    write_rows(counts, count_rows(SITES, {"count": np.arange(7)}))
    write_rows(pairs, pair_rows(ORIGINS, SITES, pair_blocks(), ranked=False, with_point=True))
    assert pyogrio.list_layers(counts).tolist() == [["counts", "Point"]]
    indexed = [
        pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"] for path in (counts, pairs)
    ]
    assert indexed == [True, False]


@pytest.mark.parametrize("suffix", GEOGRAPHIC + TABULAR)
def test_blocks_are_asked_for_one_at_a_time_and_written_before_the_next(tmp_path, suffix):
    path = tmp_path / f"pairs.{suffix}"
    alive, most = 0, 0

    class Block(Pairs):
        """Pairs that say how many of their kind are held."""

        def __del__(self):
            nonlocal alive
            alive -= 1

    def blocks():
        nonlocal alive, most
        for first in range(200):
            alive += 1
            most = max(most, alive)
            yield Block(np.array([0, 2]), np.array([1, 2]), np.array([1.0, 2.0]), first_query=first)

    origins = places([str(i) for i in range(200)])
    rows = pair_rows(origins, SITES, blocks(), ranked=False, with_point=is_geographic(path))
    assert write_rows(path, rows) == 400
    assert most <= 2


def test_one_query_with_very_many_pairs_is_cut_into_blocks(monkeypatch):
    monkeypatch.setattr("geo_match.exchange.rows.BLOCK_ROWS", 3)
    rows = pair_rows(ORIGINS, SITES, pair_blocks(), ranked=True, with_point=False)
    blocks = list(rows.blocks)
    assert max(block.num_rows for block in blocks) == 3
    ranks = [rank for block in blocks for rank in block.column("rank").to_pylist()]
    assert ranks == expected_pairs()["rank"].tolist()


@pytest.mark.parametrize("error", [ValueError("boom"), KeyboardInterrupt("stop")])
@pytest.mark.parametrize("suffix", GEOGRAPHIC + TABULAR)
def test_a_failure_passes_through_and_leaves_everything_as_it_was(tmp_path, suffix, error):
    path = tmp_path / f"pairs.{suffix}"
    path.write_text("before")

    def blocks():
        yield from pair_blocks()
        raise error

    rows = pair_rows(ORIGINS, SITES, blocks(), ranked=False, with_point=is_geographic(path))
    with pytest.raises(type(error), match=str(error)):
        write_rows(path, rows)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", GEOGRAPHIC + TABULAR)
def test_nothing_stands_under_the_name_until_all_is_written(tmp_path, suffix):
    path = tmp_path / f"pairs.{suffix}"
    seen = []

    def blocks():
        for block in pair_blocks():
            yield block
            seen.append(path.exists())

    write_rows(
        path, pair_rows(ORIGINS, SITES, blocks(), ranked=False, with_point=is_geographic(path))
    )
    assert seen == [False] * 3
    assert list(tmp_path.iterdir()) == [path]


def test_an_older_file_is_replaced_and_the_new_one_has_ordinary_rights(tmp_path):
    path = tmp_path / "counts.gpkg"
    for n in (7, 3):
        write_rows(path, count_rows(places([str(i) for i in range(n)]), {"count": np.arange(n)}))
    assert len(gpd.read_file(path)) == 3
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("name", ["x.txt", "x", "x.xlsx"])
def test_an_unknown_suffix_is_refused(tmp_path, name):
    with pytest.raises(FileError, match=r"end in one of \.csv"):
        write_rows(tmp_path / name, count_rows(SITES, {"count": np.arange(7)}))
    assert set(SUFFIXES) == {f".{suffix}" for suffix in GEOGRAPHIC + TABULAR}


def test_what_gdal_cannot_write_is_a_named_error(tmp_path):
    schema = pa.schema(
        [("n", pa.int64()), ("N", pa.int64()), ("lon", pa.float64()), ("lat", pa.float64())]
    )
    block = pa.record_batch([[1], [2], [3.0], [4.0]], schema=schema)
    with pytest.raises(FileError, match=r"twice\.gpkg` must be written by GDAL") as caught:
        write_rows(tmp_path / "twice.gpkg", Rows(schema, iter([block])))
    assert ".part" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", GEOGRAPHIC + TABULAR)
def test_a_disk_that_takes_no_more_is_told_with_the_targets_name(tmp_path, suffix):
    path = tmp_path / f"counts.{suffix}"
    path.write_text("before")
    ids = np.random.default_rng(1).integers(0, 2**62, 20_000).astype(str).tolist()
    rows = count_rows(places(ids), {"count": np.arange(20_000)})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
    try:
        with pytest.raises(FileError, match=r"must be written, got .* Free space") as caught:
            write_rows(path, rows)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.file == str(path)
    assert ".part" not in str(caught.value)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "reason",
    [
        "sqlite3_exec(ROLLBACK) failed: cannot rollback - no transaction is active",
        "sqlite3_exec(COMMIT) failed: database or disk is full",
    ],
)
def test_the_full_disk_behind_an_error_of_gdal_is_named(tmp_path, monkeypatch, reason):
    def fail(*_, **__):
        raise DataLayerError(reason)

    monkeypatch.setattr(pyogrio, "write_arrow", fail)
    with pytest.raises(FileError, match=r"c\.gpkg` must be written, got No space.*Free space"):
        write_rows(tmp_path / "c.gpkg", count_rows(SITES, {"count": np.arange(7)}))
    assert list(tmp_path.iterdir()) == []
