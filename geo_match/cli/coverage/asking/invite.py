"""Whom to invite: what `rank` is asked beside its ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from geo_match.cli.coverage.asking.lists import AList


@dataclass(frozen=True, slots=True)
class Invite:
    """Whom to invite, by name, and where these lists are written.

    Parameters
    ----------
    people_out, employers_out
        Files of ids; None for none.
    to
        The id of a candidate, or of a row of the supply; the first of the ranking if None.
    only
        Who of the people, as `WhatIf.invite` has it.
    sites
        A list of the employers' sites, for `employers_out`; None for those that are there.
    on
        The day of the fair, or of what is asked.
    """

    people_out: Path | None
    employers_out: Path | None
    to: str | None
    only: str
    sites: AList | None
    on: dt.date

    @property
    def outs(self) -> list[Path]:
        """The files that are written."""
        return [one for one in (self.people_out, self.employers_out) if one is not None]
