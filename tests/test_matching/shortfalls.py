"""What stands in the way held to the plain twin, whoever is asked for and wherever circles are."""

from __future__ import annotations

import pytest
from test_matching.answers import DISTANCE, DISTANCE_M, rows_of


def assert_shortfall(found, expected, away, *, one="seeker", other="job", slack_m=DISTANCE_M):
    """Hold what was told of some centres to the rows of the twin.

    `away` is the twin's distance of the pair of two ids. The nearest is the expected one, or one
    that is as near but for rounding.
    """

    def same(metres):
        return pytest.approx(metres, abs=slack_m, rel=DISTANCE)

    def assert_nearest(centre, told, wanted):
        (name, metres), (wanted_name, wanted_metres) = told, wanted
        assert (name is None) == (wanted_name is None)
        if name is not None:
            assert metres == same(wanted_metres)
            assert away(centre, name) == same(wanted_metres)

    misses = {}
    for row in rows_of(found.near_misses):
        misses.setdefault(row[f"{one}_id"], {})[row["condition"]] = row
    rows = rows_of(getattr(found, f"{one}s"))
    assert [row[f"{one}_id"] for row in rows] == [row[f"{one}_id"] for row in expected]
    assert set(misses) <= {row[f"{one}_id"] for row in rows}
    for row, wanted in zip(rows, expected, strict=True):
        centre = row[f"{one}_id"]
        for name in ("matches", "in_circle", "reason", *(["origin_id"] * ("origin_id" in wanted))):
            assert row[name] == wanted[name], name
        names = (f"first_eligible_{other}_id", "first_eligible_distance_m")
        assert_nearest(centre, *([told[name] for name in names] for told in (row, wanted)))
        for rung, count in wanted["eligible_within"].items():
            assert row[f"eligible_within_{rung:g}_m"] == count, rung
        near = misses.get(centre, {})
        wanted_near = {
            name: told for name, told in wanted["near_misses"].items() if told[f"{other}s"]
        }
        assert list(near) == list(wanted_near)
        for name, told in wanted_near.items():
            assert near[name][f"{other}s"] == told[f"{other}s"], name
            nearest = near[name][f"nearest_{other}_id"], near[name]["nearest_distance_m"]
            assert_nearest(centre, nearest, (told[f"{other}_id"], told["distance_m"]))


def assert_totals(found, expected, *, other="job"):
    """Hold the totals of a batch to those of the twin."""
    conditions = expected.pop("conditions")
    assert found.counts == expected
    assert rows_of(found.conditions) == [
        {"condition": name, **counts} for name, counts in conditions.items()
    ]
    assert list(found.conditions) == ["condition", f"some_{other}", "alone"]
