"""Which of two records is the newer: held against the rule as one would write it for one pair."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.store import record_schema
from geo_match.store.columns import to_kept
from geo_match.store.compare import compare

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
    for name in ("version", "updated_at"):
        if new[name] is not None and old[name] is not None and new[name] != old[name]:
            if new[name] < old[name]:
                return "stale"
            break
    said = {name: value for name, value in new.items() if name not in {"version", "updated_at"}}
    learnt = any(new[name] not in {None, old[name]} for name in ("version", "updated_at"))
    return "accepted" if learnt or any(old[name] != said[name] for name in said) else "unchanged"


def table(records):
    return to_kept(
        pa.Table.from_pylist(
            records, schema=pa.schema([SCHEMA.field(name) for name in (*RECORD_NAMES, "id")])
        ),
        SCHEMA,
    )


RECORD_NAMES = ["version", "updated_at", "name", "groups", "lon"]


@given(
    pairs=st.lists(st.tuples(RECORD, st.none() | RECORD), min_size=1, max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_each_record_becomes_what_the_rule_says(pairs, order):
    new = [{**record, "id": f"P{at}"} for at, (record, _) in enumerate(pairs)]
    old = [{**record, "id": f"P{at}"} for at, (_, record) in enumerate(pairs) if record is not None]
    order.shuffle(old)
    applied = compare(table(new), table(old), FIELDS)
    for at, (record, kept) in enumerate(pairs):
        became = [name for name in ("accepted", "unchanged", "stale") if getattr(applied, name)[at]]
        assert became == [judge(record, kept)]


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
