"""What groups can do and what they need, by group and community, each figure with its number.

Figures of people by community may show one of them: they are for those who may see the persons,
and small ones can be kept back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match._validate import as_count
from geo_match.errors import ArgumentError
from geo_match.policy.ledger import _columns
from geo_match.policy.ledger.groups import GROUPS
from geo_match.rules import PASS, UNKNOWN
from geo_match.taxonomy import Occupations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

COLUMNS: Final = (
    *("group", "community", "measure", "value", "name"),
    *("people", "stated", "unknown", "amount_cny"),
)
QUANTILES: Final = (0.25, 0.5, 0.75)
_MIDDLE_DIGITS: Final = 3
_ALL: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOptions:
    """How an analysis is made.

    Parameters
    ----------
    groups
        Which of `GROUPS`, and `all` for everybody; None for all of them.
    by_community
        Whether figures are told for each community; for all together alone if not.
    least
        Figures of fewer people than this, also of nobody, are kept back: null, which is not 0. 1
        keeps none back.
    occupations
        Table of occupations; None for the one that is shipped.

    Raises
    ------
    ArgumentError
        If a group is none, or `least` is below 1.
    """

    groups: Collection[str] | None = None
    by_community: bool = True
    least: int = 1
    occupations: Occupations | None = None

    def __post_init__(self) -> None:
        """Check them."""
        known = (_ALL, *GROUPS)
        if unknown := [one for one in self.groups or () if one not in known]:
            raise ArgumentError("groups", f"be some of {', '.join(known)}", repr(unknown[0]))
        as_count(self.least, "least", least=1)


_USUAL: Final = AnalysisOptions()


def analyse(
    seekers: object, groups: pd.DataFrame, options: AnalysisOptions = _USUAL
) -> pd.DataFrame:
    """Return the skills and needs of groups.

    Parameters
    ----------
    seekers
        A DataFrame or Arrow table, a row a person: `id`, and where they are known `community`,
        `education`, `certificates` (lists; empty is none), `occupation` (sought), `accepts`
        (lists), `wage_floor_cny`. Null is unknown, and counted as not stated.
    groups
        Of the same persons in the same order, as `groups_on` gives it. Who is in a group for
        sure counts in it; of how many it is unknown is told beside.
    options
        How.

    Returns
    -------
    pandas.DataFrame
        A row a figure: `group`; `community` (null for all together, or none stated is told as an
        empty text); `measure`: `people`, `education`, `certificate`, `occupation` (middle group),
        `accepts`, `wage_floor`; `value`: the word, code or quantile; `name` of the occupation;
        `people`: how many; `stated`: of how many it is known; `unknown`: whose membership is not
        known (with the measure `people` alone); `amount_cny` of a quantile, CNY a month. Null
        where a figure is kept back, those of whom it is unknown too, or there is none.

    Raises
    ------
    ArgumentError
        If a column that is needed is missing, or the groups are of other persons.
    """
    people = _columns.as_frame(seekers, "seekers", ("id",))
    if list(groups["person"]) != list(people["id"]):
        rule = "be of the seekers, in their order"
        raise ArgumentError("groups", rule, "other persons", "Give them to `groups_on` first.")
    community = _columns.objects(people, "community")
    community[pd.isna(community)] = ""
    table = options.occupations or Occupations()
    given = _Given(
        community,
        {
            "education": _single(people, "education"),
            "certificate": _several(people, "certificates", none="none"),
            "occupation": _occupations(people, table),
            "accepts": _several(people, "accepts", none="none"),
        },
        _columns.numbers(people, "wage_floor_cny"),
    )
    wanted = (_ALL, *GROUPS) if options.groups is None else tuple(options.groups)
    parts = []
    for group in wanted:
        if group == _ALL:
            outcome = np.full(len(people), PASS, dtype=np.int8)
        else:
            outcome = groups[group].to_numpy()
        for by in (False, True) if options.by_community else (False,):
            told = pd.concat(given.figures(outcome, by_community=by), ignore_index=True)
            told.insert(0, "group", group)
            parts.append(told)
    joined = pd.concat(parts, ignore_index=True)
    joined["name"] = [
        table.name(code) if measure == "occupation" else None
        for measure, code in zip(joined["measure"], joined["value"], strict=True)
    ]
    if options.least > 1:
        few = joined["people"] < options.least
        joined.loc[few, "amount_cny"] = np.nan
        for name in ("people", "stated", "unknown"):
            joined.loc[joined[name] < options.least, name] = pd.NA
    return joined.reindex(columns=list(COLUMNS))


@dataclass(frozen=True, slots=True)
class _Given:
    """What is known of persons, as long columns.

    Parameters
    ----------
    community
        Of each, (n,); empty where it is not known.
    words
        By measure: whose word it is (row) and the word, each (w,); a person may have several. A
        person without any has not stated it.
    wage_floor
        CNY a month, (n,); NaN where not stated.
    """

    community: NDArray[Any]
    words: dict[str, tuple[NDArray[np.int64], NDArray[Any]]]
    wage_floor: NDArray[np.float64]

    def figures(self, outcome: NDArray[np.int8], *, by_community: bool) -> Iterator[pd.DataFrame]:
        """Yield the figures of a group: first its people, then each measure."""
        inside = outcome == PASS
        place = self.community if by_community else np.full(len(self.community), None, dtype=object)
        counted = _counts(place[inside])
        doubtful = _counts(place[outcome == UNKNOWN])
        both = list(dict.fromkeys([*counted, *doubtful]))
        if not by_community and not both:
            both = [None]
        yield _figures(
            "people",
            [
                (one, _ALL, counted.get(one, 0), counted.get(one, 0), doubtful.get(one, 0), None)
                for one in both
            ],
        )
        for measure, (row, word) in self.words.items():
            of = inside[row]
            stated = _counts(place[np.unique(row[of])])
            pairs = _counts(list(zip(place[row[of]], word[of], strict=True)))
            yield _figures(
                measure,
                [(one, what, n, stated[one], None, None) for (one, what), n in pairs.items()],
            )
        asked = inside & ~np.isnan(self.wage_floor)
        by = pd.Series(place[asked], dtype=object)
        amounts = pd.Series(self.wage_floor[asked]).groupby(by, dropna=False, sort=True)
        rows = [
            (one if isinstance(one, str) else None, f"p{at * 100:.0f}", n, n, None, float(amount))
            for at in QUANTILES
            for (one, amount), n in zip(amounts.quantile(at).items(), amounts.size(), strict=True)
        ]
        yield _figures("wage_floor", rows)


def _figures(measure: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    names = ["community", "value", "people", "stated", "unknown", "amount_cny"]
    table = pd.DataFrame(rows, columns=names).astype(
        {"people": "Int64", "stated": "Int64", "unknown": "Int64", "amount_cny": "float64"}
        | {"community": object, "value": object}
    )
    table.insert(1, "measure", measure)
    return table


def _counts(values: Any) -> dict[Any, int]:  # noqa: ANN401 - an array or a list of what can be a key
    """Return how often each value stands there, in their order."""
    found: dict[Any, int] = {}
    for one in values:
        found[one] = found.get(one, 0) + 1
    return dict(sorted(found.items(), key=lambda item: str(item[0])))


def _single(people: pd.DataFrame, column: str) -> tuple[NDArray[np.int64], NDArray[Any]]:
    values = _columns.objects(people, column)
    row = np.flatnonzero(~pd.isna(values))
    return row, values[row]


def _several(
    people: pd.DataFrame, column: str, *, none: str
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the words of lists, and one for lists that are empty."""
    row, word = [], []
    for at, one in enumerate(_columns.objects(people, column)):
        if one is None:
            continue
        for text in one if len(one) else (none,):
            row.append(at)
            word.append(text)
    return np.array(row, dtype=np.int64), np.array([*word, None], dtype=object)[:-1]


def _occupations(
    people: pd.DataFrame, table: Occupations
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the middle group of each occupation sought; a text that is none stays as it is."""
    row, code = _single(people, "occupation")
    known = {one: table.longest_known(one)[:_MIDDLE_DIGITS] or one for one in set(code)}
    return row, np.array([*(known[one] for one in code), None], dtype=object)[:-1]
