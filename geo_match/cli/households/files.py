"""The lists beside a store as frames: cases of households (零就业家庭台账), clocks, employments."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa

from geo_match.cli.households.headers import CHINESE
from geo_match.errors import ColumnError, FileError
from geo_match.intake.readers.files import read_table
from geo_match.intake.values.cells import RefusedError
from geo_match.intake.values.days import in_beijing, is_day, read_moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geo_match.intake.readers.table import Table

CASES: Final[Mapping[str, tuple[str, ...]]] = {
    "household": ("household", "家庭编号", "户编号"),
    "id": ("id", "case", "案件编号", "编号"),
    "suspected_on": ("suspected_on", "疑似日期", "发现日期"),
    "applied_on": ("applied_on", "申请日期", "申报日期"),
    "verified_on": ("verified_on", "核实日期", "认定日期"),
    "helped_on": ("helped_on", "帮扶日期", "援助日期"),
    "cleared_on": ("cleared_on", "清零日期"),
    "closed_on": ("closed_on", "销号日期", "办结日期"),
    "cleared_by": ("cleared_by", "就业人员", "就业人员编号"),
    "closed_reason": ("closed_reason", "销号原因", "办结原因"),
}
"""Columns of a list of cases, and the headers that mean them."""
EMPLOYMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "就业记录编号", "编号"),
    "spell": ("spell", "就业状态记录编号"),
    "person": ("person", "求职编号", "人员编号"),
    "form": ("form", "就业形式"),
    "hired_on": ("hired_on", "就业日期", "入职日期"),
}
"""Columns of a list of employments."""
CLOCKS: Final[Mapping[str, tuple[str, ...]]] = {
    "household": CASES["household"],
    "due_on": ("due_on", "最后期限"),
    "open": ("open", "未结"),
}
"""Columns of a list of judged cases that tell until when a household is to be helped."""
_FLAGS: Final[Mapping[str, bool]] = {
    "是": True,
    "true": True,
    "yes": True,
    "1": True,
    "否": False,
    "false": False,
    "no": False,
    "0": False,
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "closed_reason": {"清零": "cleared", "已清零": "cleared", "未认定": "not_confirmed"},
    "form": {"就业见习": "traineeship", "见习": "traineeship"},
}
"""Chinese words that decide something; others stay as they are."""


def read_cases_file(path: Path) -> pd.DataFrame:
    """Return the cases of a file, for `judge_cases`.

    Raises
    ------
    FileError
        If it cannot be read, has no column of households or is repeating one, or a day is none.
    """
    return _read(path, CASES, ("household",))


def read_employments_file(path: Path) -> pd.DataFrame:
    """Return the employments of a file.

    Raises
    ------
    FileError
        As `read_cases_file`; `person`, `form` and `hired_on` must be there.
    """
    return _read(path, EMPLOYMENTS, ("person", "form", "hired_on"))


def read_clocks_file(path: Path) -> pd.DataFrame:
    """Return the households of a list of cases that are open, and their last days.

    Parameters
    ----------
    path
        As `households open` writes it, or any list with `household` and `due_on`. Where it says of
        each case whether it is open, those that are not are left out.

    Raises
    ------
    FileError
        As `read_cases_file`; `household` and `due_on` must be there, and `open` say yes or no.
    """
    given = _read(path, CLOCKS, ("household", "due_on"))
    if "open" not in given.columns:
        return given
    said = given.pop("open").fillna("").str.lower()
    unsaid = ~said.isin(list(_FLAGS))
    if unsaid.any():
        found = f"{said[unsaid].iloc[0]!r} of {given['household'][unsaid].iloc[0]!r}"
        rule, remedy = "say of each case whether it is open", "Write 是 or 否, true or false."
        raise FileError(path, f"{rule}, in open or 未结", found, remedy)
    return given[said.map(_FLAGS).astype(bool)].reset_index(drop=True)


def _read(
    path: Path, columns: Mapping[str, tuple[str, ...]], required: tuple[str, ...]
) -> pd.DataFrame:
    table = read_table(path)
    if table.faults:
        first = table.faults[0]
        raise FileError(path, first.rule, f"row {first.row}", first.remedy)
    found: dict[str, pd.Series] = {}
    for name, headers in columns.items():
        # A workbook that was written here has both names in one header.
        known = (*headers, f"{CHINESE[name]} {name}") if name in CHINESE else headers
        there = [one for one in known if one in table.columns.column_names]
        if len(there) > 1:
            raise ColumnError(path, f"have one column of {name}", ", ".join(there))
        if there:
            found[name] = _column(table, there[0], name)
    missing = [name for name in required if name not in found]
    if missing:
        heads = " or ".join(columns[missing[0]])
        have = ", ".join(table.columns.column_names)
        raise ColumnError(path, f"have a column {heads}", have)
    return pd.DataFrame(found)


def _column(table: Table, header: str, name: str) -> pd.Series:
    column = table.columns.column(header)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if name.endswith("_on"):
        return pd.Series(_days(table, column, header))
    words = _WORDS.get(name, {})
    texts = [None if one is None else str(one).strip() or None for one in column.to_pylist()]
    return pd.Series([words.get(one, one) if one else None for one in texts], dtype=object)


def _days(table: Table, column: pa.ChunkedArray, header: str) -> list[dt.date | None]:
    if is_day(column.type):
        return [_day_of(one) for one in in_beijing(column).to_pylist()]
    days: list[dt.date | None] = []
    for row, one in zip(table.row.tolist(), column.to_pylist(), strict=True):
        text = "" if one is None else str(one).strip()
        try:
            days.append(read_moment(text, lambda _: None).date() if text else None)
        except RefusedError as refused:
            found = f"{text!r} in row {row}, column {header}"
            message = refused.message
            raise FileError(
                table.path, f"have days that {message.rule}", found, message.remedy
            ) from None
    return days


def _day_of(one: dt.date | dt.datetime | None) -> dt.date | None:
    return one.date() if isinstance(one, dt.datetime) else one
