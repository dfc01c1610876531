"""The erasure of a person, or of a household: from the records, the past and the feed.

What belongs to whom
    A seeker's spells and services are theirs. Of the household the member with their year of birth
    (of several one with their status) goes, and the head's name if it is theirs; a household of
    nobody else goes with them. Which member of its earlier images they were cannot be told: these
    lose all members and the head's name. An erased household leaves its seekers, now and before.
What stays
    The changes, with their numbers, moments and causes, but no images; for each record a last one,
    `erase`, with its random key: a follower forgets the record by it, and a restored backup, too.
    Of the words with which one of the records was removed before, that it was.
    Figures such as a household's `member_count` stay.
What is not reached
    Free text of others that names the person: remarks, causes of their changes, paths of lists.
    Rejected rows were never in the store: they are in the office's own mending files. Backups, and
    what a server's own log and statistics keep (`geo_match.store.forgetting.scrub`). What other
    processes hold in memory goes when they follow the feed.

The id is theirs, too, and is forgotten: what is taken in under it later is a new record. A digest
of it stays (`geo_match.store.writing.erased_ids`), so that nobody comes back unnoticed, with an
old list, say. It is kept whether or not the store had anything of that id. So do digests of the
households that a seeker named, with the moment (`geo_match.store.writing.losses`): members have no
ids, and an old list must not bring one back either.

An image that lost some fields is marked: what the past tells from then on says how many such
records it has.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from sqlalchemy import bindparam, insert, select, update

from geo_match.errors import ArgumentError
from geo_match.store.forgetting._public_text import check_names_nobody
from geo_match.store.forgetting.naming import TELLING
from geo_match.store.forgetting.restriction import keep_evidence
from geo_match.store.reading import feed
from geo_match.store.reading.pasts import Finder, Image, Past, pasts
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.images import PERSONS, image_of
from geo_match.store.schema.tables import AMENDED, CHANGES, FEED, IMPORTS, TABLES
from geo_match.store.writing import erased_ids, losses
from geo_match.store.writing.expecting import check_expected

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from geo_match.store.database import Database
    from geo_match.store.schema.images import Forms
    from geo_match.store.writing.writer import Writer

_NAMING: Final[dict[str, dict[str, str]]] = {
    "seekers": {"seekers": "id", "spells": "person", "services": "person"},
    "households": {"households": "id", "seekers": "household"},
}
"""By whom is erased: the kinds that tell of them, and the field that says so."""
KINDS: Final = tuple(_NAMING)
"""Those of which somebody can be erased."""
_HOME: Final = {"households": "id"}


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did.

    Parameters
    ----------
    erased
        Keys of the records that are gone, by kind; also of those that had been removed before.
    restricted
        Keys of those among them that are kept out of sight as evidence, by kind.
    changed
        Keys of records of others that lost what they said of the person, by kind.
    unmatched
        Keys of households in whose members the person could not be told: look at them.
    cursor
        The place in the feed from which it is so.
    scrubbed
        Whether the database's files are rid of it, too, as far as `Store.scrub` says. If not, it
        is to be called, and tells why if it cannot.
    """

    erased: Mapping[str, tuple[str, ...]]
    restricted: Mapping[str, tuple[str, ...]]
    changed: Mapping[str, tuple[str, ...]]
    unmatched: tuple[str, ...]
    cursor: feed.Cursor
    scrubbed: bool = False


def erase(
    database: Database,
    forms: Forms,
    writer: Callable[[Connection], Writer],
    kind: str,
    id_: str,
    *,
    public: Mapping[str, str],
    today: dt.date,
    expected: Mapping[str, int | None] | None = None,
) -> Erased:
    """Erase a person or a household in one transaction; the file is not scrubbed yet.

    Parameters
    ----------
    writer
        Returns what writes within a transaction.
    public
        Texts that are kept, by the arguments' names: nothing of the records may be in them.
    today
        Evidence that must be kept until an earlier day is erased.
    expected
        As in `Store.put`.

    Raises
    ------
    ArgumentError
        If the kind is another, or a text that is kept names the person.
    OvertakenError
        If the record is not as expected: nothing is erased then.
    """
    if kind not in KINDS:
        raise ArgumentError("kind", f"be one of {', '.join(KINDS)}", repr(kind))
    finder = Finder(forms)
    with database.reading() as connection:
        mine, others = _found(connection, forms, finder, kind, id_)
    seen = mine + others

    def act(connection: Connection) -> Erased:
        if not database.is_file:
            _lock(connection, seen)
        # Who has this row is alone in writing: what is found now is all there will be.
        connection.execute(select(FEED.c.seq).with_for_update())
        if expected is not None:
            check_expected(connection, database.name, kind, expected)
        mine, others = _found(connection, forms, finder, kind, id_)
        erasing = _Erasing(connection, writer(connection), today)
        known = {id_}.union(
            *(
                {image.values.get(name) for name in TELLING}
                for past in mine
                for image in past.images
            )
        )
        for name, text in public.items():
            check_names_nobody(name, text, {one for one in known if one})
        if kind == "seekers":
            mine = erasing.leave_homes(mine, others, id_)
        else:
            erasing.leave_seekers(others, id_)
        gone = _ids(mine) | {(kind, id_)}
        erased_ids.note(connection, gone)
        erased = erasing.finish(mine)
        losses.note(connection, {one for one in _homes(mine) if ("households", one) not in gone})
        return erased

    return database.write(act)


def is_known(connection: Connection, forms: Forms, kind: str, id_: str) -> bool:
    """Return whether anything is known of an id that could be erased, or was: now or in the past.

    Parameters
    ----------
    kind, id_
        Of a person or a household, as in `Forgetting.erase`.
    """
    mine, others = _found(connection, forms, Finder(forms), kind, id_)
    if mine or others:
        return True
    erased = erased_ids.are_erased(connection, kind, pa.table({"id": pa.array([id_], pa.string())}))
    return bool(erased.any())


def _lock(connection: Connection, records: Iterable[Past]) -> None:
    """Lock records before the counter is taken, each kind by id: all who write do it so.

    One that comes until the counter is ours is not among them. If a writer has it and waits for the
    counter, PostgreSQL ends one of the two, which is then run once more.
    """
    ids = defaultdict(list)
    for past in records:
        if past.is_there:
            ids[past.kind].append(past.last["id"])
    for kind, some in sorted(ids.items()):
        _statements.fetch_by_ids(connection, kind, ["id"], some, lock=True)


def _found(
    connection: Connection, forms: Forms, finder: Finder, kind: str, id_: str
) -> tuple[list[Past], list[Past]]:
    """Return the records that belong to whom is erased, and others that tell of them."""
    naming = _NAMING[kind]
    found = pasts(connection, forms, finder.keys(connection, naming, [id_]))
    if kind == "households":
        return [one for one in found if one.kind == kind], [
            one for one in found if one.kind != kind
        ]
    # A spell that was noted for the wrong person and mended since belongs to another.
    mine = [one for one in found if one.last.get(naming[one.kind]) == id_]
    others = [one for one in found if one.last.get(naming[one.kind]) != id_]
    keys = finder.keys(connection, _HOME, sorted(_homes(mine)))
    return mine, others + pasts(connection, forms, keys)


class _Erasing:
    """One erasure within its transaction."""

    def __init__(self, connection: Connection, writer: Writer, today: dt.date) -> None:
        self._connection = connection
        self._writer = writer
        self._today = today
        self._changed: list[Past] = []
        self._unmatched: list[str] = []

    def leave_homes(self, mine: list[Past], others: Iterable[Past], seeker: str) -> list[Past]:
        """Take a seeker out of the records of others; return all that is to be erased."""
        seekers = [past for past in mine if past.kind == "seekers"]
        names = {image.values.get("name") for past in seekers for image in past.images}
        gone = list(mine)
        for past in others:
            if past.kind != "households":
                self._blank(past, [one for one in past.images if one.values["person"] == seeker])
                continue
            home = past.last
            all_members = left = _members(home)
            at_home = [one.last for one in seekers if one.last.get("household") == home.get("id")]
            for one in at_home:
                left = _without(left, one)
            is_matched = len(left) < len(all_members)
            if at_home and not left and self._is_of_one(home, mine, is_matched=is_matched):
                gone.append(past)
                continue
            head = home.get("head_name")
            now = {"members": _kept(left), "head_name": None if head in names else head}
            is_changed = self._amend(past, past.images, now)
            if is_changed and at_home and not is_matched:
                self._unmatched.append(past.key)
        return gone

    def leave_seekers(self, others: Iterable[Past], household: str) -> None:
        """Take a household out of the records of its seekers."""
        for past in others:
            its = [one for one in past.images if one.values.get("household") == household]
            self._amend(past, its, {"household": None})

    def finish(self, mine: list[Past]) -> Erased:
        """Erase these records, and return what was done."""
        held = keep_evidence(self._connection, mine, today=self._today)
        for kind, keys in _by_kind(mine).items():
            ids = [past.last["id"] for past in mine if past.kind == kind and past.is_there]
            self._writer.erase(kind, ids, keys)
        # Of a list of one person the digest is a digest of the person; only to resume is it needed.
        # A report may name somebody.
        self._connection.execute(
            update(IMPORTS)
            .where(IMPORTS.c.kind.in_(sorted(PERSONS)))
            .where(IMPORTS.c.finished_at.is_not(None))
            .values(digest=None, report=None)
        )
        seq = self._writer.finish()
        now = feed.head(self._connection)
        return Erased(
            _by_kind(mine),
            _by_kind(past for past in mine if past.key in held),
            _by_kind(self._changed),
            tuple(self._unmatched),
            feed.Cursor(now.epoch, now.seq if seq is None else seq),
        )

    def _amend(self, past: Past, images: Iterable[Image], now: Mapping[str, Any]) -> bool:
        """Take fields out of images of a record, and if it says them still, write it anew.

        Parameters
        ----------
        now
            What the record is to say in these fields.

        Returns
        -------
        bool
            Whether there was anything to take out.
        """
        telling = [one for one in images if any(one.values.get(n) is not None for n in now)]
        if not telling:
            return False
        self._changed.append(past)
        says_so = past.is_there and telling[-1].seq == past.newest
        if says_so:
            keep_evidence(self._connection, [past], today=self._today)
        self._connection.execute(
            update(CHANGES)
            .where(CHANGES.c.seq == bindparam("of"))
            .values(after=bindparam("image")),
            [
                {
                    "of": one.seq,
                    "image": image_of([None if n in now else v for n, v in one.values.items()]),
                }
                for one in telling
            ],
        )
        self._mark([one.seq for one in telling])
        if says_so:
            fields = record_schema(past.kind).names
            rows = _statements.fetch_by_ids(
                self._connection, past.kind, fields, [past.last["id"]], lock=True
            )
            row = {**dict(zip(fields, rows[0], strict=True)), **now}
            self._writer.put_rows(past.kind, [tuple(row.values())], [past.key])
        return True

    def _mark(self, seqs: Iterable[int]) -> None:
        """Note of changes that their images have lost something."""
        marked = select(AMENDED.c.seq).where(AMENDED.c.seq.in_(list(seqs)))
        new = set(seqs).difference(self._connection.execute(marked).scalars())
        if new:
            self._connection.execute(insert(AMENDED), [{"seq": seq} for seq in sorted(new)])

    def _blank(self, past: Past, images: Collection[Image]) -> None:
        if not images:  # someone else has blanked them since they were found
            return
        self._changed.append(past)
        self._connection.execute(
            update(CHANGES).where(CHANGES.c.seq == bindparam("of")).values(after=None, form=None),
            [{"of": one.seq} for one in images],
        )

    def _is_of_one(
        self, home: Mapping[str, Any], mine: Iterable[Past], *, is_matched: bool
    ) -> bool:
        """Return whether a household in which no other member is known is nobody else's."""
        count = home.get("member_count")
        if not (count == 1 or (count is None and is_matched)):
            return False
        seekers = TABLES["seekers"]
        living = select(seekers.c.key).where(seekers.c.household == home["id"])
        return {key for (key,) in self._connection.execute(living)} <= {one.key for one in mine}


def _ids(mine: Iterable[Past]) -> set[tuple[str, str]]:
    """Return the ids that are erased of persons and households, each with its kind."""
    return {
        (past.kind, image.values["id"])
        for past in mine
        if past.kind in KINDS
        for image in past.images
    }


def _homes(mine: Iterable[Past]) -> set[str]:
    """Return the households that the seekers among these records name, now or in the past."""
    named = {
        image.values.get("household")
        for past in mine
        if past.kind == "seekers"
        for image in past.images
    }
    return {one for one in named if one is not None}


def _members(home: Mapping[str, Any]) -> list[dict[str, Any]]:
    return json.loads(home["members"] or "[]") or []


def _without(members: list[dict[str, Any]], seeker: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return members without the one who may be the seeker; all if there is none."""
    year, status = seeker["birth_year"], seeker["status"]
    same = [at for at, one in enumerate(members) if year is not None and one["birth_year"] == year]
    if not same:
        return members
    at = next((at for at in same if members[at].get("status") == status), same[0])
    return members[:at] + members[at + 1 :]


def _kept(members: list[dict[str, Any]]) -> str | None:
    """Return members as `geo_match.store.schema.columns` keeps them; null where none are known."""
    if not members:
        return None
    return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _by_kind(records: Iterable[Past]) -> dict[str, tuple[str, ...]]:
    keys: dict[str, list[str]] = defaultdict(list)
    for past in records:
        keys[past.kind].append(past.key)
    return {kind: tuple(some) for kind, some in sorted(keys.items())}
