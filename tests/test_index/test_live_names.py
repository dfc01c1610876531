"""The names of a base, handed on from base to base, against a dictionary made anew each time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo_match.index._live_names import Names

ids = st.sampled_from([f"p{n}" for n in range(9)])


def array(names: list[str]) -> np.ndarray:
    made = np.empty(len(names), dtype=object)
    made[:] = names
    return made


def assert_names(names: Names, there: list[str]) -> None:
    assert len(names) == len(there)
    for n in range(9):
        name = f"p{n}"
        assert names.get(name) == (there.index(name) if name in there else None)


@given(st.lists(ids, unique=True), st.lists(st.tuples(st.sets(ids), st.sets(ids)), max_size=6))
def test_names_handed_on_are_those_made_anew(first, steps) -> None:
    """Some points go, some move (they go and are added), some come."""
    there, names, held = first, Names.of(array(first)), []
    for gone, coming in steps:
        held.append((names, there))
        left = [name for name in there if name not in gone]
        added = sorted(name for name in coming if name not in left)
        positions = np.array([n for n, name in enumerate(there) if name in gone], dtype=np.int64)
        names = names.after(positions, array(added), array(there))
        there = left + added
        assert_names(names, there)
    for before, then in held:  # what came later does not show in what is held
        assert_names(before, then)


def test_numbers_are_given_again_so_that_moves_without_end_need_no_more_room() -> None:
    there = [f"p{n}" for n in range(5)]
    names = Names.of(array(there))
    for _ in range(50):
        names = names.after(np.array([0, 1]), array(there[:2]), array(there))
        there = there[2:] + there[:2]
    assert_names(names, there)
    assert len(names._position) <= 5 + 2


def test_an_id_that_is_gone_is_held_no_more() -> None:
    names = Names.of(array(["a", "b"])).after(np.array([0]), array([]), array(["a", "b"]))
    assert "a" not in names._number_of
    assert_names(names, ["b"])
