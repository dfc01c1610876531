"""The heap of the best, and the loop that fills it, held to Python's own sorting."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo_match.matching.engine.choose import Best, Reached, _offer, _sort, count_rows

SCORES = st.sampled_from([0.0, 0.25, np.nextafter(0.25, 1.0), 0.5, 1.0])


@given(st.lists(SCORES, max_size=40), st.integers(1, 45), st.randoms(use_true_random=False))
def test_the_heap_keeps_what_sorting_would_put_first(scores, room, rng):
    n = len(scores)
    by_order = np.array(rng.sample(range(n), n), dtype=np.int64)
    # Beside those of others, which are never touched.
    first, beside = 2, -7
    best = Best(
        np.array([first, first + room], dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.full(room + 4, beside, dtype=np.int64),
        np.full(room + 4, float(beside)),
        np.full(room + 4, float(beside)),
    )
    kept = 0
    for row, score in enumerate(scores):
        kept = _offer(best, first, kept, room, row, 100.0 * row, score, by_order)
        assert kept == min(row + 1, room)
    _sort(best, first, kept, by_order)
    expected = sorted(range(n), key=lambda row: (-scores[row], by_order[row]))[:room]
    chosen = slice(first, first + kept)
    assert best.row[chosen].tolist() == expected
    assert best.score[chosen].tolist() == [scores[row] for row in expected]
    assert best.distance_m[chosen].tolist() == [100.0 * row for row in expected]
    for array in (best.row, best.distance_m, best.score):
        assert (array[:first] == beside).all()
        assert (array[first + max(kept, 0) :] == beside).all()


@given(st.lists(st.lists(st.integers(0, 5), max_size=6), max_size=6), st.data())
def test_the_rows_of_a_circle_are_those_of_its_places(circles, data):
    sizes = data.draw(st.lists(st.integers(0, 9), min_size=6, max_size=6))
    places = [place for circle in circles for place in circle]
    reached = Reached(
        np.arange(len(circles)),
        np.cumsum([0, *map(len, circles)]).astype(np.int64),
        np.array(places, dtype=np.int64),
        np.zeros(len(places)),
        np.cumsum([0, *sizes]).astype(np.int64),
        np.arange(sum(sizes)),
    )
    n = np.empty(len(circles), dtype=np.int64)
    count_rows(reached, n)
    assert n.tolist() == [sum(sizes[place] for place in circle) for circle in circles]
