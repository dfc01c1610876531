"""Ages as postings ask for them: 18-50岁, 45岁以下, 16岁以上, 不限."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo_match.intake.values.cells import RefusedError

if TYPE_CHECKING:
    from geo_match.intake.values.cells import Note

_ANY: Final = frozenset(["不限", "年龄不限", "无要求", "无", "不限年龄"])
_AGE: Final = r"([0-9]{1,3})(?:周岁|岁)?"
_RANGE: Final = re.compile(rf"{_AGE}(?:-|--|~|～|—|–|至|到){_AGE}(?:之间)?")
_UP_TO: Final = re.compile(
    rf"(?:不超过|最大)?{_AGE}(?:\(含\))?(?:及)?(?:以下|以内|之内|封顶)|不超过{_AGE}"
)
_FROM: Final = re.compile(rf"(?:年满|满)?{_AGE}(?:\(含\))?(?:及)?(?:以上|起)|(?:年满|满){_AGE}")
_ONE: Final = re.compile(_AGE)
_HOW: Final = "Write it such as 18-50岁, 45岁以下, 16岁以上 or 不限."
_MOST: Final = 120
_TOO_OLD: Final = f"must be ages of at most {_MOST} years"


def read_ages(text: str, note: Note) -> tuple[int | None, int | None]:
    """Return the least and the greatest age asked for, years; None for no demand.

    Raises
    ------
    RefusedError
        If it is no age, above 120, or the higher age comes first.
    """
    del note
    bare = "".join(text.split())
    if bare in _ANY:
        return None, None
    if match := _RANGE.fullmatch(bare):
        least, most = int(match[1]), int(match[2])
    elif match := _UP_TO.fullmatch(bare):
        least, most = None, int(match[1] or match[2])
    elif match := _FROM.fullmatch(bare):
        least, most = int(match[1] or match[2]), None
    elif match := _ONE.fullmatch(bare):
        raise RefusedError("must say whether this age is the least or the greatest", _HOW)
    else:
        raise RefusedError("must be a range of ages", _HOW)
    if max(least or 0, most or 0) > _MOST:
        raise RefusedError(_TOO_OLD, _HOW)
    if least is not None and most is not None and least > most:
        raise RefusedError("must have its lower age before the higher", _HOW)
    return least, most
