"""The programme's own records: the survey of each community in 2022, and recognitions since 2024.

A survey is paid for if it is done, entered, complete, true and timely; a recognition if the
province or the city gave it and its document is at hand.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from geo_match.demo._random import marks, stream
from geo_match.demo.facts import URBAN_DISTRICTS
from geo_match.demo.history._columns import numbers
from geo_match.demo.history._days import REFERENCE_DAY, day_of, to_dates, years_of
from geo_match.demo.people.columns import texts

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

SURVEY_FROM: Final = dt.date(2022, 1, 4)
SURVEY_DUE: Final = dt.date(2022, 4, 30)
"""The notice's first stage: January to April 2022."""
_ON_TIME, _LATE = 0.84, 0.95
"""Running shares of surveys done in time, and late; the others have no day."""
_LATE_DAYS: Final = 150
_ENTRY_DAYS: Final = 20
_ENTERED: Final = 0.95
_COMPLETE: Final = (0.86, 0.93)
_TRUE: Final = (0.74, 0.79)
"""Running shares of yes and no; the others were not checked."""
_WORKING_AGE: Final = 0.61
_COVERED: Final = (0.82, 0.995)
"""Share of a community's people of working age that its survey has."""

_COMMUNITIES: Final = 20
_UNDOCUMENTED: Final = 5
"""Recognised communities whose document is not at hand."""
_STREETS: Final = 3
LEVELS: Final = ("province", "city")
_FIRST_RECOGNISED: Final = dt.date(2024, 3, 1)
_RECOGNISED_WITHIN: Final = 600
"""Days since the first within which all were recognised for the first time."""
_AGAIN_AFTER: Final = 365
"""Days after which the first of them was recognised again."""
_PROVINCE: Final = 0.3


def draw_surveys(areas: gpd.GeoDataFrame, *, seed: int) -> pd.DataFrame:
    """Draw the survey of labour resources (人力资源调查) of each community.

    Parameters
    ----------
    areas
        What `draw_areas` drew.
    seed
        At least 0.

    Returns
    -------
    pandas.DataFrame
        In the order of the areas: `community`, `done_on`, `entered_on` (into the system), `entries`
        (people recorded), `complete` and `true_checked` (null where nobody has looked) and
        `due_on`. A survey not done has only the day on which it was due.
    """
    key = areas["code"].astype(np.uint64).to_numpy()
    first, due = day_of(SURVEY_FROM), day_of(SURVEY_DUE)
    when = marks(key, seed, "survey", "when")
    in_time = first + np.floor((due - first + 1) * np.sqrt(when / _ON_TIME))
    late = due + 1 + np.floor(_LATE_DAYS * ((when - _ON_TIME) / (_LATE - _ON_TIME)))
    done = np.where(when < _ON_TIME, in_time, late).astype(np.int64)
    was_done = when < _LATE
    entered = done + np.floor(_ENTRY_DAYS * marks(key, seed, "survey", "entry")).astype(np.int64)
    was_entered = was_done & (marks(key, seed, "survey", "entered") < _ENTERED)
    low, high = _COVERED
    covered = low + (high - low) * marks(key, seed, "survey", "covered")
    entries = np.floor(areas["population"].to_numpy() * _WORKING_AGE * covered)
    return pd.DataFrame(
        {
            "community": pd.Categorical(areas["code"], categories=areas["code"].tolist()),
            "done_on": to_dates(done, was_done),
            "entered_on": to_dates(entered, was_entered),
            "entries": numbers(entries, was_entered, np.int32),
            "complete": _said(marks(key, seed, "survey", "complete"), _COMPLETE, was_entered),
            "true_checked": _said(marks(key, seed, "survey", "true"), _TRUE, was_entered),
            "due_on": to_dates(np.full(len(key), due)),
        }
    )


def _said(
    mark: NDArray[np.float64], up_to: tuple[float, float], known: NDArray[np.bool_]
) -> pd.arrays.BooleanArray:
    yes, no = up_to
    return pd.arrays.BooleanArray(mark < yes, (mark >= no) | ~known)


class _Recognition(NamedTuple):
    kind: str
    code: str
    level: int
    on: int


def draw_recognitions(areas: gpd.GeoDataFrame, *, seed: int) -> pd.DataFrame:
    """Draw which communities and streets were recognised for full employment (充分就业).

    Parameters
    ----------
    areas
        What `draw_areas` drew.
    seed
        At least 0.

    Returns
    -------
    pandas.DataFrame
        By day: `kind` ("community" or "street"), `code` (12 or 9 digits), `level` ("province" or
        "city"), `document` (its number; null where it is not at hand) and `recognised_on`. All
        lie in the city's districts; one community was recognised twice, and the documents of
        some others are missing.
    """
    generator = stream(seed, "recognitions")
    urban = areas[areas["lies_in"].isin(URBAN_DISTRICTS)]
    resident = urban.loc[urban["kind"] == "居委会", "code"].to_numpy()
    street = urban["street_code"].unique()
    chosen = [
        *(("community", code) for code in generator.choice(resident, _COMMUNITIES, replace=False)),
        *(("street", code) for code in generator.choice(street, _STREETS, replace=False)),
    ]
    first = day_of(_FIRST_RECOGNISED)
    within = np.full(len(chosen), _RECOGNISED_WITHIN)
    # Early enough for the second time to have come.
    within[0] = REFERENCE_DAY - _AGAIN_AFTER - first + 1
    days = first + generator.integers(0, within)
    level = np.where(generator.random(len(chosen)) < _PROVINCE, 0, 1)
    rows = [
        _Recognition(kind, code, int(rank), int(on))
        for (kind, code), rank, on in zip(chosen, level, days, strict=True)
    ]
    # The first is recognised again a year later, by the other of the two.
    rows.append(rows[0]._replace(level=1 - rows[0].level, on=rows[0].on + _AGAIN_AFTER))
    rows.sort(key=lambda row: (row.on, row.code))
    on = to_dates(np.array([row.on for row in rows]))
    years = years_of(on)
    missing = [code for _, code in chosen[1 : 1 + _UNDOCUMENTED]]
    documents = [
        None if row.code in missing else f"示例函〔{year}〕{k + 1}号"
        for k, (row, year) in enumerate(zip(rows, years, strict=True))
    ]
    return pd.DataFrame(
        {
            "kind": pd.Categorical([row.kind for row in rows], categories=["community", "street"]),
            "code": pd.array([row.code for row in rows], dtype="str"),
            "level": texts(np.array([row.level for row in rows]), LEVELS),
            "document": pd.array(documents, dtype="str"),
            "recognised_on": on,
        }
    )
