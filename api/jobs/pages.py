"""In which order jobs are listed, and where one page ends and the next begins."""

from __future__ import annotations

import base64
import binascii
import json
import math
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

import numpy as np

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from api.jobs.postings import Posting
    from api.jobs.query import JobsQuery
    from api.jobs.reach import Reached

_NOT_BOUND: Final = {"after", "limit", "f", "facets", "min_cursor"}
"""The parameters by which the pages of one walk may differ."""
_DIGEST: Final = 9


class Key(NamedTuple):
    """Where a job stands in an order: keys ascend."""

    is_unstated: bool
    rank: float
    distance_m: float
    id: str


class Page(NamedTuple):
    """The jobs of a page, by their positions in what was reached, and the last one's key."""

    at: list[int]
    last: Key | None


def _by_wage(job: Posting) -> float | None:
    least = job.pay.least_a_month()
    return None if least is None else -least


def _by_date(job: Posting) -> float | None:
    return None if job.opened_on is None else -job.opened_on.toordinal()


_RANKS: Final[dict[str, Callable[[Posting], float | None] | None]] = {
    "distance": None,
    "wage": _by_wage,
    "date": _by_date,
}
"""What orders jobs before their distance; None if nothing does."""


def page_of(query: JobsQuery, reached: Reached, at: Iterable[int], total: int) -> Page:
    """Return the page that a request asks for.

    Parameters
    ----------
    reached, at
        The jobs, and the positions of those that pass the filters: all of them, or on the first
        page by distance those nearest.
    total
        How many pass the filters.

    Raises
    ------
    ArgumentError
        If `after` is no end of a page of the same request.
    """
    after = None if query.after is None else _read(query)
    if not query.limit:
        return Page([], None)
    rank, jobs, distance_m = _RANKS[query.sort], reached.jobs, reached.distance_m

    def key(position: int, far_m: float) -> tuple[bool, float, float, str]:
        value = None if rank is None else rank(jobs[position])
        return rank is not None and value is None, value or 0.0, far_m, jobs[position].id

    all_at = np.fromiter(at, dtype=np.int64)
    if rank is None:
        first_by = distance_m[all_at]
    else:
        ranks = (rank(jobs[position]) for position in all_at.tolist())
        first_by = np.array([math.inf if one is None else one for one in ranks], dtype=np.float64)
    foremost = _foremost(all_at, first_by, query, after)
    keys = zip(map(key, foremost, distance_m[foremost].tolist()), foremost, strict=True)
    first = sorted(one for one in keys if after is None or one[0] > after)[: query.limit + 1]
    listed = first[: query.limit]
    # Of the nearest alone it is not seen whether there are more: of all that are, it is counted.
    is_last = len(first) <= query.limit and (after is not None or total <= query.limit)
    return Page([position for _, position in listed], None if is_last else Key(*listed[-1][0]))


def _foremost(
    at: NDArray[np.int64], first_by: NDArray[np.float64], query: JobsQuery, after: Key | None
) -> list[int]:
    """Return the positions that can be on a page: what its keys begin with is small enough.

    Parameters
    ----------
    at
        Positions, (n,).
    first_by
        What orders them first, (n,); infinite where it is not stated.
    """
    if after is not None:
        rank = math.inf if after.is_unstated else after.rank
        begun = first_by >= (after.distance_m if query.sort == "distance" else rank)
        at, first_by = at[begun], first_by[begun]
        # What ties with the last of the page before may all have been listed: they come on top.
        most = query.limit + int((first_by == first_by.min(initial=math.inf)).sum())
    else:
        most = query.limit
    if len(at) > most + 1:
        at = at[first_by <= np.partition(first_by, most)[most]]
    found: list[int] = at.tolist()
    return found


def next_link(query: JobsQuery, path: str, last: Key) -> str:
    """Return where the next page is, after the last job of this one."""
    text = json.dumps([_digest(query), *last], ensure_ascii=False, separators=(",", ":"))
    asked = query.model_dump(exclude_none=True, exclude={"min_cursor"})
    asked["after"] = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{path}?{urlencode(asked)}"


def _read(query: JobsQuery) -> Key:
    """Return where a page ended.

    Raises
    ------
    ArgumentError
        If it is no such place, or one of another request.
    """
    text = query.after or ""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        digest, is_unstated, rank, distance_m, name = json.loads(raw)
        key = Key(is_unstated, float(rank), float(distance_m), name)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise _no_page(text) from None
    if not (
        isinstance(is_unstated, bool)
        and isinstance(name, str)
        and math.isfinite(key.rank)
        and math.isfinite(key.distance_m)
    ):
        raise _no_page(text)
    if digest != _digest(query):
        rule = "be the end of a page of the same request: origin, radius, basis, sort and filters"
        raise ArgumentError("after", rule, text, "Begin anew without it.")
    return key


def _no_page(text: str) -> ArgumentError:
    return ArgumentError("after", "be what `next` says", text, "Begin anew without it.")


def _digest(query: JobsQuery) -> str:
    asked = query.model_dump_json(exclude=_NOT_BOUND, exclude_none=True)
    return blake2b(asked.encode(), digest_size=_DIGEST).hexdigest()
