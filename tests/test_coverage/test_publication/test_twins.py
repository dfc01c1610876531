"""Counts that known zeros make one and the same have one figure, and are kept back together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.coverage.publication.cells import cells_of
from geo_match.coverage.publication.count_table import CountTable, Split
from geo_match.coverage.publication.publish import audit, publish
from geo_match.coverage.publication.twins import joined, with_twins
from geo_match.coverage.publication.zeros import with_implied_zeros

KEYS = [b"an invented key, number " + bytes([65 + i]) for i in range(12)]
COUNTS = ("people", "located", "nowhere")


def town(*, everybody_located, dates=("1",)):
    """Make three communities of two streets at some dates: people = located + nowhere."""
    rows = [
        (code, street, date, people, people - nowhere, nowhere)
        for date, all_located in zip(dates, everybody_located, strict=True)
        for code, street, people, missing in (
            ("a", "s", 41, 2),
            ("b", "s", 83, 12),
            ("c", "t", 67, 0),
        )
        for nowhere in (0 if all_located else missing,)
    ]
    frame = pd.DataFrame(rows, columns=["code", "street", "date", *COUNTS])
    never = dict(zip(dates, everybody_located, strict=True))
    sums = frame.groupby(["street", "date"], as_index=False)[list(COUNTS)].sum()
    common = {
        "by": ("code", "date"),
        "counts": COUNTS,
        "date": "date",
        "splits": (Split("people", ("located", "nowhere")),),
        "structural": {"nowhere": "never"},
    }

    def told(one):
        return one.assign(never=one["date"].map(never).astype(bool))

    return (
        CountTable(
            name="community", frame=told(frame), into={"street": ("street", "date")}, **common
        ),
        CountTable(name="street", frame=told(sums.rename(columns={"street": "code"})), **common),
    )


@pytest.mark.parametrize("key", KEYS)
def test_where_everybody_has_a_place_located_and_all_people_have_one_figure(key):
    out = publish(*town(everybody_located=(True,)), key=key)
    for name in ("community", "street"):
        assert (out[name]["people"] == out[name]["located"]).all()
        assert out[name]["people"].notna().all()


@pytest.mark.parametrize("key", KEYS)
def test_a_street_of_one_community_has_its_figure_whatever_the_order_of_the_tables(key):
    tables = town(everybody_located=(False,))
    for given in (tables, tables[::-1]):
        out = publish(*given, key=key)
        low = out["community"].set_index("code").loc["c", "people"]
        assert out["street"].set_index("code").loc["t", "people"] == low
    pd.testing.assert_frame_equal(out["street"], publish(*tables, key=key)["street"])


@pytest.mark.parametrize("key", KEYS[:4])
def test_people_keep_their_figure_when_somebody_has_no_place_at_the_other_date(key):
    tables = town(everybody_located=(True, False), dates=("1", "2"))
    out = publish(*tables, key=key)
    people = out["community"].set_index(["code", "date"])["people"]
    for code in "abc":
        one, two = people[code, "1"], people[code, "2"]
        assert pd.isna(one) == pd.isna(two)
        assert pd.isna(one) or one == two
    assert audit(out, exact=True)["safe"].all()


def test_twins_are_the_cells_that_sums_with_known_zeros_make_equal():
    cells = with_twins(with_implied_zeros(cells_of(town(everybody_located=(True,)))))
    # Communities a, b, c, then streets s, t: people, located, nowhere each.
    assert cells.twin.tolist() == [0, 0, 2, 3, 3, 5, 6, 6, 8, 9, 9, 11, 6, 6, 14]
    assert (cells.lot == cells.same[cells.twin]).all()


def test_what_pairs_join_by_way_of_others_has_one_number():
    of = joined(np.array([0, 1, 5]), np.array([1, 2, 4]), 6)
    assert of[0] == of[1] == of[2]
    assert of[4] == of[5]
    assert len(set(of.tolist())) == 3
