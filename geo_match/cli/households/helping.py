"""What `households help` does: households are ranked, and what can help them is listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo_match.cli.audited_store import check_holds, opened
from geo_match.cli.households.files import read_cases_file, read_employments_file
from geo_match.cli.households.opening import case_options
from geo_match.cli.households.suspecting import judge
from geo_match.cli.households.telling import help_lines
from geo_match.cli.households.written import check_paths, write_frame
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.matching import MatchOptions
from geo_match.matching.given.from_store import read_jobs
from geo_match.policy.households import HelpOptions, judge_cases, rank_help
from geo_match.rules.outcome import PASS

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geo_match.cli.households.suspecting import Asked
    from geo_match.policy.households import HouseholdsRead
    from geo_match.walking import Network


@dataclass(frozen=True, slots=True)
class Files:
    """The files of the command.

    Parameters
    ----------
    out
        For the ranked households.
    jobs_out
        For the jobs of their members; None for none.
    cases, employments, network
        That are read; None for none.
    """

    out: Path
    jobs_out: Path | None
    cases: Path | None
    employments: Path | None
    network: Path | None


def list_help(
    asked: Asked,
    files: Files,
    *,
    radius_m: float,
    decided_by: str,
    jobs_each: int,
    clock_from: str,
) -> None:
    """Rank households for help, and list what can help them.

    Parameters
    ----------
    radius_m
        How far a job may be, metres.
    decided_by
        The basis by which the market counts as having a job.
    jobs_each
        How many jobs are listed for a member.
    clock_from
        From which day the limit of cases runs.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    inputs = [files.cases, files.employments, files.network]
    check_paths([files.out, files.jobs_out], inputs)
    cases = None if files.cases is None else read_cases_file(files.cases)
    hires = None if files.employments is None else read_employments_file(files.employments)
    streets = _network(files.network)
    with opened(asked.records) as there:
        check_holds(there.store, ["households", "seekers", "jobs"])
        read = asked.read(there)
        # As they were when the households were read, whoever writes in between.
        jobs = read_jobs(there.store, as_of=read.cursor)
        kinds: dict[str, Any] = {"decided_by": decided_by}
        options = HelpOptions(
            match=MatchOptions(
                radius_m=radius_m, on=asked.on, occupations=there.store.occupations()
            ),
            network=streets,
            jobs_each=jobs_each,
            **kinds,
        )
        audit = there.audit
    homes = _households(asked, read, cases, hires, clock_from)
    with progress("matching", compiles=asked.language):
        found = rank_help(homes, read.seekers, jobs, options)
    finish_anyway()
    if files.jobs_out is not None:
        write_frame(found.jobs, files.jobs_out)
    write_frame(found.households, files.out)
    for line in help_lines(found, files.out, files.jobs_out, audit, asked.language):
        say(line)


def _households(
    asked: Asked,
    read: HouseholdsRead,
    cases: pd.DataFrame | None,
    hires: pd.DataFrame | None,
    clock_from: str,
) -> pd.DataFrame:
    """Return the households that are ranked: those of open cases, or the suspected ones."""
    if cases is None:
        return judge(read, asked.on, hires).with_outcome(PASS)
    report = judge_cases(
        cases,
        on=asked.on,
        employments=hires,
        persons=read.seekers,
        options=case_options(clock_from),
    )
    return report.open


def _network(path: Path | None) -> Network | None:
    if path is None:
        return None
    from geo_match.walking import Network  # noqa: PLC0415 - straight lines need not wait for it

    return Network.open(path)
