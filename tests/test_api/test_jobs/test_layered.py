"""A mapping of which little changes at a time is what a dictionary would be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.jobs import layered
from api.jobs.layered import Layered

ids = st.sampled_from("abcdefgh")
changes = st.lists(st.dictionaries(ids, st.one_of(st.none(), st.integers(0, 3))), max_size=6)


@given(st.dictionaries(ids, st.integers(0, 3)), changes, st.integers(0, 4))
def test_it_is_what_a_dictionary_would_be(first, steps, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layered, "_MOST_OVER", most)
        plain, made = dict(first), Layered(dict(first))
        before = [(made, dict(plain))]
        for step in steps:
            made = made.after(step)
            for name, value in step.items():
                plain.pop(name, None)
                if value is not None:
                    plain[name] = value
            before.append((made, dict(plain)))
        for one, expected in before:  # whoever has an earlier one sees what it was
            assert dict(one) == expected
            assert len(one) == len(expected) == len(list(one))
            for name in "abcdefgh":
                assert one.get(name) == expected.get(name)
                assert (name in one) == (name in expected)


def test_a_value_that_is_gone_is_not_there():
    with pytest.raises(KeyError, match="a"):
        Layered({"a": 1}).after({"a": None})["a"]
