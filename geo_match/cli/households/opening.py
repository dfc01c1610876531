"""What `households open` does: cases of a list are judged, and the open ones listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo_match.cli.audited_store import opened
from geo_match.cli.households.files import read_cases_file, read_employments_file
from geo_match.cli.households.suspecting import judge
from geo_match.cli.households.telling import case_lines
from geo_match.cli.households.written import check_paths, write_frame
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import say
from geo_match.policy.households import CaseOptions, judge_cases

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import pandas as pd

    from geo_match.cli.households.suspecting import Asked
    from geo_match.policy.households import CaseReport


def list_open(
    cases: Path,
    out: Path,
    *,
    on: dt.date,
    store: Asked | None,
    employments: Path | None,
    clock_from: str,
    every: bool,
    language: str,
) -> None:
    """List the open cases of a day.

    Parameters
    ----------
    cases, employments
        Lists; None for no employments.
    out
        Where to write.
    on
        The day.
    store
        Whose seekers say who is a member of which household, and whether it is of zero employment
        still; None for nobody.
    clock_from
        From which day the limit runs.
    every
        Whether ended cases are listed too.
    language
        In which it is told.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    check_paths([out], [cases, employments])
    given = read_cases_file(cases)
    hires = None if employments is None else read_employments_file(employments)
    options = case_options(clock_from)
    if store is None:
        report = judge_cases(given, on=on, employments=hires, options=options)
        told, audit = _listed(report, every=every), None
    else:
        with opened(store.records) as there:
            read, audit = store.read(there), there.audit
        report = judge_cases(given, on=on, employments=hires, persons=read.seekers, options=options)
        now = judge(read, on, hires).households.set_index("household")["outcome"]
        told = _listed(report, every=every)
        told["status_now"] = now.reindex(told["household"]).to_numpy(dtype=object)
    finish_anyway()
    write_frame(told, out)
    for line in case_lines(report, out, len(told), audit, language):
        say(line)


def case_options(clock_from: str) -> CaseOptions:
    """Return by what cases are judged; the command line has checked the word."""
    asked: dict[str, Any] = {"clock_from": clock_from}
    return CaseOptions(**asked)


def _listed(report: CaseReport, *, every: bool) -> pd.DataFrame:
    return (report.cases if every else report.open).copy()
