"""Whether texts are sure to differ: never said of two that are equal, and said of usual ids."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo_match.matching.given.distinct import surely_differ

ASCII = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=20)


@given(st.lists(st.one_of(ASCII, st.text(max_size=4), st.none()), max_size=12), st.integers(0, 3))
@example(["a", "a\0"], 0)
@example(["", None], 0)
def test_what_is_said_to_differ_differs(texts, skipped):
    column = pa.array(["before"] * skipped + texts, pa.string())[skipped:]
    if surely_differ(column):
        assert len(set(texts)) == len(texts)


@given(st.lists(ASCII.filter(lambda text: "\0" not in text), unique=True, max_size=12))
def test_different_ids_of_any_lengths_are_sure(texts):
    assert surely_differ(pa.array(texts, pa.string()))


@pytest.mark.parametrize("form", ["H{:07d}", "{:d}", "340302001001-{:05d}-1", "{:032x}", "{:>64d}"])
def test_many_ids_of_usual_forms_are_sure_and_one_repeated_is_not(form):
    texts = [form.format(number * 7919) for number in range(50_000)]
    assert surely_differ(pa.array(texts))
    assert not surely_differ(pa.array([*texts, texts[17]]))


@pytest.mark.parametrize("texts", [["家一", "家二"], ["x" * 65, "y"], [None, None]])
def test_of_other_texts_nothing_is_said(texts):
    assert not surely_differ(pa.array(texts, pa.string()))
