"""What `ledger due` does: the due list of a store goes into a workbook or a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import pyarrow.compute as pc
import typer

from geo_match.cli.audited_store import check_holds, opened
from geo_match.cli.circles import ALL_USED
from geo_match.cli.households.files import (
    read_cases_file,
    read_clocks_file,
    read_employments_file,
)
from geo_match.cli.households.opening import case_options
from geo_match.cli.ledger.options import TABLES
from geo_match.cli.ledger.telling_ledger import write_frame
from geo_match.cli.terminal import progress, say
from geo_match.exchange import check_target
from geo_match.exchange.due_list import write_due_list
from geo_match.matching.given.from_store import cursor_of
from geo_match.policy.due import REASON_NAMES, due_list, read_openings
from geo_match.policy.households import judge_cases

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from geo_match.cli.ledger.asked import Asked
    from geo_match.policy.due import DueList, DueOptions
    from geo_match.policy.households import CaseOptions

_WORKBOOK: Final = ".xlsx"
_FORMATS: Final = (_WORKBOOK, *TABLES)


class Households(NamedTuple):
    """Files of households that are to be helped; None for none.

    Parameters
    ----------
    clocks
        Judged cases.
    cases, employments, clock_from
        Cases that are judged here, by what hires, and from which day their clock runs.
    """

    clocks: Path | None = None
    cases: Path | None = None
    employments: Path | None = None
    clock_from: str = "verified"


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
    households: Households,
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
    households
        Files of those to be helped.
    served_by
        Who works through it.

    Raises
    ------
    GeoMatchError
        If there is no such store, it holds no seekers, or anything is refused.
    """
    check_target(out, inputs=[one for one in households[:3] if one is not None])
    given = _Given.of(households)
    with opened(asked.records) as there:
        check_holds(there.store, ["seekers"])
        # Who cleared a household may be registered no more.
        read = asked.read(there, registered=given.cases is None)
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
            clocks=given.clocks_on(options.on, read.seekers),
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


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """What the files of households say; None for what was not given."""

    clocks: pd.DataFrame | None
    cases: pd.DataFrame | None
    employments: pd.DataFrame | None
    options: CaseOptions

    @classmethod
    def of(cls, files: Households) -> Self:
        """Read them, before any person is read."""
        return cls(
            None if files.clocks is None else read_clocks_file(files.clocks),
            None if files.cases is None else read_cases_file(files.cases),
            None if files.employments is None else read_employments_file(files.employments),
            case_options(files.clock_from),
        )

    def clocks_on(self, on: dt.date, seekers: pa.Table) -> pd.DataFrame | None:
        """Return the households with an open case on a day, and their last days."""
        if self.cases is None:
            return self.clocks
        report = judge_cases(
            self.cases,
            on=on,
            employments=self.employments,
            persons=seekers.select(["id", "household"]).to_pandas(),
            options=self.options,
        )
        return report.open[["household", "due_on"]]


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
