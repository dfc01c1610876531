"""A filled sheet of a due list, read back: the lines that somebody worked on become services."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa

from geo_match.codes import narrow
from geo_match.errors import ColumnError
from geo_match.exchange.due_list.columns import FILLED, SERVICE_FIELDS
from geo_match.exchange.rows import Rows
from geo_match.exchange.target import naming, replacing
from geo_match.exchange.text import write_csv
from geo_match.intake.cells import as_text
from geo_match.intake.readers.files import read_table
from geo_match.intake.readers.table import ROW_COLUMN
from geo_match.intake.values.cells import RefusedError
from geo_match.intake.values.days import read_moment
from geo_match.records.people import Service

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geo_match.intake.faults import Rejection

_SPECS: Final = Service.specs()
_GIVEN: Final = "on"
"""The one column of `FILLED` that is there already: it does not say that somebody worked on it."""
_NEEDED: Final = ("id", "person", "on", "kind", "result")


class SheetFault(NamedTuple):
    """What is wrong with a line of a sheet.

    Parameters
    ----------
    row
        Number of the line, from 1 below the header.
    field
        Header of the column.
    value
        What stands there.
    zh, en
        What must hold.
    """

    row: int
    field: str
    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class FilledList:
    """What a filled sheet says.

    Parameters
    ----------
    services
        The lines that somebody worked on, all text, by the headers that the sheet has, and the
        number of each line in the sheet (原行号).
    n_read
        How many lines the sheet has.
    n_left
        How many of them nobody worked on.
    faults
        What is wrong with lines that were worked on and are not among the services.
    """

    services: pa.Table
    n_read: int
    n_left: int
    faults: tuple[SheetFault, ...]

    @property
    def n_faulty(self) -> int:
        """How many lines have faults."""
        return len({one.row for one in self.faults})


def read_filled(path: str | Path, *, today: dt.date) -> FilledList:
    """Read a filled sheet.

    Parameters
    ----------
    path
        The workbook, or the same as `.csv`, with the columns of service records in Chinese or
        English; others are passed over.
    today
        No service lies after it.

    Returns
    -------
    FilledList
        A line counts as worked on if anything stands in a column to be filled in, but for the day,
        which is there already. One without a result, whose day lies after today, or whose next day
        does not lie after its own, is a fault, and told; all else is judged by intake.

    Raises
    ------
    FileError, ColumnError
        If it cannot be read, or has not the columns.
    """
    table = read_table(path)
    names = _columns(Path(path), table.columns.column_names)
    texts = {
        field: as_text(table.columns.column(header)).fill_null("").to_pylist()
        for field, header in names.items()
    }
    filled = [one.name for one in FILLED if one.name != _GIVEN and one.name in texts]
    rows = table.row.tolist()
    worked = [any(texts[name][at].strip() for name in filled) for at in range(len(rows))]
    faults = [_of_reader(one) for one in table.faults]
    taken = []
    for at, is_worked in enumerate(worked):
        if not is_worked:
            continue
        line = {field: values[at].strip() for field, values in texts.items()}
        found = _faults(rows[at], line, names, today)
        faults += found
        if not found:
            taken.append(at)
    columns = {
        names[field]: [values[at].strip() for at in taken] for field, values in texts.items()
    }
    columns[ROW_COLUMN] = [str(rows[at]) for at in taken]
    schema = pa.schema([(name, pa.string()) for name in columns])
    services = pa.table(columns, schema=schema)
    return FilledList(services, len(rows), worked.count(False), tuple(faults))


def write_services(filled: FilledList, sheet: str | Path) -> Path:
    """Write the services of a filled sheet beside it, as a list that `import` takes.

    It is called as the sheet, with `.services.csv`; if another list has that name, with a number.
    A list of the same content is left as it is.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    beside = Path(sheet)
    rows = Rows(filled.services.schema, filled.services.to_batches())
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "services.csv")
        write_csv(written, rows, for_people=True)
        content = written.read_bytes()
    number = 1
    while True:
        end = "" if number == 1 else f"-{number}"
        target = beside.with_name(f"{beside.stem}.services{end}.csv")
        if not target.exists():
            with replacing(target, only_new=True) as (temporary,), naming(target):
                temporary.write_bytes(content)
            return target
        if target.read_bytes() == content:
            return target
        number += 1


def _columns(path: Path, headers: list[str]) -> dict[str, str]:
    """Return the header of each field of services that the sheet has.

    Raises
    ------
    ColumnError
        If one that is needed is missing.
    """
    found = {
        field: header
        for field in SERVICE_FIELDS
        for header in (_SPECS[field].about.chinese, field)
        if header in headers
    }
    if absent := [_SPECS[one].about.chinese for one in _NEEDED if one not in found]:
        raise ColumnError(
            path,
            "have the columns of a due list",
            f"none called {', '.join(absent)}",
            "Fill in the sheet that `geo-match ledger due` wrote, and leave its headers.",
        )
    return found


def _faults(
    row: int, line: Mapping[str, str], names: Mapping[str, str], today: dt.date
) -> list[SheetFault]:
    """Return what is wrong with a line that was worked on, beside what intake judges."""
    found = []

    def tell(field: str, zh: str, en: str) -> None:
        found.append(SheetFault(row, names[field], line[field], zh, en))

    if not line["result"]:
        tell("result", "须从下拉框选择服务结果", "must say what came of it: choose from its list")
    on, following = _day(line["on"]), _day(line.get("next_contact_on", ""))
    if on is not None and on > today:
        tell(
            "on",
            f"不得晚于{today}，请写实际办理日期",
            f"must not lie after {today}, when it was done",
        )
    if on is not None and following is not None and following <= on:
        tell(
            "next_contact_on", f"须晚于服务日期{on}", f"must lie after the day of the service, {on}"
        )
    return found


def _of_reader(fault: Rejection) -> SheetFault:
    """Return a line that could not be read, such as one with merged cells."""
    en = f"{fault.rule}. {fault.remedy}"
    return SheetFault(fault.row, fault.field, fault.value, f"无法读取：{en}", en)


def _day(text: str) -> dt.date | None:
    """Return the day of a cell as intake will read it; None for what it will refuse, or nothing."""
    try:
        return read_moment(narrow(text).strip(), lambda _: None).date() if text else None
    except RefusedError:
        return None
