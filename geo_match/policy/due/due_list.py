"""The due list (待办名单): whom a community worker contacts today, where, why, and with what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match.matching.given.registered import registered
from geo_match.policy.due.address import Door, parse_address
from geo_match.policy.due.aloud import Openings, jobs_aloud
from geo_match.policy.due.reasons import Standing, due_reasons
from geo_match.policy.due.results import service_id
from geo_match.policy.due.words import REASONS
from geo_match.policy.ledger import Timeline, contacts, groups_on
from geo_match.policy.ledger._columns import as_frame
from geo_match.policy.masking import mask_name, mask_phone

if TYPE_CHECKING:
    from geo_match.policy.due.options import DueOptions

COLUMNS: Final = (
    *("person", "overdue", "due_on", "days_left", "reasons", "why_zh", "why_en"),
    *("community", "community_name", "estate", "building", "unit", "room"),
    *("name", "phone", "status", "groups"),
    *("contact_on", "contact_result", "attempts", "last_on", "last_result", "next_contact_on"),
    "service_id",
)
_LAST_OF_ALL: Final = "~"
"""Stands for a community that nobody named: behind all codes and names in ASCII."""
NO_SOURCE: Final = {
    "interval": (
        "没有依据规定多久联系一次：未设联系间隔，因此没有人因“定期联系”列入",
        "no source says how often anybody is contacted: no interval is set, so nobody is due by it",
    ),
    "verify": (
        "没有依据规定多久须核实：未核实的状态没有期限，列在最后",
        "no source says when a status is to be verified: unverified ones have no day, and are last",
    ),
    "clock": (
        "未提供零就业家庭台账：名单不含家庭时限",
        "no cases of zero-employment households are given: their clock is not in the list",
    ),
}
"""What a list does not ask since nothing says it, in Chinese and English."""


@dataclass(frozen=True, slots=True, eq=False)
class DueList:
    """A due list.

    Parameters
    ----------
    people
        A row a person, as `due_list` says.
    reasons
        A row a person and reason: `person`, `reason`, `due_on`, `zh`, `en`.
    jobs
        The jobs to be read aloud, as `jobs_aloud` gives them.
    options
        What was asked.
    n_registered
        How many persons were looked at.
    not_asked
        What was not asked since nothing says it, in Chinese and English.
    """

    people: pd.DataFrame
    reasons: pd.DataFrame
    jobs: pd.DataFrame
    options: DueOptions
    n_registered: int
    not_asked: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        """Return how many persons are on it."""
        return len(self.people)


def due_list(
    seekers: object,
    spells: object,
    services: object,
    options: DueOptions,
    *,
    openings: Openings | None = None,
    clocks: pd.DataFrame | None = None,
    memberships: object = None,
) -> DueList:
    """Make a due list.

    Parameters
    ----------
    seekers
        A DataFrame or Arrow table of seekers, with the fields of the record. Who is not registered
        on the day is left out.
    spells
        A `Timeline`, or spells as `Spells.of` takes them.
    services
        As `contacts` takes them.
    options
        What is asked.
    openings
        Jobs to be read aloud; None for none.
    clocks
        Households to be helped by a day, as `due_reasons` takes them.
    memberships
        Dated ones, as `groups_on` takes them.

    Returns
    -------
    DueList
        Its `people`: those who are overdue first; then by community, 小区, building, unit and
        room, whoever has fewest days left first. `due_on` is the earliest of their days, null
        where no reason has one, and `days_left` from the list's day to it, negative if overdue;
        `reasons` by their names, joined by commas; `name`, `phone` and the door as the options
        show them; `contact_on` and `contact_result` of the last contact, `attempts` since then
        that reached nobody; `service_id` is what the result is recorded under.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        If a frame is not as it must be.
    NotInForceError
        If no rule is known for the day.
    """
    people = as_frame(seekers, "seekers", ("id",))
    people = registered(people, options.on).frame.reset_index(drop=True)
    timeline = spells if isinstance(spells, Timeline) else Timeline.of(spells)
    ids = people["id"].to_numpy(dtype=object)
    standing = Standing(
        people,
        timeline.on(options.on, people=ids),
        contacts(services, options.on, people=ids),
        groups_on(people, timeline, options.on, memberships=memberships),
    )
    reasons = due_reasons(standing, options, clocks=clocks)
    table = _people(standing, reasons, options)
    jobs = pd.DataFrame()
    if openings is not None:
        due = people.iloc[table.index.to_numpy()]
        jobs = jobs_aloud(due, openings, options)
    told = reasons.assign(person=ids[reasons["row"]])[["person", "reason", "due_on", "zh", "en"]]
    return DueList(
        table.reset_index(drop=True),
        told,
        jobs,
        options,
        len(people),
        tuple(_not_asked(options, has_clocks=clocks is not None)),
    )


def _people(standing: Standing, reasons: pd.DataFrame, options: DueOptions) -> pd.DataFrame:
    """Return the persons of the list, indexed by their place among the seekers."""
    rank = {one: place for place, one in enumerate(REASONS)}
    by_gravity = reasons.assign(rank=reasons["reason"].map(rank)).sort_values(["row", "rank"])
    grouped = by_gravity.groupby("row", sort=True)
    rows = np.unique(reasons["row"].to_numpy(dtype=np.int64))
    if not len(rows):
        return pd.DataFrame(columns=list(COLUMNS))
    seekers, contact = standing.seekers.iloc[rows], standing.contacts.iloc[rows]
    due_on = grouped["due_on"].min()
    left = (due_on - pd.Timestamp(options.on)).dt.days.astype("Int64")
    doors = [parse_address(_text(one)) for one in _column(seekers, "address")]
    shown = doors if options.unmasked else [one.masked for one in doors]
    groups = standing.groups.iloc[rows]
    table = pd.DataFrame(
        {
            "person": seekers["id"],
            "overdue": (left < 0).fillna(value=False).astype(bool),
            "due_on": due_on,
            "days_left": left,
            "reasons": grouped["reason"].agg(",".join),
            "why_zh": grouped["zh"].agg("；".join),
            "why_en": grouped["en"].agg("; ".join),
            "community": _column(seekers, "community"),
            "community_name": _column(seekers, "community_name"),
            "name": _shown(_column(seekers, "name"), mask_name, options),
            "phone": _shown(_column(seekers, "phone"), mask_phone, options),
            "status": standing.now.iloc[rows]["status"],
            "groups": _groups(groups),
        },
        index=rows,
    )
    for name in ("estate", "building", "unit", "room"):
        table[name] = [getattr(one, name) or None for one in shown]
    for name in ("contact_on", "contact_result", "attempts", "last_on", "last_result"):
        table[name] = contact[name]
    table["next_contact_on"] = contact["next_contact_on"]
    table["service_id"] = [
        service_id(str(one), options.on, int(number) + 1)
        for one, number in zip(seekers["id"], contact["today"], strict=True)
    ]
    return table.iloc[_order(table, doors)].reindex(columns=list(COLUMNS))


def _order(table: pd.DataFrame, doors: list[Door]) -> list[int]:
    """Return the places of the rows in the order in which they are worked through."""
    place = [
        _text(code) or _text(name) or _LAST_OF_ALL
        for code, name in zip(table["community"], table["community_name"], strict=True)
    ]
    left = table["days_left"].astype(float).fillna(np.inf).to_numpy()
    overdue, person = list(table["overdue"]), [str(one) for one in table["person"]]

    def key(at: int) -> tuple[Any, ...]:
        return (not overdue[at], place[at], doors[at].order, float(left[at]), person[at])

    return sorted(range(len(table)), key=key)


def _not_asked(options: DueOptions, *, has_clocks: bool) -> list[tuple[str, str]]:
    asked = options.asked
    unset = {
        "interval": "contact_interval" in asked and not options.interval_days,
        "verify": "unverified" in asked and options.verify_within_days is None,
        "clock": "household_clock" in asked and not has_clocks,
    }
    return [NO_SOURCE[name] for name, is_unset in unset.items() if is_unset]


def _groups(groups: pd.DataFrame) -> list[str]:
    """Return the groups that each is in for sure, by name; of difficulties the kinds."""
    names = [one for one in groups.columns if one not in {"person", "difficulty"}]
    inside = groups[names].to_numpy() == 1
    return [",".join(np.array(names, dtype=object)[row]) for row in inside]


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        return pd.Series(None, index=frame.index, dtype=object)
    return frame[name]


def _shown(column: pd.Series, mask: Any, options: DueOptions) -> list[str | None]:  # noqa: ANN401 - one of two functions
    texts = [_text(one) for one in column]
    return texts if options.unmasked else [mask(one) for one in texts]


def _text(one: object) -> str | None:
    return one if isinstance(one, str) else None
