"""The twin's verdict on a pair: its radius and its certainty."""

from __future__ import annotations

import math

from test_matching.cases import JOB, SEEKER
from test_matching.plain_pairs import asked, judged, named
from test_matching.scored_cases import CERTAIN

from geo_match.matching import plain


@named(CERTAIN)
def test_certainty_comes_out_as_worked_out_by_hand(case):
    assert judged(case)["certainty"] == case.certainty


def test_the_radius_is_inclusive_to_the_last_bit():
    metres = plain.judge(SEEKER, JOB, asked())["distance_m"]
    assert plain.judge(SEEKER, JOB, asked(radius_m=metres))["matches"]
    below = math.nextafter(metres, 0.0)
    assert not plain.judge(SEEKER, JOB, asked(radius_m=below))["matches"]


def test_certainty_ends_where_the_doubt_just_reaches_the_radius():
    metres = plain.judge(SEEKER, JOB, asked())["distance_m"]
    ends = SEEKER | {"location_accuracy_m": 4.0}, JOB | {"location_accuracy_m": 1.0}
    assert plain.judge(*ends, asked(radius_m=metres - 5.0))["certainty"] == "borderline"
    below = math.nextafter(metres - 5.0, 0.0)
    assert plain.judge(*ends, asked(radius_m=below))["certainty"] == "outside"
