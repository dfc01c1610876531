"""What the tests of changes share: a store in which one pair matches."""

from __future__ import annotations

import pytest
from test_matching.stores import employer, job, put, seeker


@pytest.fixture
def store(new_store):
    """Give a store with a seeker, and a job that matches."""
    with new_store() as opened:
        put(opened, "employers", employer(), employer("unverified", "E2"))
        put(opened, "seekers", seeker(id="S1"))
        put(opened, "jobs", job(id="J1"))
        yield opened
