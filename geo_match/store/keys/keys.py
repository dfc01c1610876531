"""The keys of a store: issued, found, listed, revoked; and the sessions that are opened with them.

They stand outside the feed: no follower is told of them. What is asked is read from the database
each time, so that a key which somebody has revoked opens nothing from then on, in any process.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from geo_match.errors import ArgumentError
from geo_match.store.keys import issuing
from geo_match.store.keys.records import Key, Session
from geo_match.store.keys.secret import (
    HASH_LENGTH,
    hash_of,
    id_in,
    is_same,
    is_session,
    mask_secrets,
    new_key,
    new_session,
)
from geo_match.store.schema.statements import text_of
from geo_match.store.schema.tables import API_KEYS, SESSIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

    from geo_match.store.database import Database

MOST_LASTING_S: Final = 30 * 86_400.0
"""Longest life of a session, seconds: who asks for more is to use the key."""
_NO_HASH: Final = "0" * HASH_LENGTH
_KNOWN: Final = [API_KEYS.c[name] for name in Key.__dataclass_fields__]
_MOMENTS: Final = frozenset({"created_at", "expires_at", "revoked_at"})
_FIND: Final = select(*_KNOWN, API_KEYS.c.hash).where(API_KEYS.c.id == bindparam("asked"))
_FIND_SESSION: Final = (
    select(*_KNOWN, SESSIONS.c.hash, SESSIONS.c.expires_at.label("ends_at"))
    .join_from(SESSIONS, API_KEYS, SESSIONS.c.key_id == API_KEYS.c.id)
    .where(SESSIONS.c.hash == bindparam("asked"))
)


class Keys:
    """The keys of one store; any number of threads may ask.

    Parameters
    ----------
    database
        Of the store, in today's form.
    clock
        Returns the moment, UTC, without a zone.
    """

    def __init__(self, database: Database, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._clock = clock

    def issue(
        self,
        *,
        role: str,
        label: str,
        community: str | None = None,
        expires_at: dt.datetime | None = None,
    ) -> tuple[Key, str]:
        """Make a key.

        Parameters
        ----------
        role
            One of `ROLES`.
        label
            Whose it is, such as an office or a system: one line, nothing personal.
        community
            The area of the role community: 12 digits of a community, or the first 9 or 6 of its
            street's or district's. The store has a community there.
        expires_at
            From when on it opens nothing; None for never.

        Returns
        -------
        tuple
            What is known of it, and the key itself. Nobody can tell that again: of it the store
            keeps a hash.

        Raises
        ------
        ArgumentError
            If one of these breaks its rule.
        StoreError
            If it cannot be written; there is no such key then.
        """
        issuing.check_role(role)
        label, area, now = (
            issuing.check_label(label),
            issuing.check_area(role, community),
            self._now(),
        )
        issuing.check_expiry(expires_at, now)
        ends_at = None if expires_at is None else expires_at.astimezone(dt.UTC)
        id_, secret = new_key()
        key = Key(id_, role, label, area, now, ends_at, None)
        row = {name: _kept(getattr(key, name)) for name in Key.__dataclass_fields__}

        def act(connection: Connection) -> None:
            if area is not None:
                issuing.check_known(connection, area)
            connection.execute(insert(API_KEYS).values(hash=hash_of(secret), **row))

        self._database.write(act)
        return key, secret

    def find(self, secret: str) -> Key | None:
        """Return the key of a secret; None if there is none, or it has expired or was revoked.

        Blanks around it, or capitals, make another secret. A wrong one takes as long as the right
        one, whether or not there is a key of its id.
        """
        id_ = id_in(secret)
        if id_ is None:
            return None
        text = text_of(self._database.engine.dialect.name, _FIND)
        rows = self._database.rows(text, (id_,))
        *known, hash_ = rows[0] if rows else (_NO_HASH,)
        if not is_same(hash_, secret) or not known:
            return None
        key = Key(*map(_of_driver, Key.__dataclass_fields__, known))
        return key if key.is_valid(self._now()) else None

    def list(self) -> tuple[Key, ...]:
        """Return what is known of all keys, in the order in which they were made."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(*_KNOWN).order_by(API_KEYS.c.created_at, API_KEYS.c.id)
            ).all()
        return tuple(map(_key_of, rows))

    def revoke(self, id_: str) -> Key:
        """Let a key open nothing from now on, and end its sessions; a second time changes nothing.

        Returns
        -------
        Key
            What is known of it, with the moment at which it was revoked.

        Raises
        ------
        ArgumentError
            If no key has this id.
        StoreError
            If it cannot be written; the key is as it was then.
        """
        now = self._now()

        def act(connection: Connection) -> Row[Any] | None:
            connection.execute(
                update(API_KEYS)
                .where(API_KEYS.c.id == id_)
                .where(API_KEYS.c.revoked_at.is_(None))
                .values(revoked_at=_kept(now))
            )
            connection.execute(delete(SESSIONS).where(SESSIONS.c.key_id == id_))
            return connection.execute(select(*_KNOWN).where(API_KEYS.c.id == id_)).one_or_none()

        row = self._database.write(act)
        if row is None:
            raise ArgumentError(
                "id",
                "be that of a key in the store",
                repr(mask_secrets(id_)),
                "It is what stands between gmk_ and the next _ of a key; the list has all.",
            )
        return _key_of(row)

    def open_session(self, key: Key, lasting_s: float) -> tuple[Session, str]:
        """Open a session with a key that was found.

        Parameters
        ----------
        key
            What `find` returned.
        lasting_s
            How long it lasts, seconds; it ends with its key if that is earlier.

        Returns
        -------
        tuple
            What is known of it, and its secret, which is told this once.

        Raises
        ------
        ArgumentError
            If the key was revoked meanwhile, or the time is not one of 0 to 30 days.
        StoreError
            If it cannot be written.
        """
        if not 0 < lasting_s <= MOST_LASTING_S:
            rule = f"be a number of seconds above 0, up to {MOST_LASTING_S:.0f}"
            raise ArgumentError("lasting_s", rule, repr(lasting_s))
        now, secret = self._now(), new_session()
        ends_at = now + dt.timedelta(seconds=lasting_s)

        def act(connection: Connection) -> Session:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.expires_at <= _kept(now)))
            row = connection.execute(select(*_KNOWN).where(API_KEYS.c.id == key.id)).one_or_none()
            if row is None or not _key_of(row).is_valid(now):
                raise ArgumentError("key", "be valid", f"{key.id!r}, expired or revoked")
            known = _key_of(row)
            last = ends_at if known.expires_at is None else min(ends_at, known.expires_at)
            connection.execute(
                insert(SESSIONS).values(
                    hash=hash_of(secret),
                    key_id=key.id,
                    created_at=_kept(now),
                    expires_at=_kept(last),
                )
            )
            return Session(known, last)

        return self._database.write(act), secret

    def find_session(self, secret: str) -> Session | None:
        """Return the session of a secret; None if there is none, or it or its key has ended.

        It is looked up by its hash: how long that takes tells of hashes, from which nobody comes
        to a secret.
        """
        if not is_session(secret):
            return None
        with self._database.reading() as connection:
            row = connection.execute(_FIND_SESSION, {"asked": hash_of(secret)}).one_or_none()
        if row is None or not is_same(row.hash, secret):
            return None
        session, now = Session(_key_of(row), _told(row.ends_at)), self._now()
        return session if session.key.is_valid(now) and now < session.expires_at else None

    def close_session(self, secret: str) -> bool:
        """End a session; return whether there was one."""
        if not is_session(secret):
            return False
        ended = delete(SESSIONS).where(SESSIONS.c.hash == hash_of(secret))
        return self._database.write(lambda one: one.execute(ended).rowcount > 0)

    def _now(self) -> dt.datetime:
        return _told(self._clock())


def _key_of(row: Any) -> Key:  # noqa: ANN401 - SQLAlchemy's row of these columns
    """Return what is known of a key by its row."""
    return Key(
        id=row.id,
        role=row.role,
        label=row.label,
        community=row.community,
        created_at=_told(row.created_at),
        expires_at=None if row.expires_at is None else _told(row.expires_at),
        revoked_at=None if row.revoked_at is None else _told(row.revoked_at),
    )


def _of_driver(name: str, value: Any) -> Any:  # noqa: ANN401 - of any column
    """Return a value of a key as the driver gives it: a moment may be a text."""
    if name not in _MOMENTS or value is None:
        return value
    return _told(dt.datetime.fromisoformat(value) if isinstance(value, str) else value)


def _kept(value: Any) -> Any:  # noqa: ANN401 - a moment, or anything else
    """Return a moment as the tables have it, UTC without a zone; anything else as it is."""
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def _told(moment: dt.datetime) -> dt.datetime:
    """Return a moment of the tables, or of a clock, with its zone."""
    return moment.replace(tzinfo=dt.UTC)
