"""Whether a site was seen where it is, and how often it moved: `standing_of`, from its past.

A site's record says whether an operator has seen it there (`verified`). A move withdraws that, even
if the record goes on saying so, as a list may that is imported again: it counts anew once it is
said anew, by the change that moves the site or by a later one after a "no".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from geo_match.store.reading.history import Version


class Standing(NamedTuple):
    """How a site stands.

    Parameters
    ----------
    place
        Its lon and lat, degrees, WGS-84; None if it has none.
    is_verified
        Whether an operator has seen it at this place.
    moves
        When it was moved, UTC, without a zone, in order. That it was given a place is no move.
    """

    place: tuple[float, float] | None
    is_verified: bool
    moves: tuple[dt.datetime, ...]


def standing_of(versions: Iterable[Version]) -> Standing:
    """Return how a site stands after its changes.

    Parameters
    ----------
    versions
        Of one life of the site, in the order of the changes, as `Store.life` has them. Where the
        first ones are forgotten, the first that is left counts as the first: what it says of its
        place is believed.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow as pa
    >>> from geo_match.store import Store
    >>> with tempfile.TemporaryDirectory() as folder, Store.open(f"{folder}/a.db") as store:
    ...     for lon in (117.38, 117.39):
    ...         site = {"id": ["W1"], "lon": [lon], "lat": [32.92], "verified": [True]}
    ...         _ = store.put("sites", pa.table(site))
    ...     standing = standing_of(store.life("sites", "W1"))
    >>> standing.is_verified, len(standing.moves)
    (False, 1)
    """
    place: tuple[float, float] | None = None
    was_said = is_verified = False
    moves = []
    for version in versions:
        record = version.record or {}
        now, is_said = _place_of(record), bool(record.get("verified"))
        has_moved = place is not None and now != place
        if has_moved:
            moves.append(version.committed_at)
        is_new = is_said and not was_said
        is_verified = is_said and now is not None and (is_new or (is_verified and not has_moved))
        place, was_said = now, is_said
    return Standing(place, is_verified, tuple(moves))


def _place_of(record: Mapping[str, Any]) -> tuple[float, float] | None:
    lon, lat = record.get("lon"), record.get("lat")
    return None if lon is None or lat is None else (lon, lat)


__all__ = ["Standing", "standing_of"]
