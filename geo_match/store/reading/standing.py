"""Whether a site was seen where it is, and how often it moved: `standing_of`, from its past.

A site's record says whether an operator has seen it there (`verified`). A move withdraws that, even
if the record goes on saying so, as a list may that is imported again: it counts anew once it is
said anew, by the change that moves the site or by a later one after a "no". A site that is removed
and comes back is the same site: what it says then is no more than a list may go on saying.

What was forgotten (`Store.forget_before`) is not known to have been said: of a site that the store
had before the horizon, what its first version that is left says does not count. A later change has
to say it anew, after a "no".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geo_match.store.reading.history import Life


class Standing(NamedTuple):
    """How a site stands.

    Parameters
    ----------
    place
        Its lon and lat, degrees, WGS-84; None if it has none, or is not there.
    is_verified
        Whether an operator has seen it at this place.
    moves
        When it was moved, UTC, without a zone, in order. That it was given a place is no move.
    """

    place: tuple[float, float] | None
    is_verified: bool
    moves: tuple[dt.datetime, ...]


def standing_of(life: Life) -> Standing:
    """Return how a site stands after its changes.

    Parameters
    ----------
    life
        Of the site, as `Store.life` has it. What the first version of all says of its place is
        believed, unless it lies before the horizon: then it need not be the first, and may say what
        was said of another place.

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
    last: tuple[float, float] | None = None  # where it was before a removal, too
    key: str | None = None
    was_said = is_verified = False
    moves = []
    for version in life.versions:
        is_first, begins = key is None, version.key != key
        key = version.key
        if version.record is None:  # it was removed, or what it was is gone
            place, is_verified = None, False
            continue
        now, is_said = _place_of(version.record), bool(version.record.get("verified"))
        has_moved = last is not None and now != last
        if has_moved:
            moves.append(version.committed_at)
        is_believed = not begins or (is_first and version.seq > life.horizon)
        is_new = is_said and not was_said and is_believed
        is_verified = is_said and now is not None and (is_new or (is_verified and not has_moved))
        place, last, was_said = now, now, is_said
    return Standing(place, is_verified, tuple(moves))


def _place_of(record: Mapping[str, Any]) -> tuple[float, float] | None:
    lon, lat = record.get("lon"), record.get("lat")
    return None if lon is None or lat is None else (lon, lat)


__all__ = ["Standing", "standing_of"]
