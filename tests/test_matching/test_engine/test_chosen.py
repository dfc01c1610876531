"""What was chosen, put together and ranked, held to plain sorting."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo_match.matching.engine.chosen import Chosen, merged, rank_of

CHOICES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([0.25, 0.5, 1.0])), max_size=12
).flatmap(
    lambda pairs: st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs)).map(
        lambda parts: list(zip(pairs, parts, strict=True))
    )
)  # fmt: skip - each pair with the number of its part


@given(CHOICES, st.none() | st.integers(1, 4), st.randoms(use_true_random=False))
def test_choices_of_several_pools_are_ranked_together(choices, limit, rng):
    rows = [(centre, row, score) for row, ((centre, score), _) in enumerate(choices)]
    order = np.array(rng.sample(range(len(rows)), len(rows)), dtype=np.int64)

    def best_first(some):
        return sorted(some, key=lambda one: (one[0], -one[2], order[one[1]]))

    parts = []
    for number in range(4):
        own = [one for one, (_, part) in zip(rows, choices, strict=True) if part == number]
        centre, row, score = np.array(best_first(own)).reshape(-1, 3).T
        parts.append(Chosen(centre.astype(np.int64), row.astype(np.int64), 2.0 * row, score))
    found = merged(parts, order, limit)
    kept = []
    for centre in range(4):
        kept += best_first(one for one in rows if one[0] == centre)[:limit]
    assert found.centre.tolist() == [centre for centre, _, _ in kept]
    assert found.row.tolist() == [row for _, row, _ in kept]
    assert found.score.tolist() == [score for _, _, score in kept]
    assert found.distance_m.tolist() == [2.0 * row for _, row, _ in kept]


def test_ranks_begin_anew_with_each_centre():
    assert rank_of(np.array([3, 3, 3, 5, 7, 7])).tolist() == [1, 2, 3, 1, 1, 2]
    assert rank_of(np.array([], dtype=np.int64)).tolist() == []
