"""The files of a city: the same bytes each time, whole or not at all, open everywhere."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest

from geo_match.demo.city import NOTE, SEED, draw_city
from geo_match.demo.files import MARKER, check_folder, write_city
from geo_match.demo.scale import parse_scale
from geo_match.demo.tables import INVENTED, read_dictionary, tables_of
from geo_match.errors import FileError

DATA = Path(__file__).parents[2] / "data"
MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def other():
    """A tiny city of another seed."""
    return draw_city(parse_scale("0.01"), seed=7)


@contextmanager
def pressed_less():
    """Write files in a fraction of the time: where they end up is looked at, not their size."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("geo_match.demo.files._COMPRESSION", ("zstd", 1))
        yield


@pytest.fixture
def _pressed_less():
    with pressed_less():
        yield


@pytest.fixture(scope="module")
def first(other, tmp_path_factory):
    """The folder of the tiny city, to be copied."""
    folder = tmp_path_factory.mktemp("first") / "city"
    with pressed_less():
        write_city(other, folder, geopackage=True)
    return folder


@pytest.fixture
def firstly(first, tmp_path):
    """A folder of a test's own with the tiny city in it."""
    return shutil.copytree(first, tmp_path / "city")


@pytest.fixture(scope="module")
def alone(small, tmp_path_factory):
    """What a folder holds in which nothing was before, pressed less."""
    folder = tmp_path_factory.mktemp("alone") / "city"
    with pressed_less():
        write_city(small, folder)
    return digests(folder)


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def written(small, tmp_path_factory):
    folder = tmp_path_factory.mktemp("city") / "small"
    write_city(small, folder, geopackage=True)
    return folder


@pytest.fixture(scope="module")
def tables(small):
    return tables_of(small)


def test_the_same_seed_gives_the_same_bytes_on_a_second_run(written, tmp_path):
    run = subprocess.run(  # noqa: S603 - our own interpreter and a constant program
        [sys.executable, "-m", "geo_match", "demo", "--out", str(tmp_path / "again")],
        env={**os.environ, "PYTHONHASHSEED": "77", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert NOTE in run.stderr
    again = digests(tmp_path / "again")
    first = digests(written)
    for digest in (first, again):  # a GeoPackage holds the time of writing, the marker its name
        digest.pop("city.gpkg", None)
        digest.pop(MARKER)
    assert again == first


def lines_of(path):
    """Return what a file holds, line by line or row by row, however its bytes lie."""
    if path.suffix == ".parquet":
        table = pd.read_parquet(path)
        if "geometry" in table:
            table["geometry"] = [shape.hex() for shape in table["geometry"]]
        return set(map("|".join, zip(*(table[name].map(str) for name in table), strict=True)))
    encoding = "utf-8" if path.name == "defects.csv" else "gb18030"
    return set(path.read_text(encoding=encoding).splitlines())


def test_the_shipped_city_is_what_the_command_draws(written):
    """On another kind of processor a few digits may round otherwise: a few rows may differ."""
    paths = [*written.rglob("*.parquet"), *written.rglob("*.csv")]
    assert len(paths) > 30
    for path in paths:
        if path.read_bytes() == (DATA / path.relative_to(written)).read_bytes():
            continue
        shipped, drawn = lines_of(DATA / path.relative_to(written)), lines_of(path)
        assert len(shipped & drawn) >= 0.97 * max(len(shipped), len(drawn)) - 1, path.name
    about = json.loads((DATA / MARKER).read_text(encoding="utf-8"))
    assert (about["scale"], about["seed"], about["complete"]) == ("small", SEED, True)


def test_the_shipped_city_is_small_and_whole():
    about = json.loads((DATA / MARKER).read_text(encoding="utf-8"))
    files = [DATA / name for name in (*about["rows"], MARKER, "README.md")]
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    for name, rows in about["rows"].items():
        if name.endswith(".parquet"):
            assert pq.read_metadata(DATA / name).num_rows == rows


def test_every_parquet_file_opens_in_geopandas_pandas_and_duckdb(written, tables):
    spatial = duckdb.connect()
    for name, table in tables.items():
        path = written / f"{name}.parquet"
        if isinstance(table, gpd.GeoDataFrame):
            back = gpd.read_parquet(path)
            assert back.crs.to_epsg() == 4326
            assert back.geometry.geom_equals_exact(table.geometry, 0.0).all()
            geo = json.loads(pq.read_metadata(path).metadata[b"geo"])
            assert geo["version"].startswith("1.1")
            assert geo["columns"]["geometry"]["encoding"] == "WKB"
        else:
            back = pd.read_parquet(path)
        assert list(back.columns) == list(table.columns)
        assert (back.isna() == table.isna()).all(axis=None)
        rows = spatial.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
        assert rows == (len(table),)


def test_gdal_opens_the_geopackage_with_a_layer_a_table(written, tables):
    layers = dict(pyogrio.list_layers(written / "city.gpkg"))
    geographic = {
        name.rpartition("/")[2]: table
        for name, table in tables.items()
        if isinstance(table, gpd.GeoDataFrame)
    }
    assert set(layers) == set(geographic)
    for layer, table in geographic.items():
        info = pyogrio.read_info(written / "city.gpkg", layer=layer)
        assert info["features"] == len(table)
        assert info["crs"] == "EPSG:4326"


def test_gdal_opens_an_offices_lists(written, small):
    for name, cells in small.office.lists.items():
        back = pyogrio.read_dataframe(written / "office" / name, encoding="GB18030")
        assert len(back) == len(cells)
        assert list(back.columns)[: len(cells.columns)] == list(cells.columns)


@pytest.mark.usefixtures("_pressed_less")
def test_a_second_city_replaces_the_first_and_leaves_other_files(small, firstly, alone):
    folder = firstly
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    before = digests(folder)
    write_city(small, folder)
    second = digests(folder)
    assert set(before) - set(second) == {"city.gpkg"}
    same = {name for name in second if before.get(name) == second[name]}
    assert same == {"mine.txt", "river.parquet", "operators.parquet"} & same
    assert "mine.txt" in same
    assert second == alone | {"mine.txt": before["mine.txt"]}


@pytest.mark.usefixtures("_pressed_less")
@pytest.mark.parametrize("at", [1, 5, 30])
def test_a_fault_while_files_are_put_in_place_is_known_and_mended(
    small, firstly, alone, monkeypatch, at
):
    folder = firstly
    calls = iter(range(100))

    def refuse(path, target):
        if next(calls) == at:
            raise OSError(5, "Input/output error")
        return real(path, target)

    real = Path.replace
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        with pytest.raises(FileError, match="must be written to, got Input/output error"):
            write_city(small, folder)
    assert json.loads((folder / MARKER).read_text(encoding="utf-8"))["complete"] is False
    check_folder(folder)
    (folder / ".dead.part").mkdir()
    (folder / ".dead.part" / "jobs.parquet").write_bytes(b"half")
    write_city(small, folder)
    assert digests(folder) == alone


def test_a_folder_with_something_else_is_refused_and_left_alone(small, tmp_path):
    (tmp_path / "jobs.parquet").write_text("mine", encoding="utf-8")
    with pytest.raises(FileError, match="must be new or empty, or hold a city"):
        write_city(small, tmp_path)
    assert digests(tmp_path).keys() == {"jobs.parquet"}
    with pytest.raises(FileError, match="must be a folder, got a file"):
        check_folder(tmp_path / "jobs.parquet")
    with pytest.raises(FileError, match="must lie in a folder that exists"):
        check_folder(tmp_path / "no" / "city")


@pytest.mark.usefixtures("_pressed_less")
def test_a_city_that_cannot_be_written_leaves_nothing(small, tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo_match.demo.files.write_office", full)
    with pytest.raises(FileError, match="must be written to, got No space left on device"):
        write_city(small, tmp_path / "city")
    assert not any(tmp_path.iterdir())


def test_the_dictionary_explains_every_column_and_no_other(tables):
    known, columns = read_dictionary()
    assert [table.name for table in known] == list(tables)
    for table in known:
        explained = [c for c in columns if c.table in {table.name, table.like}]
        present = tables[table.name]
        names = {c.name for c in explained}
        assert names == set(present.columns) - {INVENTED}, table.name
        for column in explained:
            if not column.empty:
                assert present[column.name].notna().all(), (table.name, column.name)
    nullable = {(c.table, c.name) for c in columns if c.empty}
    seen = {
        (owner, name)
        for table in known
        for owner in (table.name, table.like)
        for name in tables[table.name].columns[tables[table.name].isna().any()]
    }
    assert nullable <= seen


def test_the_dictionary_names_every_value_of_a_short_list(tables):
    known, columns = read_dictionary()
    meaning = {(c.table, c.name): c.meaning for c in columns}
    for table in known:
        for name, column in tables[table.name].items():
            if not isinstance(column.dtype, pd.CategoricalDtype) or column.nunique() > 9:
                continue
            text = meaning.get((table.name, name)) or meaning.get((table.like, name), "")
            if re.search(r"as in `|as found", text) or name in {
                "operator_id",
                "source",
                "industry",
            }:
                continue
            for value in column.cat.categories:
                assert str(value) in text, (table.name, name, value)


def test_the_readme_lists_every_file_and_is_the_dictionary_of_data(written):
    text = (written / "README.md").read_text(encoding="utf-8")
    assert NOTE in text
    about = json.loads((written / MARKER).read_text(encoding="utf-8"))
    for name, rows in about["rows"].items():
        assert f"`{name}` |" in text
        assert f"{rows:,}" in text
    shipped = (DATA / "README.md").read_text(encoding="utf-8")
    # Numbers of rows may differ by the processor, as the rows themselves may.
    assert re.sub(r"[\d,]+", "", shipped) == re.sub(r"[\d,]+", "", text)
