"""Tables of counts of people, with what everybody knows of how their cells add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.coverage.release import PUBLISHED, RELEASE
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

MOST_COUNTS: Final = 60_000
"""How many counts can go out together, with rests and overlaps: more would take many minutes."""
_SHOWN = 3
_PEOPLE: Final = "people"
_BETWEEN, _NULL = "\x1f", "\x00"  # in no code, name or date, so that no two keys look alike


@dataclass(frozen=True, slots=True)
class Split:
    """How a count of a row is made of others of the same row: `total` = Σ `parts` (+ `rest`).

    Parameters
    ----------
    total, parts
        Names of count columns, or of rests of splits before this one.
    rest
        Name of what the parts leave of the total, where that is no column: people less located is
        the unlocated. It is never printed, yet anybody can subtract, so it is protected too. None:
        the parts are all of the total.
    """

    total: str
    parts: tuple[str, ...]
    rest: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a distribution (a median, a Gini), and when it may be shown.

    Parameters
    ----------
    base
        The count column of the people whom it describes.
    step
        It is rounded to multiples of this, greater than 0, in its own unit: an exact distance
        places a home on a circle, an exact mean gives away the sum.
    tail
        The smaller share of the base on either side of a quantile (0.1 of the 10th and of the 90th
        percentile, 0.5 of a median), 1 for a figure of all. The people in the tail must be
        `min_count` at least, by the published count: the 10th percentile of ten is one person.
    """

    base: str
    step: float
    tail: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountTable:
    """Whole counts of people, a row a place or group (and date), and their known sums.

    Parameters
    ----------
    name
        What the rows are: "community", "street", "community by sex". The same in every
        publication, for the noise of a cell depends on it. Tables of one name (of two dates) are
        put under each other.
    frame
        The rows. Only the columns named here go out.
    by
        Columns that tell the rows apart, the date among them; null is a value of its own. None for
        a table of one row.
    counts
        Columns of whole numbers of at least 0.
    splits
        Sums within a row.
    into
        Sums of rows: the name of a coarser table → the columns of this one that hold its `by`, in
        its order. All rows here with those values add up to its row, for each count that both have.
    date
        Which of `by` is the date; a cell has the same noise at all dates.
    structural
        Count column → a column of booleans: where true, the count cannot be other than 0 and
        everybody knows it (nobody is located in a community without an area).
    shares
        Name of a share → (its numerator, its denominator), both counts.
    measures
        Column of a distribution's figure → when it may be shown.
    labels
        Other columns that go out as they are: names, geometries. Nothing about people.
    goes_out
        False: the table is not published but known to exist, as the overlaps of communities with
        H3 cells are; it ties the published tables together, and is protected like a rest.
    of
        Who is counted; part of a cell's noise, so that two kinds of people do not share it.
    """

    name: str
    frame: pd.DataFrame
    by: tuple[str, ...]
    counts: tuple[str, ...]
    splits: tuple[Split, ...] = ()
    into: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    date: str | None = None
    structural: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    goes_out: bool = True
    of: str = "people"

    @property
    def columns(self) -> tuple[str, ...]:
        """The counts, then the rests of the splits: what has a cell in every row."""
        rests = (split.rest for split in self.splits if split.rest is not None)
        return tuple(dict.fromkeys(chain(self.counts, rests)))

    def keys(self, columns: Iterable[str]) -> pd.Index[str]:
        """Give one text a row, equal where the values of these columns are equal."""
        texts = [
            [_NULL if pd.isna(value) else str(value) for value in self.frame[column]]
            for column in columns
        ]
        rows = zip(*texts, strict=True) if texts else ([] for _ in range(len(self.frame)))
        return pd.Index([_BETWEEN.join(row) for row in rows], dtype=object)

    def values(self) -> NDArray[np.int64]:
        """Give the counts and rests, (rows, columns).

        Raises
        ------
        ArgumentError
            If parts are more than their total, or do not add up to it.
        """
        held = {name: self.frame[name].to_numpy(dtype=np.int64) for name in self.counts}
        for split in self.splits:
            left = held[split.total] - np.sum([held[part] for part in split.parts], axis=0)
            bad = (left != 0) if split.rest is None else (left < 0)
            if bad.any():
                rule = "be the sum of" if split.rest is None else "be at least the sum of"
                self._refuse(split.total, f"{rule} {', '.join(split.parts)}", bad)
            if split.rest is not None:
                held[split.rest] = left
        return np.column_stack([held[name] for name in self.columns])

    def known_zeros(self) -> NDArray[np.bool_]:
        """Say which cells everybody knows to be 0, (rows, columns)."""
        known = np.zeros((len(self.frame), len(self.columns)), dtype=np.bool_)
        for count, column in self.structural.items():
            known[:, self.columns.index(count)] = self.frame[column].to_numpy(dtype=np.bool_)
        return known

    def check(self) -> None:
        """Check what can be seen in this table alone.

        Raises
        ------
        ArgumentError
            If a column is missing or named twice, the table was published already, a count is no
            whole number of at least 0, a row stands twice, or a declaration names no count.
        """
        self._check_columns()
        for name in self.counts:
            self._check_count(name)
        keys = self.keys(self.by)
        if not keys.is_unique:
            again = keys.duplicated(keep=False)
            self._refuse(", ".join(self.by), "tell the rows apart", again, _DATES)
        for count, column in self.structural.items():
            flags = self.frame[column]
            if not pd.api.types.is_bool_dtype(flags) or flags.isna().any():
                self._refuse(column, "be true or false", flags.isna().to_numpy())
            bad = flags.to_numpy(dtype=np.bool_) & (self.frame[count].to_numpy() != 0)
            if bad.any():
                self._refuse(count, f"be 0 where `{column}` says that it cannot be otherwise", bad)

    def _check_columns(self) -> None:
        where = self.name
        asked = (*self.by, *self.counts, *self.labels, *self.measures, *self.structural.values())
        missing = [name for name in asked if name not in self.frame]
        if missing or not self.counts:
            raise ArgumentError(
                where, "have its counts and all columns it names", f"without {missing or 'counts'}"
            )
        if RELEASE in asked:
            remedy = "Rename the column."
            raise ArgumentError(where, "have no column of that name", repr(RELEASE), remedy)
        if RELEASE in self.frame and (self.frame[RELEASE] == PUBLISHED).any():
            raise ArgumentError(
                where,
                "be an internal report",
                "a published one",
                "Its figures are rounded; publish the report that it was made from.",
            )
        shared = chain.from_iterable(self.shares.values())
        based = (measure.base for measure in self.measures.values())
        named = {*shared, *based, *self.structural}
        unknown = sorted(named - set(self.counts)) + self._unknown_in_splits()
        if unknown:
            raise ArgumentError(where, "split, divide and base on its counts only", f"{unknown}")
        if self.date is not None and self.date not in self.by:
            raise ArgumentError(where, "have its date in `by`", repr(self.date))
        for name, measure in self.measures.items():
            if not (measure.step > 0 and 0 < measure.tail <= 1):
                rule = "have a step greater than 0 and a tail above 0 and up to 1"
                subject = f"{where}.{name}"
                raise ArgumentError(subject, rule, repr(measure))

    def _unknown_in_splits(self) -> list[str]:
        known = set(self.counts)
        unknown = []
        for split in self.splits:
            unknown += [name for name in (split.total, *split.parts) if name not in known]
            if split.rest is not None:
                if split.rest in known:
                    subject = f"{self.name}.{split.rest}"
                    raise ArgumentError(
                        subject,
                        "have a name of its own",
                        "that of a count or of another rest",
                    )
                known.add(split.rest)
        return unknown

    def _check_count(self, name: str) -> None:
        column = self.frame[name]
        if not pd.api.types.is_integer_dtype(column):
            subject = f"{self.name}.{name}"
            raise ArgumentError(
                subject,
                "be whole numbers",
                f"dtype {column.dtype}",
                "Publish counts of people, not sums of weights that are no whole numbers.",
            )
        bad = column.isna().to_numpy() | (column.fillna(-1).to_numpy() < 0)
        if bad.any():
            self._refuse(name, "be 0 or more in every row", bad)

    def _refuse(self, column: str, rule: str, bad: NDArray[np.bool_], remedy: str = "") -> None:
        rows = [int(row) for row in np.flatnonzero(bad)]
        more = ", …" if len(rows) > _SHOWN else ""
        found = f"{len(rows)} rows that do not (positions {str(rows[:_SHOWN])[1:-1]}{more})"
        subject = f"{self.name}.{column}"
        raise ArgumentError(subject, rule, found, remedy)


_DATES: Final = (
    "Tables of one name are told apart by their dates: `count_tables(report, date=...)`."
)
_DECLARED: Final = tuple(name for name in CountTable.__slots__ if name != "frame")
_ASK_ALIKE: Final = (
    "Ask the reports alike. A report on foot tells both what is on foot and what is straight:"
    " `count_tables(report, straight=True)`."
)


def stacked(tables: Iterable[CountTable]) -> tuple[CountTable, ...]:
    """Put tables of one name under each other, and check each.

    Raises
    ------
    ArgumentError
        If two tables of one name are declared differently, two names have the same rows with the
        same people, or as `CountTable.check` says.
    """
    groups: dict[str, list[CountTable]] = {}
    for table in tables:
        groups.setdefault(table.name, []).append(table)
    out = []
    for name, group in groups.items():
        first = group[0]
        unlike = [one for one in _DECLARED if any(_differs(one, first, other) for other in group)]
        if unlike:
            rule = "be declared alike in all tables of the name"
            raise ArgumentError(name, rule, f"other {', '.join(unlike)}", _ASK_ALIKE)
        for table in group:
            table._check_columns()  # noqa: SLF001 - before they are joined, which would fill gaps
        frame = first.frame
        if len(group) > 1:
            frame = pd.concat([table.frame for table in group], ignore_index=True)
        whole = with_frame(first, frame)
        whole.check()
        out.append(whole)
    _refuse_doubles(out)
    return tuple(out)


def _refuse_doubles(tables: list[CountTable]) -> None:
    """Refuse the same people in the same rows under two names, unless a sum ties the two.

    Each would have noise of its own, and no program would know that the two are of the same people:
    what each keeps back could be told from both.
    """
    sums: dict[str, set[str]] = {}
    known = {table.name: table.into for table in tables}
    people = {table.name: _people(table) for table in tables}
    for table in tables:
        ahead, sums[table.name] = [*table.into], set()
        while ahead:  # also what its sums add up to
            if (name := ahead.pop()) not in sums[table.name]:
                sums[table.name].add(name)
                ahead.extend(known.get(name, ()))
    for place, one in enumerate(tables):
        for other in tables[:place]:
            if other.name in sums[one.name] or one.name in sums[other.name]:
                continue
            if people[one.name] & people[other.name]:
                rule = f"be other people, or in other rows, than those of `{other.name}`"
                raise ArgumentError(one.name, rule, "the same people in each row", _ASK_ALIKE)


def _people(table: CountTable) -> set[tuple[str, tuple[str, ...], frozenset[tuple[str, int]]]]:
    """Return for each date whom the rows count, by which columns, and how many each row has."""
    if _PEOPLE not in table.counts or not table.goes_out:
        return set()
    parts: dict[str, dict[str, int]] = {}
    dates = table.keys(() if table.date is None else (table.date,))
    rows = zip(dates, table.keys(table.by), table.frame[_PEOPLE].tolist(), strict=True)
    for date, key, people in rows:
        parts.setdefault(date, {})[key] = people
    return {
        (table.of, table.by, frozenset(part.items()))
        for part in parts.values()
        if any(part.values())
    }


def bare(table: CountTable) -> CountTable:
    """Give the table without its counts: its rows and what everybody knows of them."""
    kept = (*table.by, *chain.from_iterable(table.into.values()), *table.structural.values())
    return with_frame(table, table.frame[list(dict.fromkeys(kept))])


def check_size(n: int) -> None:
    """Refuse more counts than can go out together.

    Parameters
    ----------
    n
        How many there are, with rests and overlaps.

    Raises
    ------
    ArgumentError
        If these are more than `MOST_COUNTS`.
    """
    if n > MOST_COUNTS:
        rule = f"have at most {MOST_COUNTS:,} counts together, with rests and overlaps"
        remedy = (
            "Publish fewer levels, groups or dates, no H3 cells, or a part of the city: a report"
            " of its own."
        )
        raise ArgumentError("reports", rule, f"{n:,}", remedy)


def _differs(name: str, one: CountTable, other: CountTable) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def with_frame(table: CountTable, frame: pd.DataFrame) -> CountTable:
    """Give the same declarations with other rows."""
    values = {name: getattr(table, name) for name in CountTable.__slots__}
    return CountTable(**{**values, "frame": frame})
