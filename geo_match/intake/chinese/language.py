"""In which language a list is told what is wrong with it: that of its headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from geo_match.intake.readers.table import columns_of_ours

if TYPE_CHECKING:
    from collections.abc import Sequence

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: Final[tuple[str, ...]] = get_args(Language)

_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_LATIN: Final = re.compile("[A-Za-z]")


def language_of(headers: Sequence[str]) -> Language:
    """Return the language of a list by its headers.

    Parameters
    ----------
    headers
        Of its columns, shape (n,); those of a file of rows to be mended that we added do not
        count, since they are Chinese in every such file.

    Returns
    -------
    Language
        `zh` if at least as many headers have a Chinese character as have only Latin letters, and
        any has one.

    Examples
    --------
    >>> language_of(["编号", "经度", "纬度", "WGS84"]), language_of(["id", "lon", "lat", "备注"])
    ('zh', 'en')
    """
    ours = columns_of_ours(headers)
    own = [header for header in headers if header not in ours]
    chinese = sum(_CHINESE.search(header) is not None for header in own)
    latin = sum(
        _CHINESE.search(header) is None and _LATIN.search(header) is not None for header in own
    )
    return "zh" if chinese and chinese >= latin else "en"
