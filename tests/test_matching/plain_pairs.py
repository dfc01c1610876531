"""Seekers and jobs for the plain twin, on the equator, so many metres apart."""

from __future__ import annotations

import pytest
from test_matching import strategies
from test_matching.cases import JOB, ON, SEEKER
from test_matching.pairs import equator

from geo_match.matching import plain

CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())

HERE, _ = equator(0.0)


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


def asked(**options):
    return plain.PlainOptions(**({"on": ON} | options))


def judged(case, *, for_job=False):
    return plain.judge(case.seeker, case.job, asked(**case.options), for_job=for_job)


def seeker(id_="人", **fields):
    """Put a seeker on the equator, who would take `job`."""
    return SEEKER | HERE | {"id": id_} | fields


def job(id_, metres=1000.0, **fields):
    """Put a job on the equator, so many metres east of the seeker."""
    return JOB | equator(metres)[1] | {"id": id_} | fields


def pairs(rows):
    return {(row["seeker_id"], row["job_id"]) for row in rows if row["reason"] is None}
