"""Who belongs to which household: lists of members and records of seekers, put together once.

A list of members often says no more than birth year and status, and a seeker's record has the sex
and the id that spells are found by. Within a household the two are paired by id where the list has
one, else by birth year and status, else by birth year alone; what cannot be paired is a member
more, whom the list forgot. Two households may claim one person: until that is settled the person
counts for certain in neither, and both are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.households.frames import check_unique, check_words, take
from geo_match.policy.ledger import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.policy.households.frames import Kind

_MEMBERS: Final[Mapping[str, Kind]] = {
    "household": "text",
    "person": "text",
    "birth_year": "number",
    "sex": "text",
    "status": "text",
}
_SEEKERS: Final[Mapping[str, Kind]] = {
    "id": "text",
    "household": "text",
    "birth_year": "number",
    "sex": "text",
    "status": "text",
    "close_reason": "text",
}
_SEXES: Final = ("male", "female")
_KEYS: Final = (("household", "birth_year", "status"), ("household", "birth_year"))
"""By what a seeker is paired with a member who has no id, the surest first."""
_WITHOUT_YEAR: Final = ("household", "status")


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """Members of households.

    Parameters
    ----------
    members
        A row a member, by household: `household`, `person` (null where no record names them),
        `birth_year`, `sex`, `status` (as recorded), `listed` (false for a seeker whom the list of
        members lacks) and `shared` (whether another household has the same person).
    disputes
        A row for each person whom several households claim: `person` and `households`, their ids
        in order with semicolons between.
    """

    members: pd.DataFrame
    disputes: pd.DataFrame


def roster(members: object, seekers: object = None) -> Roster:
    """Put members and seekers together.

    Parameters
    ----------
    members
        `household` and `birth_year`, and where known `person`, `sex` and `status`; a row a member.
    seekers
        `id` and `household`, and where known `birth_year`, `sex`, `status` and `close_reason`; a
        row a person. Who names no household is left aside, and who moved away
        (`close_reason` "moved_away") is paired with no list that lacks them.

    Returns
    -------
    Roster
        With every member that is listed, and the seekers besides who are in no list.

    Raises
    ------
    ArgumentError
        If a frame lacks a column, has values of another kind or unknown words, repeats a seeker, or
        a household lists a person twice.
    """
    listed = take(
        members, "members", _MEMBERS, required=("household", "birth_year"), filled=("household",)
    )
    _check(listed, "members")
    own = listed[listed["person"].notna()]
    if own.duplicated(["household", "person"]).any():
        again = own[own.duplicated(["household", "person"])].iloc[0]
        rule = "be different within a household"
        found = f"{again['person']!r} twice in {again['household']!r}"
        raise ArgumentError("members.person", rule, found, "Keep one of the two rows.")
    listed = listed.assign(listed=True)
    if seekers is not None:
        listed = _with_seekers(listed, _seekers(seekers))
    listed = listed.sort_values("household", kind="stable", ignore_index=True)
    return _disputed(listed)


def _check(frame: pd.DataFrame, argument: str) -> None:
    check_words(frame["sex"], _SEXES, f"{argument}.sex")
    check_words(frame["status"], STATUSES, f"{argument}.status")


def _seekers(seekers: object) -> pd.DataFrame:
    given = take(seekers, "seekers", _SEEKERS, required=("id", "household"), filled=("id",))
    check_unique(given, "id", "seekers")
    _check(given, "seekers")
    return given[given["household"].notna()].reset_index(drop=True)


def _with_seekers(listed: pd.DataFrame, seekers: pd.DataFrame) -> pd.DataFrame:
    """Give each seeker a member, and the member what the seeker's record knows besides."""
    member = _by_id(listed, seekers)
    has_year = seekers["birth_year"].notna().to_numpy()
    no_year = listed["birth_year"].isna().to_numpy()
    everybody = np.ones(len(listed), dtype=np.bool_)
    for keys in _KEYS:
        member = _paired(listed, seekers, member, keys, these=has_year, among=everybody)
    # Where one of the two years is not known it cannot speak against it: the statuses decide.
    member = _paired(listed, seekers, member, _WITHOUT_YEAR, these=has_year, among=no_year)
    member = _paired(listed, seekers, member, _WITHOUT_YEAR, these=~has_year, among=everybody)
    paired = np.flatnonzero(member >= 0)
    at = member[paired]
    filled = listed.copy()
    for mine, theirs in (("person", "id"), ("sex", "sex"), ("birth_year", "birth_year")):
        column = filled[mine].to_numpy(copy=True)
        found = seekers[theirs].to_numpy()[paired]
        column[at] = np.where(pd.isna(column[at]), found, column[at])
        filled[mine] = column
    statuses = filled["status"].to_numpy(copy=True)
    found = seekers["status"].to_numpy()[paired]
    statuses[at] = np.where(pd.isna(statuses[at]), found, statuses[at])
    filled["status"] = statuses
    return _with_forgotten(filled, seekers, member < 0)


def _with_forgotten(
    listed: pd.DataFrame, seekers: pd.DataFrame, is_unpaired: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return the members with the seekers whom no list has."""
    # A person whom another household lists by id claims this one by their own record.
    stays = is_unpaired & (seekers["close_reason"] != "moved_away").to_numpy()
    more = seekers[stays].rename(columns={"id": "person"})[list(_MEMBERS)]
    if more.empty:
        return listed
    return pd.concat([listed, more.assign(listed=False)], ignore_index=True)


def _by_id(listed: pd.DataFrame, seekers: pd.DataFrame) -> NDArray[np.int64]:
    """Return the row of each seeker whom a list has by id, -1 for the others, int64, (s,)."""
    named = listed[listed["person"].notna()]
    place = pd.MultiIndex.from_frame(named[["household", "person"]])
    at = place.get_indexer(pd.MultiIndex.from_frame(seekers[["household", "id"]]))
    return np.where(at >= 0, np.append(named.index.to_numpy(), -1)[at], -1)


def _paired(
    listed: pd.DataFrame,
    seekers: pd.DataFrame,
    member: NDArray[np.int64],
    keys: tuple[str, ...],
    *,
    these: NDArray[np.bool_],
    among: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Pair seekers without a member and members without a person that agree in some columns.

    Of several that agree the first is paired with the first: each is in one pair at most.
    """
    free_member = listed["person"].isna().to_numpy() & among
    free_member[member[member >= 0]] = False
    free_seeker = (member < 0) & these
    mine, theirs = listed[free_member], seekers[free_seeker]
    mine = mine.assign(row=mine.index, turn=mine.groupby(list(keys), dropna=False).cumcount())
    theirs = theirs.assign(
        seeker=theirs.index, turn=theirs.groupby(list(keys), dropna=False).cumcount()
    )
    both = theirs[[*keys, "turn", "seeker"]].merge(mine[[*keys, "turn", "row"]])
    paired = member.copy()
    paired[both["seeker"].to_numpy(dtype=np.int64)] = both["row"].to_numpy(dtype=np.int64)
    return paired


def _disputed(members: pd.DataFrame) -> Roster:
    """Say which persons several households claim."""
    named = members[members["person"].notna()]
    homes = named.groupby("person")["household"].agg(lambda ids: sorted(set(ids)))
    several = homes[homes.map(len) > 1]
    disputes = pd.DataFrame(
        {
            "person": several.index.to_numpy(dtype=object),
            "households": np.array([";".join(one) for one in several], dtype=object),
        }
    )
    return Roster(members.assign(shared=members["person"].isin(several.index)), disputes)
