"""What requests about coverage are answered from: made with the application, one a worker."""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from fastapi import Depends, Request

from api.coverage.exact import Exact
from api.coverage.folder import NotWritableError
from api.coverage.releases import (
    WAIT_S,
    NotReleasedError,
    Releases,
    day_in_china,
)
from api.coverage.single_flight import NotReadyError, SingleFlight
from api.coverage.supposed import Suppositions
from api.coverage.town import NothingToTellError, read_supply
from api.problems import Problem, ProblemError
from api.stored import ServedStore
from geo_match.errors import FileError
from geo_match.store import path_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection

    from api.coverage.release import Release
    from api.settings import Settings
    from geo_match.store import Store

_Told = TypeVar("_Told")
_ANSWERS: Final = 64
_SUPPLIES: Final = 3
_RETRY_AFTER_S: Final = "5"
_URN: Final = "urn:geo-match:problem:"
_LOG = logging.getLogger(__name__)


class Coverages:
    """Published and exact coverage of a store.

    Parameters
    ----------
    store
        Of which.
    folder
        Where releases are written down; None if there is no place for them.
    today
        Returns the day in China.
    wait_s
        Seconds that somebody waits for what is published.
    """

    def __init__(
        self,
        store: Store,
        folder: Path | None,
        *,
        today: Callable[[], dt.date] = day_in_china,
        wait_s: float = WAIT_S,
    ) -> None:
        self.today = today
        self._wait_s = wait_s
        self.exact = Exact(store)
        self.answers: SingleFlight[bytes] = SingleFlight(_ANSWERS)
        self.suppositions = Suppositions()
        self._store = store
        self._supplies: SingleFlight[pa.Table] = SingleFlight(_SUPPLIES)
        self._releases = (
            None if folder is None else Releases(store, folder, today=today, wait_s=wait_s)
        )

    @property
    def releases(self) -> Releases:
        """What was published.

        Raises
        ------
        ProblemError
            If there is no place where it could be written down.
        """
        if self._releases is None:
            raise no_releases()
        return self._releases

    def begin(self) -> None:
        """Have the last month-end published before anybody asks; nobody waits for it.

        Nothing is begun where there is no place for it.

        Raises
        ------
        GeoMatchError
            If the store cannot be read.
        """
        if self._releases is not None:
            self._releases.begin()

    def release(self, on: dt.date | None) -> Release:
        """Return what was published of a month-end.

        Raises
        ------
        ProblemError
            If there is nothing, or it is still being made.
        GeoMatchError
            If the store cannot be read, or its records make no coverage.
        """
        return self.told(lambda: self.releases.at(on))

    def supply(
        self,
        kind: Literal["jobs", "stations", "sites"],
        sites_served: Callable[[], Collection[str]],
    ) -> pa.Table:
        """Return the places that there are today, which are public.

        Parameters
        ----------
        kind
            Of what.
        sites_served
            Returns the ids of the sites that have a job that is served: others are not public.

        Raises
        ------
        StoreError
            If the store cannot be read.
        ProblemError
            If it takes too long.
        """
        cursor, day = self._store.cursor(), self.today()

        def read() -> pa.Table:
            supply = read_supply(self._store, kind, day, cursor)
            if kind != "sites":
                return supply
            served = pa.array(sorted(sites_served()), pa.string())
            return supply.filter(pc.is_in(supply.column("id"), value_set=served))

        key = (str(cursor), kind, day)
        return self.told(lambda: self._supplies.get(key, read, wait_s=self._wait_s))

    def answer(self, key: tuple[object, ...], make: Callable[[], bytes]) -> bytes:
        """Return an answer that is the same for all who ask, made once.

        Raises
        ------
        ProblemError
            If it is still being made.
        """
        return self.told(lambda: self.answers.get(key, make, wait_s=self._wait_s))

    @staticmethod
    def told(ask: Callable[[], _Told]) -> _Told:
        """Return what is asked for; why there is none, as a problem."""
        try:
            return ask()
        except NothingToTellError:
            raise _problem(
                HTTPStatus.NOT_FOUND,
                "nothing-to-tell",
                "Nothing to tell",
                "The store has no households, or no communities, to tell of.",
            ) from None
        except NotReleasedError as error:
            raise _problem(
                HTTPStatus.NOT_FOUND,
                "not-released",
                "Not released",
                f"Only the last month-end is published, {error.last.isoformat()}: whoever has the "
                "figures of two subtracts them.",
            ) from None
        except NotWritableError as error:
            _LOG.error("%s", error)
            raise _problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "release-not-writable",
                "Release not writable",
                "What is to be published cannot be written down, and so is not made; the fault is "
                "logged, with what to do.",
            ) from None
        except FileError as error:
            _LOG.error("%s", error)
            raise _problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "release-not-readable",
                "Release not readable",
                "What was published cannot be read; the fault is logged, with what to do.",
            ) from None
        except NotReadyError:
            raise _problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "being-made",
                "Being made",
                "This is being computed, and then kept. Ask again in a moment.",
                {"Retry-After": _RETRY_AFTER_S},
            ) from None


def _problem(
    status: HTTPStatus, kind: str, title: str, detail: str, headers: dict[str, str] | None = None
) -> ProblemError:
    problem = Problem(type=_URN + kind, title=title, status=status, detail=detail)
    return ProblemError(problem, headers)


def not_there(detail: str) -> ProblemError:
    """Return what to raise where a level or an area is not there."""
    return _problem(HTTPStatus.NOT_FOUND, "no-such-area", "No such area", detail)


def no_releases() -> ProblemError:
    """Return what to raise where there is no place for what is published."""
    return _problem(
        HTTPStatus.NOT_FOUND,
        "no-releases",
        "No releases",
        "This server has no folder for what is published. Its operator can set "
        "GEO_MATCH_PUBLISHED.",
    )


def folder_of(settings: Settings) -> Path | None:
    """Return where releases lie: beside the store's file if no setting says; None for nowhere."""
    if settings.published is not None:
        return settings.published
    path = path_of(settings.store or "")
    return None if path is None else path.with_name(f"{path.name}.published")


def open_coverages(store: Store, settings: Settings) -> Coverages:
    """Return the coverage of a store."""
    return Coverages(store, folder_of(settings))


async def _coverages_of(request: Request, _: ServedStore) -> Coverages:
    coverages: Coverages = request.app.state.coverages
    return coverages


ServedCoverages = Annotated[Coverages, Depends(_coverages_of)]
"""The coverage of the application that a request came to; a problem for a server of a file."""
