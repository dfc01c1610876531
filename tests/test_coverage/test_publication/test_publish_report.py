"""A coverage report is published as it is: its levels and groups, with what ties them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import geo_match as gm
from geo_match.coverage import Binary, Coverage, CoverageOptions
from geo_match.coverage.publication.cells import cells_of
from geo_match.coverage.publication.count_table import stacked
from geo_match.coverage.publication.publish import (
    INTERNAL,
    PUBLISHED,
    RELEASE,
    audit,
    count_tables,
    publish,
)
from geo_match.coverage.publication.report_splits import splits_of
from geo_match.coverage.publication.twins import with_twins
from geo_match.coverage.publication.zeros import with_implied_zeros
from geo_match.errors import ArgumentError

KEY = b"an invented key for the tests"
COUNTS = ("people", "located", "reached", "below")


def report(standard=None, weight=1, width=0.065, located=0.8):
    """Cover 400 invented people in four communities of two streets; one has no area."""
    rng = np.random.default_rng(5)
    n = 400
    areas = [shapely.box(121 + 0.02 * i, 31, 121.02 + 0.02 * i, 31.02) for i in range(3)]
    codes = ["310101001001", "310101001002", "310101002001", "310101002002"]
    communities = gpd.GeoDataFrame({"code": codes}, geometry=[*areas, None], crs=4326)
    lon, lat = 121 + width * rng.random(n), 31 + 0.02 * rng.random(n)
    points = np.array(gpd.points_from_xy(lon, lat), dtype=object)
    points[rng.random(n) >= located] = None
    people = gpd.GeoDataFrame(
        {
            "id": [f"p{i}" for i in range(n)],
            "community": rng.choice(codes, n),
            "weight": weight,
            "sex": rng.choice(["f", "m"], n),
            "zero_employment": rng.random(n) < 0.3,
        },
        geometry=points,
        crs=4326,
    )
    jobs = gpd.GeoDataFrame(
        {"id": ["a", "b"]}, geometry=gpd.points_from_xy([121.01, 121.02], [31.01, 31.01]), crs=4326
    )
    return Coverage(jobs, communities, CoverageOptions(radius_m=2000, standard=standard)).of(people)


@pytest.mark.parametrize("standard", [None, 0, 2])
def test_the_levels_of_a_report_go_out_safe_and_near_the_truth(standard):
    inside = report(standard)
    published = publish(inside, key=KEY)
    assert list(published.tables) == ["all", "community", "street", "district", "city"]
    assert audit(published)["safe"].all()
    for level in ("community", "street", "district", "city"):
        out, truth = published[level], inside.by(level)
        assert (out[RELEASE] == PUBLISHED).all()
        assert out["code"].tolist()[:-1] == truth["code"].tolist()[:-1]
        for name in COUNTS:
            printed = out[name].notna() & ~((out[name] == 0) & (truth[name] == 0)).fillna(
                value=False
            )
            assert ((out[name] - truth[name])[printed].abs() <= published.most_error).all()
            assert (truth[name][printed] >= published.min_count).all()
    assert published["all"]["people"].notna().all()


@pytest.mark.parametrize(("standard", "whole", "at_least"), [(1.5, 2, 2), (1.5, 2, 1), (0.5, 1, 1)])
def test_a_standard_between_two_counts_is_the_higher_of_them_to_whoever_attacks(
    standard, whole, at_least
):
    told = CoverageOptions(standard=standard, at_least=at_least)
    meant = CoverageOptions(standard=whole, at_least=at_least)
    assert splits_of(told, straight=False) == splits_of(meant, straight=False)


def test_a_standard_of_shared_vacancies_may_lie_between_two_counts():
    shared = CoverageOptions(standard=1.5, at_least=2, competition=Binary())
    known = [(split.total, split.parts) for split in splits_of(shared, straight=False)]
    assert ("people", ("reached", "below")) not in known


def test_nobody_is_located_in_a_community_without_an_area_and_all_may_know():
    out = publish(report(), key=KEY)["community"].set_index("code")
    assert not out.loc["310101002002", "has_area"]
    assert out.loc["310101002002", ["located", "reached"]].tolist() == [0, 0]
    assert (out["reason_over_subscribed"] == 0).all()  # without competition


def test_figures_that_are_fractions_of_few_people_stay_inside():
    columns = set(publish(report(), key=KEY)["community"])
    assert not {name for name in columns if name.startswith("fgt")}


def test_a_group_has_a_table_and_one_for_each_level():
    tables = {
        table.name: table for table in count_tables(report(), date="2026-01", groups=("sex",))
    }
    assert list(tables) == [
        "all",
        "sex",
        "community",
        "community by sex",
        "street",
        "street by sex",
        "district",
        "district by sex",
        "city",
        "city by sex",
    ]
    chosen = [tables[name] for name in ("all", "sex")]
    published = publish(*chosen, key=KEY)
    assert published["sex"]["sex"].tolist() == ["f", "m"]
    assert audit(published)["safe"].all()
    inner = tables["community by sex"].frame
    outer = tables["community"].frame
    pd.testing.assert_series_equal(
        inner.groupby("code", dropna=False)["people"].sum(), outer.set_index("code")["people"]
    )


def test_weights_that_are_no_whole_numbers_are_refused():
    with pytest.raises(ArgumentError, match=r"people` must be whole numbers, got dtype float64"):
        publish(report(weight=1.5), key=KEY)


def test_a_group_named_like_the_date_is_refused():
    with pytest.raises(ArgumentError, match="`groups` must name columns of the people, got 'date'"):
        count_tables(report(), groups=("date",))


def test_reasons_that_nobody_can_have_are_printed_as_0():
    out = publish(report(), key=KEY)["community"]
    for name in ("coarse_location", "over_subscribed", "too_few"):  # no accuracies; 1 is enough
        assert (out[f"reason_{name}"] == 0).all()
    assert not {"found", "not_found", "outside_data_share"} & set(out)


def test_a_list_that_states_no_accuracy_and_one_without_the_column_are_published_alike():
    def published(accuracies):
        people = [
            {"id": f"p{at}", "lon": 121.01, "lat": 31.01, "location_accuracy_m": one}
            for at, one in enumerate(accuracies)
        ]
        area = "POLYGON ((121 31, 121.1 31, 121.1 31.1, 121 31.1, 121 31))"
        communities = [{"code": "310101001001", "area": area}]
        jobs = [{"id": "a", "lon": 121.2, "lat": 31.2}]
        return publish(Coverage(jobs, communities).of(people), key=KEY)["all"]

    assert published([None] * 40)["reason_coarse_location"].tolist() == [0]
    # One accuracy that is stated, and what it says of the place is kept back.
    assert published([*[None] * 39, 3.0])["reason_coarse_location"].isna().all()


def test_the_measures_of_all_people_go_out_rounded_to_their_steps():
    inside = report()
    out = publish(inside, key=KEY)
    truth, told = inside.totals(), out["all"].iloc[0]
    assert out.steps == {
        "gini": 0.05,
        **{f"in_reach_{name}": 5.0 for name in ("median", "p10", "p25", "p75", "p90")},
        **{f"distance_{name}_m": 500.0 for name in ("median", "p10", "p25", "p75", "p90")},
    }
    for name, step in out.steps.items():
        if not pd.isna(told[name]):
            assert abs(told[name] - truth[name]) <= step / 2
    assert told["distance_median_m"] % 500 == 0
    few = publish(*count_tables(report()), key=KEY, min_count=399)
    assert pd.isna(few["all"]["in_reach_p10"][0])  # a tenth of 400 are 40


def test_no_figure_has_digits_that_are_noise():
    out = publish(report(), key=KEY)
    for frame in out.tables.values():
        for name in frame:
            if pd.api.types.is_float_dtype(frame[name]):
                assert all(len(f"{one:.15g}") <= 8 for one in frame[name].dropna()), name


def test_what_makes_tables_and_looks_at_them_is_at_home_in_coverage():
    tables = gm.coverage.count_tables(report(), date="2026-01")
    assert isinstance(tables[0], gm.coverage.CountTable)
    published = gm.coverage.publish(*tables, key=KEY)
    assert isinstance(published, gm.coverage.Published)
    assert gm.coverage.audit(published)["safe"].all()
    assert gm.publish is gm.coverage.publish


def test_several_reports_without_their_dates_are_refused_with_what_to_do():
    told = r"`reports` must be one report, or .* got 2 reports. Make .*count_tables\(report, date="
    with pytest.raises(ArgumentError, match=told):
        gm.publish(report(), report())
    twice = [*count_tables(report()), *count_tables(report())]
    told = r"tell the rows apart, got \d+ rows .*Tables of one name are told apart by their dates"
    with pytest.raises(ArgumentError, match=told):
        gm.publish(*twice)
    tables = [one for date in ("a", "b") for one in count_tables(report(), date=date)]
    assert audit(publish(*tables, key=KEY))["safe"].all()


def test_published_and_internal_frames_cannot_be_mistaken():
    inside, published = report(), gm.publish(report(), key=KEY)
    assert (inside.release, published.release) == ("internal", "published")
    assert (inside.by("community")[RELEASE] == INTERNAL).all()
    assert (published["community"][RELEASE] == PUBLISHED).all()


@pytest.mark.parametrize("name", ["release", "_no_area"])
def test_a_group_named_like_a_column_of_the_tables_is_refused(name):
    with pytest.raises(ArgumentError, match="`groups` must name columns of the people, got"):
        count_tables(report(), groups=(name,))


def test_h3_cells_go_out_with_their_overlaps_kept_and_everything_safe():
    inside = report()
    tables = {table.name: table for table in count_tables(inside, h3=True)}
    overlaps = tables["community by h3"].frame
    known = inside.by("h3").set_index("code")
    each = overlaps.groupby("h3")[["located", "reached"]].sum()
    found = known.index.intersection(each.index)
    assert (each.loc[found] == known.loc[found, ["located", "reached"]]).all(axis=None)
    by_community = overlaps.groupby("code")[["located", "reached"]].sum()
    truth = inside.by("community").set_index("code").loc[by_community.index]
    assert (by_community == truth[["located", "reached"]]).all(axis=None)
    everyone = inside.by("community")[["located", "reached"]].sum()
    assert overlaps[["located", "reached"]].sum().tolist() == everyone.tolist()
    published = publish(*tables.values(), key=KEY)
    assert "community by h3" not in published.tables
    assert list(published["h3"]) == [
        "code", "date", "kind", "geometry", "located", "reached", "reached_share",
        "gini", *(name for name in published["h3"] if name.startswith(("in_", "dist"))), RELEASE,
    ]  # fmt: skip
    assert audit(published)["safe"].all()


def test_too_many_h3_cells_are_refused_before_anybody_is_counted(monkeypatch):
    monkeypatch.setattr("geo_match.coverage.publication.count_table.MOST_COUNTS", 100)

    def counted(*_):
        pytest.fail("somebody was counted")

    module = "geo_match.coverage.publication.hexagon_tables.hexagon_rows"
    monkeypatch.setattr(module, counted)
    with pytest.raises(ArgumentError, match=r"at most 100 counts together.* got \d+.* part of the"):
        count_tables(report(), h3=True)


def test_h3_cells_are_listed_by_area_whether_somebody_lives_there_or_not():
    inside = report()
    tables = {table.name: table for table in count_tables(inside, h3=True)}
    listed = tables["h3"].frame
    assert listed["code"].isna().sum() == 1
    assert (listed["located"] == 0).any()
    assert listed.loc[listed["code"].isna(), "kind"].tolist() == ["outside"]


def test_that_nobody_lives_outside_all_areas_is_told_and_keeps_the_totals():
    inside = report(width=0.06)
    assert inside.by("city")["people"].iloc[-1] == 0
    out = publish(inside, key=KEY)
    for level in ("community", "street", "district", "city"):
        last = out[level].iloc[-1]
        assert last["kind"] == "outside"
        assert last[list(COUNTS)].tolist() == [0] * len(COUNTS)
    for name in COUNTS:
        assert out["city"][name][0] == out["all"][name][0]
    assert audit(out)["safe"].all()


def test_somebody_outside_all_areas_is_not_told_where_they_are_few():
    out = publish(report(width=0.0605), key=KEY)
    assert report(width=0.0605).by("city")["people"].iloc[-1] > 0
    assert pd.isna(out["city"]["people"].iloc[-1])


def test_where_everybody_has_a_place_the_located_have_the_figure_of_the_people():
    out = publish(report(width=0.06, located=1.1), key=KEY)
    for level in ("community", "street", "district", "city"):
        with_area = out[level][out[level]["has_area"]]
        pd.testing.assert_series_equal(with_area["people"], with_area["located"], check_names=False)


@pytest.mark.parametrize("located", [0.8, 1.1])
def test_a_rest_that_is_another_count_has_its_figure(located):
    # The rests of a row that are a printed count, whoever the people are: no linear program is
    # needed to see it, which is most of the work of a publication.
    tables = stacked(count_tables(report(width=0.06, located=located)))
    cells = with_twins(with_implied_zeros(cells_of(tables)))
    counts = cells.values()
    for table, start in zip(cells.tables, cells.starts, strict=False):
        at = {name: start + place for place, name in enumerate(table.columns)}
        for row in range(len(table.frame)):
            moved = {name: one + row * len(table.columns) for name, one in at.items()}
            assert counts[moved["above"]] == counts[moved["reached"]]
            if cells.structural[moved["located"]]:  # and so is all that would be compared
                continue
            assert cells.twin[moved["above"]] == cells.twin[moved["reached"]]
            alike = cells.twin[moved["not_reached"]] == cells.twin[moved["below"]]
            # Who has no place is below, and not among the located who are not reached.
            assert alike == (located > 1)


def test_households_of_zero_employment_are_a_group_like_any_other():
    tables = count_tables(report(), groups=("zero_employment",))
    chosen = [table for table in tables if table.name in {"all", "zero_employment"}]
    out = publish(*chosen, key=KEY)
    assert out["zero_employment"]["zero_employment"].tolist() == ["false", "true"]
    assert out["zero_employment"]["people"].notna().all()
    assert audit(out)["safe"].all()
