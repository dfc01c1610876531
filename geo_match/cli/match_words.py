"""What `match` tells of its answer, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.intake.faults import counted
from geo_match.matching.criteria.conditions import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.cli.match_answer import Summary, Target

_CHINESE: Final = {one.name: one.chinese for one in ALL}


_DOING: Final = {"reading": "正在读取", "preparing": "正在准备", "matching": "正在匹配"}


def doing_words(doing: str, language: str) -> str:
    """Return what a bar says of `reading`, `preparing` or `matching`.

    Parameters
    ----------
    language
        `zh` or `en`.
    """
    return _DOING[doing] if language == "zh" else doing


def summary_lines(summary: Summary, target: Target, language: str) -> Iterator[str]:
    """Yield what is told of an answer, line by line.

    Parameters
    ----------
    summary
        What came out.
    target
        Where it was written.
    language
        `zh` or `en`.
    """
    return _chinese(summary, target) if language == "zh" else _english(summary, target)


def read_lines(
    n_seekers: int, n_jobs: int, store: str, cursor: str, audit: str, *, language: str
) -> tuple[str, str]:
    """Return what is told of a store that was read: what was in it when, and where that is noted.

    Parameters
    ----------
    n_seekers, n_jobs
        How many there were.
    store, audit
        Their names.
    cursor
        The place in the feed as of which it was read.
    language
        `zh` or `en`.
    """
    if language == "zh":
        held = f"{store}：求职者{n_seekers:,}名，招聘信息{n_jobs:,}条，截至变更位置 {cursor}"
        return held, f"  本次读取求职者已记入 {audit}"
    held = f"{counted(n_seekers, 'seeker')} and {counted(n_jobs, 'job')} of {store}"
    return f"{held} as of cursor {cursor}", f"  the read of the seekers is noted in {audit}"


def _english(summary: Summary, target: Target) -> Iterator[str]:
    options, reasons = summary.options, summary.reasons
    one, other = ("job", "seeker") if summary.for_jobs else ("seeker", "job")
    most = "" if options.limit is None else f", at most {options.limit:,} each"
    is_on_foot = options.basis == "walking"
    on_foot = " on foot" if is_on_foot else ""
    yield (
        f"{summary.matched:,} of {counted(summary.n, one)} matched within "
        f"{options.radius_m:,.15g} m{on_foot} on {options.day}: "
        f"{counted(summary.matches, 'pair')}{most}, written to {target.out}"
    )
    walked = (
        f"{reasons['none_on_foot']:,} with some there but none in reach on foot, "
        f"{reasons['not_on_network']:,} whom no street leads to, "
        if is_on_foot
        else ""
    )
    yield (
        f"  not matched: {reasons['none_in_circle']:,} with no {other} in the circle, {walked}"
        f"{reasons['none_eligible']:,} with none there that fits, "
        f"{reasons['no_location']:,} without a place"
    )
    yield (
        f"  {other}s without a place, which no {one} is matched with: "
        f"{summary.others_without_place:,} of {summary.others:,}"
    )
    if n := summary.not_registered:
        yield f"  left out: {counted(n, 'seeker')} not registered on {options.day}"
    kept = _by_weight(summary)
    if kept:
        what = "seekers whose circle they are in" if summary.for_jobs else "jobs in the circle"
        fit = "who" if summary.for_jobs else "that"
        yield f"  what keeps those without a match from {what} {fit} fit otherwise:"
    for name in kept:
        fail = "fails" if summary.alone[name] == 1 else "fail"
        yield (
            f"    {counted(summary.alone[name], one)} {fail} on {name} alone, "
            f"{summary.some_other[name]:,} on it for some {other}"
        )
    if target.shortfall is not None:
        yield f"  what stands in the way of each {one}: written to {target.shortfall}"


def _chinese(summary: Summary, target: Target) -> Iterator[str]:
    options, reasons = summary.options, summary.reasons
    one, other = ("条招聘信息", "求职者") if summary.for_jobs else ("名求职者", "岗位")
    most = "" if options.limit is None else f"，每{one[0]}至多{options.limit:,}个"
    is_on_foot = options.basis == "walking"
    on_foot = "步行" if is_on_foot else ""
    walked = (
        f"直线范围内有{other}但步行都到不了的{reasons['none_on_foot']:,}{one[0]}，"
        f"附近没有能走到的道路的{reasons['not_on_network']:,}{one[0]}，"
        if is_on_foot
        else ""
    )
    yield (
        f"{summary.n:,}{one}中{summary.matched:,}{one[0]}有匹配（{options.day}，"
        f"{on_foot}{options.radius_m:,.15g}米以内{most}），共{summary.matches:,}对，已写入{target.out}"
    )
    yield (
        f"  没有匹配的：范围内没有{other}的{reasons['none_in_circle']:,}{one[0]}，{walked}"
        f"范围内的{other}都不符合条件的{reasons['none_eligible']:,}{one[0]}，"
        f"没有位置的{reasons['no_location']:,}{one[0]}"
    )
    yield (
        f"  没有位置、不参与匹配的{other}：{summary.others:,}个中{summary.others_without_place:,}个"
    )
    if n := summary.not_registered:
        yield f"  {options.day}尚未登记或已注销、未参与匹配的求职者：{n:,}名"
    kept = _by_weight(summary)
    if kept:
        whose = "招聘信息" if summary.for_jobs else "求职者"
        yield f"  没有匹配的{whose}中，只放宽一项条件，范围内就有{other}符合的："
    for name in kept:
        yield (
            f"    放宽“{_CHINESE[name]}”：{summary.some_other[name]:,}{one[0]}，"
            f"其中{summary.alone[name]:,}{one[0]}放宽别的任何一项都没有"
        )
    if target.shortfall is not None:
        yield f"  每{one}差在哪里，已写入{target.shortfall}"


def _by_weight(summary: Summary) -> list[str]:
    """Return the conditions that keep somebody from a job, the one that does most first."""
    names = [one.name for one in ALL if summary.some_other[one.name]]
    return sorted(names, key=lambda name: (-summary.alone[name], -summary.some_other[name]))
