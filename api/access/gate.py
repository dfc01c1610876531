"""The gate of what is served: from a secret to who asks, or from none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Self

from api.access.caller import KEYLESS, Caller
from api.access.scopes import OF_A_FILE, PUBLIC, ROLE_SCOPES, Scope
from geo_match.errors import ArgumentError
from geo_match.intake.invented import are_wholly_invented
from geo_match.records import RECORDS
from geo_match.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo_match.store import Cursor
    from geo_match.store.keys import Key, Session

_ANYBODY: Final = Caller(role=KEYLESS, scopes=PUBLIC, by="nothing")
_ANYBODY_WITH_A_FILE: Final = Caller(role=KEYLESS, scopes=OF_A_FILE, by="nothing")
_MOST_KEPT: Final = 1_000
# The ground of the demonstration is real: of communities no list says that they are invented.
_SAID_OF: Final = tuple(kind for kind in RECORDS if kind != "communities")


class Gate:
    """Who may ask what is served; for concurrent requests.

    Keys stand in the store, and what was looked up there counts until anything is written to it:
    one that was revoked opens nothing from then on. A file has no keys, and no persons: what it
    holds are jobs to be posted. Whoever asks is let in as keyless, whether or not it is marked as
    invented.

    Parameters
    ----------
    store
        What is served; None for a file. `close` closes it.
    is_https
        Whether the server is reached by https alone.
    pulse
        Tells whether anything was written to the store, as `Store.pulse` does, whose it is if None.
    """

    def __init__(
        self,
        store: Store | None,
        *,
        is_https: bool,
        pulse: Callable[[], int | None] | None = None,
    ) -> None:
        self._store = store
        self._pulse = pulse or (_no_pulse if store is None else store.pulse)
        self._unlisted: tuple[Cursor, bool] | None = None
        self._kept: tuple[int, dict[bytes, Caller | None]] | None = None
        self.is_https = is_https

    @classmethod
    def open(
        cls,
        store: str | None,
        *,
        is_https: bool,
        pulse: Callable[[], int | None] | None = None,
    ) -> Self:
        """Open the gate of a store that is there, by its path or URL; None for a file.

        Raises
        ------
        StoreError
            If the store cannot be opened.
        """
        opened = None if store is None else Store.open(store)
        return cls(opened, is_https=is_https, pulse=pulse)

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()

    @property
    def has_sessions(self) -> bool:
        """Whether there are keys here, and so sessions."""
        return self._store is not None

    @property
    def open_scopes(self) -> frozenset[Scope]:
        """What needs no key where anybody may ask without one."""
        return OF_A_FILE if self._store is None else PUBLIC

    def at_hand(self, key: str | None, session: str | None, pulse: int | None) -> Caller | None:
        """Return who asks, if that takes a look at one row of a file at most; else None.

        Parameters
        ----------
        pulse
            Of the store, as of now.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        if self._store is None:
            return self._looked_up(key, session)
        if pulse is None:
            return None
        kept = self._kept
        is_known = kept is not None and kept[0] == pulse and _named(key, session) in kept[1]
        # Of who has no key all lists are looked at, and for a row one may have to wait.
        if not is_known and (key is None or not self._store.is_at_hand):
            return None
        return self._who(key, session, pulse)

    def who(self, key: str | None, session: str | None) -> Caller | None:
        """Return who asks with a key, a session or neither; None where such may not.

        A key counts before a session.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        pulse = self._pulse()
        if pulse is None:
            return self._looked_up(key, session)
        return self._who(key, session, pulse)

    def _who(self, key: str | None, session: str | None, pulse: int) -> Caller | None:
        """Return who asks, as was known at a pulse."""
        kept = self._kept
        if kept is None or kept[0] != pulse:  # looked up later: what is written meanwhile has
            kept = self._kept = pulse, {}  # another pulse
        name = _named(key, session)
        if name in kept[1]:
            known = kept[1][name]
            if known is None:
                return None
            if _is_valid(known):  # what a role may is told by its table alone
                scopes = ROLE_SCOPES.get(known.role, known.scopes)
                return known if scopes is known.scopes else replace(known, scopes=scopes)
        caller = self._looked_up(key, session)
        if len(kept[1]) < _MOST_KEPT:
            kept[1][name] = caller
        return caller

    def _looked_up(self, key: str | None, session: str | None) -> Caller | None:
        if key is not None:
            return self.by_key(key)
        return self.keyless() if session is None else self.by_session(session)

    def by_key(self, secret: str) -> Caller | None:
        """Return whose key a secret is; None if it is nobody's, or opens nothing any more.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        key = None if self._store is None else self._store.api_keys.find(secret)
        return None if key is None else _caller(key)

    def by_session(self, secret: str) -> Caller | None:
        """Return whose session a secret is, as `by_key` does."""
        session = None if self._store is None else self._store.api_keys.find_session(secret)
        return None if session is None else _caller(session.key, session)

    def keyless(self) -> Caller | None:
        """Return who asks without a key; None where nobody may.

        In a store that is while all lists that it was filled from, but those of communities, are
        marked as invented in each of their rows, there is one at least, and nothing was written
        without a list.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        if self._store is None:
            return _ANYBODY_WITH_A_FILE
        if not are_wholly_invented(self._store.sources(*_SAID_OF)):
            return None
        return None if self._has_unlisted(self._store) else _ANYBODY

    def _has_unlisted(self, store: Store) -> bool:
        """Return whether a store has anything that no list brought; told anew once it changes."""
        cursor = store.cursor()  # first: what is written meanwhile has another
        known = self._unlisted
        if known is None or known[0] != cursor:
            known = self._unlisted = cursor, store.has_unlisted(*_SAID_OF)
        return known[1]

    def open_session(self, secret: str, lasting_s: float) -> tuple[Session, str] | None:
        """Open a session with a key; None if that opens nothing.

        Returns
        -------
        tuple
            The session, and its secret.

        Raises
        ------
        StoreError
            If the store cannot be written to.
        """
        if self._store is None:
            return None
        keys = self._store.api_keys
        key = keys.find(secret)
        if key is None:
            return None
        try:
            return keys.open_session(key, lasting_s)
        except ArgumentError as error:
            if error.argument != "key":
                raise
            return None  # revoked in between

    def close_session(self, secret: str) -> None:
        """End a session, if there is one.

        Raises
        ------
        StoreError
            If the store cannot be written to.
        """
        if self._store is not None:
            self._store.api_keys.close_session(secret)


def _caller(key: Key, session: Session | None = None) -> Caller:
    return Caller(
        role=key.role,
        scopes=ROLE_SCOPES[key.role],
        by="key" if session is None else "session",
        key=key.id,
        area=key.community,
        expires_at=key.expires_at if session is None else session.expires_at,
    )


def _no_pulse() -> None:
    """Return None: a file has none."""


def _named(key: str | None, session: str | None) -> bytes:
    """Return a name of secrets that they cannot be told from: it stays in memory."""
    return blake2b(repr((key, session)).encode(), digest_size=32).digest()


def _is_valid(caller: Caller) -> bool:
    return caller.expires_at is None or dt.datetime.now(dt.UTC) < caller.expires_at
