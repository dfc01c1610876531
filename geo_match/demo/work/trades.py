"""The trades of the demonstration city: who employs, where, for what, at what pay.

`trades.csv` and `titles.csv` beside this module are the tables. Occupations are middle groups of
GB/T 6565-2009, industries of GB/T 4754-2017; the titles, weights and wages are invented.
"""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

WHERE: Final = ("street", "centre", "park", "town", "village")
"""Kinds of places where a site stands."""
ROTATING: Final = "rotating"
"""A title whose postings differ in their shift."""
PUBLIC: Final = "public"
"""The trade that offers public-welfare posts, and nothing else."""


class Title(NamedTuple):
    """A title of jobs that a trade offers.

    Parameters
    ----------
    name
        As postings write it.
    occupation
        Three digits of GB/T 6565-2009.
    wage_cny
        Middle of the pay, a month, before it is varied.
    often
        Weight among the titles of its trade.
    education
        Least education asked for; empty for no demand.
    shift
        Of its postings, or `ROTATING`.
    flexible
        Share of its postings for flexible work.
    certificate
        What must be held; empty for nothing.
    """

    name: str
    occupation: str
    wage_cny: float
    often: float
    education: str
    shift: str
    flexible: float
    certificate: str


class Trade(NamedTuple):
    """A trade.

    Parameters
    ----------
    key
        Short name in data.
    name
        Behind 示例 in an employer's name.
    industry
        Letter and two digits of GB/T 4754-2017.
    kind
        Legal kind of most of its employers.
    employers
        Weight among all employers.
    chain
        Weight of having a further site.
    jobs
        Weight of a site's postings.
    where
        Weights of `WHERE`.
    titles
        What it offers.
    """

    key: str
    name: str
    industry: str
    kind: str
    employers: float
    chain: float
    jobs: float
    where: tuple[float, ...]
    titles: tuple[Title, ...]


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _read_titles() -> dict[str, list[Title]]:
    titles: dict[str, list[Title]] = {}
    for row in _rows("titles.csv"):
        title = Title(
            row["name"],
            row["occupation"],
            float(row["wage_cny"]),
            float(row["often"]),
            row["education"],
            row["shift"],
            float(row["flexible"]),
            row["certificate"],
        )
        titles.setdefault(row["trade"], []).append(title)
    return titles


def _read_trades() -> tuple[Trade, ...]:
    titles = _read_titles()
    return tuple(
        Trade(
            row["key"],
            row["name"],
            row["industry"],
            row["kind"],
            float(row["employers"]),
            float(row["chain"]),
            float(row["jobs"]),
            tuple(float(row[where]) for where in WHERE),
            tuple(titles[row["key"]]),
        )
        for row in _rows("trades.csv")
    )


TRADES: Final = _read_trades()
