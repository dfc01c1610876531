"""Codes of communities and villages: 12 digits, as the national list of statistics has them.

统计用区划代码: six digits of the district (GB/T 2260), three of the street or town, three of the
community or village.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo_match.codes._text import Texts, kept, matching, narrow
from geo_match.codes.provinces import PROVINCES

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

PATTERN: Final = "^(" + "|".join(sorted(PROVINCES)) + ")[0-9]{10}$"
"""Of a code as it is kept."""
_CODE: Final = re.compile(PATTERN.removesuffix("$") + r"\Z")  # `$` would let a line end follow


def check_community_code(code: str) -> str:
    """Return a community's code as it is kept: 12 digits of single width.

    Parameters
    ----------
    code
        As it was written.

    Returns
    -------
    str
        The code. Whether the list has it is not asked.

    Raises
    ------
    ValueError
        If it is not 12 digits, or begins with no province.

    Examples
    --------
    >>> check_community_code(" ３４０３０２００１００１")
    '340302001001'
    """
    digits = narrow(code).strip()
    if _CODE.match(digits) is None:
        message = (
            "must be 12 digits, as the national list of communities has them, and begin with "
            "those of a province"
        )
        raise ValueError(message)
    return digits


def community_codes_kept(texts: Texts) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Return codes as `check_community_code` keeps them, and which of them fail.

    Parameters
    ----------
    texts
        Shape (n,); None for no code, which does not fail.

    Returns
    -------
    tuple of numpy.ndarray
        The codes, None where there is none or it fails, and the faults, shape (n,) each.
    """
    return kept(texts, check_community_code, as_it_is=_in_order)


def community_code_faults(texts: Texts) -> NDArray[np.bool_]:
    """Return which texts `check_community_code` refuses, shape (n,), never one that is None."""
    return community_codes_kept(texts)[1]


def _in_order(column: pa.Array) -> NDArray[np.bool_]:
    return matching(column, PATTERN)
