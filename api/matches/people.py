"""Registered seekers and households as a caller may have them: audited, and of their area."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geo_match.matching.given.columns import ORIGINS, SEEKERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.access.caller import Caller
    from api.audit import Audit
    from api.matches.asked import ItemAsked, SeekerAsked
    from geo_match.store import Store
    from geo_match.store.reading.finding import Found

PURPOSE: Final = "岗位匹配"
_COMMUNITY: Final = "community"
_OF_SEEKERS: Final = (*SEEKERS.names, _COMMUNITY)
_OF_HOUSEHOLDS: Final = (*ORIGINS.names, _COMMUNITY)


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered seeker.

    Parameters
    ----------
    key
        The name outside.
    row
        The columns that are matched.
    """

    key: str
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class People:
    """Those of whom a request speaks and whom the caller may have.

    Who is outside the caller's area is as if they were not there.

    Parameters
    ----------
    by_id, by_key
        Seekers.
    households
        The places of households, by id.
    """

    by_id: dict[str, Registered] = field(default_factory=dict)
    by_key: dict[str, Registered] = field(default_factory=dict)
    households: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many persons and households were read, which the audit notes."""
        keys = {one.key for one in (*self.by_id.values(), *self.by_key.values())}
        return len(keys) + len(self.households)

    def seeker(self, asked: SeekerAsked) -> Registered | None:
        """Return the seeker that is asked for; None where there is none for this caller."""
        if asked.id is not None:
            return self.by_id.get(asked.id)
        return self.by_key.get(asked.key or "")


def read_people(
    items: Iterable[ItemAsked], store: Store, *, caller: Caller, audit: Audit
) -> People:
    """Read those of whom some items speak; the read is noted before this returns.

    Raises
    ------
    StoreError
        If the store cannot be read, or the read cannot be noted.
    """
    asked = [one.seeker for one in items if one.seeker is not None]
    origins = [one.origin for one in items if one.seeker is not None and one.origin is not None]
    ids = {one.id for one in asked if one.id is not None}
    keys = {one.key for one in asked if one.key is not None}
    households = {one.household for one in origins if one.household is not None}
    if not (ids or keys or households):
        return People()

    def read() -> People:
        found = _seekers(store.find("seekers", ids, fields=_OF_SEEKERS), caller) if ids else []
        by_key = (
            _seekers(store.find_by_keys("seekers", keys, fields=_OF_SEEKERS), caller)
            if keys
            else []
        )
        homes = (
            _rows(store.find("households", households, fields=_OF_HOUSEHOLDS), caller)
            if households
            else []
        )
        return People(
            {one.row["id"]: one for one in found},
            {one.key: one for one in by_key},
            {row["id"]: row for _, row in homes},
        )

    return audit.noted(caller, purpose=PURPOSE, scope="persons:read")(read)


def _seekers(found: Found, caller: Caller) -> list[Registered]:
    return [Registered(key, row) for key, row in _rows(found, caller)]


def _rows(found: Found, caller: Caller) -> list[tuple[str, dict[str, Any]]]:
    """Return keys and rows of those in the caller's area, without their communities."""
    pairs = zip(found.keys, found.records.to_pylist(), strict=True)
    return [(key, row) for key, row in pairs if caller.covers(row.pop(_COMMUNITY))]
