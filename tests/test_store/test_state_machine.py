"""A store against a plain dictionary: whatever is asked of it in whatever order, killed or not."""

from __future__ import annotations

import atexit
import copy
import datetime as dt
import functools
import itertools
import os
import shutil
import signal
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from test_store.faults import Worker, check_whole, die_at, seekers

from geo_match.store import EpochError, ErasedIdError, Store
from geo_match.store.writing.writer import utc_now

IDS = ["A", "B", "C", "D"]
DAYS = [dt.date(2025, 1, 1) + dt.timedelta(days=day) for day in range(6)]
_SLOW = list(HealthCheck)

ids = st.sampled_from(IDS)
rows = st.lists(
    st.tuples(ids, st.one_of(st.none(), st.integers(0, 3)), st.sampled_from(["王", "李"])),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[0],
)


@dataclass
class Model:
    """What must be there.

    Parameters
    ----------
    now
        Version, name and key of each seeker by id.
    past
        Those after some changes, by the number of the last and the moment.
    ever
        All keys that an id has had.
    erased
        Keys whose past is gone.
    asked
        Ids that were to be erased: they come back only if that is said.
    spells
        First and last day by id.
    """

    now: dict[str, tuple[int | None, str, str]] = field(default_factory=dict)
    past: dict[tuple[int, dt.datetime], dict[str, tuple[int | None, str, str]]] = field(
        default_factory=dict
    )
    ever: dict[str, set[str]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    spells: dict[str, tuple[dt.date, dt.date | None]] = field(default_factory=dict)

    def outcome(self, id_: str, version: int | None, name: str) -> str:
        """Return what must become of a record that arrives."""
        if id_ not in self.now:
            return "accepted"
        kept, kept_name, _ = self.now[id_]
        is_known = version is not None and kept is not None
        if is_known and version < kept:
            return "stale"
        if name == kept_name:
            return "unchanged" if version in {None, kept} else "accepted"
        return "conflicting" if is_known and version == kept else "accepted"

    def take(self, id_: str, version: int | None, name: str, key: str) -> None:
        """Take an accepted record in."""
        kept, _, kept_key = self.now.get(id_, (None, "", key))
        assert key == kept_key
        assert id_ in self.now or key not in self.ever.setdefault(id_, set())
        self.ever[id_].add(key)
        self.now[id_] = (kept if version is None else version, name, key)

    def erase(self, keys: set[str]) -> None:
        """Let records be gone, and their past."""
        self.erased |= keys
        self.now = {id_: row for id_, row in self.now.items() if row[2] not in keys}


def put_and_die(say, where, moment, arriving, statement):
    """Put records in a process that dies before a statement; tell if it has not."""
    with Store.open(where, clock=lambda: moment) as store:
        die_at(statement)
        store.put("seekers", seekers(*arriving), erased_too=True)
        say("put")


@functools.cache
def new_file():
    """Return a new store's file, to be copied: to make one takes longer than to use it."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    path = Path(folder.name, "new.db")
    Store.open(path).close()
    return path


class Machine(RuleBasedStateMachine):
    """A store in a folder of its own."""

    def __init__(self):
        super().__init__()
        # Where pytest keeps its own: in memory, if there is room.
        self.folder = Path(tempfile.mkdtemp(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
        self.where = self.place()
        self.moment = utc_now() + dt.timedelta(days=1)  # a new store begins by the real clock
        self.model, self.backups, self.dropped, self.number = Model(), [], [], itertools.count()
        self.reopen()

    def place(self):
        path = self.folder / "a.db"
        shutil.copy(new_file(), path)
        return str(path)

    def reopen(self):
        self.store = Store.open(self.where, clock=lambda: self.moment)

    def tick(self):
        """Remember what is there now, and let time pass."""
        self.model.past[self.store.head().seq, self.moment] = dict(self.model.now)
        self.moment += dt.timedelta(seconds=1)

    def took(self, arriving, applied):
        """Take what was put into the model."""
        outcomes = [self.model.outcome(*row) for row in arriving]
        for name in ("accepted", "unchanged", "stale", "conflicting"):
            assert getattr(applied, name).tolist() == [one == name for one in outcomes]
        self.take(arriving)

    def take(self, arriving):
        keys = self.store.keys("seekers", [row[0] for row in arriving])
        for id_, version, name in arriving:
            if self.model.outcome(id_, version, name) == "accepted":
                self.model.take(id_, version, name, keys[id_])

    def check_erased(self, arriving, taking):
        """See that whoever was erased is known, and is refused unless it is said."""
        arrives = seekers(*arriving)
        erased = [row[0] in self.model.asked and row[0] not in self.model.now for row in arriving]
        assert self.store.are_erased("seekers", arrives).tolist() == erased
        if any(erased):
            with pytest.raises(ErasedIdError, match="who were erased"):
                taking("seekers", arrives)
        return {"erased_too": True} if any(erased) else {}

    @rule(arriving=rows)
    def put(self, arriving):
        said = self.check_erased(arriving, self.store.put)
        applied, cursor = self.store.put("seekers", seekers(*arriving), **said)
        assert cursor == self.store.cursor()
        self.took(arriving, applied)
        self.tick()

    @rule(arriving=rows)
    def apply(self, arriving):
        apply = functools.partial(self.store.apply, source="a.csv")
        said = self.check_erased(arriving, apply)
        self.took(arriving, apply("seekers", seekers(*arriving), **said))
        self.tick()

    @rule(gone=st.lists(ids, min_size=1, max_size=2, unique=True))
    def remove(self, gone):
        known, _ = self.store.remove("seekers", gone)
        assert known == sorted(set(gone) & self.model.now.keys())
        for id_ in known:
            del self.model.now[id_]
        self.tick()

    @rule(id_=ids, start=st.sampled_from(DAYS), days=st.one_of(st.none(), st.integers(0, 5)))
    def put_spell(self, id_, start, days):
        end = None if days is None else start + dt.timedelta(days=days)
        spell = pa.table(
            {
                "id": [id_],
                "person": ["nobody"],
                "status": ["employed"],
                "start": pa.array([start], pa.date32()),
                "end": pa.array([end], pa.date32()),
            }
        )
        self.store.put("spells", spell)
        self.model.spells[id_] = (start, end)
        self.tick()

    @rule(day=st.sampled_from(DAYS))
    def read_on_a_day(self, day):
        holding = [
            id_
            for id_, (start, end) in self.model.spells.items()
            if start <= day and (end is None or day <= end)
        ]
        read = self.store.read("spells", fields=["id"], on=day)
        assert read.column("id").to_pylist() == sorted(holding)

    @precondition(lambda self: self.model.past)
    @rule(which=st.integers(0), by_moment=st.booleans())
    def read_the_past(self, which, by_moment):
        seq, moment = sorted(self.model.past)[which % len(self.model.past)]
        known = self.model.past[seq, moment]
        as_of = moment.replace(tzinfo=dt.UTC) if by_moment else seq
        read = self.store.read("seekers", fields=["id", "version", "name"], as_of=as_of)
        there = {id_: row for id_, row in known.items() if row[2] not in self.model.erased}
        assert rows_of(read) == {id_: row[:2] for id_, row in there.items()}
        assert int(read.schema.metadata[b"missing"]) == len(known) - len(there)

    @rule()
    def close_and_open(self):
        self.store.close()
        self.reopen()

    @rule()
    def drop_and_open(self):
        self.dropped.append(self.store)  # never closed, as by a process that is no more
        self.reopen()

    @rule(arriving=rows, statement=st.integers(0, 12))
    def put_in_a_process_that_is_killed(self, arriving, statement):
        worker = Worker(put_and_die, self.where, self.moment, arriving, statement)
        status = worker.end()
        assert status in {0, -signal.SIGKILL}
        before = {id_: row[:2] for id_, row in self.model.now.items()}
        if worker.told or self.rows() != before:
            self.take(arriving)  # all of it: that it is there, the invariant checks
        self.tick()

    @rule(id_=ids)
    def erase(self, id_):
        self.store.erase("seekers", id_, reason="request 7", actor="office")
        self.model.erase(self.model.ever.get(id_, set()))
        self.model.asked.add(id_)
        self.tick()

    @precondition(lambda self: len(self.backups) < 3)
    @rule()
    def back_up(self):
        path = self.folder / f"backup{next(self.number)}.db"
        self.store.backup(path)
        self.backups.append((path, copy.deepcopy(self.model)))

    @precondition(lambda self: self.backups and self.store.database.is_file)
    @rule(which=st.integers(0, 2))
    def restore(self, which):
        path, model = self.backups[which % len(self.backups)]
        before = self.store.cursor()
        for store in (*self.dropped, self.store):
            store.close()
        Store.restore(path, self.where, replace=True, clock=lambda: self.moment)
        self.reopen()
        later, self.model = self.model, copy.deepcopy(model)
        self.model.erase(later.erased)
        self.model.asked |= later.asked
        with pytest.raises(EpochError, match="start anew from its records"):
            list(self.store.changes(after=before))
        self.tick()

    def rows(self):
        return rows_of(self.store.read("seekers", fields=["id", "version", "name"]))

    @invariant()
    def what_is_read_is_what_must_be_there(self):
        assert self.rows() == {id_: row[:2] for id_, row in self.model.now.items()}

    def teardown(self):
        try:
            check_whole(self.store, ("seekers", "spells"))
            assert self.store.verify().faults == ()
            for path, model in self.backups:
                with Store.open(path) as store:
                    read = store.read("seekers", fields=["id", "version", "name"])
                assert rows_of(read) == {id_: row[:2] for id_, row in model.now.items()}
        finally:
            for store in (*self.dropped, self.store):
                store.close()
            shutil.rmtree(self.folder)


def rows_of(read):
    return {row["id"]: (row["version"], row["name"]) for row in read.to_pylist()}


def run(machine, examples, steps):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.reuse, Phase.generate],  # to make a failure shorter takes many minutes
            suppress_health_check=_SLOW,
        ),
    )


def test_a_store_in_a_file_is_what_a_dictionary_would_be():
    run(Machine, 8, 25)


@pytest.mark.soak
def test_a_store_in_a_file_is_what_a_dictionary_would_be_for_long():
    run(Machine, 400, 50)


def on_a_server(server, template):
    """Return the machine whose stores are each in a database of its own."""

    class OnServer(Machine):
        def place(self):
            return server.database(template)

        def teardown(self):
            try:
                super().teardown()
            finally:
                server.drop_made()

    return OnServer


@pytest.mark.postgis
def test_a_store_on_a_server_is_what_a_dictionary_would_be(server, store_template):
    run(on_a_server(server, store_template), 3, 20)


@pytest.mark.soak
@pytest.mark.postgis
def test_a_store_on_a_server_is_what_a_dictionary_would_be_for_long(server, store_template):
    run(on_a_server(server, store_template), 60, 50)
