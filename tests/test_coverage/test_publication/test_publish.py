"""What is published is safe by an audit of its own, near the truth, and marked."""

from __future__ import annotations

import pickle
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo_match.coverage.publication.publish import (
    PUBLISHED,
    RELEASE,
    CountTable,
    Measure,
    Split,
    audit,
    publish,
)
from geo_match.errors import ArgumentError

KEY = b"an invented key for the tests"
COUNTS = ("people", "reached")
REST = (Split("people", ("reached",), "missed"),)


def leaf(name="community", dates=("1",), rows=(), into=None, **more):
    """Make a table of (code, above, people, reached) by date."""
    frame = pd.DataFrame(
        [
            (code, above, date, p, r)
            for date, part in zip(dates, rows, strict=True)
            for code, above, p, r in part
        ],
        columns=["code", "above", "date", "people", "reached"],
    ).astype({"people": "int64", "reached": "int64"})
    return CountTable(
        name=name,
        frame=frame,
        by=("code", "date"),
        counts=COUNTS,
        splits=REST,
        into=into or {},
        date="date",
        **more,
    )


def rolled(table, name, above, into=None):
    """Sum a table to the codes of its column `above`; the row above that is the whole."""
    frame = table.frame.groupby([above, "date"], as_index=False)[list(COUNTS)].sum()
    frame = frame.rename(columns={above: "code"}).assign(above="whole")
    return CountTable(
        name=name,
        frame=frame,
        by=("code", "date"),
        counts=COUNTS,
        splits=REST,
        into=into or {},
        date="date",
    )


def town(*dates, crossed=False):
    """Make communities, streets and the whole; `crossed` adds cells that cut across them."""
    labels = [str(i) for i in range(len(dates))]
    rows = [[(f"c{i}", f"s{i % 3}", p, r) for i, (p, r) in enumerate(date)] for date in dates]
    below = leaf(dates=labels, rows=rows, into={"street": ("above", "date")})
    street = rolled(below, "street", "above", {"whole": ("above", "date")})
    tables = [below, street, rolled(street, "whole", "above")]
    if crossed:
        cell = below.frame.assign(above=[f"h{int(code[1:]) % 4}" for code in below.frame["code"]])
        part = CountTable(
            name="overlap",
            frame=cell.assign(street=below.frame["above"]),
            by=("code", "date"),
            counts=COUNTS,
            splits=REST,
            date="date",
            goes_out=False,
            into={"community": ("code", "date"), "h3": ("above", "date")},
        )
        tables += [part, rolled(part, "h3", "above", {"whole": ("above", "date")})]
    return tables


class Attack:
    """Bound every hidden (table, code, date, column) from the printed frames, by dictionaries.

    The attacker's own programme: every count is a variable, `missed` included; every printed
    figure holds its count to within `spread`; parts add up to their totals. The noise that dates
    share is one more variable, between the figure and its rounding.
    """

    def __init__(self, tables, published):
        self.names, self.bounds, self.sums, self.ties = {}, [], [], []
        self.published, self.spread = published, published.most_error
        self.printed = {table.name for table in tables if table.goes_out}
        for table in tables:
            self.read_rows(table)
        for table in tables:
            self.read_sums(table)
        self.fixed = {
            "A_eq": self.matrix(self.sums),
            "b_eq": np.zeros(len(self.sums)),
            "bounds": self.bounds,
            "A_ub": self.matrix([row for row, _ in self.ties]) if self.ties else None,
            "b_ub": [limit for _, limit in self.ties] if self.ties else None,
        }

    def variable(self, key, low=0, high=None):
        if key not in self.names:
            self.names[key] = len(self.bounds)
            self.bounds.append((low, high))
        return self.names[key]

    def read_rows(self, table):
        for i in range(len(table.frame)):
            place = (table.name, table.frame["code"].iloc[i], table.frame["date"].iloc[i])
            for column in COUNTS:
                shown = table.goes_out and self.published[table.name][column].iloc[i]
                if table.goes_out and not pd.isna(shown):
                    self.read_figure(place, column, int(shown))
            total, part, rest = (self.variable((*place, name)) for name in (*COUNTS, "missed"))
            self.sums.append({total: 1, part: -1, rest: -1})

    def read_figure(self, place, column, value):
        step, least, spread = self.published.round_to, self.published.min_count, self.spread
        noise = spread - (step - 1)
        x = self.variable((*place, column), max(least, value - spread), value + spread)
        u = self.variable(("noise", *place[:2], column), -noise, noise + step - 1)
        self.ties.append(({x: 1, u: 1}, value + step - 1))
        if value > -(-least // step) * step:  # the least figure also stands for what is less
            self.ties.append(({x: -1, u: -1}, -value))

    def read_sums(self, table):
        for above, columns in table.into.items():
            for key, rows in table.frame.groupby(list(columns)):
                for column in (*COUNTS, "missed"):
                    parts = zip(rows["code"], rows["date"], strict=True)
                    sign = {self.names[table.name, c, d, column]: -1 for c, d in parts}
                    self.sums.append({self.names[above, *key, column]: 1} | sign)

    def matrix(self, rows):
        out = np.zeros((len(rows), len(self.bounds)))
        for i, row in enumerate(rows):
            out[i, list(row)] = list(row.values())
        return out

    def end(self, at, sign):
        cost = np.zeros(len(self.bounds))
        cost[at] = sign
        answer = linprog(cost, **self.fixed)
        assert answer.status in {0, 3}, answer.message
        return sign * answer.fun if answer.status == 0 else np.inf

    def intervals(self):
        out = {}
        for key, at in self.names.items():
            is_count = key[0] in self.printed and key[-1] in COUNTS
            if key[0] != "noise" and not (is_count and self.bounds[at][1] is not None):
                out[key] = (self.end(at, 1), self.end(at, -1), is_count)
        return out


def assert_safe(tables, published):
    for key, (low, high, is_count) in Attack(tables, published).intervals().items():
        wide = high - low >= published.min_count - 1e-6
        assert wide or (not is_count and low >= published.min_count - 1e-6), (key, low, high)


def row(most=40):
    counts = st.integers(0, most) | st.integers(0, 12)
    return st.tuples(counts, counts).map(lambda pair: (max(pair), min(pair)))


@settings(max_examples=10)
@given(st.lists(row(), min_size=1, max_size=7), st.sampled_from([(10, 5), (10, 1), (4, 3), (6, 6)]))
def test_an_attack_by_its_own_programme_bounds_no_hidden_count_closely(rows, sizes):
    min_count, round_to = sizes
    tables = town(rows)
    assert_safe(tables, publish(*tables, min_count=min_count, round_to=round_to, key=KEY))


@settings(max_examples=6)
@given(st.lists(row(), min_size=2, max_size=6), st.data())
def test_two_dates_with_small_changes_leak_nothing_narrower(rows, data):
    later = [
        (p + data.draw(st.integers(0, 2)), r + data.draw(st.integers(0, min(2, p - r))))
        for p, r in rows
    ]
    tables = town(rows, later)
    published = publish(*tables, key=KEY)
    assert_safe(tables, published)
    for table in tables:
        hidden = published[table.name].set_index(["code", "date"])[list(COUNTS)].isna()
        first, second = (hidden.xs(date, level="date") for date in "01")
        pd.testing.assert_frame_equal(first, second)


@settings(max_examples=6)
@given(st.lists(row(), min_size=4, max_size=8))
def test_cells_that_cut_across_communities_give_no_overlap_away(rows):
    tables = town(rows, crossed=True)
    published = publish(*tables, key=KEY)
    assert "overlap" not in published.tables
    assert_safe(tables, published)


@settings(max_examples=10)
@given(st.lists(row(10_000), min_size=1, max_size=9), st.integers(2, 12), st.data())
def test_what_is_printed_is_within_the_stated_error_of_the_truth(rows, min_count, data):
    round_to = data.draw(st.integers(1, min_count))
    tables = town(rows)
    published = publish(*tables, min_count=min_count, round_to=round_to, key=KEY)
    for table in tables:
        for column in COUNTS:
            figure, truth = published[table.name][column], table.frame[column]
            printed = figure.notna()
            assert (figure[printed] % round_to == 0).all()
            assert (figure[printed] >= min_count).all()
            assert ((figure - truth)[printed].abs() <= published.most_error).all()
            assert (truth[printed] >= min_count).all()


def test_subtracting_two_published_totals_finds_no_single_home():
    """Replay the differencing attack: two counts, each large, that differ by one known home."""
    rows = [("ring", "s", 120, 60), ("home", "s", 1, 1)]
    below = leaf(rows=[rows], into={"street": ("above", "date")})
    tables = [below, rolled(below, "street", "above")]
    for number in range(20):
        published = publish(*tables, key=KEY + bytes([number]))
        street, ring = published["street"]["people"][0], published["community"]["people"][0]
        assert pd.isna(published["community"]["people"][1])
        if not pd.isna(street) and not pd.isna(ring):
            assert street - ring in {-10, -5, 0, 5, 10}
        assert_safe(tables, published)


def test_two_groups_of_one_community_hide_each_other():
    rows = [("f", "c", 100, 50), ("m", "c", 3, 2)]
    below = leaf("community by sex", rows=[rows], into={"community": ("above", "date")})
    tables = [below, rolled(below, "community", "above")]
    published = publish(*tables, min_count=10, round_to=2, key=KEY)
    assert published["community by sex"]["people"].isna()[1]
    assert_safe(tables, published)


def test_the_same_cell_has_the_same_figure_in_every_publication_and_at_every_date():
    rows = [(100 + i, 50) for i in range(6)]
    once, again = publish(*town(rows), key=KEY), publish(*town(rows, rows), key=KEY)
    both = again["community"].set_index(["code", "date"])["people"]
    for date in "01":
        pd.testing.assert_series_equal(
            both.xs(date, level="date"), once["community"].set_index("code")["people"]
        )


def test_figures_are_right_in_the_mean_over_keys():
    table = leaf(rows=[[(f"c{i}", "s", 103, 50) for i in range(4000)]])
    mean = publish(table, key=KEY)["community"]["people"].mean()
    assert mean == pytest.approx(103, abs=4 * 3 / np.sqrt(4000))


def test_a_zero_is_kept_back_like_a_one_unless_it_cannot_be_otherwise():
    table = leaf(rows=[[("a", "s", 0, 0), ("b", "s", 1, 0), ("c", "s", 90, 0)]])
    frame = table.frame.assign(no_area=[False, False, True])
    known = CountTable(
        name="community",
        frame=frame,
        by=("code", "date"),
        counts=COUNTS,
        splits=REST,
        structural={"reached": "no_area"},
    )
    out = publish(known, key=KEY)["community"]
    assert out["people"].isna().tolist() == [True, True, False]
    assert out["reached"].isna().tolist() == [True, True, False]
    assert out["reached"][2] == 0


def test_shares_are_of_the_printed_figures_and_no_other_column_goes_out():
    table = leaf(
        rows=[[("a", "s", 203, 101), ("b", "s", 30, 3)]], shares={"share": ("reached", "people")}
    )
    out = publish(table, key=KEY)["community"]
    assert out["share"][0] == out["reached"][0] / out["people"][0]
    assert pd.isna(out["share"][1])
    assert list(out) == ["code", "date", "people", "reached", "share", RELEASE]


def test_a_figure_of_a_distribution_needs_a_tail_of_enough_people_and_is_rounded():
    table = leaf(
        rows=[[("a", "s", 203, 101), ("b", "s", 60, 30)]],
        measures={"p10": Measure("people", 100.0, 0.1), "median": Measure("people", 100.0, 0.5)},
    )
    table.frame["p10"], table.frame["median"] = [149.0, 149.0], [1251.0, 1251.0]
    out = publish(table, key=KEY)["community"]
    assert out["p10"].tolist() == [100.0, pd.NA]
    assert out["median"].tolist() == [1300.0, 1300.0]


def test_what_is_published_is_marked_in_every_file_and_refused_as_a_report(tmp_path):
    table = leaf(rows=[[("a", "s", 203, 101)]])
    published = publish(table, key=KEY)
    published["community"].to_csv(tmp_path / "out.csv", index=False)
    back = pd.read_csv(tmp_path / "out.csv")
    assert back[RELEASE].tolist() == [PUBLISHED]
    again = CountTable(name="community", frame=back, by=("code",), counts=COUNTS)
    with pytest.raises(ArgumentError, match="must be an internal report"):
        publish(again)
    with pytest.raises(ArgumentError, match="must be coverage reports or tables of counts"):
        publish(published)


def test_the_key_is_drawn_and_given_back_and_neither_shown_nor_pickled():
    table = leaf(rows=[[(f"c{i}", "s", 203, 101) for i in range(50)]])
    first, second = publish(table), publish(table)
    assert first.key != second.key
    assert repr(first.key) not in repr(first)
    assert pickle.loads(pickle.dumps(first)).key == b""  # noqa: S301 - our own bytes
    repeated = publish(table, key=first.key)
    pd.testing.assert_frame_equal(repeated["community"], first["community"])


def test_geometry_goes_out_as_a_label():
    table = leaf(rows=[[("a", "s", 203, 101)]])
    frame = gpd.GeoDataFrame(table.frame, geometry=gpd.points_from_xy([121.0], [31.0]), crs=4326)
    named = CountTable(
        name="community", frame=frame, by=("code", "date"), counts=COUNTS, labels=("geometry",)
    )
    out = publish(named, key=KEY)["community"]
    assert isinstance(out, gpd.GeoDataFrame)
    assert out.crs == frame.crs


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_count": 1}, "`min_count` must be a whole number of at least 2, got 1"),
        ({"min_count": True}, "`min_count` must be a whole number"),
        ({"round_to": 11}, r"at least 1 and at most `min_count` \(10\), got 11"),
        ({"key": b"short"}, "`key` must be 16 to 64 secret bytes, got 5 bytes"),
    ],
)
def test_an_option_that_breaks_its_rule_is_named(options, message):
    with pytest.raises(ArgumentError, match=message):
        publish(leaf(rows=[[("a", "s", 20, 10)]]), **options)


def test_no_tables_and_no_rows_are_defined():
    with pytest.raises(ArgumentError, match="must have a table at least"):
        publish()
    published = publish(leaf(rows=[[]]), key=KEY)
    assert len(published["community"]) == 0
    assert len(audit(published)) == 0


def test_more_people_hidden_for_a_larger_least_count():
    rows = [(12 + 9 * i, 6 + 4 * i) for i in range(9)]
    shown = [
        publish(*town(rows), min_count=m, key=KEY)["community"][list(COUNTS)].notna().sum().sum()
        for m in (5, 20, 60)
    ]
    assert all(few >= many for few, many in pairwise(shown))
