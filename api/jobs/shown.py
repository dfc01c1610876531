"""What is asked of the jobs of one moment, whether a file or a store has them: `Shown`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from api.jobs.places import Community, Station
    from api.jobs.postings import Posting
    from api.jobs.texts import Texts


class InCircle(NamedTuple):
    """The jobs in a circle, in no order.

    Parameters
    ----------
    jobs
        n of them.
    distance_m
        Of each from the centre, float64, (n,); never above the radius.
    """

    jobs: list[Posting]
    distance_m: NDArray[np.float64]


class Sums(NamedTuple):
    """What is added up of jobs.

    Parameters
    ----------
    total
        How many there are.
    vacancies
        Of those that state them.
    unstated
        How many state none.
    """

    total: int
    vacancies: int
    unstated: int


class Nearest(NamedTuple):
    """What lies around a place.

    Parameters
    ----------
    sums
        Of all within the radius.
    near
        At least the k nearest of them, and whoever is as near as the last of those. Distances are
        those of `circle`, to the last bit: pages of one walk through the jobs come from both.
    """

    sums: Sums
    near: InCircle


class Shown(Protocol):
    """The jobs that are served as of one moment; they never change, so readers need no lock."""

    @property
    def token(self) -> str:
        """What changes whenever any of this may."""

    @property
    def cursor(self) -> str | None:
        """The place in the feed of the store; None for a file."""

    @property
    def invented(self) -> bool | None:
        """Whether the jobs are invented; None where nothing says."""

    @property
    def has_records(self) -> bool:
        """Whether these are records of a store, which have occupations, wages and so on."""

    @property
    def communities(self) -> Mapping[str, Community]:
        """Those that can be asked around, by code."""

    @property
    def stations(self) -> Mapping[str, Station]:
        """Those that can be asked around, by id."""

    def employer_of(self, job: Posting) -> str | None:
        """Return the name of a job's employer."""

    def everywhere(self) -> list[Posting]:
        """Return all jobs that are served."""

    def circle(self, *, lon: float, lat: float, radius_m: float) -> InCircle:
        """Return the jobs at most the radius from a place."""

    def around(self, *, lon: float, lat: float, radius_m: float, k: int) -> Nearest:
        """Return what is added up of all these, and the k nearest with all that are as near."""

    @property
    def texts(self) -> Texts:
        """What was written of jobs before."""
