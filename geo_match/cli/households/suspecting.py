"""What `households suspected` does: the households of a store are judged, and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo_match.cli.audited_store import check_holds, opened
from geo_match.cli.households.files import read_employments_file
from geo_match.cli.households.telling import disputed_lines, suspected_lines
from geo_match.cli.households.written import check_paths, write_frame
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.policy.households import read_households, suspect

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    import pandas as pd

    from geo_match.cli.audited_store import Opened, Records
    from geo_match.policy.households import HouseholdsRead, Suspicion


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a store.

    Parameters
    ----------
    records
        The store, who reads it and why.
    on
        The day.
    as_of
        The moment of which it is asked what was known; None for now.
    language
        In which it is told, `zh` or `en`.
    """

    records: Records
    on: dt.date
    as_of: dt.datetime | None
    language: str

    def read(self, there: Opened) -> HouseholdsRead:
        """Read households, seekers and spells, noted in the audit."""
        with progress(f"reading {there.store.name}"):
            return read_households(there.store, audited=there.noted, as_of=self.as_of)


def list_suspected(asked: Asked, out: Path, *, employments: Path | None, every: bool) -> None:
    """List the households that are suspected, or may be.

    Parameters
    ----------
    out
        Where to write the list.
    employments
        The list of employments; None for none.
    every
        Whether the others are listed too.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    check_paths([out], [employments])
    hires = None if employments is None else read_employments_file(employments)
    with opened(asked.records) as there:
        check_holds(there.store, ["households"])
        read = asked.read(there)
        found = judge(read, asked.on, hires)
        told = found.households if every else _doubtful(found)
        finish_anyway()
        write_frame(_listed(told, found, read), out)
        for line in suspected_lines(found, out, len(told), there.audit, asked.language):
            say(line)
    for line in disputed_lines(found.disputes, asked.language):
        say(line)


def judge(read: HouseholdsRead, on: dt.date, employments: pd.DataFrame | None) -> Suspicion:
    """Judge the households that were read; spells of traineeships by the list that names them."""
    hires = None
    if employments is not None and "spell" in employments.columns:
        hires = employments
    return suspect(
        read.households,
        read.members,
        on=on,
        seekers=read.seekers,
        spells=read.spells,
        employments=hires,
    )


def _doubtful(found: Suspicion) -> pd.DataFrame:
    """Return the suspected households, and behind them those of which too little is known."""
    rows = found.households[found.households["outcome"] != "fail"]
    return rows.sort_values(["outcome", "household"], ignore_index=True)


def _listed(told: pd.DataFrame, found: Suspicion, read: HouseholdsRead) -> pd.DataFrame:
    """Return rows as they are written: with the community, and of doubtful ones why."""
    community = read.households.set_index("id")["community"]
    listed = told.copy()
    listed.insert(1, "community", community.reindex(told["household"]).to_numpy(dtype=object))
    for name in ("en", "zh"):
        listed[name] = [
            "" if outcome == "fail" else _sentence(found, household, name)
            for household, outcome in zip(told["household"], told["outcome"], strict=True)
        ]
    return listed


def _sentence(found: Suspicion, household: str, language: str) -> str:
    """Return the conditions of a household in one text."""
    told = found.explain(household)
    return (" " if language == "en" else "").join(getattr(one, language) for one in told)
