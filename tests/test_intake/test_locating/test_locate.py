"""Records without a place get one where something says it, and keep theirs where they have one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely
from pyproj import Geod

import geo_match as gm
from geo_match.intake.locating import Gazetteer, Located, locate, locate_with_notes

BOX = shapely.box(117.30, 32.90, 117.31, 32.91)
ELL = shapely.box(117.4, 32.9, 117.5, 33.0) - shapely.box(117.41, 32.91, 117.5, 33.0)
ZONES = gm.ZoneIndex(
    ["a", "ell", "point"], [BOX, ELL, None], points=[(np.nan,) * 2] * 2 + [(117, 32)]
)
NAMES = Gazetteer(
    ["东海花园", "和平小区", "和平小区"],
    lon=[117.32, 117.325, 117.33],
    lat=[32.91, 32.915, 32.905],
    accuracy_m=[200, 150, 150],
    communities=["a", "b", "c"],
)


@pytest.fixture
def records():
    return pa.table(
        {
            "id": ["given", "kept", "named", "coarse", "doubtful", "point", "unknown", "half"],
            "address": [
                "东海花园",
                "东海花园",
                "东海花园3栋",
                "北京路",
                "和平小区",
                None,
                None,
                "",
            ],
            "community": ["a", "a", "a", "ell", "a", "point", "x", None],
            "lon": [117.1, 117.2, None, None, None, None, None, 117.3],
            "lat": [32.1, 32.2, None, None, None, None, None, None],
            "location_accuracy_m": pa.array([None, 80.0, 5.0] + [None] * 5, pa.float64()),
            "located_by": ["none", "gazetteer", "none", None, "none", "none", "none", "given"],
        }
    )


def test_each_row_is_located_by_the_best_that_is_known_of_it(records):
    located = locate(records, zones=ZONES, geocoder=NAMES)
    assert located["id"].equals(records["id"])
    assert located.column_names == records.column_names
    assert located["located_by"].to_pylist() == [
        *("given", "gazetteer", "gazetteer", "community_area"),
        *("community_area", "none", "none", "none"),
    ]
    assert located["lon"].to_pylist()[:3] == [117.1, 117.2, 117.32]
    assert located["lat"].to_pylist()[:3] == [32.1, 32.2, 32.91]
    assert located["location_accuracy_m"].to_pylist()[:3] == [None, 80.0, 200.0]
    for name in ("lon", "lat", "location_accuracy_m"):
        assert located[name].to_pylist()[5:] == [None] * 3


def test_a_coarse_place_lies_in_its_area_and_no_home_is_farther_than_its_accuracy(records):
    located = locate(records, zones=ZONES, geocoder=NAMES).to_pylist()
    generator = np.random.default_rng(1)
    for row, area in ((3, ELL), (4, BOX)):
        lon, lat = located[row]["lon"], located[row]["lat"]
        assert shapely.intersects_xy(area, lon, lat)
        west, south, east, north = area.bounds
        home = np.array([west, south]) + generator.random((4_000, 2)) * [east - west, north - south]
        home = home[shapely.intersects_xy(area, *home.T)]
        n = len(home)
        away = Geod(ellps="WGS84").inv(np.full(n, lon), np.full(n, lat), *home.T)[2]
        assert away.max() <= located[row]["location_accuracy_m"]
    assert located[4]["location_accuracy_m"] == pytest.approx(
        Geod(ellps="WGS84").inv(*BOX.bounds)[2] / 2, rel=1e-4
    )


def test_a_name_in_several_communities_leaves_a_note(records):
    _, notes = locate_with_notes(records, zones=ZONES, geocoder=NAMES)
    assert [bool(note) for note in notes] == [False] * 4 + [True] + [False] * 3
    assert "和平小区 names places in 2 communities" in notes[4]


def test_a_place_far_from_the_rows_community_gives_way_to_its_area_with_a_note():
    far = Gazetteer(["东海花园"], lon=[117.6], lat=[32.9], accuracy_m=[200])
    rows = pa.table({"address": ["东海花园3栋"] * 2, "community": ["a", "x"]})
    located, notes = locate_with_notes(rows, zones=ZONES, geocoder=far)
    assert located["located_by"].to_pylist() == ["community_area", "gazetteer"]
    assert shapely.intersects_xy(BOX, located["lon"][0].as_py(), located["lat"][0].as_py())
    assert notes[0].startswith("东海花园 lies 27,")
    assert notes[1] == ""


def test_a_second_pass_changes_nothing(records):
    once = locate(records, zones=ZONES, geocoder=NAMES)
    assert locate(once, zones=ZONES, geocoder=NAMES).equals(once)


def test_without_help_only_given_places_stay(records):
    assert locate(records)["located_by"].to_pylist() == ["given", "gazetteer", *["none"] * 6]


def test_missing_columns_are_added_and_no_rows_stay_none():
    located = locate(pa.table({"lon": [117.1, None], "lat": [32.1, None]}), zones=ZONES)
    assert located.column_names == ["lon", "lat", "location_accuracy_m", "located_by"]
    assert located["located_by"].to_pylist() == ["given", "none"]
    empty = locate(located.slice(0, 0), zones=ZONES, geocoder=NAMES)
    assert empty.num_rows == 0
    assert empty.schema == located.schema


def test_any_geocoder_of_the_protocol_will_do(records):
    class Fixed:
        asked = 0

        def locate(self, addresses, communities, zones):
            self.asked += len(addresses)
            assert zones is None
            assert len(communities) == len(addresses)
            found = Located.nothing(len(addresses))
            found.lon[0], found.lat[0], found.accuracy_m[0] = 117.9, 32.8, 7.0
            found.method[0] = "gazetteer"
            return found

    geocoder = Fixed()
    located = locate(records, geocoder=geocoder).to_pylist()
    assert geocoder.asked == 6  # never for rows that have a place
    assert (located[2]["lon"], located[2]["location_accuracy_m"]) == (117.9, 7.0)
    assert located[3]["located_by"] == "none"


def test_the_citys_homes_are_located_coarsely_within_their_accuracy(homes):
    rows = slice(0, 2_000)
    records = homes.records(rows).drop_columns(["lon", "lat"])
    located = locate(records, zones=homes.zones)
    assert set(located["located_by"].to_pylist()) == {"community_area"}
    lon, lat = located["lon"].to_numpy(), located["lat"].to_numpy()
    away = gm.geodesic_distance(lon1=lon, lat1=lat, lon2=homes.lon[rows], lat2=homes.lat[rows])
    assert (away <= located["location_accuracy_m"].to_numpy()).all()
    assert homes.zones.find(lon=lon, lat=lat).tolist() == homes.community[rows].tolist()
