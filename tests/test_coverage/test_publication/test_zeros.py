"""What the sums alone hold at 0 is found, and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo_match.coverage.publication.blocks import Blocks
from geo_match.coverage.publication.cells import cells_of
from geo_match.coverage.publication.count_table import CountTable, Split
from geo_match.coverage.publication.zeros import with_implied_zeros


def tables():
    """Make two rows and their sum: p = a + b and p = a + c, so that b and c are one."""
    below = pd.DataFrame(
        {"code": ["x", "y"], "top": ["t", "t"], "p": 5, "a": 5, "no": [True, False]}
    )
    common = {
        "counts": ("p", "a"),
        "splits": (Split("p", ("a",), "b"), Split("p", ("a",), "c")),
    }
    return [
        CountTable(
            name="row",
            frame=below,
            by=("code",),
            into={"sum": ("top",)},
            structural={"a": "no"},
            **common,
        ),
        CountTable(name="sum", frame=below[:1].assign(code="t"), by=("code",), **common),
    ]


def test_a_part_of_a_known_zero_is_zero_and_nothing_else():
    cells = cells_of(tables())
    assert with_implied_zeros(cells).structural.tolist() == [False, True] + [False] * 10


def test_what_two_sums_together_hold_at_zero_is_found():
    one = tables()[0]
    frame = one.frame.assign(no=True, a=0)
    held = CountTable(
        name="row",
        frame=frame,
        by=("code",),
        counts=("p", "a"),
        splits=(Split("p", (), "b"), Split("b", ("p", "a"))),
    )
    # b is p, and b is p and a: a is 0 without anything saying so.
    assert with_implied_zeros(cells_of([held])).structural.tolist() == [False, True, False] * 2


def test_blocks_have_each_row_and_all_that_it_adds_up_to():
    cells = cells_of(tables())
    parts = [part.tolist() for part in Blocks(cells).cut(1)]
    row = np.arange(4)
    assert parts == [[*row, *(row + 8)], [*(row + 4), *(row + 8)]]
