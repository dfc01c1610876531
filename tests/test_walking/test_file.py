"""A network in a file: what is read is what was written, and no other file is taken for one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
import shapely

from geo_match.errors import ArgumentError, FileError
from geo_match.walking import Network
from geo_match.walking.graph.graph import Grid

STREETS = gpd.GeoDataFrame(
    {"name": ["东路", None, "a"], "bridge": [False, True, False]},
    geometry=[
        shapely.LineString([(117.36, 32.93), (117.37, 32.93)]),
        shapely.LineString([(117.37, 32.93), (117.37, 32.94)]),
        shapely.LineString([(117.36, 32.93), (117.37, 32.935), (117.38, 32.93)]),
    ],
    crs=4326,
)
RIVER = gpd.GeoDataFrame(
    geometry=[shapely.LineString([(117.3, 32.936), (117.4, 32.936)])], crs=4326
)


@pytest.fixture
def network():
    return Network.from_lines(STREETS, RIVER)


def arrays_of(graph):
    for name, value in graph._asdict().items():
        if isinstance(value, Grid):
            yield from ((f"{name}.{part}", one) for part, one in value._asdict().items())
        else:
            yield name, value


@pytest.mark.parametrize("obstacles", [RIVER, None])
def test_what_is_opened_is_what_was_saved(tmp_path, obstacles):
    network = Network.from_lines(STREETS, obstacles)
    network.save(tmp_path / "a.net")
    opened = Network.open(str(tmp_path / "a.net"), max_snap_m=50)
    assert (opened.names, opened.info, opened.max_snap_m) == (network.names, network.info, 50)
    for (name, before), (_, after) in zip(
        arrays_of(network.graph), arrays_of(opened.graph), strict=True
    ):
        assert type(after) is type(before), name
        assert np.array_equal(before, after), name
        if isinstance(before, np.ndarray):
            assert after.dtype == before.dtype, name
            assert after.shape == before.shape, name


def test_arrays_are_what_kernels_were_compiled_for_and_stay_on_disk(tmp_path, network):
    network.save(tmp_path / "a.net")
    before = (tmp_path / "a.net").read_bytes()
    opened = Network.open(tmp_path / "a.net")
    for name, array in arrays_of(opened.graph):
        if isinstance(array, np.ndarray):
            flags = array.flags
            assert flags.c_contiguous and flags.aligned and flags.writeable, name  # noqa: PT018 - of each
            assert not flags.owndata, name
    opened.graph.lon[:] = 0.0  # of this process alone
    assert (tmp_path / "a.net").read_bytes() == before


def test_a_network_answers_the_same_when_it_was_opened(tmp_path, network):
    network.save(tmp_path / "a.net")
    opened = Network.open(tmp_path / "a.net")
    ends = {"lon1": [117.361, 117.365], "lat1": 32.9301, "lon2": 117.375, "lat2": 32.933}
    ends = {name: np.broadcast_to(value, 2).copy() for name, value in ends.items()}
    found = network.distance(**ends).distance_m.tolist()
    assert found == opened.distance(**ends).distance_m.tolist()
    assert all(1_000 < metres < 3_000 for metres in found)


def test_saving_replaces_a_file_when_the_new_one_is_whole(tmp_path, network, monkeypatch):
    path = tmp_path / "a.net"
    network.save(path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(FileError, match="be written, got No space left on device"):
        network.save(path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.net"]
    network.save(path)
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path, network):
    with pytest.raises(FileError, match=r"a\.net` must be written, got No such file or directory"):
        network.save(tmp_path / "none" / "a.net")


def test_streets_that_are_thought_of_are_in_no_file(tmp_path, network):
    opened = network.opened(lon1=117.361, lat1=32.93, lon2=117.369, lat2=32.93)
    with pytest.raises(
        ArgumentError, match="have only streets that are there to be saved, got one"
    ):
        opened.save(tmp_path / "a.net")


@pytest.mark.parametrize("content", [b"", b"hello", b"ARROW1\0\0", b"PAR1" * 100])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "a.net").write_bytes(content)
    with pytest.raises(FileError, match=r"be a network that was saved, .* Build it again"):
        Network.open(tmp_path / "a.net")


def test_another_arrow_file_is_refused(tmp_path):
    table = pa.table({"a": [1]})
    with (
        pa.OSFile(str(tmp_path / "a.net"), "wb") as stream,
        pa.ipc.new_file(stream, table.schema) as writer,
    ):
        writer.write_table(table)
    with pytest.raises(FileError, match="be a network that was saved"):
        Network.open(tmp_path / "a.net")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError, match="be a network that was saved, got nothing there"):
        Network.open(tmp_path / "a.net")
    with pytest.raises(FileError, match="got a folder"):
        Network.open(tmp_path)


def test_a_file_that_is_cut_off_is_refused_wherever(tmp_path, network):
    network.save(tmp_path / "a.net")
    whole = (tmp_path / "a.net").read_bytes()
    for size in range(0, len(whole), 97):
        (tmp_path / "cut.net").write_bytes(whole[:size])
        with pytest.raises(FileError, match="be a network that was saved"):
            Network.open(tmp_path / "cut.net")


def test_a_byte_of_an_array_that_has_changed_is_seen(tmp_path, network):
    network.save(tmp_path / "a.net")
    whole = (tmp_path / "a.net").read_bytes()
    array = network.graph.point_mm.tobytes()
    at = whole.index(array) + 5
    (tmp_path / "b.net").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    with pytest.raises(FileError, match="be as it was saved, got bytes that have changed since"):
        Network.open(tmp_path / "b.net")


def rewritten(path, change):
    """Write a network's file anew with other metadata."""
    with pa.OSFile(str(path), "rb") as stream:
        batch = pa.ipc.open_file(stream).get_batch(0)
    meta = json.loads(batch.schema.metadata[b"geo_match.network"])
    change(meta)
    batch = batch.replace_schema_metadata({b"geo_match.network": json.dumps(meta)})
    with pa.OSFile(str(path), "wb") as stream, pa.ipc.new_file(stream, batch.schema) as writer:
        writer.write_batch(batch)


def test_a_file_of_another_version_is_refused_with_the_remedy(tmp_path, network):
    network.save(tmp_path / "a.net")
    rewritten(tmp_path / "a.net", lambda meta: meta.update(version=99))
    remedy = "must be of version 2, got version 99. Build it again: geo-match network build"
    with pytest.raises(FileError, match=re.escape(remedy)):
        Network.open(tmp_path / "a.net")


@pytest.mark.parametrize(
    "change",
    [
        lambda meta: meta["grids"]["streets"].update(west=117.0),
        lambda meta: meta["grids"]["obstacles"].update(n_rows=99),
        lambda meta: meta["info"].update(length_km=1.0),
    ],
)
def test_figures_of_the_metadata_that_have_changed_are_seen(tmp_path, network, change):
    network.save(tmp_path / "a.net")
    rewritten(tmp_path / "a.net", change)
    with pytest.raises(FileError, match="be as it was saved, got bytes that have changed since"):
        Network.open(tmp_path / "a.net")


def test_metadata_that_lacks_something_is_refused(tmp_path, network):
    network.save(tmp_path / "a.net")
    rewritten(tmp_path / "a.net", lambda meta: meta["info"].pop("ways"))
    with pytest.raises(FileError, match="be a network that was saved"):
        Network.open(tmp_path / "a.net")
