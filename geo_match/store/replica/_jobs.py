"""What the postings of a site seek on a day: how many are open, and for how many people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

FIELDS = ("site_id", "vacancies", "filled", "opened_on", "closed_on")
"""What a posting's part in a site's tally is told from."""

_NOTHING = (0, 0)


def people_sought(vacancies: int | None, filled: int | None) -> int:
    """Return for how many people a posting still looks (人): at least 0.

    Those sought in all less those found; 1 where no number is stated, however many were found: such
    a posting looks on until it is closed.
    """
    if vacancies is None:
        return 1
    return max(0, vacancies - (filled or 0))


class Posting(NamedTuple):
    """What counts of a posting: its site, the people sought, its days as ISO texts or None."""

    site: str
    sought: int
    opened_on: str | None
    closed_on: str | None

    def is_open(self, day: str) -> bool:
        """Tell whether it looks for someone on a day: from its opening until before its closing.

        One without a day of opening has always been open. One that found all is not open.
        """
        has_begun = self.opened_on is None or self.opened_on <= day
        has_ended = self.closed_on is not None and self.closed_on <= day
        return has_begun and not has_ended and self.sought > 0


class Openings:
    """The open postings of each site on one day, kept up as postings change.

    Parameters
    ----------
    on
        The day.
    """

    def __init__(self, on: dt.date) -> None:
        self._day = on.isoformat()
        self._postings: dict[str, Posting] = {}
        self._tally: dict[str, tuple[int, int]] = {}

    def of(self, site: str) -> tuple[int, int]:
        """Return a site's open postings (条) and the people whom they seek together (人)."""
        return self._tally.get(site, _NOTHING)

    def put(self, job: str, record: Mapping[str, Any] | None) -> set[str]:
        """Let a posting be as its record in kept form says, or be none (None).

        Returns
        -------
        set
            The sites whose tally may be another one now.
        """
        now = _posting(record)
        before = self._postings.pop(job, None)
        if now is not None:
            self._postings[job] = now
        if before == now:
            return set()
        touched = set()
        for posting, sign in ((before, -1), (now, 1)):
            if posting is not None:
                touched.add(posting.site)
                self._count(posting, sign)
        return touched

    def turn_to(self, on: dt.date) -> None:
        """Count anew, for another day."""
        self._day = on.isoformat()
        self._tally.clear()
        for posting in self._postings.values():
            self._count(posting, 1)

    def _count(self, posting: Posting, sign: int) -> None:
        if posting.is_open(self._day):
            postings, people = self.of(posting.site)
            now = (postings + sign, people + sign * posting.sought)
            if now == _NOTHING:
                self._tally.pop(posting.site, None)
            else:
                self._tally[posting.site] = now


def _posting(record: Mapping[str, Any] | None) -> Posting | None:
    """Return what counts of a record; None of a posting that names no site."""
    if record is None or record["site_id"] is None:
        return None
    return Posting(
        record["site_id"],
        people_sought(record["vacancies"], record["filled"]),
        record["opened_on"],
        record["closed_on"],
    )
