"""Circles around other places than homes, held to the plain twin."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import DISTANCE_M, SCORE, asked, by_centre, rows_of, twin
from test_matching.areas import AREAS, EDGE_M, area_frame

import geo_match as gm
from geo_match.matching import Around, plain
from geo_match.matching.plain.conditions import distance_m

LEFT_OUT = ("score_occupation", "score_wage", "score_education")
"""Parts that are nothing where nobody seeks; the matcher does not name them."""


@st.composite
def origins(draw):
    """Draw origins with different ids: all points, or all areas, some of them nowhere."""
    if draw(st.booleans()):
        place = strategies._places()
    else:
        place = st.sampled_from([*AREAS, None]).map(lambda area: {"area": area})
    accuracy = st.sampled_from([None, None, 0.0, 10.0, 200.0])
    ids = draw(st.lists(strategies._IDS, min_size=1, max_size=4, unique=True))
    return [draw(place) | {"id": id_, "location_accuracy_m": draw(accuracy)} for id_ in ids]


def frame_of(drawn):
    """Make a frame of origins; without any area a point's is the only place there may be."""
    return area_frame(drawn) if any(one.get("area") for one in drawn) else without_areas(drawn)


def without_areas(drawn):
    return [
        {"lon": None, "lat": None} | {k: v for k, v in one.items() if k != "area"} for one in drawn
    ]


@st.composite
def named(draw, drawn_seekers, drawn_origins):
    ids = [one["id"] for one in drawn_origins]
    name = st.sampled_from([*ids, *ids, "无此", None])
    return [one | {"community": draw(name)} for one in drawn_seekers]


def assume_no_rim(drawn, seekers, jobs, options):
    """Leave aside what rounding decides: of areas, whose distances are known to 0.1 mm, and else.

    Of points it decides only on the certainty; who is within the radius is exact.
    """
    located = [job for job in jobs if job["lon"] is not None]
    places = sorted({(job["lon"], job["lat"]) for job in located})
    default = options["default_accuracy_m"]
    own = {one["radius_m"] for one in seekers} - {None}
    for origin in drawn:
        is_area = origin.get("area") is not None
        if not is_area and origin.get("lon") is None:
            continue
        for job in located:
            away = distance_m(origin, job)
            doubt = default if job["location_accuracy_m"] is None else job["location_accuracy_m"]
            unsaid = 0.0 if is_area else default
            said = origin["location_accuracy_m"]
            doubt += unsaid if said is None else said
            near = [abs(away + s * doubt - r) for r in own | {options["radius_m"]} for s in (-1, 1)]
            if is_area:
                assume(away == 0.0 or min(near) > 1e-3)
                assume(
                    away == 0.0 or min(abs(away - r) for r in own | {options["radius_m"]}) > 1e-3
                )
            else:
                assume(doubt == 0.0 or min(near) > 1e-5)
    # Nor may it decide which of two jobs is the nearer.
    assume(all(np.hypot(a[0] - b[0], a[1] - b[1]) > 1e-7 for a, b in combinations(places, 2)))


def assert_same(found, expected, limit, *, centre):
    """Hold rows to all that the twin finds, and their order to their own scores."""
    answers, whole = by_centre(found, centre), by_centre(expected, centre)
    assert list(answers) == list(whole)
    for name, rows in answers.items():
        every = whole[name]
        if every[0]["reason"] is not None:
            assert rows == every
            continue
        best = every[:limit]
        assert [row["rank"] for row in rows] == [other["rank"] for other in best]
        assert [row["score"] for row in rows] == pytest.approx(
            [other["score"] for other in best], abs=1e-6
        )
        order = [(-row["score"], row["job_id"]) for row in rows]
        assert order == sorted(order)
        others = {other["job_id"]: other for other in every}
        for row in rows:
            assert_same_pair(row, others.pop(row["job_id"]))


def assert_same_pair(row, other):
    for name in ("basis", "certainty", "failed", "unknown", "reason"):
        assert row[name] == other[name], name
    assert row.get("origin_id") == other.get("origin_id")
    is_edge = other["basis"] == "area_edge"
    slack, score = (EDGE_M, 1e-6) if is_edge else (DISTANCE_M, SCORE)
    assert row["distance_m"] == pytest.approx(other["distance_m"], abs=slack)
    for name, value in row.items():
        if name.startswith("score"):
            assert value == pytest.approx(other[name], abs=score), name


@given(origins(), strategies.seekers(), strategies.jobs(), strategies.options(), st.data())
def test_matches_around_origins_are_what_the_plain_twin_finds(drawn, seekers, jobs, options, data):
    seekers = data.draw(named(seekers, drawn))
    assume_no_rim(drawn, seekers, jobs, options)
    around = Around(frame_of(drawn), by="community")
    found = gm.Matcher(jobs, asked(options)).match(seekers, around=around)
    every = twin(options | {"limit": None})
    expected = plain.match_from(seekers, drawn, jobs, every, by="community")
    assert_same(rows_of(found), expected, options["limit"], centre="seeker_id")


@given(origins(), strategies.jobs(), strategies.options())
def test_jobs_around_origins_alone_are_what_the_plain_twin_finds(drawn, jobs, options):
    weights = options.get("weights")
    assume(weights is None or weights["closeness"] + weights["freshness"] > 0)
    assume_no_rim(drawn, [], jobs, options)
    found = gm.Matcher(jobs, asked(options)).match_around(frame_of(drawn))
    expected = [
        {name: value for name, value in row.items() if name not in LEFT_OUT}
        for row in plain.match_alone(drawn, jobs, twin(options | {"limit": None}))
    ]
    assert_same(rows_of(found), expected, options["limit"], centre="origin_id")
