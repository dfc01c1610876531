"""Answers held to those of the plain twin: row by row, as far as rounding lets both say the same.

The two measure distances in different ways, which differ by less than `same_metres` allows, or on
foot by a few millimetres. So scores that are equal to the one may differ for the other by `SCORE`,
or `SCORE_ON_FOOT`, and rows of them stand in either order.
"""

from __future__ import annotations

from itertools import groupby

import pytest
from test_matching.pairs import ON
from test_matching.walked_town import SLACK_M, Town, network

import geo_match as gm
from geo_match.matching import plain
from geo_match.matching.plain.conditions import radius_m

DISTANCE_M, DISTANCE = 2e-6, 1e-6
"""What an index's distance may differ from the geodesic by, and a little; and the same as a share
of it, which is more beyond 4 km."""
SCORE, SCORE_ON_FOOT = 1e-9, 1e-4
WORDS = ("basis", "failed", "unknown", "reason")


def is_on_foot(options):
    return options.get("basis") == "walking"


def asked(options):
    weights = options.get("weights")
    given_weights = {} if weights is None else {"weights": gm.Weights(**weights)}
    on_foot = {"network": network()} if is_on_foot(options) else {}
    return gm.MatchOptions(**({"on": ON} | options | given_weights | on_foot))


def twin(options):
    walks = {"walks": Town()} if is_on_foot(options) else {}
    return plain.PlainOptions(**({"on": ON} | options | walks))


def same_metres(metres, *, on_foot=False):
    """Return what a distance is held to."""
    return pytest.approx(metres, abs=SLACK_M if on_foot else DISTANCE_M, rel=DISTANCE)


def rows_of(frame):
    """Return the rows of a frame as dicts, with None for what is missing."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def by_centre(rows, name):
    """Return the rows of each centre; those of one stand together."""
    found = {centre: list(some) for centre, some in groupby(rows, key=lambda row: row[name])}
    assert sum(map(len, found.values())) == len(rows), "the rows of a centre stand together"
    return found


def pairs_of(rows):
    return {(row["seeker_id"], row["job_id"]) for row in rows if row["reason"] is None}


def assert_answers(found, seekers, jobs, options, *, for_jobs=False):
    """Hold rows to all pairs that match by the twin, and their order to their own scores."""
    one_id, other_id = ("job_id", "seeker_id") if for_jobs else ("seeker_id", "job_id")
    find = plain.match_jobs if for_jobs else plain.match
    whole = by_centre(find(seekers, jobs, twin(options | {"limit": None})), one_id)
    answers = by_centre(found, one_id)
    assert list(answers) == list(whole)
    known = {one["id"]: one for one in seekers}, {one["id"]: one for one in jobs}
    for centre, rows in answers.items():
        every = whole[centre]
        if every[0]["reason"] is not None:
            assert rows == every
            continue
        best = every[: options.get("limit", 20)]
        assert [row["rank"] for row in rows] == [other["rank"] for other in best]
        slack = SCORE_ON_FOOT if is_on_foot(options) else SCORE
        assert [row["score"] for row in rows] == pytest.approx(
            [other["score"] for other in best], abs=slack
        )
        order = [(-row["score"], row[other_id]) for row in rows]
        assert order == sorted(order)
        others = {other[other_id]: other for other in every}
        for row in rows:
            pair = known[0][row["seeker_id"]], known[1][row["job_id"]]
            _assert_same(row, others.pop(row[other_id]), *pair, twin(options))


def _assert_same(row, other, seeker, job, options):
    assert row.keys() == other.keys()
    for name in WORDS:
        assert row[name] == other[name], name
    on_foot = options.walks is not None
    metres = other["distance_m"]
    for name, value in other.items():
        if name.startswith("score"):
            slack = SCORE_ON_FOOT if on_foot else SCORE
            assert row[name] == pytest.approx(value, abs=slack), name
        if name.endswith("_m"):
            assert row[name] == same_metres(value, on_foot=on_foot), name
    if not _is_in_doubt(metres, seeker, job, options):
        assert row["certainty"] == other["certainty"]


def _is_in_doubt(metres, seeker, job, options):
    """Return whether rounding decides on what the accuracies of both leave certain."""
    stated = [one.get("location_accuracy_m") for one in (seeker, job)]
    doubt = sum(options.default_accuracy_m if one is None else one for one in stated)
    slack = abs(radius_m(seeker, options) - metres)
    least = SLACK_M if options.walks is not None else DISTANCE_M
    return doubt > 0.0 and abs(slack - doubt) < least + DISTANCE * metres
