"""What the tests of a matcher that follows a store share: a store in which two jobs match."""

from __future__ import annotations

import pytest
from test_matching.stores import employer, job, put


@pytest.fixture
def store(new_store):
    """Give a store with two jobs that match, and an employer who is not verified."""
    with new_store() as opened:
        put(opened, "employers", employer(), employer("unverified", "E2"))
        put(opened, "jobs", job(id="J1"), job(id="J2", lon=117.391))
        yield opened
