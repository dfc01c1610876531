"""Public-welfare posts (公益性岗位): how each was developed, by whose lead, and who holds it.

Only people with employment difficulty may hold one, for three years or, near retirement, longer.
Some records break that, as some do in life, so that a check has something to find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo.history._days import to_dates, to_days
from geo_match.demo.history._whereabouts import (
    districts_of,
    household_rows,
    member_rows,
    operators_of,
)

if TYPE_CHECKING:
    from geo_match.demo.history.lives import Lives
    from geo_match.demo.people import People
    from geo_match.demo.work import Work

_DEVELOPED: Final = 0.84
_DEVELOPED_BEFORE: Final = 40.0
_LED: Final = 0.68
_HELD_BEFORE: Final = 0.13
"""Of holders, how many had held the post before the hire that the ledger has, …"""
_SENIOR_BORN_BY: Final = (1966, 1976)
_SENIOR_HELD_BEFORE: Final = 0.75
"""… and of men and women born by these years: near retirement a post may be held for longer."""
_EARLIER: Final = (760.0, 1_500.0)
"""Days; with the time in the ledger some come to more than three years."""
_BORN_BY: Final = 1995
_FROM_UNKNOWN: Final = 0.12


def draw_welfare_posts(people: People, lives: Lives, work: Work, *, seed: int) -> pd.DataFrame:
    """Draw what is recorded of each public-welfare posting, by posting and first day held.

    Parameters
    ----------
    people
        The city's people, or a share of them.
    lives
        What `draw_lives` drew for them.
    work
        The whole city's.
    seed
        At least 0.

    Returns
    -------
    pandas.DataFrame
        A row for each holder among these people, and one for each posting without any: `job_id`,
        `employer_id`, `developed_on` (of the post development record; null without one), `led_by`
        (the operator that led the employer to it, or null), `holder` (a person), `held_from` (or
        null) and `held_to` (null while it lasts). A share of the city has those holders that are
        among it, and some who in the whole city came too late for a posting.
    """
    posts = _list_posts(work)
    number = posts["id"].str.replace("J", "").str.replace("-", "")
    key = number.to_numpy(dtype=np.uint64)
    before = 1.0 + np.floor(_DEVELOPED_BEFORE * marks(key, seed, "post", "days"))
    developed = to_days(posts["opened_on"]) - before.astype(np.int64)
    was_developed = marks(key, seed, "post", "developed") < _DEVELOPED
    operator = operators_of(districts_of(posts["community"]), work.operators)
    operator[marks(key, seed, "post", "led") >= _LED] = None
    described = pd.DataFrame(
        {
            "job_id": posts["id"].array,
            "employer_id": posts["employer_id"].array,
            "developed_on": to_dates(developed, was_developed),
            "led_by": pd.array(operator, dtype="str"),
        }
    )
    holders = _list_holders(people, lives, posts, seed)
    frame = described.merge(holders, on="job_id", how="left", validate="one_to_many")
    order = np.lexsort((frame["holder"].fillna(""), frame["held_from"], frame["job_id"]))
    return pd.DataFrame(frame.iloc[order].reset_index(drop=True))


def _list_posts(work: Work) -> pd.DataFrame:
    columns = ["id", "site_id", "employer_id", "community", "job_type", "opened_on"]
    jobs = pd.concat([work.jobs[columns], work.closed_jobs[columns]], ignore_index=True)
    posts: pd.DataFrame = jobs[(jobs["job_type"] == "public_welfare").to_numpy()]
    return posts.reset_index(drop=True)


def _list_holders(people: People, lives: Lives, posts: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return who holds which post from when to when."""
    hires = lives.employments
    hires = hires[(hires["form"] == "public_welfare_post").to_numpy()].reset_index(drop=True)
    held = hires.assign(job_id=hires["job_id"].fillna(_guess_posts(lives, hires, posts)))
    held = held[held["job_id"].notna()]
    rows = member_rows(people, held["person"], household_rows(people, held["person"]))
    key = people.member_key()[rows]
    low, high = _EARLIER
    earlier = np.floor(low + (high - low) * marks(key, seed, "post", "earlier"))
    born = people.members["birth_year"].to_numpy()[rows]
    woman = (people.members["sex"] == "female").to_numpy()[rows]
    senior = born <= np.array(_SENIOR_BORN_BY)[woman.astype(np.int64)]
    rate = np.where(senior, _SENIOR_HELD_BEFORE, _HELD_BEFORE)
    # Nobody held a post as a child.
    before = (marks(key, seed, "post", "before") < rate) & (born <= _BORN_BY)
    start = to_days(held["hired_on"]) - np.where(before, earlier, 0.0).astype(np.int64)
    known = marks(key, seed, "post", "from known") >= _FROM_UNKNOWN
    return pd.DataFrame(
        {
            "job_id": held["job_id"].array,
            "holder": held["person"].array,
            "held_from": to_dates(start, known),
            "held_to": held["left_on"].array,
        }
    )


def _guess_posts(lives: Lives, hires: pd.DataFrame, posts: pd.DataFrame) -> pd.Series:
    """Return the post of those who perhaps should hold none and came without a posting.

    An office that puts a person not known to have difficulty on a post writes down one of the
    site's. It is null for all others.
    """
    former = lives.former_seekers
    unproven = former["difficulty"].isna() | (former["difficulty"] == "none")
    without = former.loc[unproven.to_numpy(), "id"]
    of_site = posts.drop_duplicates("site_id").set_index("site_id")["id"]
    return hires["site_id"].map(of_site).where(hires["person"].isin(without))
