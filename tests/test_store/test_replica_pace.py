"""When a replica looks for changes, and what it reads them by."""

import threading

import pyarrow as pa
import pytest
from sqlalchemy import insert, update

from geo_match.index import StaleIndexError
from geo_match.store import Store
from geo_match.store.replica.replica import Replica
from geo_match.store.schema.tables import CHANGES, FORMS


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


def test_while_changes_keep_coming_it_looks_less_often_unless_someone_waits(store):
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
