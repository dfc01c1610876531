"""The jobs of a store made ready to be matched, one matcher for each basis, and kept in step."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections import OrderedDict
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final, Literal

from fastapi import Depends, Request

from api.jobs.streets import no_streets
from api.parameters import MAX_LIMIT
from api.problems import Problem, ProblemError, logged
from api.stored import store_of
from geo_match._jit import told_of_compiling
from geo_match.errors import ArgumentError
from geo_match.index import ClosedIndexError
from geo_match.matching import MatchOptions
from geo_match.matching.live import LiveMatcher
from geo_match.store import StoreError
from geo_match.store.replica import ReplicaError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from geo_match.matching.live.live_matcher import MatcherAt
    from geo_match.store import Cursor, Store
    from geo_match.walking import Network

    Basis = Literal["geodesic", "walking"]

_LOG: Final = logging.getLogger(__name__)
_BEHIND: Final = "urn:geo-match:problem:matching-behind"
_BUSY: Final = "urn:geo-match:problem:matching-busy"
_EVERY_S: Final = 0.05
"""How often the feed is looked at; while it is busy it is eight times as long."""
_RESTS_AFTER_S: Final = 30.0
"""What nobody asks for takes no processor from who is answered of other things."""
_DAYS_KEPT: Final = 2
"""Other days than today for which the jobs are kept ready."""
_NOBODY: Final = {"id": "0", "lon": 117.38, "lat": 32.92, "birth_year": 1930, "sex": "male"}
"""A seeker whom something keeps from each job, so that all is asked."""


class Matchers:
    """The matchers of one worker; for concurrent requests.

    Each is opened when it is first asked, or by `warm`, and follows the feed in a thread: whoever
    asks is answered at once, also while jobs are imported. One that nobody asked for long rests:
    who asks it next waits until it has come to where the feed ends.

    Parameters
    ----------
    store
        Stays open while this is.
    network
        The streets; None without.
    """

    def __init__(self, store: Store, network: Network | None) -> None:
        self._store = store
        self._network = network
        self._opening = threading.Lock()
        self._live: dict[Basis, LiveMatcher] = {}
        self._keeping = threading.Lock()
        self._preparing = threading.Lock()
        self._comparing = threading.Lock()
        # By basis and day: what it was made of, and what it is.
        self._others: OrderedDict[tuple[Basis, dt.date], tuple[MatcherAt, MatcherAt]] = (
            OrderedDict()
        )
        self._is_closed = False

    def shown(self, basis: Basis) -> MatcherAt:
        """Return the jobs of a basis as they are shown now, with the usual options.

        Raises
        ------
        ProblemError
            If the jobs cannot be followed at the moment.
        ArgumentError
            If there are no streets to walk.
        StoreError
            If the store cannot be read.
        """
        live = self._live.get(basis) or self._opened(basis)
        try:
            return live.snapshot()
        except ReplicaError as error:
            _LOG.warning("%s", error)
            if error.has_ended:
                self._drop(basis, live)
            raise _behind() from error

    def asking(self, at: MatcherAt, options: MatchOptions) -> MatcherAt:
        """Return the same jobs, to be asked by other options of the same basis.

        Parameters
        ----------
        at
            As `shown` returned it.
        options
            Without a day it is that of `at`.

        Raises
        ------
        ArgumentError
            If the jobs cannot be made ready for the day.
        """
        if options.on is None or options.on == at.options.on:
            return at.asking(options)
        return self._on(options.on, at).asking(options).at_place(at.cursor)

    @contextmanager
    def comparing(self) -> Iterator[None]:
        """Compare the matches of two times: one at a time, since it may take much memory.

        Raises
        ------
        ProblemError
            If another is at it.
        """
        if not self._comparing.acquire(blocking=False):
            raise _busy()
        try:
            yield
        finally:
            self._comparing.release()

    def catch_up(self) -> Cursor:
        """Take in what the store has now; return its place in the feed.

        Raises
        ------
        ProblemError
            If it cannot be followed at the moment.
        StoreError
            If the store cannot be read.
        """
        self.shown("geodesic")
        cursors = []
        for one in list(self._live.values()):
            try:
                cursors.append(one.catch_up())
            except ClosedIndexError:
                raise _behind() from None
        return min(cursors, key=lambda cursor: cursor.seq)

    def warm(self) -> None:
        """Open the matchers, and ask them once: kernels that are in no cache are compiled.

        What keeps one from it is logged: whoever asks it hears of it.
        """
        bases: list[Basis] = ["geodesic"]
        if self._network is not None:
            bases.append("walking")
        with told_of_compiling(_say_compiling, lambda: None):
            for basis in bases:
                try:
                    at = self.shown(basis)
                    asked = at.prepare(_NOBODY)
                    at.match_one("0", among=asked, explained=True)
                    at.match_one({"id": "0", "lon": 117.38, "lat": 32.92}, explained=True)
                    at.shortfall(asked)
                except (ArgumentError, ProblemError, StoreError) as error:
                    said = error if isinstance(error, ProblemError) else logged(error)
                    _LOG.warning("Matching (%s) is not ready: %s", basis, said)

    def close(self) -> None:
        """Follow no more."""
        with self._opening:
            self._is_closed = True
            for one in self._live.values():
                one.close()

    def _opened(self, basis: Basis) -> LiveMatcher:
        with self._opening:
            if self._is_closed:
                raise _behind()
            if basis not in self._live:
                if basis == "walking" and self._network is None:
                    raise no_streets()
                options = MatchOptions(
                    limit=MAX_LIMIT,
                    basis=basis,
                    network=self._network if basis == "walking" else None,
                    occupations=self._store.occupations(),
                )
                self._live[basis] = LiveMatcher(
                    self._store,
                    options,
                    follow=True,
                    every_s=_EVERY_S,
                    rests_after_s=_RESTS_AFTER_S,
                )
            return self._live[basis]

    def _drop(self, basis: Basis, ended: LiveMatcher) -> None:
        """Let the next request open a new one."""
        with self._opening:
            if self._live.get(basis) is ended:
                del self._live[basis]
        with suppress(ClosedIndexError):
            ended.close()

    def _on(self, day: dt.date, at: MatcherAt) -> MatcherAt:
        """Return the jobs made ready for another day; those of few days are kept.

        They are made one after the other, while who asks for today is answered.
        """
        name = (at.options.basis, day)
        made = self._kept(name, at)
        if made is None:
            with self._preparing:
                made = self._kept(name, at)  # who had it made meanwhile has kept it
                if made is None:
                    made = at.asking(dataclasses.replace(at.options, on=day))
                    self._keep(name, at, made)
        return made

    def _kept(self, name: tuple[Basis, dt.date], at: MatcherAt) -> MatcherAt | None:
        """Return what is kept of a day, if its jobs are those; it is kept longest then."""
        with self._keeping:
            of, made = self._others.get(name, (None, None))
            if of is None or not of.has_jobs_of(at):
                return None
            self._others.move_to_end(name)
            return made

    def _keep(self, name: tuple[Basis, dt.date], of: MatcherAt, made: MatcherAt) -> None:
        with self._keeping:
            self._others[name] = of, made
            self._others.move_to_end(name)
            while len(self._others) > _DAYS_KEPT:
                self._others.popitem(last=False)


def _say_compiling() -> None:
    _LOG.warning("Compiling kernels of matching, once after an installation: up to half a minute.")


def _behind() -> ProblemError:
    return ProblemError(
        Problem(
            type=_BEHIND,
            title="Matching is behind",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            detail="The jobs cannot be followed at the moment. Ask again.",
        ),
        {"Retry-After": "1"},
    )


def _busy() -> ProblemError:
    return ProblemError(
        Problem(
            type=_BUSY,
            title="Others are being answered",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            detail="The changes of matches are told to one at a time. Ask again.",
        ),
        {"Retry-After": "1"},
    )


def matchers_of(request: Request) -> Matchers:
    """Return the matchers of the application that a request came to.

    Raises
    ------
    ProblemError
        If it serves a file.
    """
    store_of(request)
    matchers: Matchers = request.app.state.matchers
    return matchers


async def _matchers(request: Request) -> Matchers:
    return matchers_of(request)


ServedMatchers = Annotated[Matchers, Depends(_matchers)]
"""The matchers; a problem for who asks a server of a file."""
