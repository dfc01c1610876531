"""A list with a row a member (家庭成员) becomes one record a household, with its members.

It is a list of households whose rows have the year of birth of one person each: beside the
household's number it has a column of years of birth, and either one of the members' numbers or
relations to the head (成员序号, 与户主关系), or none of the columns that speak of a household as a
whole; and no mapping names a field of households for it. It speaks of the members alone: what else
the store knows of the households stays.

A household is taken whole or not at all: where one row is at fault, the others of its household are
rejected with it, so that the file to be mended has all of them. A row whose own household cannot be
read belongs to none: it is rejected alone. So is one of an older state of its household, which the
list has a newer one of (`geo_match.intake.lists._states`); else it is stale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.intake.columns import not_used
from geo_match.intake.lists._asides import without_asides
from geo_match.intake.lists._formulas import without_unused_formulas
from geo_match.intake.lists._judgement import Judgement
from geo_match.intake.lists._matching import Columns, ambiguous
from geo_match.intake.lists._states import UNSTATED, find_states
from geo_match.intake.lists._together import REMEDY, TOGETHER, Joined
from geo_match.intake.readers.table import columns_of_ours
from geo_match.intake.unmended import without_unmended
from geo_match.intake.values import Context, parse
from geo_match.intake.values.shapes import MOST_MEMBERS, TOO_MANY
from geo_match.intake.values.years import parse_year
from geo_match.intake.wording import normalised
from geo_match.records import About, FieldSpec, Household, Kind, Seeker
from geo_match.records.arrow import MEMBER, type_of
from geo_match.records.members import MEMBER_LIST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.intake.findings import Findings
    from geo_match.intake.lists.mapping import ColumnMapping
    from geo_match.intake.readers.table import Table
    from geo_match.intake.values.cells import Column

_OF_A_WHOLE: Final = (
    "head_name",
    "member_count",
    "working_age_count",
    "zero_employment",
    "members",
    "lon",
    "lat",
    "address",
    "community",
)
"""Fields of which a list speaks that has a row a household."""
_OF_BOTH: Final = frozenset({"", "id", "version", "updated_at"})
"""What a mapping may name of either list."""
_NUMBER: Final = FieldSpec("number", About(Kind.WHOLE, "成员序号"), "", required=False, least=0)
_MOMENTS: Final = ("version", "updated_at")
"""What says which of two states is the newer, the first before the second."""
_EMPTY: Final = "must not be empty"
_SAME_NUMBER: Final = "must differ from the numbers of the other members of its household"
_TO_NUMBER: Final = "Give each member a number of its own, or remove the row that is wrong."
_NEWEST: Final = "must be of its household's newest moment, where the list tells of a member twice"
_TO_THE_NEWEST: Final = (
    "Give each member who still belongs to the household a row of the newest moment, and remove "
    "the older rows."
)
_ANOTHER_YEAR: Final = (
    "must have another year of birth than a newer row of its household, unless both have numbers"
)
_TO_TELL_APART: Final = (
    "They may be one member who is told of twice, or two of one year: give the members numbers, or "
    "remove the older row."
)


def member_columns(table: Table, kind: str, mapping: ColumnMapping) -> Columns | None:
    """Return the columns of a list with a row a member; None of any other list.

    Parameters
    ----------
    table
        The list.
    kind
        Of the records that are asked for.
    mapping
        May name the column of the household's number as `id`, its `version` and `updated_at`, and
        what is not used as "".

    Returns
    -------
    Columns
        `id` is the household's number; the others are named as in `MEMBER_LIST`.

    Raises
    ------
    ColumnError
        If it is one, and two columns mean the same.
    """
    if kind != "households" or table.geometry is not None:
        return None
    names = table.columns.column_names
    ours = {*columns_of_ours(names), *(one for one, name in mapping.columns.items() if not name)}
    by_word: dict[str, list[str]] = {}
    for name in names:
        if name not in ours:
            by_word.setdefault(normalised(name), []).append(name)

    def found(words: tuple[str, ...]) -> list[str]:
        meant = dict.fromkeys(map(normalised, words))
        return [name for word in meant for name in by_word.get(word, ())]

    columns = {name: found(words) for name, words in MEMBER_LIST.items()}
    mapped = [header for header, name in mapping.columns.items() if name == "id"]
    columns["household"] = [name for one in mapped for name in found((one,))] or columns[
        "household"
    ]
    if not columns["household"] or not columns["birth_year"]:
        return None
    specs = Household.specs()
    if any(name not in _OF_BOTH for name in mapping.columns.values()):
        return None  # whoever maps a field of households means a list of these
    is_whole = any(found(specs[name].headers) for name in _OF_A_WHOLE)
    if is_whole and not (columns["number"] or columns["relation"]):
        return None
    for name, headers in columns.items():
        if len(headers) > 1:
            raise ambiguous(table, f"`{name}`", "columns", headers)
    fields = {name: headers[0] for name, headers in columns.items() if headers}
    fields = {"id": fields.pop("household"), **fields}
    used = {*fields.values(), *ours}
    return Columns(fields, {}, {}, tuple(name for name in names if name not in used))


class Members:
    """A list of members, read.

    Parameters
    ----------
    table, columns
        The list, and what `member_columns` says of it.
    context
        What the values are judged against.
    """

    def __init__(self, table: Table, columns: Columns, context: Context) -> None:
        table = without_asides(without_unused_formulas(table, columns), columns)
        self.table = table = without_unmended(table)
        self._headers = columns.fields
        self._n = len(table.row)
        self._judgement = Judgement(
            table.row, {name: table.columns.column(name) for name in table.columns.column_names}
        )
        self._values = self._parsed(context)
        self._home = self._homes()
        copies, older = self._repeated()
        aside = copies | older
        self._reject_too_many(aside)
        self._reject_the_rest(copies, older)
        self._order = self._in_order(~(self._judgement.rejected | aside))
        self.duplicates = table.row[copies & ~self._judgement.rejected]
        self.stale = table.row[older & ~copies & ~self._judgement.rejected]
        self.warnings = (
            *table.warnings,
            *([not_used(columns.unused)] if columns.unused else []),
        )
        self.unused = columns.unused

    @property
    def rejections(self) -> Findings:
        """The faults of rejected rows."""
        return self._judgement.rejections(self.table.faults)

    @property
    def notes(self) -> Findings:
        """What was repaired or is doubtful."""
        return self._judgement.notes()

    @property
    def row(self) -> NDArray[np.int64]:
        """Number of the first row of each household that is kept, int64, shape (h,)."""
        return self._first_row

    @property
    def columns(self) -> dict[str, str]:
        """For each field of a household the headers that it comes from."""
        of_members = [
            self._headers[one] for one in ("birth_year", "status") if one in self._headers
        ]
        found = {"id": self._headers["id"], "members": ", ".join(of_members)}
        return found | {name: self._headers[name] for name in _MOMENTS if name in self._headers}

    @property
    def joined(self) -> Joined:
        """The other rows of these households."""
        to = np.repeat(self._first_row, np.diff(self._offsets))
        row = self.table.row[self._order]
        others = row != to
        in_order = np.argsort(row[others])
        return Joined(row[others][in_order], to[others][in_order])

    def records(self) -> pa.Table:
        """Return a record a household: `row`, and every field of the model, as a list's are."""
        order, starts = pa.array(self._order), self._offsets[:-1]
        born = self._values["birth_year"].take(order).combine_chunks().cast(pa.int64())
        status = self._values["status"].take(order).combine_chunks()
        members = pa.StructArray.from_arrays([born, status], fields=list(MEMBER))
        given: dict[str, Any] = {
            "id": self._values["id"].take(order).take(pa.array(starts)),
            "members": pa.ListArray.from_arrays(pa.array(self._offsets, pa.int32()), members),
            **{name: self._newest(name) for name in _MOMENTS},
        }
        columns: dict[str, Any] = {"row": pa.array(self._first_row)}
        for name, spec in Household.specs().items():
            value = given.get(name)
            if value is None:
                value = pa.nulls(len(starts), type_of(spec.about.kind))
            default = Household.model_fields[name].default
            if not spec.required and default is not None:
                value = pc.fill_null(value, default)
            columns[name] = value
        return pa.table(columns)

    def _parsed(self, context: Context) -> dict[str, Column]:
        home, seeker = Household.specs(), Seeker.specs()
        specs = {
            "id": home["id"],
            "number": _NUMBER,
            "birth_year": seeker["birth_year"],
            "status": seeker["status"],
            "version": home["version"],
            "updated_at": home["updated_at"],
        }
        values = {}
        for name, spec in specs.items():
            header = self._headers.get(name)
            if header is None:
                kind = type_of(spec.about.kind)
                values[name] = pa.chunked_array([pa.nulls(self._n, kind)])
                continue
            column = self.table.columns.column(header)
            parser = parse_year if name == "birth_year" else parse
            parsed = parser(spec, column, context)
            self._judgement.take(header, parsed.faults, parsed.notes)
            values[name] = parsed.value
            if name in {"id", "birth_year"}:
                nothing = np.asarray(pc.is_null(parsed.value).to_numpy(), dtype=np.bool_)
                nothing = nothing & ~self._judgement.faulty(header)
                self._judgement.reject(nothing, header, _EMPTY, "Give the row one.")
        return values

    def _homes(self) -> NDArray[np.int64]:
        """Return the number of each row's household, in their order, int64, (n,); -1 of none."""
        encoded = self._values["id"].combine_chunks().dictionary_encode()
        return np.asarray(pc.fill_null(encoded.indices.cast(pa.int64()), -1))

    def _repeated(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which rows say the same as one above, and which are older than others.

        Those are rejected who have the number of another member, and those who may be older.
        """
        values = self._values
        rows = pd.DataFrame(
            {
                "home": self._home,
                "number": np.asarray(values["number"].to_numpy(), dtype=np.float64),
                "birth_year": values["birth_year"].to_pandas(),
                "status": values["status"].to_pandas(),
                **{name: self._moments(name) for name in _MOMENTS},
            }
        )
        found = find_states(rows, self._judgement.rejected, self._unsound())
        if found.clashes.any():
            header = self._headers["number"]
            self._judgement.reject(found.clashes, header, _SAME_NUMBER, _TO_NUMBER)
        if found.left_behind.any():
            header = next(self._headers[name] for name in _MOMENTS[::-1] if name in self._headers)
            self._judgement.reject(found.left_behind, header, _NEWEST, _TO_THE_NEWEST)
        header = self._headers["birth_year"]
        self._judgement.reject(found.twice, header, _ANOTHER_YEAR, _TO_TELL_APART)
        return found.copies, found.older

    def _moments(self, name: str) -> NDArray[np.int64]:
        """Return each row's version or moment, int64, (n,), as `find_states` takes them."""
        column = self._values[name].cast(pa.int64())
        return np.asarray(pc.fill_null(column, UNSTATED).to_numpy(), dtype=np.int64)

    def _unsound(self) -> NDArray[np.bool_]:
        """Return which rows are of households of which a row cannot be told to be newer or older.

        Such a row has no sound version or moment, or did not come apart into columns.
        """
        faulty = np.zeros(self._n, dtype=np.bool_)
        for name in _MOMENTS:
            if name in self._headers:
                faulty |= self._judgement.faulty(self._headers[name])
        mine = self._home >= 0
        unsound: NDArray[np.bool_] = np.isin(self._home, self._home[faulty & mine]) & mine
        return unsound | self._of_broken_rows()

    def _reject_too_many(self, aside: NDArray[np.bool_]) -> None:
        mine = (self._home >= 0) & ~aside
        size = np.bincount(self._home[mine], minlength=1)
        many = mine & (size[np.maximum(self._home, 0)] > MOST_MEMBERS)
        self._judgement.reject(many, self._headers["id"], TOO_MANY, "Is it one household?")

    def _reject_the_rest(self, copies: NDArray[np.bool_], older: NDArray[np.bool_]) -> None:
        """Reject the rows of households of which another row was rejected, unless it is older."""
        rejected = self._judgement.rejected
        at_fault = (rejected & ~older) | self._of_broken_rows()
        lost = np.unique(self._home[at_fault & (self._home >= 0)])
        rest = np.isin(self._home, lost) & ~rejected & ~copies & ~older
        self._judgement.reject(rest, self._headers["id"], TOGETHER, REMEDY)

    def _of_broken_rows(self) -> NDArray[np.bool_]:
        """Return which rows are of households that others seem to be of, which did not come apart.

        They did not come apart into columns: only what stands where a household should is known.
        """
        at = self.table.columns.column_names.index(self._headers["id"])
        cells = self.table.broken.values()
        homes = [row[at].strip() for row in cells if len(row) > at and row[at].strip()]
        found = pc.is_in(self._values["id"], value_set=pa.array(homes, pa.string()))
        return np.asarray(found, dtype=np.bool_)

    def _in_order(self, kept: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the positions of the rows that are kept, by household and number in it."""
        at = np.flatnonzero(kept)
        number = np.asarray(self._values["number"].to_numpy(), dtype=np.float64)[at]
        order = at[np.lexsort((at, number, self._home[at]))]  # a missing number comes last
        home = self._home[order]
        starts = np.flatnonzero(np.diff(home, prepend=-1))
        self._offsets = np.append(starts, len(order)).astype(np.int64)
        first = np.minimum.reduceat(order, starts) if len(order) else order
        self._first_row: NDArray[np.int64] = self.table.row[first]
        return order

    def _newest(self, name: str) -> pa.Array:
        """Return the greatest version or moment of each household; null where none has one."""
        column = self._values[name].take(pa.array(self._order)).combine_chunks()
        kind = column.type
        value = pc.fill_null(column.cast(pa.int64()), -1).to_numpy()
        if not len(value):
            return column
        most = np.maximum.reduceat(value, self._offsets[:-1])
        return pa.array(most, mask=most < 0).cast(kind)
