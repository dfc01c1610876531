"""Which rows of a list of members tell of an older state of their household.

A version is the household's: of its rows those of a version below the greatest are older. A moment
may be the row's own, or that of all rows of an older list which was put beside a newer one. Where
no member is told of twice the rows are of different members, and all of them count, whatever their
moments. Where one is, by the same number, the older of the two rows is older, and the household is
told of as often: what is left must all be of its newest moment, for of a member with an older row
alone nobody can say whether they still belong to it. A row without a number is not told apart from
the others: a year of birth that it has at one moment and another row at another is one member
twice, or two; so neither is believed.

A row without a version or a moment counts as older than one of the same member that has it. A row
that is rejected for something else still takes part, as in any list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

UNSTATED = int(np.iinfo(np.int64).min)
"""Stands for a version or a moment that a row does not state."""


@dataclass(frozen=True, slots=True)
class States:
    """How the rows of a list of members stand to others of their household; bool, shape (n,) each.

    Parameters
    ----------
    copies
        Numbered rows that say what one above them says.
    older
        Those that are older than the household is told of elsewhere, also among the rejected ones.
    clashes
        Those with the number of another member.
    left_behind
        Those that may be older: the household is told of at several moments, and they are not of
        the newest.
    twice
        Those who have the year of birth of a newer row, where one of the two rows has no number.
    """

    copies: NDArray[np.bool_]
    older: NDArray[np.bool_]
    clashes: NDArray[np.bool_]
    left_behind: NDArray[np.bool_]
    twice: NDArray[np.bool_]


def find_states(
    rows: pd.DataFrame, rejected: NDArray[np.bool_], unsound: NDArray[np.bool_]
) -> States:
    """Find how the rows of a list of members stand to others of their household.

    Parameters
    ----------
    rows
        `home`, the number of the household, -1 for none; `number`, `birth_year` and `status`; and
        `version` and `updated_at`, int64, `UNSTATED` where there is none.
    rejected
        Which rows are at fault already, (n,).
    unsound
        Which rows are of households whose states cannot be told, (n,): of these none is older.
    """
    home, number = rows["home"].to_numpy(), rows["number"]
    is_numbered = number.notna().to_numpy() & (home >= 0)
    copies = rows.duplicated().to_numpy() & is_numbered & ~rejected
    version = rows["version"].to_numpy()
    newest = rows.groupby("home")["version"].transform("max").to_numpy()
    by_version = (version != UNSTATED) & (version < newest) & (home >= 0) & ~unsound
    told = rows.assign(key=rows.groupby(["version", "updated_at"]).ngroup())
    clashes, replaced, twice = (np.zeros(len(rows), dtype=np.bool_) for _ in range(3))

    at = np.flatnonzero(is_numbered & ~by_version)
    members = told.iloc[at].groupby(["home", "number"])
    key, last = told["key"].to_numpy()[at], members["key"].transform("max").to_numpy()
    is_another = (members["birth_year"].transform("nunique") > 1).to_numpy()
    is_another = is_another & (members["key"].transform("nunique") > 1).to_numpy()
    replaced[at] = (key < last) & ~is_another & ~unsound[at]
    again = told.iloc[at].duplicated(["home", "number", "key"]).to_numpy() & ~replaced[at]
    clashes[at] = (is_another | again) & ~copies[at] & ~rejected[at]

    of_several = np.isin(home, home[replaced])
    at = np.flatnonzero(of_several & ~by_version & ~replaced & ~copies & ~rejected)
    key = told["key"].to_numpy()
    last = told["key"].where(~by_version, -1).groupby(told["home"]).transform("max").to_numpy()
    left_behind = np.zeros(len(rows), dtype=np.bool_)
    left_behind[at] = key[at] < last[at]

    # Whom numbers tell apart are two. Where one row of a year has none, they may be one.
    has_year = rows["birth_year"].notna().to_numpy()
    at = np.flatnonzero(has_year & ~by_version & (home >= 0))
    if len(at):  # of no rows pandas can tell no greatest
        some = told.iloc[at].assign(unnumbered=told["key"].where(~is_numbered, -1))
        of_year = some.groupby(["home", "birth_year"])
        of_all, of_unnumbered = (of_year[one].transform("max") for one in ("key", "unnumbered"))
        last = np.where(is_numbered[at], of_unnumbered, of_all)
        twice[at] = key[at] < last
    twice &= ~(rejected | copies | replaced | left_behind)
    return States(copies, by_version | replaced, clashes, left_behind, twice)
