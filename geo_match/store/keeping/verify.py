"""Whether a store is sound: its file, its feed, and its records as the feed tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from geo_match.records import RECORDS
from geo_match.store.errors import StoreCorruptError
from geo_match.store.keeping._breaking import Breaking
from geo_match.store.keys.faults import FAULTS as KEY_FAULTS
from geo_match.store.reading.feed import Head
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.images import Forms
from geo_match.store.schema.tables import AMENDED, CHANGES, FEED, FORMS, IMPORTS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ClauseElement, Connection, Select

    from geo_match.store.database import Database

_AT_ONCE: Final = 5_000  # rows in memory as objects; SQLite takes 32,766 parameters
_SHOWN: Final = 5  # of each kind of fault
_OPS: Final = ("put", "remove", "erase")


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in a store.

    Parameters
    ----------
    records, changes
        How many there are.
    faults
        A sentence each, with the numbers or keys of what is wrong; five of each kind at most, and
        how many more there are. None of them shows a value of a record. Damage comes first.
    broken
        The last of the faults: that values break the rules of their kind. Such a store is whole,
        and can be backed up and restored as it is.
    """

    records: int
    changes: int
    faults: tuple[str, ...]
    broken: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def damage(self) -> tuple[str, ...]:
        """The faults of the store itself: it does not hold what was written."""
        return self.faults[: len(self.faults) - len(self.broken)]


@dataclass(slots=True)
class _Faults:
    """Faults as they are found.

    Parameters
    ----------
    told
        The sentences of damage.
    broken
        Those of values that break a rule.
    """

    told: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, fault: str) -> None:
        """Add a fault that there is once."""
        self.told.append(fault)

    def add_some(self, found: Sequence[str], n: int) -> None:
        """Add the first faults of one kind, of which there are n."""
        self.told.extend(_first(found, n))

    def add_broken(self, found: Sequence[str], n: int) -> None:
        """Add the first records that break one rule, of which there are n."""
        self.broken.extend(_first(found, n))


def _first(found: Sequence[str], n: int) -> list[str]:
    more = [f"… and {n - _SHOWN:,} more of these."] if n > _SHOWN else []
    return [*found[:_SHOWN], *more]


def verify(database: Database) -> Verified:
    """Check a store, as it is at one moment; others may write meanwhile.

    Checked are: a SQLite file by SQLite's own `integrity_check`; that the numbers of changes have
    no gap from the horizon to the counter, and their moments never decrease; that each record
    equals the last image of its key, and each last image that was put has its record; that each
    keeps the rules of its kind; that what was erased has no image; that forms, imports and amended
    changes that are named are there; and that keys and sessions are such as are issued.

    Parameters
    ----------
    database
        Of a store in today's form.

    Returns
    -------
    Verified
        Memory is bounded by some thousand rows, whatever the store's size.

    Raises
    ------
    StoreError
        If it cannot be read for another reason than damage.
    """
    faults = _Faults()
    records = changes = 0
    try:
        with database.reading() as connection:
            if database.is_file:
                _check_file(connection, faults)
            changes = int(
                connection.execute(select(func.count()).select_from(CHANGES)).scalar_one()
            )
            head = _head(connection, faults)
            if head is not None:
                _check_feed(connection, head, faults)
            _check_names(connection, faults)
            _check_erased(connection, faults)
            for query, sentence in KEY_FAULTS:
                _collect(connection, query, sentence, faults)
            forms = Forms.of(connection)
            told = _count_last(connection)
            for kind in RECORDS:
                records += _check_records(connection, forms, kind, told.get(kind, 0), faults)
    except StoreCorruptError as error:
        faults.add(f"The file cannot be read to its end: {error.found}.")
    found = (*faults.told, *faults.broken)
    return Verified(records, changes, found, tuple(faults.broken))


def _check_file(connection: Connection, faults: _Faults) -> None:
    said = connection.exec_driver_sql("PRAGMA integrity_check(100)").scalars().all()
    if said != ["ok"]:
        lines = [line for one in said for line in str(one).splitlines()]
        faults.add_some([f"The file is damaged: {line}." for line in lines], len(lines))


def _head(connection: Connection, faults: _Faults) -> Head | None:
    rows = connection.execute(select(*FEED.columns)).all()
    if len(rows) != 1:
        faults.add(f"The feed has {len(rows)} counters in the place of one.")
        return None
    return Head(*rows[0])


def _check_feed(connection: Connection, head: Head, faults: _Faults) -> None:
    """Check the numbers and moments of the changes against each other and the counter."""
    if not 0 <= head.horizon <= head.seq:
        faults.add(f"The horizon is {head.horizon}, outside 0 to the counter {head.seq}.")
    last = connection.execute(
        select(CHANGES.c.seq, CHANGES.c.committed_at).order_by(CHANGES.c.seq.desc()).limit(1)
    ).first()
    known = min(head.horizon, head.seq)  # changes up to it may be gone, the last one among them
    last_seq = known if last is None else max(last.seq, known)
    if last_seq != head.seq:
        faults.add(f"The counter is at {head.seq}, the last change has the number {last_seq}.")
    elif last is not None and last.seq == head.seq and last.committed_at != head.committed_at:
        at, was = head.committed_at, last.committed_at
        faults.add(f"The counter was raised at {at}, its change {last.seq} committed at {was}.")
    before = func.coalesce(func.lag(CHANGES.c.seq).over(order_by=CHANGES.c.seq), head.horizon)
    beyond = (
        select(CHANGES.c.seq, before.label("before")).where(CHANGES.c.seq > head.horizon).subquery()
    )
    _collect(
        connection,
        select(beyond.c.before, beyond.c.seq).where(beyond.c.seq != beyond.c.before + 1),
        "The changes from {0} to {1}, both left out, are missing.",
        faults,
    )
    earlier = func.lag(CHANGES.c.committed_at).over(order_by=CHANGES.c.seq).label("earlier")
    moments = select(CHANGES.c.seq, CHANGES.c.committed_at, earlier).subquery()
    _collect(
        connection,
        select(moments.c.seq, moments.c.committed_at, moments.c.earlier).where(
            moments.c.committed_at < moments.c.earlier
        ),
        "Change {0} was committed at {1}, before the one before it at {2}.",
        faults,
    )


def _check_names(connection: Connection, faults: _Faults) -> None:
    """Check that what changes and records name is there."""
    _collect(
        connection,
        select(CHANGES.c.seq).where(CHANGES.c.op.not_in(_OPS)),
        f"Change {{0}} is none of {', '.join(_OPS)}.",
        faults,
    )
    _collect(
        connection,
        select(CHANGES.c.seq).where(CHANGES.c.kind.not_in(tuple(RECORDS))),
        "Change {0} is of a kind that is not known.",
        faults,
    )
    is_known = select(FORMS.c.id).where(FORMS.c.id == CHANGES.c.form).exists()
    _collect(
        connection,
        select(CHANGES.c.seq).where(CHANGES.c.after.is_not(None)).where(~is_known),
        "The image of change {0} has a form that is not known.",
        faults,
    )
    is_there = select(CHANGES.c.seq).where(CHANGES.c.seq == AMENDED.c.seq).exists()
    _collect(
        connection,
        select(AMENDED.c.seq).where(~is_there),
        "Change {0} is marked as amended, and is not there.",
        faults,
    )
    for kind, table in TABLES.items():
        known = select(IMPORTS.c.id)
        _collect(
            connection,
            select(table.c.key)
            .where(table.c.import_id != 0)
            .where(table.c.import_id.not_in(known)),
            f"The record {{0}} of {kind} is of an import that is not known.",
            faults,
        )


def _check_erased(connection: Connection, faults: _Faults) -> None:
    erased = select(CHANGES.c.key).where(CHANGES.c.op == "erase")
    _collect(
        connection,
        select(CHANGES.c.key, CHANGES.c.seq)
        .where(CHANGES.c.key.in_(erased))
        .where(CHANGES.c.after.is_not(None)),
        "{0} was erased, and has an image in change {1}.",
        faults,
    )


def _check_records(
    connection: Connection, forms: Forms, kind: str, n_told: int, faults: _Faults
) -> int:
    """Check the records of a kind by its rules and the feed; return how many there are.

    Parameters
    ----------
    n_told
        How many last images of the kind the feed has.
    """
    schema = record_schema(kind)
    names = schema.names
    differing: list[str] = []
    breaking = Breaking(kind, schema, _SHOWN)
    n = n_right = n_wrong = 0
    for rows in _blocks(connection, _statements.select_kept(connection, kind, ["key", *names])):
        n += len(rows)
        told = _last_images(connection, kind, [row[0] for row in rows])
        breaking.look(rows)
        for key, *values in rows:
            form, after = told.get(key, (None, None))
            if form is not None and _is_image(forms, form, after, names, values):
                n_right += 1
                continue
            n_wrong += 1
            if len(differing) < _SHOWN:
                differing.append(
                    f"The record {key} of {kind} is not in the feed."
                    if form is None
                    else f"The record {key} of {kind} is another than its last image."
                )
    faults.add_some(differing, n_wrong)
    faults.add_some(*breaking.unreadable)
    for sentences, n_of_rule in breaking.found():
        faults.add_broken(sentences, n_of_rule)
    # A record that equals its image has the image's id. So as many of them as there are last
    # images means that each of these has its record.
    if n_right != n_told:
        _find_missing(connection, forms, kind, faults)
    return n


def _is_image(
    forms: Forms, form: int, after: str | None, names: list[str], values: list[Any]
) -> bool:
    try:
        return after is not None and forms.row(form, after, names) == values
    except StoreCorruptError:  # no such form, or no list of its length
        return False


def _last_of(keys: Sequence[str] | None) -> Any:  # noqa: ANN401 - SQLAlchemy's subquery
    last = select(func.max(CHANGES.c.seq).label("seq")).group_by(CHANGES.c.key)
    return (last if keys is None else last.where(CHANGES.c.key.in_(keys))).subquery()


def _last_images(
    connection: Connection, kind: str, keys: list[str]
) -> dict[str, tuple[int | None, str | None]]:
    """Return the form and image of the last change of some keys, of those last put."""
    last = _last_of(keys)
    query = (
        select(CHANGES.c.key, CHANGES.c.form, CHANGES.c.after)
        .join(last, CHANGES.c.seq == last.c.seq)
        .where(CHANGES.c.op == "put")
        .where(CHANGES.c.kind == kind)
    )
    return {key: (form, after) for key, form, after in connection.execute(query)}


def _count_last(connection: Connection) -> dict[str, int]:
    """Return how many records there are of each kind, as the feed tells."""
    last = _last_of(None)
    query = (
        select(CHANGES.c.kind, func.count())
        .join(last, CHANGES.c.seq == last.c.seq)
        .where(CHANGES.c.op == "put")
        .group_by(CHANGES.c.kind)
    )
    return {kind: int(n) for kind, n in connection.execute(query)}


def _find_missing(connection: Connection, forms: Forms, kind: str, faults: _Faults) -> None:
    """Tell of last images that have no record."""
    last = _last_of(None)
    query = (
        select(CHANGES.c.key, CHANGES.c.seq, CHANGES.c.form, CHANGES.c.after)
        .join(last, CHANGES.c.seq == last.c.seq)
        .where(CHANGES.c.op == "put")
        .where(CHANGES.c.kind == kind)
    )
    missing: list[str] = []
    n = 0
    for rows in _blocks(connection, query):
        ids = {key: _id_of(forms, form, after) for key, _, form, after in rows}
        found = _statements.fetch_by_ids(
            connection, kind, ["key"], [one for one in ids.values() if one], lock=False
        )
        there = {key for (key,) in found}
        there |= _with_other_ids(connection, kind, sorted(set(ids) - there))
        gone = [(key, seq) for key, seq, *_ in rows if key not in there]
        n += len(gone)
        missing += [f"Change {seq} put {key}, which {kind} has not." for key, seq in gone[:_SHOWN]]
    faults.add_some(missing, n)


def _with_other_ids(connection: Connection, kind: str, keys: list[str]) -> set[str]:
    """Return those keys that records have whose ids are not their images': these are told of."""
    if not keys:
        return set()
    table = TABLES[kind]
    return set(connection.execute(select(table.c.key).where(table.c.key.in_(keys))).scalars())


def _id_of(forms: Forms, form: int | None, after: str | None) -> str | None:
    try:
        if form is None or after is None:
            return None
        (found,) = forms.row(form, after, ["id"])
    except StoreCorruptError:
        return None
    return str(found)


def _collect(connection: Connection, query: Select[Any], sentence: str, faults: _Faults) -> None:
    """Add a sentence for each row of a query, in its order, of the first few."""
    found: list[str] = []
    n = 0
    for rows in _blocks(connection, query):
        n += len(rows)
        found += [sentence.format(*row) for row in rows[: max(0, _SHOWN - len(found))]]
    faults.add_some(found, n)


def _blocks(connection: Connection, query: ClauseElement) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query in blocks, as the driver gives them, never all at once."""
    statement, values = _statements.compiled(connection, query)
    result = connection.exec_driver_sql(
        statement, values, execution_options={"stream_results": True}
    )
    while rows := result.fetchmany(_AT_ONCE):
        yield rows
