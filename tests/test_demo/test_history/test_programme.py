"""The survey of 2022 and the recognitions since: one a community, few, documents mostly at hand."""

from __future__ import annotations

import pandas as pd

from geo_match.demo.history.programme import draw_recognitions, draw_surveys

DUE = pd.Timestamp("2022-04-30")


def test_each_community_has_one_survey(surveys, areas):
    assert surveys["community"].astype("str").tolist() == areas["code"].tolist()
    assert (surveys["due_on"] == DUE).all()
    assert surveys["done_on"].min() >= pd.Timestamp("2022-01-01")
    later = surveys["entered_on"] >= surveys["done_on"]
    assert later[surveys["entered_on"].notna()].all()


def test_surveys_are_mostly_in_time_complete_and_true(surveys):
    assert 0.75 < (surveys["done_on"] <= DUE).mean() < 0.92
    assert 0.05 < (surveys["done_on"] > DUE).mean() < 0.2
    for name, least in (("complete", 0.65), ("true_checked", 0.5)):
        said = surveys[name].value_counts(normalize=True, dropna=False)
        assert least < said[True] < 0.9
        assert said[False] > 0.02
        assert 0.05 < surveys[name].isna().mean() < 0.4
    assert surveys.loc[surveys["entered_on"].isna(), ["complete", "entries"]].isna().all(axis=None)


def test_surveys_have_as_many_people_as_a_community_of_working_age(surveys, areas):
    share = surveys["entries"] / areas["population"].to_numpy()
    assert share.dropna().between(0.45, 0.63).all()


def test_few_are_recognised_and_one_of_them_twice(recognitions, areas):
    count = recognitions["kind"].value_counts()
    assert count.to_dict() == {"community": 21, "street": 3}
    assert (recognitions["code"].value_counts() == 2).sum() == 1
    known = set(areas["code"]) | set(areas["street_code"])
    assert set(recognitions["code"]) <= known
    assert recognitions["recognised_on"].is_monotonic_increasing
    assert recognitions["recognised_on"].between("2024-01-01", "2025-12-31").all()
    assert set(recognitions["level"]) == {"province", "city"}


def test_the_second_recognition_comes_a_year_later_from_the_other_level(areas):
    for seed in range(20):
        drawn = draw_recognitions(areas, seed=seed)
        twice = drawn[drawn["code"].duplicated(keep=False)]
        assert twice["recognised_on"].diff().dt.days.iloc[-1] == 365
        assert set(twice["level"]) == {"province", "city"}
        assert drawn["recognised_on"].max() <= pd.Timestamp("2025-12-31")


def test_recognition_documents_are_marked_as_invented_and_five_are_missing(recognitions):
    assert recognitions["document"].isna().sum() == 5
    documents = recognitions["document"].dropna()
    assert documents.str.contains("示例").all()
    assert documents.is_unique
    year = documents.str.extract(r"〔(\d+)〕")[0].astype(int)
    assert (year == recognitions["recognised_on"].dt.year[documents.index]).all()


def test_the_programmes_records_come_from_the_seed_alone(areas, surveys, recognitions, land):
    pd.testing.assert_frame_equal(draw_surveys(areas, seed=land.seed), surveys)
    pd.testing.assert_frame_equal(draw_recognitions(areas, seed=land.seed), recognitions)
    assert not draw_surveys(areas, seed=land.seed + 1)["done_on"].equals(surveys["done_on"])
    other = draw_recognitions(areas, seed=land.seed + 1)
    assert set(other["code"]) != set(recognitions["code"])
