"""Matching on foot in towns where the answers are known beforehand, and held to itself."""

from __future__ import annotations

import datetime as dt
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from test_matching.answers import rows_of
from test_matching.walked_town import lonlat, network
from test_walking import river_town

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.matching import Around, MatchOptions
from geo_match.matching.changes import match_changes
from geo_match.matching.engine import on_foot
from geo_match.matching.live import LiveMatcher
from geo_match.store import AuditLog, Store, audited
from geo_match.walking import Network

# A town drawn by hand, in which every way is known beforehand.

ALL = ("Old Bridge", "New Bridge", "Tunnel")
HOME = (-200, -150)
OVER_OLD_BRIDGE = [
    *(HOME, (-200, -100), (-800, -100), (-1500, -100)),
    *((-1500, 200), (-1000, 200), (-200, 200), (-200, 250)),
]
"""From South Street's middle into North Street."""


def in_town(name, x, y, **fields):
    lon, lat = river_town.at(x, y)
    return {"id": name, "lon": lon, "lat": lat, **fields}


@pytest.fixture(scope="module")
def town():
    """Give the town as a network."""
    return Network.from_lines(river_town.streets(*ALL), river_town.obstacles())


@pytest.fixture(scope="module")
def in_streets(town):
    """Return what makes options on its streets, that ask for nothing but the distance."""

    def options(**more):
        return MatchOptions(**({"basis": "walking", "network": town, "conditions": []} | more))

    return options


JOBS = [
    in_town("over the river", -200, 250),
    in_town("near", -300, -130),
    in_town("in the yard", -1650, -720),
    in_town("in the wild", 2550, -1200),
    in_town("without a place", 0, 0) | {"lon": None, "lat": None},
]


def test_a_job_over_the_river_is_as_far_as_the_bridge_makes_it(in_streets):
    metres = river_town.walk_mm(*OVER_OLD_BRIDGE) / 1000.0
    (row,) = rows_of(gm.match(in_town("人", *HOME), JOBS[:1], in_streets(radius_m=3_000.0)))
    assert row["distance_m"] == pytest.approx(metres, abs=0.005)
    assert 2_990.0 < row["distance_m"] < 3_000.0
    assert row["straight_m"] == pytest.approx(400.0, abs=0.1)
    assert row["seeker_snap_m"] == row["job_snap_m"] == 49.997
    assert (row["basis"], row["certainty"]) == ("walking", "inside")


def test_the_radius_is_inclusive_to_the_millimetre(in_streets):
    seeker = in_town("人", *HOME)
    (row,) = rows_of(gm.match(seeker, JOBS[:1], in_streets(radius_m=3_000.0)))
    metres = row["distance_m"]
    for radius_m, reason in ((metres, None), (metres - 0.0005, "none_on_foot")):
        (row,) = rows_of(gm.match(seeker | {"radius_m": radius_m}, JOBS[:1], in_streets()))
        assert row["reason"] == reason


@pytest.mark.parametrize(
    ("place", "radius_m", "reason"),
    [
        (HOME, 3_000.0, None),
        (HOME, 100.0, "none_in_circle"),
        (HOME, 410.0, "none_on_foot"),
        ((-200, -2_000), 2_500.0, "not_on_network"),
        ((-200, -2_000), 500.0, "none_in_circle"),
        ((-1_650, -980), 3_000.0, "none_on_foot"),
        ((-1_000, 380), 1_100.0, None),
    ],
    ids=["reached", "nothing there", "over the river", "no street", "neither", "yard", "railway"],
)
def test_who_has_nothing_is_told_whether_it_is_for_the_streets(in_streets, place, radius_m, reason):
    matcher = gm.Matcher(JOBS[:1], in_streets(radius_m=radius_m))
    seeker = in_town("人", *place)
    (row,) = rows_of(matcher.match(seeker))
    assert row["reason"] == reason
    assert matcher.match_one(seeker).reason == reason
    assert rows_of(matcher.count(seeker))[0]["reason"] == reason
    told = matcher.shortfall(seeker)
    assert rows_of(told.seekers)[0]["reason"] == reason
    assert told.counts["matched" if reason is None else reason] == told.counts["seekers"] == 1
    (mirrored,) = rows_of(gm.ReverseMatcher(seeker, in_streets(radius_m=radius_m)).match(JOBS[:1]))
    mine_alone = reason == "not_on_network"  # the job has its street
    assert mirrored["reason"] == ("none_on_foot" if mine_alone else reason)


@pytest.mark.parametrize(
    ("job", "no_way", "words"),
    [
        ("near", None, "a match, 180 m on foot (102 m straight) of 3,000 m"),
        ("in the yard", "disconnected", "no way on foot: disconnected (1,557 m straight) of"),
        ("in the wild", "job: too_far", "no way on foot: job: too_far (2,942 m straight) of"),
        ("without a place", None, "no match, no distance of 3,000 m"),
    ],
)
def test_an_explanation_says_why_there_is_no_way(in_streets, job, no_way, words):
    told = gm.Matcher(JOBS, in_streets()).explain(in_town("人", *HOME), job)
    assert told.no_way == no_way
    assert words in str(told)
    (distance,) = told.conditions
    is_somewhere = job != "without a place"
    assert distance.outcome == (("fail" if no_way else "pass") if is_somewhere else "unknown")
    assert (told.distance_m is None) == (job != "near")
    assert told.seeker_snap_m == (49.997 if is_somewhere else None)


def test_the_words_of_a_place_that_no_street_leads_to_say_so(in_streets):
    told = gm.Matcher(JOBS, in_streets()).explain(in_town("人", -200, -2_000), "near")
    (distance,) = told.conditions
    assert told.no_way == "seeker: too_far"
    assert distance.seeker == "a place that no street leads to"
    assert distance.job == "a place 29.999 m from its street"


def test_what_cannot_be_reached_is_no_near_miss_and_no_first_job(in_streets):
    told = gm.Matcher(JOBS[2:], in_streets(radius_m=1_500.0)).shortfall(in_town("人", *HOME))
    (row,) = rows_of(told.seekers)
    assert row["first_eligible_job_id"] is None
    assert row["first_eligible_distance_m"] is None
    assert not len(told.near_misses)
    assert told.counts["jobs_not_on_network"] == told.counts["jobs_without_place"] == 1


def test_the_first_job_on_foot_need_not_be_the_first_in_a_straight_line(in_streets):
    jobs = [JOBS[0], in_town("down the street", -900, -150)]
    told = gm.Matcher(jobs, in_streets(radius_m=100.0)).shortfall(
        in_town("人", *HOME), ladder_m=[10.0]
    )
    (row,) = rows_of(told.seekers)
    assert row["first_eligible_job_id"] == "down the street"
    straight = gm.Matcher(jobs, MatchOptions(conditions=[], radius_m=100.0))
    (row,) = rows_of(straight.shortfall(in_town("人", *HOME), ladder_m=[10.0]).seekers)
    assert row["first_eligible_job_id"] == "over the river"


def test_points_are_origins_on_foot_and_areas_are_refused(in_streets):
    matcher = gm.Matcher(JOBS, in_streets(radius_m=3_000.0))
    station = in_town("站", *HOME)
    alone = rows_of(matcher.match_around(station))
    assert [row["job_id"] for row in alone] == ["near", "over the river"]
    assert {row["origin_snap_m"] for row in alone} == {49.997}
    assert "seeker_snap_m" not in alone[0]
    around = Around(station, by="站点")
    (row,) = rows_of(matcher.match({"id": "人", "站点": "无此"}, around=around))
    assert row["reason"] == "no_origin"
    rows = rows_of(matcher.match({"id": "人", "站点": "站"}, around=around))
    assert [row["job_id"] for row in rows] == ["near", "over the river"]
    told = matcher.explain({"id": "人", "站点": "站"}, "near", around=around)
    assert told.conditions[0].seeker == "an origin 49.997 m from its street"
    area = {"id": "社区", "area": "POLYGON ((117.3 32.9, 117.31 32.9, 117.31 32.91, 117.3 32.9))"}
    wanted = '`origins` must be points with the basis "walking".*Give homes, stations'
    for ask in (
        lambda: matcher.match_around(area),
        lambda: matcher.match({"id": "人", "社区": "社区"}, around=Around(area, by="社区")),
    ):
        with pytest.raises(ArgumentError, match=wanted):
            ask()


def test_certainty_counts_both_accuracies_as_walked_more_or_less(in_streets):
    (row,) = rows_of(gm.match(in_town("人", *HOME), JOBS[:1], in_streets()))
    metres = row["distance_m"]
    for accuracy_m, radius_m, certainty in (
        (10.0, metres + 20.0, "inside"),
        (10.0, metres + 19.0, "borderline"),
    ):
        options = in_streets(default_accuracy_m=accuracy_m, radius_m=radius_m)
        (row,) = rows_of(gm.match(in_town("人", *HOME), JOBS[:1], options))
        assert row["certainty"] == certainty


# Options.


def test_a_network_is_given_with_walks_and_with_nothing_else(town):
    with pytest.raises(ArgumentError, match=r"`network` must be a .*geo-match network build"):
        MatchOptions(basis="walking")
    with pytest.raises(ArgumentError, match=r"`network` must be a .*got str"):
        MatchOptions(basis="walking", network="city.net")
    with pytest.raises(ArgumentError, match=r'alone.*Write basis="walking"'):
        MatchOptions(network=town)
    with pytest.raises(ArgumentError, match="`basis` must be one of geodesic, walking"):
        MatchOptions(basis="driving")


def test_options_with_a_network_are_keys_by_the_very_network(town):
    again = Network(town.graph, town.names, town.info)
    one, same, other = (MatchOptions(basis="walking", network=net) for net in (town, town, again))
    assert {one: 1}[same] == 1
    assert one != other


def test_options_and_their_network_go_through_pickle(in_streets):
    options = in_streets(on=dt.date(2025, 6, 1))
    again = pickle.loads(pickle.dumps(options))  # noqa: S301 - what was just pickled
    found = [gm.match(in_town("人", *HOME), JOBS, one) for one in (options, again)]
    pd.testing.assert_frame_equal(*found)


def test_answers_in_straight_lines_keep_their_columns():
    found = gm.match(in_town("人", *HOME), JOBS, MatchOptions(conditions=[]))
    assert not {"straight_m", "seeker_snap_m", "job_snap_m"} & set(found)


# The side that searches.


def many(n, seed, **fields):
    rng = np.random.default_rng(seed)
    at = rng.uniform(-4_000.0, 4_000.0, (n, 2)).tolist()
    places = [lonlat(*one) for one in at]
    return [
        {"id": f"{i:04d}", "lon": lon, "lat": lat} | fields for i, (lon, lat) in enumerate(places)
    ]


@pytest.mark.parametrize(
    "radii", [[3_000.0], [500.0, 2_000.0, 3_000.0], list(range(400, 4_000, 77))]
)
@pytest.mark.parametrize("threads", [1, 2])
def test_it_is_the_same_whichever_side_searches(monkeypatch, radii, threads):
    rng = np.random.default_rng(3)
    seekers = [one | {"radius_m": float(rng.choice(radii))} for one in many(400, 1)]
    seekers += [one | {"id": f"x{one['id']}"} for one in seekers[:50]]
    jobs = many(40, 2)
    options = MatchOptions(
        basis="walking", network=network(), conditions=[], limit=None, threads=threads
    )

    def answers():
        return [
            gm.Matcher(jobs, options).match(seekers),
            gm.ReverseMatcher(seekers, options).match(jobs),
            gm.Matcher(jobs, options).count(seekers),
        ]

    asked_of = []
    chosen = on_foot.OnFoot._is_work_for_places

    def told(*given_):
        asked_of.append(chosen(*given_))
        return asked_of[-1]

    monkeypatch.setattr(on_foot.OnFoot, "_is_work_for_places", told)
    mixed = answers()
    assert any(asked_of)
    monkeypatch.setattr(on_foot.OnFoot, "_is_work_for_places", lambda *_: False)
    for one, other in zip(mixed, answers(), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_blocks_of_centres_are_put_together(monkeypatch):
    options = MatchOptions(basis="walking", network=network(), conditions=[], limit=None)
    seekers, jobs = many(300, 1), many(30, 2)
    whole = gm.match(seekers, jobs, options)
    monkeypatch.setattr(on_foot, "_MOST_PAIRS", 100 * 30)
    pd.testing.assert_frame_equal(gm.match(seekers, jobs, options), whole)


# Jobs that change.


def test_a_live_matcher_answers_on_foot_as_one_made_anew(tmp_path, in_streets):
    options = in_streets(radius_m=3_000.0, on=dt.date(2025, 6, 1))
    seekers = [in_town("家", *HOME), in_town("野", -200, -2_000)]
    with Store.open(tmp_path / "geo-match.db") as store:
        put_jobs(store, JOBS[:1])
        live = LiveMatcher(store, options)
        for jobs in (JOBS[1:3], [JOBS[0] | {"lon": JOBS[1]["lon"], "lat": JOBS[1]["lat"]}]):
            matcher = live.wait_for(put_jobs(store, jobs), timeout_s=5.0)
            anew = LiveMatcher(store, options).snapshot()
            pd.testing.assert_frame_equal(matcher.match(seekers), anew.match(seekers))
            told, wanted = (one.shortfall(seekers) for one in (matcher, anew))
            pd.testing.assert_frame_equal(told.seekers, wanted.seekers)
            assert told.counts == wanted.counts
            assert matcher.match(seekers)["reason"].dropna().tolist() == ["not_on_network"]


def put_jobs(store, jobs):
    rows = [{"title": "普工"} | {k: one[k] for k in ("id", "lon", "lat")} for one in jobs]
    return store.put("jobs", pa.Table.from_pylist(rows))[1]


def test_changes_on_foot_are_of_what_is_in_reach_so(tmp_path, in_streets):
    options = in_streets(radius_m=3_000.0, on=dt.date(2025, 6, 1))
    path = tmp_path / "geo-match.db"
    with Store.open(path) as store, AuditLog.open(path) as audit:
        noted = audited(audit, who="社区-07", purpose="岗位匹配", scope="persons:read")
        place = {k: v for k, v in in_town("家", *HOME).items() if k in ("id", "lon", "lat")}
        store.put("seekers", pa.Table.from_pylist([place]))
        put_jobs(store, [JOBS[0] | {"id": "甲"}, JOBS[2] | {"id": "乙"}])
        before = store.cursor()
        # One comes near, one leaves the yard for the wild: neither circle saw the second.
        moved = [JOBS[1] | {"id": "乙"}, JOBS[3] | {"id": "甲"}]
        put_jobs(store, moved)
        found = match_changes(store, before, options, audited=noted).pairs
        assert found[["job_id", "change", "cause"]].to_numpy().tolist() == [
            ["乙", "entered", "job_moved"],
            ["甲", "left", "job_moved"],
        ]
        # Without its bridge the job over the river is out of reach: the rule changed, not a place.
        put_jobs(store, [JOBS[0] | {"id": "甲"}])
        now = store.cursor()
        no_bridge = Network.from_lines(river_town.streets(), river_town.obstacles())
        without = in_streets(radius_m=3_000.0, network=no_bridge, on=options.on)
        found = match_changes(store, now, options, options_before=without, audited=noted)
        assert found.is_anew
        pairs = found.pairs[["job_id", "change", "cause", "conditions"]].to_numpy().tolist()
        assert pairs == [["甲", "entered", "rule_changed", "distance"]]


SHANGHAI = [{"lon": 121.47, "lat": 31.23}, {"lon": 121.48, "lat": 31.24}]


def test_jobs_of_one_kind_may_all_be_in_another_city(town):
    options = MatchOptions(basis="walking", network=town, conditions=["shift"])
    jobs = [in_town(f"day {n}", -300 + n, -130, shift="day") for n in range(9)]
    away = [{"id": f"night {n}", "shift": "night", **place} for n, place in enumerate(SHANGHAI)]
    seekers = [in_town(shift, *HOME, shift=shift) for shift in ("day", "night")]
    rows = rows_of(gm.match(seekers, [*jobs, *away], options))
    assert [(row["seeker_id"], row["reason"]) for row in rows[-2:]] == [
        ("day", None),
        ("night", "none_eligible"),
    ]
    told = r"`network` must have streets within 50 km of one of the places, .* nearest of 2\."
    with pytest.raises(ArgumentError, match=told):
        gm.match(seekers, away, options)


def test_seekers_of_one_radius_may_all_be_in_another_city(in_streets):
    away = [{"id": f"away {n}", "radius_m": 700.0, **place} for n, place in enumerate(SHANGHAI)]
    seekers = [in_town("here", *HOME, radius_m=900.0), *away]
    (row,) = rows_of(gm.match_jobs([JOBS[1]], seekers, in_streets()))
    assert (row["job_id"], row["seeker_id"]) == ("near", "here")
    with pytest.raises(ArgumentError, match="`network` must have streets within 50 km"):
        gm.match_jobs([JOBS[1]], away, in_streets())
