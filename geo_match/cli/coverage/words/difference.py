"""What `difference` tells of its answer, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.cli.coverage.words.figures import communities_word, number
from geo_match.cli.coverage.words.nouns import PEOPLE_WORDS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geo_match.cli.coverage.asking.asked import Asked

_SHOWN: Final = 5
_TOLD: Final = {
    "people": ("", "总数"),
    "reached": (" reached", "可达"),
    "below": (" below the standard", "未达标准"),
}
"""What is told of all people, behind their name in English, before the figures in Chinese."""
_BECAME: Final = {"new": "新增", "gone": "撤销", "renumbered": "代码变更"}


def days_of(before: dt.date, after: dt.date) -> tuple[str, str]:
    """Return two days as they stand in the files."""
    return before.isoformat(), after.isoformat()


def difference_lines(
    totals: tuple[Mapping[str, Any], Mapping[str, Any]],
    communities: pd.DataFrame,
    days: tuple[str, str],
    asked: Asked,
    files: Mapping[Path, list[str]],
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
    _, many, _ = PEOPLE_WORDS[asked.of]
    yield (
        f"内部资料：{many[1:]}，{days[0]}与{days[1]}相比"
        if chinese
        else f"internal, from {days[0]} to {days[1]}:"
    )
    for name, (english, word) in _TOLD.items():
        figures = _figures(totals[0][name], totals[1][name])
        yield f"  {word}：{figures}" if chinese else f"  {asked.of}{english}: {figures}"
    yield from _became(communities, chinese=chinese)
    frame = pd.DataFrame(communities.drop(columns="geometry"))
    frame = frame[frame["below_change"].fillna(0) != 0]
    order = frame["below_change"].abs().sort_values(ascending=False, kind="stable").index[:_SHOWN]
    if len(order):
        what = communities_word(len(frame))
        yield (
            f"  {len(frame):,}个社区未达标准的人数有变化，变化最大的是："
            if chinese
            else f"  {what} with more or fewer below the standard, the most in"
        )
    for row in frame.loc[order].to_dict("records"):
        figures = _figures(row["below_before"], row["below_after"])
        named = "" if pd.isna(row["name"]) else f" {row['name']}"
        where = f"{row['code']}{named}"
        if row["kind"] == "outside":
            where = "不在任何社区" if chinese else "outside all communities"
        yield f"    {where}{'：' if chinese else ': '}{figures}"
    for path, names in files.items():
        yield (
            f"已写入{path}：{'、'.join(names)}"
            if chinese
            else f"written to {path}: {', '.join(names)}"
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
