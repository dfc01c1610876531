"""One seeker's answer: the rows of `match` as plain values, whichever way the seeker is given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import asked, by_centre, rows_of
from test_matching.cases import JOB, ON, SEEKER

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.matching import Answer, Around, Match, Prepared

FEW = settings(max_examples=max(settings().max_examples // 4, 1))
"""Where `match` is held to the twin by another test."""
CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())
OPTIONS = gm.MatchOptions(on=ON)
FAR = {"lon": 118.38}


def answer_of(rows):
    """Return the rows of one seeker as plain values."""
    if rows[0]["reason"] is not None:
        return Answer(rows[0]["seeker_id"], (), rows[0]["reason"])
    names = ("job_id", "rank", "distance_m", "basis", "certainty", "score")
    matches = tuple(
        Match(
            *(row[name] for name in names),
            {n.removeprefix("score_"): row[n] for n in row if n.startswith("score_")},
            tuple(row["unknown"].split(",")) if row["unknown"] else (),
        )
        for row in rows
    )
    return Answer(rows[0]["seeker_id"], matches, None)


def assert_one_by_one(matcher, seekers, around=None):
    """Hold prepared seekers, each alone and all again, to the rows of all; return the reasons."""
    rows = by_centre(rows_of(matcher.match(seekers, around=around)), "seeker_id")
    among = matcher.prepare(seekers, around=around)
    assert len(among) == len(seekers)
    assert rows_of(matcher.match(among)) == [row for own in rows.values() for row in own]
    for one in reversed(seekers):
        expected = answer_of(rows[one["id"]])
        assert matcher.match_one(one["id"], among=among) == expected
        if around is None:
            assert matcher.match_one(one) == expected
    return {name: own[0]["reason"] for name, own in rows.items()}


@FEW
@given(*CITIES)
def test_one_seeker_gets_the_rows_of_all(seekers, jobs, options):
    assert_one_by_one(gm.Matcher(jobs, asked(options)), seekers)


@FEW
@given(*CITIES, strategies.seekers(), st.data())
def test_one_seeker_around_an_origin_gets_the_rows_of_all(seekers, jobs, options, origins, data):
    places = [{name: one[name] for name in ("id", "lon", "lat")} for one in origins]
    named = st.sampled_from([*(one["id"] for one in places), "无此处", None])
    whose = [one | {"home": data.draw(named)} for one in seekers]
    matcher = gm.Matcher(jobs, asked(options))
    assert_one_by_one(matcher, whose, Around(places, by="home"))


def test_each_reason_is_said_of_one_as_of_all():
    seekers = [
        SEEKER | {"id": "有"},
        SEEKER | {"id": "无处", "lon": None, "lat": None},
        SEEKER | FAR | {"id": "远"},
        SEEKER | {"id": "夜", "shift": "night"},
    ]
    assert assert_one_by_one(gm.Matcher(JOB, OPTIONS), seekers) == {
        "有": None,
        "无处": "no_location",
        "远": "none_in_circle",
        "夜": "none_eligible",
    }


def test_each_reason_around_an_origin_is_said_of_one_as_of_all():
    here = {name: JOB[name] for name in ("lon", "lat")}
    places = [
        {"id": "此处", **here},
        {"id": "远处", **here, **FAR},
        {"id": "无处", "lon": None, "lat": None},
    ]
    homes = {"1": "此处", "2": "远处", "3": "无处", "4": "?", "5": None, "6": "此处"}
    seekers = [SEEKER | {"id": one, "home": home} for one, home in homes.items()]
    seekers[-1]["shift"] = "night"
    around = Around(places, by="home")
    assert assert_one_by_one(gm.Matcher(JOB, OPTIONS), seekers, around) == {
        "1": None,
        "2": "none_in_circle",
        "3": "no_location",
        "4": "no_origin",
        "5": "no_origin",
        "6": "none_eligible",
    }


def test_nobody_and_several_are_not_one():
    matcher = gm.Matcher(JOB, OPTIONS)
    for some in ([], [SEEKER, SEEKER | {"id": "2"}]):
        with pytest.raises(ArgumentError, match=f"be one seeker, got {len(some)} of them"):
            matcher.match_one(some)
    assert matcher.match_one([SEEKER]) == matcher.match_one(SEEKER)


def test_an_id_alone_is_told_of_among():
    with pytest.raises(ArgumentError, match=r"got an id alone\. Give .*`among=matcher\.prepare"):
        gm.Matcher(JOB, OPTIONS).match_one("S1")


def test_among_are_prepared_seekers():
    rule = r"`among` must be seekers that this matcher has prepared, got dict\. Write `among="
    with pytest.raises(ArgumentError, match=rule):
        gm.Matcher(JOB, OPTIONS).match_one("S1", among=SEEKER)


def test_who_was_not_prepared_is_not_known():
    matcher = gm.Matcher(JOB, OPTIONS)
    among = matcher.prepare([SEEKER])
    assert repr(among) == "Prepared(1 seekers)"
    with pytest.raises(ArgumentError, match=r"id of one of the 1 seekers that were prepared.*'\?'"):
        matcher.match_one("?", among=among)


@pytest.mark.parametrize("ask", ["match", "match_one", "shortfall", "explain"])
def test_those_prepared_by_another_are_taken_if_they_are_asked_the_same(ask):
    matcher, other = gm.Matcher(JOB, OPTIONS), gm.Matcher([], gm.MatchOptions(on=ON, limit=1))

    def asked_with(among):
        if ask == "match_one":
            return matcher.match_one(SEEKER["id"], among=among)
        more = (JOB["id"],) if ask == "explain" else ()
        return getattr(matcher, ask)(among, *more)

    with pytest.raises(ArgumentError, match="be prepared with the options of this matcher, got"):
        asked_with(other.prepare(SEEKER))
    same = gm.Matcher([], gm.MatchOptions(on=ON)).prepare(SEEKER)
    assert isinstance(same, Prepared)
    asked_with(same)


def test_prepared_seekers_have_their_circles_already():
    matcher = gm.Matcher(JOB, OPTIONS)
    around = Around({"id": "O", "lon": 117.38, "lat": 32.93})
    with pytest.raises(ArgumentError, match="`around` must be given where the seekers are prep"):
        matcher.match(matcher.prepare(SEEKER), around=around)
    with pytest.raises(ArgumentError, match="`around` must be `Around` or None, got dict"):
        matcher.match(SEEKER, around={"id": "O"})
