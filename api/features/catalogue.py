"""The collections: what each has, who may read it, and of what its features are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from api.features.places import (
    COMMUNITY,
    SITE,
    STATION,
    read_communities,
    read_stations,
    sites_of,
)
from api.features.published import CELL, COVERAGE, GAP, cells_of, coverage_of, gaps_of
from api.jobs.view import StoreView
from api.stored import store_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi import Request

    from api.access.scopes import Scope
    from api.coverage.release import Release
    from api.features.query import Property
    from api.features.table import Table
    from geo_match.store import Store

_CELL_DEG: Final = 0.02
"""More than any H3 cell of resolution 8 is wide, within 55 degrees of the equator: 1.2 km."""


class Made(NamedTuple):
    """Of what features are made.

    Parameters
    ----------
    basis
        Objects that never change; as long as they are the same, the features are.
    make
        Makes them.
    """

    basis: tuple[object, ...]
    make: Callable[[], Table]


@dataclass(frozen=True)
class Collection:
    """A collection of features.

    Parameters
    ----------
    id, title, description
        What it is.
    scope
        Of who may read it.
    properties
        What its features have, by name.
    of
        Returns of what they are made, for a request; raises a problem where they are not there.
    lies_like
        The collection that lies where this one does, and is quicker to be made.
    beyond_deg
        How far features of this one may lie beyond that, degrees.
    """

    id: str
    title: str
    description: str
    scope: Scope
    properties: Mapping[str, Property]
    of: Callable[[Request], Made]
    lies_like: str | None = None
    beyond_deg: float = 0.0


def _stored(request: Request) -> tuple[Store, StoreView]:
    store, shown = store_of(request), request.app.state.jobs.now()
    if not isinstance(shown, StoreView):  # never, where there is a store
        raise TypeError
    return store, shown


def _stations(request: Request) -> Made:
    # What is shown has other stations after each change of one, and each day.
    store, shown = _stored(request)
    return Made((shown.stations,), lambda: read_stations(store, shown.day))


def _communities(request: Request) -> Made:
    store, shown = _stored(request)
    return Made((shown.communities,), lambda: read_communities(store))


def _sites(request: Request) -> Made:
    shown = request.app.state.jobs.now()
    basis = (shown.jobs, shown.employers) if isinstance(shown, StoreView) else (shown,)
    return Made(basis, lambda: sites_of(shown))


def _release(request: Request) -> Release:
    store_of(request)
    release: Release = request.app.state.coverages.release(None)
    return release


def _coverage(request: Request) -> Made:
    release = _release(request)
    return Made((release,), lambda: coverage_of(release))


def _cells(request: Request) -> Made:
    release = _release(request)
    return Made((release,), lambda: cells_of(release))


def _gaps(request: Request) -> Made:
    release = _release(request)
    return Made((release,), lambda: gaps_of(release))


_ALL: Final = (
    Collection(
        "stations",
        "服务网点 Service stations",
        "The service stations that are open today.",
        "stations:read",
        STATION,
        _stations,
    ),
    Collection(
        "sites",
        "招聘地点 Job sites",
        "Places of work with open jobs of verified employers: those that `/v1/jobs` serves.",
        "jobs:read",
        SITE,
        _sites,
    ),
    Collection(
        "communities",
        "社区 Communities",
        "Communities and villages with their areas.",
        "coverage:read",
        COMMUNITY,
        _communities,
    ),
    Collection(
        "coverage",
        "服务覆盖 Published coverage",
        "Communities, with how many households have a vacancy within 1, 2, 3 and 5 km, as was "
        "published of the last month-end: fewer than 10 are kept back, others rounded.",
        "coverage:read",
        COVERAGE,
        _coverage,
        "communities",
    ),
    Collection(
        "gaps",
        "服务盲区 Gap areas",
        "Of each community the ground beyond 3000 m from all vacancies, lived in or not, as of "
        "the last month-end that was published: drawing aids with their tolerance.",
        "coverage:read",
        GAP,
        _gaps,
        "communities",
    ),
    Collection(
        "cells",
        "格网 H3 cells",
        "H3 cells of resolution 8 that touch a community, with how many households have a vacancy "
        "within 3000 m, as was published of the last month-end. A release of a city of many "
        "communities has no cells.",
        "coverage:read",
        CELL,
        _cells,
        "communities",
        _CELL_DEG,
    ),
)
COLLECTIONS: Final[Mapping[str, Collection]] = {one.id: one for one in _ALL}
"""All of them by id."""
