"""Occupations by the codes of GB/T 6565, and by some that it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo.office._text import as_text

if TYPE_CHECKING:
    import pandas as pd

    from geo_match.demo.office.draft import Draft

OCCUPATION: Final = "职业代码"
_NONE: Final = ("000", "119", "219", "900", "普工")
"""Nothing that the standard has: it has no majors 0 and 9, and no middle groups 119 and 219."""


def put_occupations(draft: Draft, occupation: pd.Series) -> None:
    """Add the column of occupations."""
    draft.put(OCCUPATION, as_text(occupation))


def spoil_occupations(draft: Draft) -> None:
    """Write codes that nothing has."""
    rows = draft.choose("unknown_occupation", OCCUPATION, among=draft.filled(OCCUPATION))
    which = (draft.marks("no occupation")[rows] * len(_NONE)).astype(np.int64)
    draft.spoil("unknown_occupation", rows, {OCCUPATION: [_NONE[k] for k in which]})
