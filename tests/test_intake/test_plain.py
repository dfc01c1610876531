"""A record that is plainly in order is judged as a list with it alone, and any other is left."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_lists import CODES
from shapely import box

from geo_match.intake.judging import judge_record
from geo_match.intake.plain import KINDS, judge_plain
from geo_match.intake.surroundings import Surroundings
from geo_match.records import RECORDS, Placed
from geo_match.store import Store

INSIDE = {"lon": 117.31234, "lat": 32.91234}
TOMORROW = (dt.datetime.now(dt.UTC) + dt.timedelta(days=2)).date().isoformat()
CARD = "11010519491231002X"
PLAIN = {
    "employers": {
        "id": "E-1",
        "name": "示例厂（分厂）",
        "credit_code": "91340399M00000019G",
        "kind": "company",
        "industry": "H",
        "licence": "verified",
        "licence_verified_on": "2025-01-02",
        "entered_on": TOMORROW,
        "phone": "0552-3012345",
    },
    "sites": {
        "id": "S1",
        "employer_id": "E",
        "name": "示例路1号",
        "kind": "street",
        "verified": True,
        "community": CODES[2],
        "version": 1_795_848_352_685_998,
        "updated_at": "2025-03-01T09:30:00",
        "location_accuracy_m": 5,
        "lon": 117.34567,
        "lat": 32.91234,
    },
    "jobs": {
        "id": "示例-1",
        "title": "电工 2 名",
        "employer_id": "E",
        "site_id": "S",
        "occupation": "40102",
        "job_type": "ordinary",
        "education_min": "college",
        "wage_low_cny": 3000,
        "wage_high_cny": 4500.5,
        "wage_unit": "month",
        "shift": "any",
        "age_min": 18,
        "age_max": 60,
        "certificate": "电工证",
        "vacancies": 3,
        "filled": 1,
        "opened_on": "2025-01-02",
        "datum": "wgs84",
        "located_by": "given",
        **INSIDE,
    },
    "stations": {"id": "W", "kind": "street", "staff": 4, "closed_on": TOMORROW, **INSIDE},
}
NOT_PLAIN = [
    ("sites", {"name": " 示例路"}),
    ("sites", {"name": "=1+1"}),
    ("sites", {"name": f"证 {CARD}"}),
    ("sites", {"name": "3.4E+17"}),
    ("sites", {"id": "Ａ1"}),
    ("sites", {"id": CARD}),
    ("sites", {"lon": 117.31, "lat": 32.91}),
    ("sites", {"lon": 0, "lat": 0}),
    ("sites", {"lon": None, "lat": None}),
    ("sites", {"lon": None}),
    ("sites", {"lon": 32.91234, "lat": 117.31234}),
    ("sites", {"lon": 10.12345}),
    ("sites", {"lon": 117.39123}),  # in another community's area than the code says, and in none
    ("sites", {"community": CODES[1]}),
    # Its community had another code before, which the kept record may have still.
    ("sites", {"community": CODES[0], "lon": 117.31234}),
    ("sites", {"community": "340302001901"}),
    ("sites", {"community": "340302009999"}),
    ("sites", {"datum": "gcj02"}),
    ("sites", {"located_by": "gazetteer"}),
    ("sites", {"employer_id": "nobody"}),
    ("sites", {"updated_at": f"{TOMORROW}T00:00:00"}),
    ("sites", {"updated_at": "2025-02-30T00:00:00"}),
    ("sites", {"version": -1}),
    ("sites", {"location_accuracy_m": -1.0}),
    ("employers", {"name": None}),
    ("employers", {"credit_code": "91340399M00000019X"}),
    ("employers", {"licence_verified_on": TOMORROW}),
    ("employers", {"phone": "1"}),
    ("jobs", {"occupation": "看大门"}),
    ("jobs", {"wage_low_cny": 5000}),
    ("jobs", {"filled": 4}),
    ("jobs", {"site_id": "nowhere"}),
    ("jobs", {"education_min": "不限学历及其他"}),
    ("stations", {"opened_on": "2099-01-01"}),
    ("stations", {"colour": "red"}),
]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return a store with three communities side by side, an employer and a site."""
    with Store.open(tmp_path_factory.mktemp("plain") / "store.db") as store:
        communities = {
            "id": CODES,
            "name": ["甲", "乙", "丙"],
            "previous_code": ["340302001901", "340302001902", "340302001902"],
            "area": [box(117.3 + x, 32.9, 117.32 + x, 32.92).wkt for x in (0, 0.02, 0.04)],
        }
        store.apply("communities", pa.table(communities), source="communities")
        store.put("employers", [{"id": "E", "name": "示例厂"}])
        store.put("sites", [{"id": "S"}])
        yield store


@pytest.fixture(scope="module")
def around(city):
    return Surroundings.of(city)


def assert_same(plain, record, kind, city, around, *, datum="wgs84"):
    """Compare with what the list's way makes of the same record."""
    judged = judge_record(record, kind, city, datum=datum, around=around)
    assert list(judged.file.rejections) == list(judged.file.notes) == []
    (expected,) = judged.file.records.drop_columns(["row"]).to_pylist()
    assert plain.values == expected
    assert {name: type(one) for name, one in plain.values.items()} == {
        name: type(one) for name, one in expected.items()
    }
    assert plain.warnings == judged.warnings


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_record_in_order_is_what_a_list_makes_of_it(city, around, kind):
    record = PLAIN[kind]
    plain = judge_plain(record, kind, city, datum="wgs84", around=around)
    assert plain is not None
    assert_same(plain, record, kind, city, around)
    needed = {name: record[name] for name, one in RECORDS[kind].specs().items() if one.required}
    place = INSIDE if issubclass(RECORDS[kind], Placed) else {}
    plain = judge_plain(needed | place, kind, city, datum="wgs84", around=around)
    assert plain is not None
    assert_same(plain, needed | place, kind, city, around)


@pytest.mark.parametrize(("kind", "change"), NOT_PLAIN)
def test_what_is_doubtful_or_wrong_is_left_to_the_lists_way(city, around, kind, change):
    assert judge_plain(PLAIN[kind] | change, kind, city, datum="wgs84", around=around) is None


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("sites", {"name": "示例\n路"}),
        ("sites", {"name": "3,4"}),
        ("sites", {"version": 2**53 + 1}),
        ("sites", {"verified": "是"}),
        ("sites", {"community": None}),
        ("employers", {"licence_verified_on": "2025年1月2日"}),
        ("jobs", {"education_min": "大专及以上"}),
        ("jobs", {"education_min": "不限"}),
    ],
)
def test_a_value_in_another_form_is_read_by_its_parser(city, around, kind, change):
    record = PLAIN[kind] | change
    plain = judge_plain(record, kind, city, datum="wgs84", around=around)
    assert plain is not None
    assert_same(plain, record, kind, city, around)


@pytest.mark.parametrize("kind", sorted(RECORDS.keys() - KINDS))
def test_persons_and_communities_are_left_to_the_lists_way(city, around, kind):
    record = {"id": CODES[0]} | INSIDE
    assert judge_plain(record, kind, city, datum="wgs84", around=around) is None


def test_coordinates_of_another_datum_or_of_none_are_left(city, around):
    for datum in (None, "gcj02", "no such"):
        assert judge_plain(PLAIN["stations"], "stations", city, datum=datum, around=around) is None
    said = PLAIN["stations"] | {"datum": "wgs84"}
    plain = judge_plain(said, "stations", city, around=around)
    assert_same(plain, said, "stations", city, around, datum=None)


def test_what_the_store_lacks_is_told(tmp_path):
    with Store.open(tmp_path / "empty.db") as store:
        around = Surroundings.of(store)
        plain = judge_plain(PLAIN["stations"], "stations", store, datum="wgs84", around=around)
        assert "has no communities" in plain.warnings[0]
        assert_same(plain, PLAIN["stations"], "stations", store, around)
        store.put("communities", pa.table({"id": CODES[:1], "name": ["甲"]}))
        around = Surroundings.of(store)
        plain = judge_plain(PLAIN["stations"], "stations", store, datum="wgs84", around=around)
        assert "no community of the store has an area" in plain.warnings[0]
        assert_same(plain, PLAIN["stations"], "stations", store, around)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(-200, 5000, allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6),
    st.sampled_from(["2025-01-02", "2025-1-2", "无", "不限", "any", "E", "S", "H", *CODES, CARD]),
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_whatever_is_taken_for_plain_is_what_a_list_makes_of_it(city, around, kind, data):
    names = [name for name in RECORDS[kind].specs() if name != "id"]
    changes = data.draw(st.dictionaries(st.sampled_from(names), ODD, max_size=3))
    record = PLAIN[kind] | changes
    plain = judge_plain(record, kind, city, datum="wgs84", around=around)
    if plain is not None:
        assert_same(plain, record, kind, city, around)
