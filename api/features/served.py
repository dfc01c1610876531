"""The features of the application: made when somebody asks for them, kept until they change."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from api.coverage.served import Coverages
from api.coverage.single_flight import SingleFlight
from api.features.catalogue import COLLECTIONS, Collection
from api.problems import Problem, ProblemError, shown

if TYPE_CHECKING:
    from fastapi import Request

    from api.features.table import Table

_WAIT_S: Final = 10.0
_KEPT: Final = 2
_NOT_THERE: Final = "urn:geo-match:problem:no-such-feature"


class _Same:
    """A key of objects that are compared by what they are, not by what they hold."""

    def __init__(self, objects: tuple[object, ...]) -> None:
        self._objects = objects  # held, so that no other object takes the place of one

    def __hash__(self) -> int:
        return hash(tuple(map(id, self._objects)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Same) or len(self._objects) != len(other._objects):
            return False
        return all(a is b for a, b in zip(self._objects, other._objects, strict=True))


class Features:
    """The collections of one application, the last few states of each kept."""

    def __init__(self) -> None:
        self._flights: dict[str, SingleFlight[Table]] = {
            name: SingleFlight(_KEPT) for name in COLLECTIONS
        }

    def makings(self, name: str) -> int:
        """Return how often a collection was made."""
        return self._flights[name].makings

    def table(self, request: Request, collection: Collection) -> Table:
        """Return the features of a collection as they are now.

        Raises
        ------
        ProblemError
            If there are none, or they are still being made.
        GeoMatchError
            If the store cannot be read.
        """
        basis, make = collection.of(request)
        flight = self._flights[collection.id]
        return Coverages.told(lambda: flight.get(_Same(basis), make, wait_s=_WAIT_S))


def collection_of(name: str) -> Collection:
    """Return the collection of an id.

    Raises
    ------
    ProblemError
        If there is none.
    """
    found = COLLECTIONS.get(name)
    if found is None:
        detail = f"There is no collection '{shown(name)}'."
        raise not_there(detail)
    return found


def not_there(detail: str) -> ProblemError:
    """Return what to raise where a collection or a feature is not there."""
    return ProblemError(
        Problem(
            type=_NOT_THERE, title="No such feature", status=HTTPStatus.NOT_FOUND, detail=detail
        )
    )
