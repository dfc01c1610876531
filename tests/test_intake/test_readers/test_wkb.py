"""Points read from well-known binary, against shapely's writer."""

from __future__ import annotations

import struct

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.readers.wkb import points_from_wkb

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def column(*values, kind=None):
    return pa.chunked_array([pa.array(values, type=kind or pa.binary())])


@given(
    points=st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=20),
    big=st.booleans(),
    iso=st.booleans(),
    dimensions=st.sampled_from([2, 3]),
    srid=st.booleans(),
    multi=st.booleans(),
)
def test_points_come_back_in_every_dialect(*, points, big, iso, dimensions, srid, multi):
    xy = np.array(points)
    shapes = shapely.points(np.column_stack([xy, np.ones((len(xy), dimensions - 2))]))
    if multi:
        shapes = np.array([shapely.multipoints([shape]) for shape in shapes])
    if srid and not iso:
        shapes = shapely.set_srid(shapes, 4326)
    binary = shapely.to_wkb(
        shapes,
        output_dimension=dimensions,
        byte_order=0 if big else 1,
        include_srid=srid and not iso,
        flavor="iso" if iso else "extended",
    )
    x, y, instead = points_from_wkb(column(*binary))
    assert np.array_equal(np.column_stack([x, y]), xy)
    assert set(instead) == {""}


@pytest.mark.parametrize(
    ("binary", "expected"),
    [
        (None, "null"),
        (shapely.to_wkb(shapely.Point()), "Point EMPTY"),
        (shapely.to_wkb(shapely.box(0, 0, 1, 1)), "Polygon"),
        (shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])), "LineString"),
        (shapely.to_wkb(shapely.MultiPoint([(0, 0), (1, 1)])), "MultiPoint"),
        (shapely.to_wkb(shapely.MultiPoint()), "MultiPoint"),
        (shapely.to_wkb(shapely.GeometryCollection([shapely.Point(1, 1)])), "GeometryCollection"),
        (b"", "broken shape"),
        (b"\x01\x01", "broken shape"),
        (shapely.to_wkb(shapely.Point(1, 1))[:-1], "broken shape"),
        (b"\x01\x63\x00\x00\x00", "unknown shape"),
        (b"\x01\x04\x00\x00\x00\x01\x00\x00\x00", "MultiPoint"),
        (b"\x01\x04\x00\x00\x00\x01\x00\x00\x00\x01\x01\x00\x00\x00\x00", "MultiPoint"),
    ],
)
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()])
def test_what_is_no_point_is_named(binary, expected, kind):
    good = shapely.to_wkb(shapely.Point(3, 4))
    x, y, instead = points_from_wkb(column(good, binary, good, kind=kind))
    assert instead.tolist() == ["", expected, ""]
    assert (x[0], y[2]) == (3.0, 4.0)
    assert np.isnan(x[1])
    assert np.isnan(y[1])


@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("text", ["POINT M (3 4 5)", "POINT ZM (3 4 5 6)", "MULTIPOINT M (3 4 5)"])
def test_measures_are_passed_over(flavor, text):
    binary = shapely.to_wkb(shapely.from_wkt(text), output_dimension=4, flavor=flavor)
    x, y, instead = points_from_wkb(column(binary))
    assert (x.tolist(), y.tolist(), instead.tolist()) == ([3], [4], [""])


def test_chunks_and_slices_are_read_where_they_lie():
    binary = shapely.to_wkb(shapely.points(np.arange(10.0), -np.arange(10.0)))
    whole = pa.array(binary, type=pa.binary())
    x, y, _ = points_from_wkb(pa.chunked_array([whole.slice(2, 3), whole.slice(0, 0), whole[7:]]))
    assert x.tolist() == [2, 3, 4, 7, 8, 9]
    assert y.tolist() == [-2, -3, -4, -7, -8, -9]
    assert points_from_wkb(pa.chunked_array([], type=pa.binary()))[0].shape == (0,)


def test_a_shape_nested_a_hundred_thousand_times_is_only_named():
    opening = struct.pack("<BII", 1, 7, 1)
    hostile = opening * 100_000 + shapely.to_wkb(shapely.Point(1, 1))
    assert points_from_wkb(column(hostile))[2].tolist() == ["GeometryCollection"]
