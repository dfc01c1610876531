"""Who holds which public-welfare post, where rows of one holding correct or contradict others."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo_match.policy.payments.rows import Post


def standing(posts: Iterable[Post]) -> Iterator[Post]:
    """Yield posts, but those that a later row of the same holding corrects.

    Nobody holds a post twice at once. So of two rows without an id that overlap the one known later
    is a correction; if both are known alike, or have ids of their own, they contradict each other.
    A row that is corrected itself corrects and contradicts nothing: of three in a row, each of
    which overlaps the one before, the last removes the second alone.
    """
    by_holding: dict[tuple[str, str | None], list[Post]] = defaultdict(list)
    for one in posts:
        by_holding[one.job_id, one.holder].append(one)
    for (_, holder), several in by_holding.items():
        yield from several if holder is None else _uncorrected(several)


def _uncorrected(several: list[Post]) -> Iterator[Post]:
    """Yield rows of one holding, in their order, that no row which stands itself corrects."""
    kept: list[int] = []
    # From the latest known down, so that whatever can correct a row was decided on before it.
    latest = sorted(range(len(several)), key=lambda at: _known(several[at]), reverse=True)
    for at in latest:
        if not any(_corrects(several[two], several[at]) for two in kept):
            kept.append(at)
    for at in sorted(kept):
        one = several[at]
        clashes = any(two != at and _overlap(several[two], one) for two in kept)
        yield replace(one, conflicts=True) if clashes else one


def _corrects(one: Post, other: Post) -> bool:
    """Return whether a row corrects another; what has an id is corrected under its id alone."""
    has_id = one.id is not None or other.id is not None
    return not has_id and _known(one) > _known(other) and _overlap(one, other)


def _known(post: Post) -> dt.date:
    return post.known_on or dt.date.min


def _overlap(one: Post, other: Post) -> bool:
    """Return whether two times share a day; what has no first day may have begun at any time."""
    starts = one.held_from or dt.date.min, other.held_from or dt.date.min
    ends = one.held_to or dt.date.max, other.held_to or dt.date.max
    return max(starts) <= min(ends)
