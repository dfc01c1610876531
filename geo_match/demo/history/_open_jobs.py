"""Postings open on a day in a district, to be named where a person is introduced to work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo.history._days import NEVER, to_days
from geo_match.demo.history._whereabouts import districts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.work import Work

_BACK: Final = 120
"""Days back from an introduction among which the day is on which its posting opened."""
_ROUNDS: Final = 5
_DAYS: Final = np.int64(NEVER)


class OpenJobs:
    """The postings of verified employers, by district and opening day.

    Parameters
    ----------
    work
        Whose `jobs` and `closed_jobs` they are; no posting of an employer whose licence is not
        verified reaches a seeker.
    """

    def __init__(self, work: Work) -> None:
        columns = ["id", "employer_licence", "community", "opened_on", "closed_on"]
        jobs = pd.concat([work.jobs[columns], work.closed_jobs[columns]], ignore_index=True)
        jobs = jobs[(jobs["employer_licence"] == "verified").to_numpy()]
        district = pd.Series(districts_of(jobs["community"]), dtype="str").fillna("")
        self._districts = pd.Index(np.unique(district))
        key = self._districts.get_indexer(district) * _DAYS + to_days(jobs["opened_on"])
        order = np.argsort(key, kind="stable")
        self._key = key[order]
        self._opened, self._closed = self._key % _DAYS, to_days(jobs["closed_on"])[order]
        self._id = jobs["id"].to_numpy(dtype=object)[order]
        self._row = pd.Index(self._id)

    def were_open(self, job_id: pd.Series, on: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say which postings are among these and were open on their day, shape (n,)."""
        row = self._row.get_indexer(job_id)
        return np.asarray((row >= 0) & (self._opened[row] <= on) & (on < self._closed[row]))

    def choose(
        self,
        district: NDArray[np.object_],
        on: NDArray[np.int64],
        key: NDArray[np.uint64],
        seed: int,
    ) -> NDArray[np.object_]:
        """Draw for each a posting open in the district on the day, None where none was found.

        Parameters
        ----------
        district
            Six digits, shape (n,).
        on
            Days, shape (n,).
        key, seed
            As `marks` takes them.
        """
        start = self._districts.get_indexer(pd.Index(district)) * _DAYS + on
        low = np.searchsorted(self._key, start - _BACK)
        high = np.searchsorted(self._key, start, side="right")
        found = np.full(len(on), None, dtype=object)
        for turn in range(_ROUNDS):
            mark = marks(key, seed, "job", str(turn))
            at = np.minimum(low + (mark * (high - low)).astype(np.int64), len(self._key) - 1)
            good = pd.isna(found) & (high > low) & (on < self._closed[at])
            found[good] = self._id[at[good]]
        return found
