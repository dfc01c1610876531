"""Which policies are for which entities (经营实体), and which posts are subsidised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.benefits.judged import Benefits, Judged, put_together
from geo_match.policy.benefits.rules import CATALOGUE
from geo_match.policy.visits import judge_visits
from geo_match.rules.outcome import holds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from geo_match.policy.benefits.rules import Policy, Terms

_NO_VISITS: Final = ("employer_id", "on")


def match_entities(
    employers: object,
    *,
    on: dt.date,
    visits: object = None,
    catalogue: Sequence[Policy] = CATALOGUE,
) -> Benefits:
    """Tell which policies are for which entities on a day.

    Parameters
    ----------
    employers, visits
        As `geo_match.policy.visits.judge_visits` takes them; without visits nobody's demand is
        known.
    on
        The day.
    catalogue
        The policies; those for seekers and posts are left aside.

    Returns
    -------
    Benefits
        A row an employer and policy that was in force, by id.

    Raises
    ------
    ArgumentError
        As `judge_visits`; also if a policy has a condition that is not known.
    """
    if visits is None:
        visits = pd.DataFrame({name: [] for name in _NO_VISITS})
    told = judge_visits(employers, visits, on=on).entities
    licence = told["licence_verified"].cat.codes.to_numpy(dtype=np.int8)
    demand = told["demand"].to_numpy(dtype=np.float64, na_value=np.nan)
    seeks = holds(demand > 0, (demand > 0) | np.isnan(demand))
    outcomes = {"licence_verified": np.asarray(licence, dtype=np.int8), "seeks_people": seeks}

    def judge(name: str, _: Terms) -> Judged:
        if name not in outcomes:
            raise ArgumentError("catalogue", "ask for conditions that are known", repr(name))
        return Judged(outcomes[name])

    policies = [one for one in catalogue if one.whom == "entity"]
    return put_together(told["employer_id"].tolist(), policies, on, judge)
