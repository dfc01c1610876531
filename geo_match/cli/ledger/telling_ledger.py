"""What `ledger status`, `ledger faults` and `ledger analysis` do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import typer

from geo_match.cli.audited_store import opened
from geo_match.cli.circles import ALL_USED, SOME_REJECTED
from geo_match.cli.terminal import say
from geo_match.errors import FileError
from geo_match.exchange import check_target, write_tables
from geo_match.policy.ledger import (
    FAULTS,
    AnalysisOptions,
    Timeline,
    analyse,
    groups_on,
    ledger_faults,
)
from geo_match.policy.ledger.groups import CHINESE

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.cli.ledger.asked import Asked

_NOTHING: Final = "Import the list of spells (就业状态记录) first."


def tell_status(asked: Asked, *, person: str | None, out: Path | None) -> int:
    """Tell what everybody is on a day, or what one person was."""
    if out is not None:
        check_target(out)
    with opened(asked.records) as there:
        read = asked.read(there)
    timeline = Timeline.of(read.spells)
    if person is not None:
        return _tell_person(asked, timeline, person)
    people = read.seekers.column("id").to_pylist()
    everybody = sorted({*people, *timeline.spells.people})
    table = timeline.on(asked.on, people=everybody)
    if out is not None:
        write_frame(table, out)
    counted = table["status"].fillna("unknown").value_counts().sort_index()
    say(asked.told(f"{asked.on}，{len(table):,}人：", f"{asked.on}, {len(table):,} persons:"))
    for status, n in counted.items():
        typer.echo(f"{status}\t{n}")
    return ALL_USED


def _tell_person(asked: Asked, timeline: Timeline, person: str) -> int:
    table = timeline.stretches()
    own = table[table["person"] == person]
    if own.empty:
        rule = "hold a spell of this person"
        raise FileError(asked.records.store, rule, repr(person), "Check the id.")
    own = own.assign(
        first=own["first"].dt.strftime("%Y-%m-%d"), last=own["last"].dt.strftime("%Y-%m-%d")
    )
    for one in own[["first", "last", "status", "spell"]].fillna("").astype(str).to_numpy():
        typer.echo("\t".join(one))
    now = timeline.at([person], asked.on)[0]
    say(asked.told(f"{asked.on}：{now or '未知'}", f"{asked.on}: {now or 'unknown'}"))
    return ALL_USED


def tell_faults(asked: Asked, *, out: Path | None) -> int:
    """List what is wrong in the ledger."""
    if out is not None:
        check_target(out)
    with opened(asked.records) as there:
        read = asked.read(there)
    found = ledger_faults(read.spells, asked.on, seekers=read.seekers, services=read.services)
    if out is not None:
        write_frame(found, out)
    say(
        asked.told(
            f"{asked.on}，{len(read.spells):,}条就业状态记录，问题{len(found):,}处",
            f"{asked.on}, {len(read.spells):,} spells, {len(found):,} faults",
        )
    )
    for kind, n in found["fault"].value_counts().items():
        rule = FAULTS[str(kind)]
        typer.echo(f"{kind}\t{n}\t{asked.told(rule.zh, rule.en)}")
    return SOME_REJECTED if len(found) else ALL_USED


def tell_analysis(asked: Asked, out: Path, *, groups: list[str] | None, least: int) -> int:
    """Count skills and needs by group and community."""
    check_target(out)
    with opened(asked.records) as there:
        read = asked.read(there, registered=True)
        occupations = there.store.occupations()
    timeline = Timeline.of(read.spells)
    belong = groups_on(read.seekers, timeline, asked.on)
    options = AnalysisOptions(groups=groups, least=least, occupations=occupations)
    table = analyse(read.seekers, belong, options)
    write_frame(table, out)
    say(
        asked.told(
            f"{asked.on}，在册{len(read.seekers):,}人，{len(table):,}个数字：{out}",
            f"{asked.on}, {len(read.seekers):,} registered, {len(table):,} figures: {out}",
        )
    )
    whole = table[(table["measure"] == "people") & table["community"].isna()]
    counts = whole[["group", "people", "unknown"]].astype(object).fillna(f"<{least}")
    for one in counts.to_dict("records"):
        name = asked.told(CHINESE.get(one["group"], "全部"), one["group"])
        unknown = asked.told(f"（不详{one['unknown']}）", f"(unknown {one['unknown']})")
        typer.echo(f"{name}\t{one['people']}\t{unknown}")
    return ALL_USED


def write_frame(frame: pd.DataFrame, out: Path) -> None:
    """Write a frame: days as days, all that is no number as text."""
    columns = {}
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            columns[name] = pa.array(column, from_pandas=True).cast(pa.date32())
        elif pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            columns[name] = pa.array(column, from_pandas=True)
        else:
            columns[name] = pa.array(column, pa.string(), from_pandas=True)
    write_tables([pa.table(columns)], out)
