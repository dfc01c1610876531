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
    """
    by_holding: dict[tuple[str, str | None], list[Post]] = defaultdict(list)
    for one in posts:
        by_holding[one.job_id, one.holder].append(one)
    for (_, holder), several in by_holding.items():
        for one in several:
            others = [two for two in several if two is not one and _overlap(one, two)]
            if holder is None or not others:
                yield one
            elif any(one.id or two.id or _known(one) == _known(two) for two in others):
                yield replace(one, conflicts=True)
            elif all(_known(one) > _known(two) for two in others):
                yield one


def _known(post: Post) -> dt.date:
    return post.known_on or dt.date.min


def _overlap(one: Post, other: Post) -> bool:
    """Return whether two times share a day; what has no first day may have begun at any time."""
    starts = one.held_from or dt.date.min, other.held_from or dt.date.min
    ends = one.held_to or dt.date.max, other.held_to or dt.date.max
    return max(starts) <= min(ends)
