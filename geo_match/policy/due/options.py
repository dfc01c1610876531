"""What a due list is asked for: `DueOptions`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geo_match._validate import as_count
from geo_match.errors import ArgumentError
from geo_match.matching import MatchOptions
from geo_match.policy.due.words import REASONS
from geo_match.policy.ledger import GROUPS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

MOST_JOBS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOptions:
    """What a due list is asked for.

    Parameters
    ----------
    on
        The day of the list.
    interval_days
        How often members of a group are contacted, days by the names of `GROUPS`. No source says
        how often: without one nobody is due by it, and the list says so.
    verify_within_days
        After how many days a status is to be verified; None for no such limit: an unverified one
        is then listed without a day. No source says it.
    horizon_days
        Who becomes due so many days later is listed as well, as not overdue.
    limit_notice_days
        How many days before its end the limit of months without contact is told.
    reasons
        Which of `REASONS` are asked; None for all. Kept as a tuple in their order.
    n_jobs
        How many jobs are to be read aloud to each; 0 for none.
    unmasked
        Whether names, phone numbers and doors are shown whole.
    matching
        How jobs are chosen: radius, basis, network. Its day and limit are those of the list.

    Raises
    ------
    ArgumentError
        If one breaks its rule; it is named.
    """

    on: dt.date
    interval_days: Mapping[str, int] = field(default_factory=dict)
    verify_within_days: int | None = None
    horizon_days: int = 0
    limit_notice_days: int = 30
    reasons: Collection[str] | None = None
    n_jobs: int = 3
    unmasked: bool = False
    matching: MatchOptions = field(default_factory=MatchOptions)

    def __post_init__(self) -> None:
        """Check them."""
        if not isinstance(self.on, dt.date) or isinstance(self.on, dt.datetime):
            raise ArgumentError("on", "be a day (datetime.date)", repr(self.on))
        for group, days in self.interval_days.items():
            if group not in GROUPS:
                raise ArgumentError("interval_days", f"name {', '.join(GROUPS)}", repr(group))
            as_count(days, f"interval_days[{group!r}]", least=1)
        if self.verify_within_days is not None:
            as_count(self.verify_within_days, "verify_within_days", least=0)
        as_count(self.horizon_days, "horizon_days", least=0)
        as_count(self.limit_notice_days, "limit_notice_days", least=0)
        if as_count(self.n_jobs, "n_jobs", least=0) > MOST_JOBS:
            raise ArgumentError("n_jobs", f"be at most {MOST_JOBS}", str(self.n_jobs))
        if unknown := [one for one in self.reasons or () if one not in REASONS]:
            raise ArgumentError("reasons", f"be some of {', '.join(REASONS)}", repr(unknown[0]))
        asked = [one for one in REASONS if self.reasons is None or one in self.reasons]
        object.__setattr__(self, "reasons", tuple(asked))  # as it is frozen

    @property
    def asked(self) -> tuple[str, ...]:
        """The reasons that are asked, in their order."""
        return tuple(self.reasons or ())
