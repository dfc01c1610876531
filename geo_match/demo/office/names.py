"""Names that two communities or two employers share, so that a name alone says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from geo_match.demo.office.draft import Draft


def share_names(draft: Draft, column: str) -> None:
    """Give some rows the name of the row above them."""
    every = np.arange(len(draft))
    # Every second row: who gives a name keeps it.
    rows = draft.choose("repeated_name", column, among=every % 2 == 1)
    draft.take(rows - 1, column)
    draft.write(column, rows, draft.clean(column, rows - 1))


def label_shared_names(draft: Draft, column: str) -> None:
    """Label every row whose name another row has too.

    To be called before other defects of the column: those make a name its own.
    """
    every = np.arange(len(draft))
    names = np.array(draft.written(column, every), dtype=object)
    rows = np.flatnonzero(pd.Series(names).duplicated(keep=False))
    draft.take(rows, column)
    draft.label("repeated_name", column, rows, names[rows], draft.clean(column, rows))
