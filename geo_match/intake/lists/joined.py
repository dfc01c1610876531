"""Rows of a list of members are rejected where the record is that they make with others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo_match import codes
from geo_match.intake.faults import Rejection, shown
from geo_match.intake.findings import Findings
from geo_match.intake.lists._together import REMEDY, TOGETHER

if TYPE_CHECKING:
    from geo_match.intake.lists.records_file import RecordsFile


def reject_joined(file: RecordsFile) -> RecordsFile:
    """Return a list whose rows are rejected where the record that they belong to is.

    Else the file to be mended would hold a part of the household, and make that the whole.
    """
    joined = file.joined
    if joined is None:
        return file
    left = joined.row[~np.isin(joined.to, file.row)]
    left = left[~np.isin(left, file.rejections.row)]
    if not len(left):
        return file
    header = file.columns["id"]
    at = np.searchsorted(file.table.row, left)
    cells = file.table.columns.column(header).take(at).to_pylist()
    name = codes.mask_id_cards(header)
    rejections = [
        Rejection(row, name, shown(cell), TOGETHER, REMEDY)
        for row, cell in zip(left.tolist(), cells, strict=True)
    ]
    return replace(file, rejections=Findings((), (*file.rejections, *rejections)))
