"""Which of two records is the newer: held against the rule as one would write it for one pair."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.store import record_schema
from geo_match.store.schema.columns import to_kept
from geo_match.store.writing.compare import VERSIONING, compare

SCHEMA = record_schema("seekers")
FIELDS = [name for name in SCHEMA.names if name != "id"]

RECORD = st.fixed_dictionaries(
    {
        "version": st.none() | st.integers(0, 2),
        "updated_at": st.none() | st.integers(0, 2),
        "name": st.none() | st.sampled_from("ab"),
        "groups": st.none() | st.lists(st.just("veteran"), max_size=1),
        "lon": st.none() | st.sampled_from([117.0, 117.5]),
    }
)


def judge(new, old):
    """Return what becomes of a record beside the kept one, None for none."""
    if old is None:
        return "accepted"
    tied = False
    for name in ("version", "updated_at"):
        if new[name] is not None and old[name] is not None:
            if new[name] < old[name]:
                return "stale"
            if new[name] > old[name]:
                return "accepted"
            tied = True
    said = [name for name in new if name not in {"version", "updated_at"}]
    if any(old[name] != new[name] for name in said):
        return "conflicting" if tied else "accepted"
    learnt = any(new[name] not in {None, old[name]} for name in ("version", "updated_at"))
    return "accepted" if learnt else "unchanged"


BECAME = ("accepted", "unchanged", "stale", "conflicting")


def table(records):
    return to_kept(
        pa.Table.from_pylist(
            records, schema=pa.schema([SCHEMA.field(name) for name in (*RECORD_NAMES, "id")])
        ),
        SCHEMA,
    )


SAID = ["name", "groups", "lon"]
RECORD_NAMES = ["version", "updated_at", "name", "groups", "lon"]


@given(
    pairs=st.lists(st.tuples(RECORD, st.none() | RECORD), min_size=1, max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_each_record_becomes_what_the_rule_says(pairs, order):
    new = [{**record, "id": f"P{at}"} for at, (record, _) in enumerate(pairs)]
    old = [{**record, "id": f"P{at}"} for at, (_, record) in enumerate(pairs) if record is not None]
    order.shuffle(old)
    applied = compare(table(new), table(old), [*VERSIONING, *SAID])
    for at, (record, kept) in enumerate(pairs):
        became = [name for name in BECAME if getattr(applied, name)[at]]
        assert became == [judge(record, kept)]
        comparable = kept is not None and any(
            None not in {record[name], kept[name]} for name in ("version", "updated_at")
        )
        dated = kept is not None and {kept["version"], kept["updated_at"]} != {None}
        other = kept is not None and any(record[name] != kept[name] for name in SAID)
        assert applied.undated[at] == (dated and other and not comparable)
        assert applied.by_version[at] == (
            became == ["conflicting"] and record["version"] == kept["version"] is not None
        )


def test_a_field_that_is_not_spoken_of_makes_no_difference():
    new = table([{"id": "A", "name": None, "lon": 117.0}])
    old = table([{"id": "A", "name": "b", "lon": 117.0}])
    assert compare(new, old, ["lon"]).unchanged.tolist() == [True]
    assert compare(new, old, ["lon", "name"]).accepted.tolist() == [True]


@pytest.mark.parametrize(
    ("arriving", "kept", "coarser"),
    [
        ("given", "given", False),
        ("community_area", "given", True),
        ("none", "given", True),
        (None, "given", True),
        ("given", "gazetteer", False),
        ("none", "gazetteer", False),
    ],
)
def test_a_place_that_gets_less_exact_is_told(arriving, kept, coarser):
    def one(how):
        return to_kept(pa.table({"id": ["A"], "located_by": pa.array([how], pa.string())}), SCHEMA)

    assert compare(one(arriving), one(kept), FIELDS).coarser.tolist() == [coarser]


@pytest.mark.parametrize(
    ("arriving", "kept", "became"),
    [
        (("gazetteer", 117.1), ("community_area", 117.0), "accepted"),
        (("none", None), ("community_area", 117.0), "accepted"),
        (("gazetteer", 117.1), ("gazetteer", 117.1), "unchanged"),
        (("given", 117.1), ("gazetteer", 117.1), "conflicting"),
        (("given", 117.1), ("given", 117.0), "conflicting"),
        (("community_area", 117.1), ("given", 117.1), "conflicting"),
    ],
)
def test_a_place_that_was_looked_up_is_not_what_a_record_says(arriving, kept, became):
    new, old = (
        to_kept(pa.table({"id": ["A"], "version": [1], "located_by": [how], "lon": [lon]}), SCHEMA)
        for how, lon in (arriving, kept)
    )
    applied = compare(new, old, FIELDS)
    assert [name for name in BECAME if getattr(applied, name)[0]] == [became]
    assert not applied.undated[0]
