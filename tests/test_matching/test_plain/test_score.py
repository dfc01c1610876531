"""The twin's score, held to cases worked out by hand."""

from __future__ import annotations

import pytest
from test_matching.cases import JOB, SEEKER
from test_matching.plain_pairs import asked, judged, named
from test_matching.scored_cases import SCORED

from geo_match.errors import ArgumentError
from geo_match.matching import plain


@named(SCORED)
def test_each_part_of_the_score_comes_out_as_worked_out_by_hand(case):
    found = judged(case, for_job=case.for_job)
    assert found["parts"] == pytest.approx(case.parts, abs=1e-9)
    assert found["score"] == pytest.approx(sum(case.parts.values()), abs=1e-9)


def test_weights_of_nothing_are_refused():
    nothing = dict.fromkeys(plain.PARTS[:-1], 0.0)
    with pytest.raises(ArgumentError, match="`weights` must have a sum greater than 0, got 0"):
        plain.judge(SEEKER, JOB, asked(weights=nothing))
