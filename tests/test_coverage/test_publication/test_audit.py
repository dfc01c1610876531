"""An audit bounds what is kept back as an attack by its own program does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage.test_publication.test_publish import KEY, Attack, leaf, row, town

from geo_match.coverage.publication.publish import AuditError, Published, audit, publish


@settings(max_examples=6)
@given(st.lists(row(), min_size=1, max_size=6), st.booleans())
def test_the_exact_audit_agrees_with_the_attack(rows, two):
    tables = town(rows, rows) if two else town(rows)
    published = publish(*tables, key=KEY)
    attacked = Attack(tables, published).intervals()
    found = audit(published, exact=True)
    frames = {table.name: table.frame for table in tables}
    ours = {}
    for one in found.itertuples():
        place = frames[one.table].iloc[one.row]
        ours[one.table, place["code"], place["date"], one.column] = (one.lower, one.upper)
    assert found["exact"].all()
    assert found["safe"].all()
    assert ours.keys() == attacked.keys()
    for key, (low, high, _) in attacked.items():
        assert ours[key] == pytest.approx((low, high), abs=1e-5), key


@given(st.lists(row(), min_size=1, max_size=9), st.booleans(), st.booleans())
@settings(max_examples=6)
def test_the_quick_audit_gives_safe_intervals_inside_the_exact_ones(rows, crossed, two):
    published = publish(*town(*([rows] * (1 + two)), crossed=crossed), key=KEY)
    quick, exact = audit(published), audit(published, exact=True)
    assert quick["safe"].all()
    inside = ~quick["exact"] & (quick["lower"] < published.min_count)
    assert (quick["lower"] >= exact["lower"] - 1e-6)[inside].all()
    assert (quick["upper"] <= exact["upper"] + 1e-6)[inside].all()


def test_an_audit_finds_a_figure_that_was_put_back():
    published = publish(leaf(rows=[[("a", "s", 60, 58)]]), key=KEY)
    frame = published["community"]
    put_back = frame.assign(people=[60], reached=[65]).astype({"people": "Int64"})
    found = audit(Published({"community": put_back}, 10, 5, published.structure, KEY))
    assert found[["column", "lower", "upper", "exact", "safe"]].to_numpy().tolist() == [
        ["missed", 0.0, 5.0, True, False]
    ]


def test_an_audit_of_figures_that_contradict_each_other_says_so():
    published = publish(*town([(600, 300)]), key=KEY)
    frames = {
        name: frame.assign(people=500 + i * 500)
        for i, (name, frame) in enumerate(published.tables.items())
    }
    frames = {name: frame.astype({"people": "Int64"}) for name, frame in frames.items()}
    with pytest.raises(AuditError, match="must fit some counts, and none do"):
        audit(Published(frames, 10, 5, published.structure, KEY))
