"""What `what-if` and `rank` tell of their answers, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.cli.coverage.words.figures import most_changed_line, number
from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS, UNIT_WORDS
from geo_match.cli.coverage.words.written import written_lines
from geo_match.intake.faults import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.asking.invite import Invite
    from geo_match.cli.coverage.given.supposed import Supposed
    from geo_match.coverage.what_if.change import Change
    from geo_match.coverage.what_if.invitation import Invitation

_SHOWN: Final = 5
_RADIUS: Final = "new radius"
_LABELS: Final = {
    "added": "新增",
    "moved": "迁移",
    "closed": "关闭",
    "candidates": "备选地点",
    "radius": "新半径",
    "street opened": "新通道路",
}


def labels_of(
    rows: Mapping[str, int],
    closed: int,
    radius_m: float | None,
    *,
    language: str,
    n_streets: int = 0,
) -> tuple[tuple[str, str], ...]:
    """Return what would change, as labels and values that stand in the files.

    Parameters
    ----------
    rows
        How many rows are added, moved or candidates.
    closed
        How many are closed.
    radius_m
        The new radius; None for the same.
    language
        `zh` or `en`.
    n_streets
        How many streets would open.
    """
    found = {name: f"{n:,}" for name, n in rows.items()}
    if closed:
        found["closed"] = f"{closed:,}"
    if n_streets:
        found["street opened"] = f"{n_streets:,}"
    if radius_m is not None:
        found["radius"] = f"{radius_m:,.15g}" + ("米" if language == "zh" else " m")
    if language == "zh":
        return tuple((_LABELS[name], value) for name, value in found.items())
    return tuple((_RADIUS if name == "radius" else name, found[name]) for name in found)


def change_lines(
    change: Change,
    asked: Asked,
    labels: tuple[tuple[str, str], ...],
    files: Mapping[Path, list[str]],
    people: Path | None,
    *,
    language: str,
) -> Iterator[str]:
    """Yield what is told of a change, line by line.

    Parameters
    ----------
    labels
        Of `labels_of`.
    files
        The tables that each file has.
    people
        Where it was written what changes for each person; None for nowhere.
    language
        `zh` or `en`.
    """
    chinese = language == "zh"
    totals, (one, many, counter) = change.totals(), PEOPLE_WORDS[asked.of]
    said = [f"{name}{value}" if chinese else _with(name, value) for name, value in labels]
    what = ("，" if chinese else ", ").join(said)
    if chinese:
        yield f"内部资料（{asked.on}）：如果{what}"
        yield f"  可达的{many[1:]}：{_chinese_change(totals, 'reached', counter)}"
        yield f"  未达标准的{many[1:]}：{_chinese_change(totals, 'below', counter)}"
    else:
        yield f"internal, {asked.on}: with {what}"
        yield f"  {asked.of} reached: {_change(totals, 'reached')}"
        yield f"  {asked.of} below the standard: {_change(totals, 'below')}"
    if nowhere := change.not_on_network:
        where = "新地点中" if chinese else "the new places"
        yield f"  {_no_street(nowhere, where, chinese=chinese)}"
    frame = pd.DataFrame(change.by("community").drop(columns="geometry"))
    frame = frame[frame["reached_change"] != 0]
    order = frame["reached_change"].abs().sort_values(ascending=False, kind="stable").index
    rows = frame.loc[order[:_SHOWN]].to_dict("records")
    if rows:
        n = int((frame["kind"] == "community").sum())
        yield most_changed_line(n, ("reached", "可达"), many[1:], language=language)
    for row in rows:
        where = _where(row, chinese=chinese)
        yield (
            f"    {where}：{_chinese_change(row, 'reached', counter)}"
            if chinese
            else f"    {where}: {_change(row, 'reached')}"
        )
    n = change.recomputed
    yield (
        f"  重新统计了{n:,}{many}"
        if chinese
        else f"  counted anew: {counted(n, one)} whose circles it touches"
    )
    yield from written_lines(files, asked.of, language=language)
    if people is not None:
        yield (
            f"已写入{people}：有变化的每{many}一行，含编号，属个人信息，请与名单同样保管"
            if chinese
            else f"written to {people}: a row a {one} to whom anything changes, by id: personal "
            "data, keep it as safe as the list"
        )


def rank_lines(
    ranked: pd.DataFrame,
    totals: Mapping[str, Any],
    asked: Asked,
    files: Mapping[Path, list[str]],
    *,
    language: str,
) -> Iterator[str]:
    """Yield what is told of a ranking, line by line.

    Parameters
    ----------
    ranked
        As `WhatIf.rank` returns it.
    totals
        Of all people, as things are.
    files
        The tables that each file has.
    language
        `zh` or `en`.
    """
    chinese = language == "zh"
    _, many, counter = PEOPLE_WORDS[asked.of]
    reached, people = number(totals["reached"]), number(totals["people"])
    n, unit = len(ranked), UNIT_WORDS[asked.supply_kind]
    if chinese:
        yield (
            f"内部资料（{asked.on}）：{n:,}个备选地点（{unit[2][1:]}），按多服务的{many[1:]}数排序；"
            f"现有{people}{many}中{reached}{counter}可达"
        )
    else:
        yield (
            f"internal, {asked.on}: {counted(n, 'candidate place')} for {unit[1]}, by how many "
            f"more {asked.of} each would serve; {reached} of {people} are reached now"
        )
    nowhere = ranked.get("reason", pd.Series(pd.NA, ranked.index)).notna()
    shown = ranked.index[ranked["rank"].notna()][:_SHOWN]
    for at, row in zip(shown, ranked.loc[shown].to_dict("records"), strict=True):
        lost = ""
        if nowhere[at]:
            lost = "；附近没有能走到的道路" if chinese else "; no street leads to it"
        alone, added, total = (number(row[name]) for name in ("alone", "added", "reached_total"))
        yield (
            f"    {row['rank']}. {row['id']}：单独增加{alone}{counter}，在前列之后增加{added}"
            f"{counter}，届时可达{total}{counter}{lost}"
            if chinese
            else f"    {row['rank']}. {row['id']}: {alone} more alone, {added} more after those "
            f"above, {total} reached then{lost}"
        )
    others = ranked.loc[nowhere & ~ranked.index.isin(shown), "id"].tolist()
    if others:
        where = "其余地点中" if chinese else "the others"
        yield f"    {_no_street(others, where, chinese=chinese)}"
    yield from written_lines(files, asked.of, language=language)


def not_counted_lines(rows: Supposed, asked: Asked, *, language: str) -> Iterator[str]:
    """Yield how many rows of a list of what would be there do not count, and why.

    Parameters
    ----------
    rows
        Of the list.
    language
        `zh` or `en`.
    """
    chinese, (one, many, counted_in) = language == "zh", UNIT_WORDS[asked.supply_kind]
    for n, chinese_why, why in (
        (rows.not_open, f"{asked.on}尚未开始或已关闭", f"not open on {asked.on}"),
        (rows.filled, "名额已满", "with nothing left"),
    ):
        if n:
            yield (
                f"  未计入：{chinese_why}的{n:,}{counted_in}"
                if chinese
                else f"  not counted: {n:,} {one if n == 1 else many} {why}"
            )


def invitation_lines(
    invited: Invitation, name: str | None, asked: Asked, invite: Invite, *, language: str
) -> Iterator[str]:
    """Yield what is told of lists of names, with a warning.

    Parameters
    ----------
    invited
        Whom to invite.
    name
        What the place is called; None if that is not known.
    invite
        Where that was written.
    language
        `zh` or `en`.
    """
    chinese, (one, many, _) = language == "zh", PEOPLE_WORDS[asked.of]
    n, radius = len(invited.people), f"{invited.radius_m:,.15g}"
    place = invited.id if name is None else f"{invited.id} {name}"
    if chinese:
        yield f"邀请名单（{place}，{radius}米以内）："
    else:
        yield f"whom to invite to {place}, within {radius} m:"
    if invite.people_out is not None:
        yield (
            f"  {n:,}{many}，已写入{invite.people_out}"
            if chinese
            else f"  {counted(n, one)}, written to {invite.people_out}"
        )
    if invite.employers_out is not None and invited.employers is not None:
        m, lost = len(invited.employers), invited.employers_unlocated
        yield (
            f"  {m:,}个单位工作地点（另有{lost:,}个没有位置），已写入{invite.employers_out}"
            if chinese
            else f"  {counted(m, 'site')} of employers ({lost:,} more have no place), written to "
            f"{invite.employers_out}"
        )
    yield (
        "  警告：名单含个人编号和位置距离，属个人信息，只供有权查看的人使用，用后请删除"
        if chinese
        else "  warning: these name persons by their ids, with how far they live: personal data, "
        "for those alone who may see it; remove it when the invitations are out"
    )


def _no_street(ids: Sequence[str], where: str, *, chinese: bool) -> str:
    """Return to which of some places no street leads."""
    n, shown = len(ids), ids[:_SHOWN]
    if chinese:
        more = "……" if n > len(shown) else ""
        return f"{where}有{n:,}个附近没有能走到的道路：{'、'.join(shown)}{more}"
    more = ", …" if n > len(shown) else ""
    return f"no street leads to {n:,} of {where}: {', '.join(shown)}{more}"


def _with(name: str, value: str) -> str:
    return f"a radius of {value}" if name == _RADIUS else f"{value} {name}"


def _where(row: Mapping[Any, Any], *, chinese: bool) -> str:
    if row["kind"] == "outside":
        return "不在任何社区" if chinese else "outside all communities"
    return row["code"] if pd.isna(row["name"]) else f"{row['code']} {row['name']}"


def _change(row: Mapping[Any, Any], name: str) -> str:
    """Return what a figure would be, and how much more or less that is than now."""
    change = row[f"{name}_change"]
    more = "no more" if not change else f"{number(abs(change))} {'more' if change > 0 else 'fewer'}"
    return f"{number(row[f'{name}_after'])} ({more} than the {number(row[f'{name}_before'])} now)"


def _chinese_change(row: Mapping[Any, Any], name: str, counter: str) -> str:
    change = row[f"{name}_change"]
    more = (
        "不变"
        if not change
        else f"{'增加' if change > 0 else '减少'}{number(abs(change))}{counter}"
    )
    before, after = number(row[f"{name}_before"]), number(row[f"{name}_after"])
    return f"现{before}{counter}，届时{after}{counter}，{more}"
