"""Rows alike of which nothing is told: one stands for all, and nothing else comes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage.test_publication.test_publish import leaf, rolled

from geo_match.coverage.publication.bounds import Shown
from geo_match.coverage.publication.cells import cells_of
from geo_match.coverage.publication.folded import Folded
from geo_match.coverage.publication.noise import figures, noise_of
from geo_match.coverage.publication.program import Program, Seen
from geo_match.coverage.publication.twins import with_twins
from geo_match.coverage.publication.zeros import with_implied_zeros

LEAST, STEP = 10, 5


def known_of(*streets, show=lambda _: True):
    """Give what a reader knows of streets of communities, each with its people, half reached.

    Shown is what is large enough and, of the whole, each cell that `show` lets out.
    """
    rows = [
        (f"c{i}{j}", f"s{i}", people, people // 2)
        for i, street in enumerate(streets)
        for j, people in enumerate(street)
    ]
    below = leaf(rows=[rows], into={"street": ("above", "date")})
    street = rolled(below, "street", "above", {"whole": ("above", "date")})
    tables = (below, street, rolled(street, "whole", "above"))
    cells = with_twins(with_implied_zeros(cells_of(tables)))
    counts = cells.values()
    names = [str(one) for one in cells.twin]
    printed = figures(names, counts, b"k" * 32, min_count=LEAST, step=STEP)
    let = np.array([show(one) for one in range(cells.size)])
    shown = cells.printed & ~cells.structural & (counts >= LEAST) & let
    return Shown(cells, shown, printed, LEAST, STEP, noise_of(LEAST, STEP)), counts


def test_of_empty_communities_of_one_street_one_stands_for_all():
    known, _ = known_of((400, 0, 0, 0), (300, 200, 0))
    named = [known.cells.named(one) for one in range(known.cells.size)]
    of = Folded.by(known).of
    stood_for = {named[one]: named[by] for one, by in enumerate(of) if one != by}
    columns = ("people", "reached", "missed")
    assert stood_for == {
        f"{column} of community (code=c0{j}, date=1)": f"{column} of community (code=c03, date=1)"
        for column in columns
        for j in (1, 2)
    }


def test_a_street_without_a_figure_stands_for_one_like_it_with_all_below():
    known, _ = known_of((400, 300), (0, 0, 0), (0, 0), (0,))
    kept = {known.cells.named(one).split(" of ")[1] for one in Folded.by(known).kept}
    codes = {one.split("code=")[1].split(",")[0] for one in kept}
    # The street of one community is of the same form: all its people are that community's.
    assert codes == {"c00", "c01", "c30", "s0", "s3", "whole"}


def test_rows_with_a_figure_stand_for_themselves():
    known, _ = known_of((400, 300), (200, 100))
    assert Folded.by(known).of.tolist() == list(range(known.cells.size))


streets = st.lists(
    st.lists(st.sampled_from([0, 0, 0, 4, 31, 60]), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, deadline=None)
@given(streets, st.sets(st.integers(0, 60)))
def test_a_folded_program_finds_the_ends_that_the_whole_one_finds(given_streets, held):
    known, _ = known_of(*given_streets, show=lambda one: one not in held)
    folded = Folded.by(known)
    program, whole = Program(known, folded), Program(known)
    hidden = np.flatnonzero(known.kept_back)
    found, all_found = Seen(known.cells.size), Seen(known.cells.size)
    for cell in np.intersect1d(hidden, folded.kept):
        program.ends(int(cell), found)
    for cell in hidden:
        ends = whole.ends(int(cell), all_found)
        # A cell that another stands for has its range, without a program of its own.
        assert found.lower[cell] == pytest.approx(ends.lower, abs=1e-5)
        assert found.upper[cell] == pytest.approx(ends.upper, abs=1e-5)


@settings(max_examples=15, deadline=None)
@given(streets)
def test_what_alike_rows_have_may_go_to_the_one_that_stands_for_them(given_streets):
    known, counts = known_of(*given_streets)
    folded = Folded.by(known)
    moved = np.bincount(folded.of, counts, minlength=counts.size).astype(np.int64)
    left = np.zeros(known.cells.equations, dtype=np.int64)
    np.add.at(left, known.cells.equation, known.cells.sign * moved[known.cells.cell])
    assert not left.any()
    lower, upper = known.alone()
    assert ((lower <= moved) & (moved <= upper)).all()
