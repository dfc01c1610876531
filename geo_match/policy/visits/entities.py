"""Visits to entities (走访): what each seeks, how its licence stands, and when it is visited next.

A day that a visit named for the next one stands until a visit has taken place since; where none is
named it is so many days after the last visit, if an interval is given: no source gives one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match._validate import as_count
from geo_match.errors import ArgumentError
from geo_match.policy.conditions import Condition
from geo_match.policy.households.frames import (
    check_day,
    check_unique,
    check_words,
    from_days,
    take,
    to_days,
)
from geo_match.policy.visits.licence import LICENCES, judge_licences
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.policy.households.frames import Kind

STATES: Final = ("overdue", "never_visited", "due", "planned", "not_planned")
"""How the next visit stands: its day is over, there never was one, it is today, it is to come, or
nobody has named a day."""
PURPOSES: Final = ("licence_check", "survey", "recruitment_guidance", "")
"""What the next visit is for: the licence is not verified; the demand is not known; people are
sought; nothing of these."""
_EMPLOYERS: Final[Mapping[str, Kind]] = {
    "id": "text",
    "kind": "text",
    "licence": "text",
    "licence_verified_on": "day",
}
_VISITS: Final[Mapping[str, Kind]] = {
    "employer_id": "text",
    "on": "day",
    "purpose": "text",
    "vacancies_demanded": "number",
    "licence_state": "text",
    "next_visit_on": "day",
}


@dataclass(frozen=True, slots=True, eq=False)
class Visited:
    """Entities, and the visits to them, on a day.

    Parameters
    ----------
    on
        The day.
    entities
        A row an entity, by id: `employer_id`, `kind`; `licence` and `licence_verified_on` as
        recorded, `licence_seen` and `licence_seen_on` as last seen, `licence_verified` (pass, fail
        or unknown); `visits`, how many up to the day, `last_visit_on`, `last_purpose`,
        `days_since`; `demand`, the people whom it said last that it seeks, and `demand_on`;
        `next_visit_on`, `days_left` (below 0 by how many days it is overdue), `state` (of
        `STATES`) and `next_purpose` (of `PURPOSES`).
    unknown_employers
        Visits to employers that are not among the entities, counted: they are in no row.
    """

    on: dt.date
    entities: pd.DataFrame
    unknown_employers: int

    @property
    def due(self) -> pd.DataFrame:
        """Entities to be visited by the day: the longest overdue first, then who never was."""
        rows = self.entities[self.entities["state"].isin(STATES[:3])]
        order = rows["state"].map({name: at for at, name in enumerate(STATES)}).astype(np.int64)
        rows = rows.assign(_order=order).sort_values(["_order", "days_left", "employer_id"])
        return rows.drop(columns="_order").reset_index(drop=True)

    @property
    def summary(self) -> dict[str, int]:
        """How many `entities` there are, in each state, by the licence, and the `demand` in all."""
        told = self.entities
        counts = {"entities": len(told)}
        counts |= {name: int((told["state"] == name).sum()) for name in STATES}
        counts |= {
            f"licence_{name}": int((told["licence_verified"] == name).sum()) for name in OUTCOMES
        }
        return counts | {"demand": int(told["demand"].sum())}

    def explain(self, employer_id: str) -> tuple[Condition, ...]:
        """Return whether an entity may enter: whether its licence is verified, and why.

        Raises
        ------
        ArgumentError
            If there is no such entity.
        """
        rows = self.entities[self.entities["employer_id"] == employer_id]
        if rows.empty:
            raise ArgumentError("employer_id", "be one of the entities", repr(employer_id))
        return (_licence_condition(rows.iloc[0]),)


def judge_visits(
    employers: object, visits: object, *, on: dt.date, interval_days: int | None = None
) -> Visited:
    """Tell how entities and the visits to them stand on a day.

    Parameters
    ----------
    employers
        `id`, and where known `kind`, `licence` (verified, unverified, expired),
        `licence_verified_on`.
    visits
        `employer_id`, `on`, and where known `purpose`, `vacancies_demanded`, `licence_state`,
        `next_visit_on`. Later ones are not looked at.
    on
        The day.
    interval_days
        After how many days an entity is visited again whose last visit named no day, and within
        how many one that never was counts as any other; None for no such rule.

    Returns
    -------
    Visited
        Every entity has a row.

    Raises
    ------
    ArgumentError
        If a frame lacks a column or has values of another kind, an employer stands twice, a word
        is unknown, a demand is below 0, or the interval is not above 0.
    """
    check_day(on, "on")
    if interval_days is not None:
        as_count(interval_days, "interval_days", least=1)
    known = take(employers, "employers", _EMPLOYERS, required=("id",), filled=("id",))
    check_unique(known, "id", "employers")
    check_words(known["licence"], LICENCES, "employers.licence")
    known = known.sort_values("id", ignore_index=True)
    given = _given(visits, on)
    is_theirs = given["employer_id"].isin(known["id"])
    given, strangers = given[is_theirs], int((~is_theirs).sum())
    outcome, seen = judge_licences(known, given, on)
    last = given.drop_duplicates("employer_id", keep="last").set_index("employer_id")
    last = last.reindex(known["id"])
    asked = given[given["vacancies_demanded"].notna()]
    demand = asked.drop_duplicates("employer_id", keep="last").set_index("employer_id")
    demand = demand.reindex(known["id"])
    last_on, day = to_days(last["on"]), np.datetime64(on, "D")
    planned = _planned(given, known["id"], last_on, interval_days)
    n_visits = given["employer_id"].value_counts().reindex(known["id"], fill_value=0)
    sought = demand["vacancies_demanded"].to_numpy(dtype=np.float64)
    told = pd.DataFrame(
        {
            "employer_id": known["id"],
            "kind": known["kind"],
            "licence": known["licence"],
            "licence_verified_on": known["licence_verified_on"],
            "licence_seen": seen["licence_seen"],
            "licence_seen_on": seen["licence_seen_on"],
            "licence_verified": pd.Categorical.from_codes(outcome, categories=pd.Index(OUTCOMES)),
            "visits": n_visits.to_numpy(dtype=np.int64),
            "last_visit_on": from_days(last_on),
            "last_purpose": last["purpose"].to_numpy(dtype=object),
            "days_since": _spans(day - last_on),
            "demand": pd.array(sought, dtype="Int64"),
            "demand_on": from_days(to_days(demand["on"])),
            "next_visit_on": from_days(planned),
            "days_left": _spans(planned - day),
            "state": pd.Categorical(_states(last_on, planned, day), categories=list(STATES)),
            "next_purpose": _purposes(outcome, sought),
        }
    )
    return Visited(on, told, strangers)


def _given(visits: object, on: dt.date) -> pd.DataFrame:
    """Return the visits up to a day, by employer and day."""
    needed = ("employer_id", "on")
    given = take(visits, "visits", _VISITS, required=needed, filled=needed)
    check_words(given["licence_state"], LICENCES, "visits.licence_state")
    if (given["vacancies_demanded"] < 0).any():
        found = repr(float(given["vacancies_demanded"].min()))
        raise ArgumentError("visits.vacancies_demanded", "be at least 0, or null", found)
    then = given[given["on"] <= np.datetime64(on, "s")]
    return then.sort_values(["employer_id", "on"], kind="stable", ignore_index=True)


def _planned(
    visits: pd.DataFrame,
    ids: pd.Series,
    last_on: NDArray[np.datetime64],
    interval_days: int | None,
) -> NDArray[np.datetime64]:
    """Return the first day that was named for a visit and that no visit has followed, (n,)."""
    last = pd.Series(last_on, index=ids.to_numpy())
    named = visits[visits["next_visit_on"].notna()]
    stands = named["next_visit_on"].to_numpy(dtype="M8[D]") > last.reindex(
        named["employer_id"]
    ).to_numpy(dtype="M8[D]")
    first = named[stands].groupby("employer_id")["next_visit_on"].min().reindex(ids)
    planned = first.to_numpy(dtype="M8[D]", copy=True)
    if interval_days is not None:
        by_rule = last_on + np.timedelta64(interval_days, "D")
        planned = np.where(np.isnat(planned), by_rule, planned)
    return planned


def _states(
    last_on: NDArray[np.datetime64], planned: NDArray[np.datetime64], day: np.datetime64
) -> NDArray[np.object_]:
    told = np.full(len(last_on), "not_planned", dtype=object)
    told[planned > day] = "planned"
    told[planned == day] = "due"
    told[planned < day] = "overdue"
    told[np.isnat(last_on)] = "never_visited"
    return told


def _purposes(licence: NDArray[np.int8], demand: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return what the next visit of each is for: the first that applies."""
    told = np.full(len(licence), PURPOSES[3], dtype=object)
    told[demand > 0] = PURPOSES[2]
    told[np.isnan(demand)] = PURPOSES[1]
    told[licence != PASS] = PURPOSES[0]
    return told


def _spans(spans: NDArray[np.timedelta64]) -> pd.arrays.IntegerArray:
    lost = np.isnat(spans)
    whole = np.where(lost, np.timedelta64(0, "D"), spans).astype("m8[D]").astype(np.int64)
    return pd.arrays.IntegerArray(whole, lost)


def _licence_condition(row: pd.Series) -> Condition:
    outcome = OUTCOMES.index(row["licence_verified"])
    recorded = row["licence"] if isinstance(row["licence"], str) else "not recorded"
    recorded_zh = row["licence"] if isinstance(row["licence"], str) else "未登记"
    en, zh = f"Recorded: {recorded}", f"登记：{recorded_zh}"
    if isinstance(row["licence_seen"], str):
        day = f"{row['licence_seen_on']:%Y-%m-%d}"
        en = f"{en}; seen on {day}: {row['licence_seen']}"
        zh = f"{zh}；{day}走访所见：{row['licence_seen']}"
    how = {
        FAIL: ("so it may not enter", "不得入驻"),
        PASS: ("so it may enter", "可以入驻"),
        UNKNOWN: ("so whether it may enter is not known", "是否可以入驻不明"),
    }[outcome]
    missing = "verification of the licence 执照核验" if outcome == UNKNOWN else ""
    ids = (row["employer_id"],)
    return Condition(
        "licence_verified", outcome, ids, f"{en}, {how[0]}.", f"{zh}，{how[1]}。", missing
    )
