"""What `difference` tells of its answer, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.cli.coverage.words.figures import most_changed_line, number
from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS, UNIT_WORDS
from geo_match.cli.coverage.words.written import key_line, written_lines

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from geo_match.cli.coverage.asking.asked import Asked

    Totals = Mapping[str, Any]

_SHOWN: Final = 5
_TOLD: Final = {
    "people": ("", "总数"),
    "reached": (" reached", "可达"),
    "reached_straight": (" reached straight", "直线可达"),
    "below": (" below the standard", "未达标准"),
}
"""What is told of all people, behind their name in English, before the figures in Chinese."""
_BECAME: Final = {"new": "新增", "gone": "撤销", "renumbered": "代码变更"}


def days_of(before: dt.date, after: dt.date) -> tuple[str, str]:
    """Return two days as they stand in the files."""
    return before.isoformat(), after.isoformat()


def difference_lines(
    totals: tuple[Totals, Totals],
    communities: pd.DataFrame,
    days: tuple[str, str],
    asked: Asked,
    files: Mapping[Path, Sequence[str]],
    *,
    language: str,
) -> Iterator[str]:
    """Yield what is told of two days, line by line.

    Parameters
    ----------
    totals
        Of all people, before and after.
    communities
        The difference by community.
    days
        The two.
    files
        The tables that each file has.
    language
        `zh` or `en`.
    """
    chinese = language == "zh"
    many = PEOPLE_WORDS[asked.of][1][1:]
    yield (
        f"内部资料：{many}，{days[0]}与{days[1]}相比"
        if chinese
        else f"internal, from {days[0]} to {days[1]}:"
    )
    yield from _of_all(totals, asked, chinese=chinese)
    yield from _became(communities, chinese=chinese)
    frame = pd.DataFrame(communities.drop(columns="geometry"))
    frame = frame[frame["below_change"].fillna(0) != 0]
    order = frame["below_change"].abs().sort_values(ascending=False, kind="stable").index[:_SHOWN]
    if len(order):
        # People outside all communities are a row, and no community.
        n = int((frame["kind"] == "community").sum())
        figure = "below the standard", "未达标准"
        yield most_changed_line(n, figure, many, language=language)
    for row in frame.loc[order].to_dict("records"):
        figures = _figures(row["below_before"], row["below_after"])
        named = "" if pd.isna(row["name"]) else f" {row['name']}"
        where = f"{row['code']}{named}"
        if row["kind"] == "outside":
            where = "不在任何社区" if chinese else "outside all communities"
        yield f"    {where}{'：' if chinese else ': '}{figures}"
    yield from written_lines(files, asked.of, language=language)


def published_lines(
    rows: Sequence[Mapping[Any, Any]],
    days: tuple[str, str],
    asked: Asked,
    files: Mapping[Path, Sequence[str]],
    key: Path,
    *,
    language: str,
) -> Iterator[str]:
    """Yield what is told of two days that were published together, line by line.

    Parameters
    ----------
    rows
        The published figures of all people on each day; empty where they were not published.
    days, files
        As `difference_lines` takes them.
    key
        Where the key is.
    language
        `zh` or `en`.
    """
    chinese = language == "zh"
    many = PEOPLE_WORDS[asked.of][1][1:]
    yield (
        f"可公开：{many}，{days[0]}和{days[1]}，两期一并保护"
        if chinese
        else f"published, {days[0]} and {days[1]}, protected together:"
    )
    for name, (english, word) in _TOLD.items() if rows else ():
        if all(name in row for row in rows):
            figures = " → ".join(number(row[name]) for row in rows)
            yield f"  {word}：{figures}" if chinese else f"  {asked.of}{english}: {figures}"
    yield from written_lines(files, asked.of, language=language)
    yield key_line(key, language=language)


def nothing_before_line(day: str, supply: Path, *, language: str) -> str:
    """Return what is told where one list has nothing on the earlier day: it may be of now alone.

    Parameters
    ----------
    day
        The earlier day.
    supply
        The list.
    language
        `zh` or `en`.
    """
    if language == "zh":
        return f"  如果{supply}只有现在的记录，请用 --supply-before 给出{day}的名单"
    return f"  if {supply} has only what is there now, give the list of {day} with --supply-before"


def _of_all(totals: tuple[Totals, Totals], asked: Asked, *, chinese: bool) -> Iterator[str]:
    """Yield the figures of all people, and how much they can reach, before and after."""
    before, after = totals
    for name, (english, word) in _TOLD.items():
        if name in before and name in after:
            figures = _figures(before[name], after[name])
            yield f"  {word}：{figures}" if chinese else f"  {asked.of}{english}: {figures}"
    unit = UNIT_WORDS["vacancies" if asked.options.count == "vacancies" else asked.supply_kind]
    figures = _figures(before["supply_amount"], after["supply_amount"])
    yield (
        f"  供给的{unit[2][1:]}：{figures}" if chinese else f"  {unit[1]} in the supply: {figures}"
    )


def _became(communities: pd.DataFrame, *, chinese: bool) -> Iterator[str]:
    """Yield how many communities are new, gone or renumbered, or have another area."""
    counts = communities["change"].value_counts()
    told = [
        f"{word}{counts[name]:,}个" if chinese else f"{counts[name]:,} {name}"
        for name, word in _BECAME.items()
        if counts.get(name, 0)
    ]
    changed = int(communities["area_changed"].fillna(value=False).astype(bool).sum())
    if changed:
        told.append(f"边界变化{changed:,}个" if chinese else f"{changed:,} with another area")
    if told:
        yield f"  社区：{'，'.join(told)}" if chinese else f"  communities: {', '.join(told)}"


def _figures(before: Any, after: Any) -> str:  # noqa: ANN401 - numbers of any make
    """Return a figure before and after, and the change with its sign."""
    change = after - before
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return f"{number(before)} → {number(after)} ({sign}{number(abs(change))})"
