"""The kinds of records, and what a caller needs to read or write each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import create_model

from api.access.scopes import Scope
from geo_match.records import RECORDS, Record
from geo_match.store.schema.images import PERSONS


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of records.

    Parameters
    ----------
    name
        In paths and in the store: seekers.
    singular
        In names of operations: seeker.
    model
        What such a record holds.
    speaks_of_persons
        Whether its reads are audited, and an office writes those of its own area alone.
    """

    name: str
    singular: str
    model: type[Record]
    speaks_of_persons: bool

    @property
    def read_scope(self) -> Scope:
        """What reads it."""
        return "persons:read" if self.speaks_of_persons else "records:read"

    @property
    def write_scope(self) -> Scope:
        """What writes it."""
        return "persons:write" if self.speaks_of_persons else "records:write"

    @property
    def lies_somewhere(self) -> bool:
        """Whether it lies in a community, if only by the person whom it names."""
        return self.name != "employers"

    @property
    def can_be_erased(self) -> bool:
        """Whether somebody is erased by it, with all that tells of them."""
        return self.name in {"households", "seekers"}

    @property
    def pages_path(self) -> str:
        """Where its records are paged; `/v1/jobs` answers around a place."""
        return "/v1/jobs:records" if self.name == "jobs" else f"/v1/{self.name}"


def _described(model: type[Record]) -> type[Record]:
    """Return a model under a name of its own: the API has other answers that are jobs and sites."""
    return create_model(f"{model.__name__}Record", __base__=model, __doc__=model.__doc__)


_SINGULAR: Final = {"communities": "community"}

KINDS: Final = tuple(
    Kind(name, _SINGULAR.get(name, name.removesuffix("s")), _described(model), name in PERSONS)
    for name, model in RECORDS.items()
)
"""All of them, in the order of the library."""
