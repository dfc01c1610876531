"""When a replica looks for changes, and what it reads them by."""

import math
import queue
import threading

import pyarrow as pa
import pytest
from sqlalchemy import insert, update

from geo_match.errors import ArgumentError
from geo_match.index import StaleIndexError
from geo_match.store import Store
from geo_match.store.replica import Replica, ReplicaError
from geo_match.store.schema.tables import CHANGES, FORMS

SOON_S = 60.0


@pytest.fixture
def store(tmp_path):
    """Return an empty store."""
    with Store.open(tmp_path / "a.db") as opened:
        yield opened


def put(store, lat):
    """Put a station somewhere; return the place in the feed."""
    at = {"id": ["S1"], "name": ["x"], "lon": [117.37], "lat": [lat], "located_by": ["given"]}
    return store.put("stations", pa.table(at))[1]


class Pauses:
    """Stands for the event that a follower waits for: notes each pause, and does what is next."""

    def __init__(self, *acts):
        self.acts = iter(acts)
        self.asked_s = []

    def wait(self, pause_s):
        self.asked_s.append(pause_s)
        next(self.acts)()

    def set(self):
        """Wake nobody: all is done by turns."""

    def clear(self):
        """Do nothing."""


def test_after_a_look_that_found_something_it_pauses_longer_unless_someone_waits(store):
    with Replica(store, ["stations"], follow=False, every_s=1.0) as replica:

        def move():
            put(store, 32.9 + store.head().seq / 99)

        def move_and_have_someone_wait():
            move()
            replica._n_waiting += 1

        replica._wake = Pauses(
            move, lambda: None, move, move, move_and_have_someone_wait, replica._over.set
        )
        replica._run()
        assert replica._wake.asked_s == [1.0, 8.0, 1.0, 8.0, 8.0, 1.0]
        assert replica.cursor == store.head().cursor


class Noted(threading.Event):
    """An event that notes how long it is waited for."""

    def __init__(self):
        super().__init__()
        self.pauses_s = queue.Queue()

    def wait(self, timeout=None):
        self.pauses_s.put(timeout)
        return super().wait(timeout)


def test_who_waits_wakes_the_thread_out_of_its_long_pause(store):
    """Not even the short pause would end in the time that is waited."""
    with Replica(store, ["stations"], follow=False, every_s=2 * SOON_S) as replica:
        replica._wake = wake = Noted()
        replica._thread = threading.Thread(target=replica._run, daemon=True)
        replica._thread.start()
        assert wake.pauses_s.get(timeout=SOON_S) == 2 * SOON_S
        put(store, 32.93)
        wake.set()
        assert wake.pauses_s.get(timeout=SOON_S) == 16 * SOON_S
        cursor = put(store, 32.94)
        assert replica.wait_for(cursor, timeout_s=SOON_S).cursor == cursor


def test_a_failure_that_passes_while_it_is_told_is_told_whole(store):
    with Replica(store, ["stations"], follow=False) as replica:
        has_passed = threading.Event()

        class Slow(Exception):  # noqa: N818 - its name is what is told
            def __str__(self):
                following.start()
                has_passed.wait(0.1)  # it must not: who tells holds the lock
                return "no room"

        def pass_and_end():
            has_passed.set()
            replica._over.set()

        replica._step = lambda: False
        replica._wake = Pauses(pass_and_end, lambda: None)
        following = threading.Thread(target=replica._run, daemon=True)
        replica._failure, replica._is_told = Slow(), False
        with pytest.raises(ReplicaError, match="got Slow: no room") as told:
            replica.snapshot()
        assert isinstance(told.value.__cause__, Slow)
        following.join(SOON_S)
        assert replica._failure is None


def test_who_waits_for_what_is_not_there_yet_is_counted_until_the_time_is_over(store):
    with Replica(store, ["stations"], follow=False) as replica:
        counted = []
        late = replica._too_late
        replica._too_late = lambda *of: counted.append(replica._n_waiting) or late(*of)
        with pytest.raises(StaleIndexError, match="cursor"):
            replica.wait_for(99, timeout_s=0.0)
        assert counted == [1]
        assert replica._n_waiting == 0


def test_a_snapshot_is_given_while_another_thread_holds_the_lock(store):
    with Replica(store, ["stations"], follow=False) as replica:
        given = []
        with replica._changed:
            asking = threading.Thread(target=lambda: given.append(replica.snapshot()), daemon=True)
            asking.start()
            asking.join(30.0)
            assert len(given) == 1


def test_a_change_of_a_form_that_came_while_it_follows_is_read(store):
    """A newer program may have added it, with the fields in another order."""
    with Replica(store, ["stations"], follow=False) as replica:
        cursor = put(store, 32.93)

        def renew(connection):
            added = insert(FORMS).values(kind="stations", fields='["lat","lon","id"]')
            (form,) = connection.execute(added).inserted_primary_key
            image = '[31.5,118.5,"S1"]'
            connection.execute(update(CHANGES).values(form=form, after=image))

        store.database.write(renew)
        shown = replica.wait_for(cursor, timeout_s=30.0)
        found = shown["stations"].within(lon=118.5, lat=31.5, radius_m=0.0)
        assert shown["stations"].ids[found.point].tolist() == ["S1"]


@pytest.mark.parametrize("wrong", [0, -1.0, math.nan, math.inf, 10**400, "1", None, True])
def test_how_often_it_looks_is_a_number_of_seconds(store, wrong):
    with pytest.raises(ArgumentError, match="`every_s` must be a finite number of seconds above 0"):
        Replica(store, ["stations"], every_s=wrong)


@pytest.mark.parametrize("wrong", [-0.1, math.nan, math.inf, "1", None, True])
@pytest.mark.parametrize("follow", [True, False])
def test_how_long_one_waits_is_a_number_of_seconds(store, wrong, follow):
    with Replica(store, ["stations"], follow=follow) as replica:
        with pytest.raises(ArgumentError, match="`timeout_s` must be a finite number of seconds"):
            replica.wait_for(0, timeout_s=wrong)
        assert replica.wait_for(0, timeout_s=0).cursor == replica.cursor


def test_seconds_beyond_what_a_lock_can_wait_are_as_long_as_it_can(store):
    with Replica(store, ["stations"], every_s=1e300) as replica:
        cursor = put(store, 32.93)
        assert replica.wait_for(cursor, timeout_s=1e300).cursor == cursor
        assert replica.n_failures == 0
