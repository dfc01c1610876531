"""Times of registered unemployment (登记失业), as the ledger counts them from spells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from geo_match.policy.ledger import Timeline
from geo_match.policy.payments.rows import Membership, Spell, read_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

UNEMPLOYED: Final = "registered_unemployed"
"""The status, and the group of those who have it."""
_COLUMNS: Final = ("id", "person", "status", "start", "end", "source", "verified_by", "verified_on")


def registrations(spells: pd.DataFrame | None, as_of: dt.date) -> Iterator[Membership]:
    """Yield who was registered when, by what is known on a day.

    Spells may overlap: then the status of a day is that of `geo_match.policy.ledger.Timeline`, so
    that a payment sees no other one than the ledger. A time has the id of the spell that counts;
    that of a spell which another one interrupts comes twice.

    Parameters
    ----------
    spells
        `rows.Spell`; None for none.
    as_of
        The day.

    Returns
    -------
    iterator of Membership
        Those in conflict are of spells that say no days for certain: of their persons it is not
        known on which other days they were registered.

    Raises
    ------
    ArgumentError
        If a column is missing, or a value is not of its kind.
    """
    usable = []
    for one in _known(spells, as_of):
        impossible = one.start is None or (one.end is not None and one.end < one.start)
        if one.status is not None and not impossible and not one.conflicts:
            usable.append(one)
        elif one.status in (UNEMPLOYED, None):
            yield Membership(
                id=_id(one),
                person=one.person,
                group=UNEMPLOYED,
                start=one.start,
                end=one.end,
                conflicts=True,
            )
    frame = pd.DataFrame(
        [[getattr(one, name) for name in _COLUMNS] for one in usable],
        columns=list(_COLUMNS),
        dtype=object,
    )
    told = Timeline.of(frame.assign(id=[_id(one) for one in usable])).stretches()
    for row in told[told["status"] == UNEMPLOYED].to_dict("records"):
        yield Membership(
            id=row["spell"],
            person=row["person"],
            group=UNEMPLOYED,
            start=row["first"].date(),
            end=None if pd.isna(row["last"]) else row["last"].date(),
        )


def _known(spells: pd.DataFrame | None, as_of: dt.date) -> Iterator[Spell]:
    """Yield the spells without what came after the day: an end, or a verification."""
    found = read_rows(
        spells,
        Spell,
        "spells",
        key=("person", "status", "start"),
        as_of=as_of,
        one=False,
        own_id=True,
    )
    for one in found:
        checked = one.verified_on is None or one.verified_on <= as_of
        ends = one.end is not None and one.end <= as_of
        yield replace(
            one,
            end=one.end if ends else None,
            verified_by=one.verified_by if checked else None,
            verified_on=one.verified_on if checked else None,
        )


def _id(spell: Spell) -> str:
    return spell.id or f"{spell.person}:{spell.status}:{spell.start}"
