"""Findings added up by field, rule and remedy say what each of them says."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.faults import Rejection
from geo_match.intake.findings import Finding, Findings, Group

ROWS = np.arange(2, 42, 2)
FIELDS = st.sampled_from("ab")
RULES = st.sampled_from(["must x", "must y"])
REMEDIES = st.sampled_from(["Do it.", "Leave it."])


@st.composite
def findings(draw):
    found = [
        Finding(
            ROWS,
            np.array(sorted(draw(st.sets(st.integers(0, 19), min_size=1)))),
            draw(FIELDS),
            draw(RULES),
            draw(REMEDIES),
            lambda at, name=str(number): f"{name}:{at}",
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    others = draw(
        st.lists(
            st.builds(Rejection, st.integers(1, 9), FIELDS, st.text("vw"), RULES, REMEDIES),
            max_size=4,
        )
    )
    return Findings(found, tuple(others))


@given(findings=findings(), n_shown=st.integers(1, 4))
def test_groups_are_the_findings_one_by_one_added_up(findings, n_shown):
    by_key = defaultdict(list)
    for one in findings:
        by_key[one.field, one.rule, one.remedy].append(one)
    groups = findings.groups(n_shown)
    assert {(one.field, one.rule, one.remedy) for one in groups} == set(by_key)
    assert len(groups) == len(by_key)
    for group in groups:
        all_of_it = by_key[group.field, group.rule, group.remedy]
        rows = sorted({one.row for one in all_of_it})
        assert group.n_rows == len(rows)
        assert group.rows == tuple(rows[:n_shown])
        assert group.value in {one.value for one in all_of_it if one.row == rows[0]}
    sizes = [one.n_rows for one in groups]
    assert sizes == sorted(sizes, reverse=True)


def test_no_findings_are_no_groups():
    assert Findings().groups() == []
    one = Rejection(3, "a", "v", "must x", "Do it.")
    assert Findings((), (one,)).groups() == [Group("a", "must x", "Do it.", 1, (3,), "v")]
