"""What a list's values are judged against beside the rules of their own kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo_match.taxonomy import Occupations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.intake.area import Area

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Context:
    """What is known where a list is read.

    Parameters
    ----------
    renumbered
        Codes that communities had, and the codes that they have now.
    communities
        Every code that a community has now; None if that is not known, so that each code of the
        right form passes.
    service_area
        Where places are expected; None for anywhere.
    occupations
        By which their codes are checked, and whose edition a list means that names none.
    today
        Days after it have not come yet; None for the day on which the list is read.
    """

    renumbered: Mapping[str, str] = field(default_factory=lambda: _NONE)
    communities: frozenset[str] | None = None
    service_area: Area | None = None
    occupations: Occupations = field(default_factory=Occupations)
    today: dt.date | None = None

    @property
    def now(self) -> dt.date:
        """Return the day that counts as today."""
        return dt.datetime.now(tz=dt.UTC).astimezone().date() if self.today is None else self.today
