"""A list as it should be: every label's truth put in, and what ought not to be there left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo_match.demo.office.defects import REMOVED
from geo_match.demo.office.draft import SEVERAL

if TYPE_CHECKING:
    from geo_match.demo.office.draw import Office


def mend(office: Office, file: str) -> pd.DataFrame:
    """Return a list without its defects: what a perfect reader would make of it.

    Parameters
    ----------
    office
        What `draw_office` drew.
    file
        Which of its lists.

    Returns
    -------
    pandas.DataFrame
        The clean rows in their order, all text; what nobody knows is empty.
    """
    cells = office.lists[file].copy()
    labels = office.defects[office.defects["file"] == file]
    gone = labels["defect"].isin(REMOVED)
    for column, mended in labels[~gone].groupby("column"):
        names = str(column).split(SEVERAL)
        rows = mended["row"].to_numpy() - 1
        truths = mended["truth"].str.split(SEVERAL, n=len(names) - 1) if names[1:] else None
        for position, name in enumerate(names):
            texts = cells[name].to_numpy(dtype=object, copy=True)
            texts[rows] = mended["truth"] if truths is None else truths.str[position]
            cells[name] = pd.array(texts, dtype="str")
    kept = np.ones(len(cells), dtype=bool)
    kept[labels.loc[gone, "row"].to_numpy() - 1] = False
    return cells[kept].reset_index(drop=True)
