"""A whole file's datum, axes and communities are doubted when they should be, and not otherwise."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import shapely

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.intake.area import Area
from geo_match.intake.locating import suspect

CITY = (116.5, 32.5, 118.3, 33.7)


def with_noise(records, codes, seed):
    """Give 3% of the rows a wrong code, half of them a near one, and exchange 1%'s axes."""
    generator = np.random.default_rng(seed)
    n = records.num_rows
    lon, lat = records["lon"].to_numpy().copy(), records["lat"].to_numpy().copy()
    community = np.array(records["community"].to_pylist(), dtype=object)
    where = {code: at for at, code in enumerate(codes)}
    for row in np.flatnonzero(generator.random(n) < 0.03):
        near = generator.random() < 0.5
        at = where[community[row]] + generator.integers(-3, 4) if near else generator.integers(1157)
        community[row] = codes[int(np.clip(at, 0, len(codes) - 1))]
    swapped = generator.random(n) < 0.01
    lon[swapped], lat[swapped] = lat[swapped], lon[swapped]
    return pa.table(
        {"lon": lon, "lat": lat, "community": community.tolist(), "datum": records["datum"]}
    )


def some(homes, n, seed):
    return np.random.default_rng(seed).choice(len(homes.lon), n, replace=False)


# Displacements in Bengbu, metres, from FACTS: GCJ-02 about 540 east and 190 south.
SHIFTS = {
    ("gcj02", "wgs84"): (540, -190),
    ("wgs84", "gcj02"): (-540, 190),
    ("bd09", "wgs84"): (1_140, 470),
    ("bd09", "gcj02"): (600, 665),
    ("gcj02", "bd09"): (-600, -665),
}


@pytest.mark.parametrize("n", [60, 300, 5_000])
@pytest.mark.parametrize(("true", "declared"), SHIFTS)
def test_a_shifted_file_is_told_with_its_datum_and_shift(homes, true, declared, n):
    for seed in range(5 if n < 5_000 else 1):
        records = homes.records(some(homes, n, seed), true=true, declared=declared)
        shift = suspect(with_noise(records, homes.codes, seed), homes.zones).shift
        assert (shift.verdict, shift.datum) == ("shifted", true)
        assert (shift.east_m, shift.north_m) == pytest.approx(SHIFTS[true, declared], abs=40)
        assert shift.share_as_datum > 0.85 > shift.share_as_given


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_thirty_shifted_rows_mostly_suffice_and_are_never_taken_for_another_datum(homes, datum):
    told = 0
    for seed in range(40):
        records = homes.records(some(homes, 30, seed), true=datum)
        shift = suspect(with_noise(records, homes.codes, seed), homes.zones).shift
        assert shift.datum == (datum if shift.verdict == "shifted" else None)
        told += shift.verdict == "shifted"
    assert told >= 28


@pytest.mark.parametrize("n", [5, 30, 100, 400])
@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_a_file_in_its_declared_datum_is_never_accused(homes, datum, n):
    for seed in range(60):
        records = homes.records(some(homes, n, seed), true=datum, declared=datum)
        shift = suspect(with_noise(records, homes.codes, seed), homes.zones).shift
        assert shift.datum is None
        if n >= 100:
            assert shift.verdict == "none"


def test_a_whole_city_in_its_datum_is_cleared(homes):
    records = with_noise(homes.records(slice(None)), homes.codes, 1)
    suspicions = suspect(records, homes.zones, service_area=CITY)
    assert suspicions.shift.verdict == "none"
    assert not suspicions.swapped.any() or suspicions.swapped.mean() < 0.02


@pytest.mark.parametrize("true", ["wgs84", "gcj02", "bd09"])
def test_few_rows_say_that_they_cannot_tell(homes, true):
    for seed in range(10):
        suspicions = suspect(homes.records(some(homes, 8, seed), true=true), homes.zones)
        assert suspicions.shift.verdict == "cannot tell"
        assert "at least 10 are needed" in suspicions.shift.reason


def test_one_estate_outside_its_drawn_area_accuses_nobody():
    # A thousand homes 50 m outside their area, which GCJ-02's inverse would move into it.
    zones = gm.ZoneIndex(
        ["a", "b"],
        [shapely.box(117.30, 32.9, 117.35, 32.95), shapely.box(117.35, 32.9, 117.40, 32.95)],
    )
    generator = np.random.default_rng(0)
    lon = 117.3505 + generator.random(1_000) * 0.0015
    lat = 32.92 + generator.random(1_000) * 0.0015
    shift = suspect(pa.table({"lon": lon, "lat": lat, "community": ["a"] * 1_000}), zones).shift
    assert shift.share_as_given == 0
    assert shift.verdict == "cannot tell"


def test_a_file_shifted_in_half_of_its_rows_is_not_cleared(homes):
    rows = some(homes, 2_000, 0)
    mixed = pa.concat_tables(
        [homes.records(rows[:1_000]), homes.records(rows[1_000:], true="bd09")]
    )
    shift = suspect(mixed, homes.zones).shift
    assert shift.verdict == "unclear"
    assert "only a part" in shift.reason


def test_rows_that_declare_different_datums_rightly_are_cleared(homes):
    rows = some(homes, 1_000, 0)
    mixed = pa.concat_tables(
        [
            homes.records(rows[:500], true="bd09", declared="bd09"),
            homes.records(rows[500:900], true="gcj02", declared="gcj02"),
            homes.records(rows[900:], true="cgcs2000", declared="cgcs2000"),
        ]
    )
    assert suspect(mixed, homes.zones).shift.verdict == "none"


def test_a_message_names_the_datum_and_the_metres(homes):
    said = suspect(homes.records(some(homes, 3_000, 0), true="gcj02"), homes.zones).shift.reason
    assert "m east and 19" in said
    assert "m south of where their communities are, as coordinates in GCJ-02 do" in said


def test_exchanged_axes_of_a_whole_file_are_told(homes):
    records = homes.records(some(homes, 50, 0))
    swapped = pa.table(
        {"lon": records["lat"], "lat": records["lon"], "community": records["community"]}
    )
    for area in (CITY, None):
        suspicions = suspect(swapped, homes.zones, service_area=area)
        assert suspicions.swapped.all()


def test_each_doubt_has_its_rows():
    zones = gm.ZoneIndex(["a", "b"], [shapely.box(117, 32, 118, 33), shapely.box(118, 32, 119, 33)])
    lon = [117.5, 118.0, 118.5, 117.5, 32.5, 10.0, None, 0.0, 117.5, 117.5]
    lat = [32.5, 32.5, 32.5, 34.0, 117.5, 10.0, None, 0.0, 32.5, 32.5]
    community = ["a", "b", "a", "a", "a", "a", "a", "a", None, "x"]
    records = pa.table({"lon": lon, "lat": lat, "community": community})
    found = suspect(records, zones, service_area=(116, 31, 120, 35))
    masks = {
        name: np.flatnonzero(getattr(found, name)).tolist()
        for name in ("located", "judged", "swapped", "outside", "elsewhere", "nowhere")
    }
    assert masks == {
        "located": [0, 1, 2, 3, 4, 5, 7, 8, 9],
        "judged": [0, 1, 2, 3, 5, 7],  # the exchanged one is no place on earth
        "swapped": [4],
        "outside": [5, 7],
        "elsewhere": [2],  # on the shared border, b's place is its own though find says a
        "nowhere": [3, 5, 7],
    }
    assert not found.far.any()


def test_places_out_of_the_vicinity_are_far_unless_a_service_area_says_where_they_are():
    records = pa.table({"lon": [117.5, 119.5, 32.5, None], "lat": [32.5, 32.5, 117.5, None]})
    vicinity = Area(116, 31, 119, 34)
    found = suspect(records, vicinity=vicinity)
    assert found.far.tolist() == [False, True, False, False]
    assert found.swapped.tolist() == [False, False, True, False]
    area = (116, 31, 120, 34)
    assert not suspect(records, service_area=area, vicinity=vicinity).far.any()


def test_places_that_locating_found_are_not_doubted():
    zones = gm.ZoneIndex(["a", "b"], [shapely.box(117, 32, 118, 33), shapely.box(118, 32, 119, 33)])
    records = pa.table(
        {
            "lon": [118.5] * 3,
            "lat": [32.5] * 3,
            "community": ["a"] * 3,
            "located_by": ["given", "gazetteer", None],
        }
    )
    assert suspect(records, zones).elsewhere.tolist() == [True, False, True]


def test_without_areas_or_rows_nothing_is_said():
    empty = pa.table({"lon": pa.array([], pa.float64()), "lat": pa.array([], pa.float64())})
    for zones in (None, gm.ZoneIndex([], [])):
        suspicions = suspect(empty, zones)
        assert suspicions.shift.verdict == "cannot tell"
        assert len(suspicions.located) == 0


def test_a_service_area_that_is_no_box_is_refused():
    with pytest.raises(ArgumentError, match="service_area"):
        suspect(pa.table({"lon": [1.0], "lat": [1.0]}), service_area=(1, 2, 3))
