"""What comes of a due list: the ids under which its results are recorded as services."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

_LONGEST: Final = 64
_DIGEST: Final = 24


def service_id(person: str, on: dt.date, number: int) -> str:
    """Return the id of the service that a line of a due list becomes.

    It is always the same for the same person, day and number, so that a sheet that is imported
    twice changes nothing; and a second list of the same day, made after the first was taken in,
    has other ones.

    Parameters
    ----------
    person
        Id of the person.
    on
        The day of the list.
    number
        Of the service on this day, from 1.

    Examples
    --------
    >>> import datetime as dt
    >>> service_id("S1", dt.date(2025, 12, 31), 1)
    'S1-D251231-1'
    """
    end = f"-D{on:%y%m%d}-{number}"
    if len(person) + len(end) <= _LONGEST:
        return person + end
    digest = hashlib.sha256(person.encode()).hexdigest()[:_DIGEST]
    return person[: _LONGEST - len(end) - _DIGEST - 1] + f"-{digest}" + end
