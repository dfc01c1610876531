"""Columns of tables: names by their positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def texts(codes: NDArray[np.integer], names: Sequence[str]) -> pd.Categorical[str]:
    """Return names by their positions; −1 becomes missing.

    Parameters
    ----------
    codes
        Positions, shape (n,).
    names
        Fewer than 2¹⁵, all different.
    """
    small: NDArray[np.integer] = codes.astype(np.int8 if len(names) < 2**7 else np.int16)
    return pd.Categorical.from_codes(small, pd.Index(list(names), dtype="str"))
