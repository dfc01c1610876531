"""What `match_changes` tells, as rows that are worked out by hand."""

from __future__ import annotations

from test_matching.pairs import ON
from test_matching.stores import plain

import geo_match as gm
from geo_match.matching.changes.changes import match_changes

OPTIONS = gm.MatchOptions(on=ON)

FAR, NEAR = {"lon": 117.50}, {"lon": 117.395}


def changes(store, since, options=OPTIONS, **given_options):
    return match_changes(store, since, options, audited=plain, **given_options)


def rows_of(found):
    return found.pairs.drop(columns="distance_m").to_dict("records")


def row(change, causes, conditions="", ids=("S1", "J1")):
    return {
        "seeker_id": ids[0],
        "job_id": ids[1],
        "change": change,
        "cause": causes.partition(",")[0],
        "causes": causes,
        "conditions": conditions,
    }
