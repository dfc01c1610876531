"""What `ledger due` does: the due list of a store goes into a workbook or a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd
import pyarrow.compute as pc
import typer

from geo_match.cli.audited_store import check_holds, opened
from geo_match.cli.circles import ALL_USED
from geo_match.cli.ledger.options import TABLES
from geo_match.cli.ledger.telling_ledger import write_frame
from geo_match.cli.terminal import progress, say
from geo_match.errors import ColumnError
from geo_match.exchange import check_target
from geo_match.exchange.due_list import write_due_list
from geo_match.intake.cells import as_text
from geo_match.intake.readers.files import read_table
from geo_match.matching.given.from_store import cursor_of
from geo_match.policy.due import REASON_NAMES, due_list, read_openings

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.cli.ledger.asked import Asked
    from geo_match.policy.due import DueList, DueOptions

_WORKBOOK: Final = ".xlsx"
_FORMATS: Final = (_WORKBOOK, *TABLES)


class ServedBy(NamedTuple):
    """Who works through a list: ids of a station and an operator, None for none."""

    station: str | None
    operator: str | None


def check_out(path: Path) -> None:
    """Check that a due list can be written to a file of this name.

    Raises
    ------
    typer.BadParameter
        If its suffix is none of them.
    """
    if path.suffix.lower() not in _FORMATS:
        message = f"must end in one of {', '.join(_FORMATS)}, got {str(path)!r}."
        raise typer.BadParameter(message, param_hint="--out")


def make_due_list(
    asked: Asked,
    options: DueOptions,
    out: Path,
    *,
    community: str | None,
    clocks: Path | None,
    served_by: ServedBy,
) -> int:
    """Make the due list of a store, and write it.

    Parameters
    ----------
    asked
        The store, the day and the moment.
    options
        What is asked.
    out
        Where it goes; an .xlsx is a workbook to be filled in.
    community
        Code of the one whose people are asked for; None for all.
    clocks
        File of households to be helped; None for none.
    served_by
        Who works through it.

    Raises
    ------
    GeoMatchError
        If there is no such store, it holds no seekers, or anything is refused.
    """
    check_target(out, inputs=[] if clocks is None else [clocks])
    with opened(asked.records) as there:
        check_holds(there.store, ["seekers"])
        read = asked.read(there, registered=True)
        moment = cursor_of(read.seekers)
        openings = None
        if options.n_jobs:
            openings = read_openings(there.store, on=options.on, as_of=moment)
    seekers = read.seekers
    if community is not None:
        seekers = seekers.filter(pc.equal(seekers.column("community"), community))
    with progress(asked.told("正在生成待办名单", "making the due list"), compiles=asked.language):
        due = due_list(
            seekers,
            read.spells,
            read.services,
            options,
            openings=openings,
            clocks=None if clocks is None else _clocks(clocks),
        )
    if out.suffix.lower() == _WORKBOOK:
        write_due_list(
            out,
            due,
            language="zh" if asked.language == "zh" else "en",
            station_id=served_by.station,
            operator_id=served_by.operator,
        )
    else:
        write_frame(_flat(due, asked.language), out)
    _tell(asked, due, out)
    return ALL_USED


def _flat(due: DueList, language: str) -> pd.DataFrame:
    """Return the persons with the jobs that are read aloud to them, in one table."""
    table = due.people.copy()
    for n in range(1, due.options.n_jobs + 1):
        # Somebody without any has one row of rank 0, which says why.
        those = due.jobs[due.jobs["rank"].clip(lower=1) == n] if len(due.jobs) else due.jobs
        said = dict(zip(those["person"], those[language], strict=True)) if len(those) else {}
        table[f"job_to_read_{n}"] = [said.get(one) for one in table["person"]]
    return table


def _clocks(path: Path) -> pd.DataFrame:
    """Return the households of a list of open cases, and their last days.

    Raises
    ------
    ColumnError
        If one of the two columns is missing.
    """
    given = read_table(path).columns
    columns = {}
    for name, chinese in (("household", "家庭编号"), ("due_on", "最后期限")):
        header = chinese if chinese in given.column_names else name
        if header not in given.column_names:
            raise ColumnError(path, f"have a column {name} {chinese}", "none", "Name it so.")
        texts = as_text(given.column(header)).to_pylist()
        columns[name] = [one or None for one in texts]
    return pd.DataFrame(columns)


def _tell(asked: Asked, due: DueList, out: Path) -> None:
    n, overdue = len(due), int(due.people["overdue"].sum())
    say(
        asked.told(
            f"{asked.on}，在册{due.n_registered:,}人，待办{n:,}人，其中逾期{overdue:,}人：{out}",
            f"{asked.on}: {due.n_registered:,} registered, {n:,} due, {overdue:,} overdue: {out}",
        )
    )
    for reason, count in due.reasons["reason"].value_counts().items():
        zh, en = REASON_NAMES[str(reason)]
        typer.echo(f"{asked.told(zh, en)}\t{count}")
    for zh, en in due.not_asked:
        say(asked.told(zh, en))
