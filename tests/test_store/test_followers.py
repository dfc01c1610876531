"""Two that follow the feed, killed and started again at random, end equal to the store."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from test_store.faults import (
    CHANCE,
    Worker,
    check_whole,
    importing,
    pause,
    putting,
    stored,
)

from geo_match.store import Cursor, Store


def load(path):
    """Return the cursor and the records of a follower, as it had written them down."""
    if not path.exists():
        return None, {}
    cursor, records = json.loads(path.read_text())
    return Cursor.parse(cursor), records


def following(say, where, path, most):
    """Follow a store's seekers, and write them down with the cursor, both at once; tell it."""
    path = Path(path)
    cursor, records = load(path)
    with Store.open(where) as store:
        while True:
            after = store.cursor().seq if cursor is None else cursor.seq
            seen = None
            for change in store.changes(after=cursor or 0, most=most):
                seen = change.seq
                if change.op == "put":
                    records[change.key] = change.record
                else:
                    del records[change.key]
            if seen is None:
                say(after)
                pause(0.01)
                continue
            cursor = Cursor(store.head().epoch, seen)
            new = path.with_suffix(".new")
            new.write_text(json.dumps([str(cursor), records]))
            os.replace(new, path)  # noqa: PTH105 - both names or none: what a follower needs
            say(seen)


def check_followers(where, tmp_path, *, kills):
    paths = [tmp_path / "one.json", tmp_path / "two.json"]
    most = [60, 1_000]  # one looks at few changes at a time, the other at many
    Store.open(where).close()
    writers = [Worker(putting, where, "put"), Worker(importing, where, "list")]
    followers = [
        Worker(following, where, str(path), n) for path, n in zip(paths, most, strict=True)
    ]
    for _ in range(kills):
        pause(CHANCE.uniform(0, 0.15))
        at = CHANCE.randrange(2)
        followers[at].kill()
        followers[at] = Worker(following, where, str(paths[at]), most[at])
    writers[0].kill()
    assert writers[1].end() == 0
    with Store.open(where) as store:
        check_whole(store)
        last, records = store.cursor(), stored(store, "seekers")
    for follower, path in zip(followers, paths, strict=True):
        while not follower.told or follower.told[-1] < last.seq:
            assert follower.hear()
        follower.kill()
        assert load(path) == (last, records)


def test_two_followers_killed_at_random_end_equal_to_the_store(where, tmp_path):
    check_followers(where, tmp_path, kills=3)


@pytest.mark.soak
def test_two_followers_killed_many_times_end_equal_to_the_store(where, tmp_path):
    check_followers(where, tmp_path, kills=150)
