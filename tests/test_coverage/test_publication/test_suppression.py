"""What is kept back to hide a small count is as low as it can be, and as small as it can be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.coverage.publication.count_table import CountTable, Split
from geo_match.coverage.publication.publish import audit, publish

KEYS = [b"an invented key, number " + bytes([65 + i]) for i in range(8)]
COUNTS = ("people", "reached")


def city(rows):
    """Make communities (street, people, reached) of streets of one city."""
    frame = pd.DataFrame(rows, columns=["street", *COUNTS])
    frame.insert(0, "code", [f"c{i}" for i in range(len(rows))])
    frame["city"] = "all"
    common = {"counts": COUNTS, "splits": (Split("people", ("reached",), "missed"),)}
    streets = frame.groupby("street", as_index=False)[list(COUNTS)].sum()
    streets = streets.rename(columns={"street": "code"}).assign(city="all")
    whole = streets.groupby("city", as_index=False)[list(COUNTS)].sum()
    return (
        CountTable(
            name="community", frame=frame, by=("code",), into={"street": ("street",)}, **common
        ),
        CountTable(name="street", frame=streets, by=("code",), into={"city": ("city",)}, **common),
        CountTable(name="city", frame=whole, by=("city",), **common),
    )


@pytest.mark.parametrize("key", KEYS)
def test_totals_stay_where_their_parts_can_hide_each_other(key):
    rng = np.random.default_rng(3)
    people = rng.integers(0, 60, 60)
    rows = [(f"s{i % 6}", int(n), int(n - n // 3)) for i, n in enumerate(people)]
    out = publish(*city(rows), key=key)
    assert out["city"][list(COUNTS)].notna().all(axis=None)
    assert out["street"][list(COUNTS)].notna().all(axis=None)
    assert audit(out)["safe"].all()


@pytest.mark.parametrize("key", KEYS)
def test_of_the_shown_parts_of_a_sum_the_smallest_goes(key):
    # One community of five is too small; its sum is known to within a few people.
    rows = [("s", n, n // 2) for n in (3, 400, 90, 300, 30)] + [("t", 200, 100)]
    out = publish(*city(rows), min_count=10, round_to=1, key=key)
    people = out["community"]["people"]
    assert pd.isna(people[0])
    assert people[[1, 2, 3]].notna().all()
    assert out["city"]["people"].notna().all()
    assert audit(out, exact=True)["safe"].all()


@pytest.mark.parametrize("key", KEYS)
def test_a_small_rest_takes_the_later_count_of_its_row_and_not_the_people(key):
    rows = [(f"s{i % 4}", 50 + i, 50 + i) for i in range(24)]
    out = publish(*city(rows), key=key)
    for table in out.tables.values():
        assert table["people"].notna().all()
    assert audit(out)["safe"].all()
