"""The store behind what is served, for the rooms that read or write its records."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Request

from api.problems import Problem, ProblemError
from geo_match.store import Store

_NO_STORE: Final = "urn:geo-match:problem:no-store"


def store_of(request: Request) -> Store:
    """Return the store of the application that a request came to.

    Raises
    ------
    ProblemError
        If it serves a file.
    """
    store: Store | None = request.app.state.store
    if store is None:
        raise ProblemError(
            Problem(
                type=_NO_STORE,
                title="No store",
                status=HTTPStatus.NOT_FOUND,
                detail="This server serves a file, which has jobs alone. Its operator can serve a "
                "store: GEO_MATCH_STORE.",
            )
        )
    return store


async def _store(request: Request) -> Store:
    return store_of(request)


ServedStore = Annotated[Store, Depends(_store)]
"""The store; a problem for who asks a server of a file."""
