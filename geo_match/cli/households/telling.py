"""What the commands of `households` tell of what they wrote, in English and in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.policy.households.help_words import REASON_WORDS
from geo_match.policy.households.suspected import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from geo_match.policy.households import CaseReport, Help, Suspicion

_MISSING: Final = dict(zip(MISSING, ("户口", "成员名单", "就业状态", "年龄", "归属"), strict=True))
_SHOWN: Final = 5


def suspected_lines(
    found: Suspicion, out: Path, n: int, audit: str, language: str
) -> Iterator[str]:
    """Say how many households are suspected, and what is missing of the others."""
    of = found.households["outcome"].value_counts()
    n_pass, n_fail, n_unknown = (int(of.get(name, 0)) for name in ("pass", "fail", "unknown"))
    lacks = found.households["missing"]
    counts = {name: int(lacks.str.contains(name, regex=False).sum()) for name in MISSING}
    some = {name: count for name, count in counts.items() if count}
    if language == "zh":
        yield (
            f"{found.on}：家庭{len(found.households):,}户，疑似零就业{n_pass:,}户，不是{n_fail:,}户，"
            f"信息不足{n_unknown:,}户"
        )
        for name, count in some.items():
            yield f"  缺少{_MISSING[name]}：{count:,}户"
        yield f"  名单{n:,}行写入 {out}；读取已记入 {audit}"
        return
    yield (
        f"{found.on}: {len(found.households):,} households, {n_pass:,} suspected, {n_fail:,} not, "
        f"{n_unknown:,} of which too little is known"
    )
    for name, count in some.items():
        yield f"  missing {name}: {count:,}"
    yield f"  {n:,} rows written to {out}; the reads are noted in {audit}"


def disputed_lines(disputes: pd.DataFrame, language: str) -> Iterator[str]:
    """Say which persons several households claim."""
    if disputes.empty:
        return
    n = len(disputes)
    if language == "zh":
        yield f"  {n:,}人被多个家庭登记为成员，归属未定前在各家庭均不确定："
    else:
        yield f"  {n:,} persons whom several households claim count for certain in none of them:"
    for row in disputes.head(_SHOWN).to_dict("records"):
        yield f"    {row['person']}: {row['households']}"
    if n > _SHOWN:
        yield f"    … {n - _SHOWN:,}"


def case_lines(
    report: CaseReport, out: Path, n: int, audit: str | None, language: str
) -> Iterator[str]:
    """Say how cases stand."""
    told = report.summary
    faulty = told["cases"] - told["sound"]
    zh = language == "zh"
    if zh:
        yield f"{report.on}：案件{told['cases']:,}件，未结{told['open']:,}件"
        yield (
            f"  期限内{told['running']:,}件，超期{told['overdue']:,}件，未计时"
            f"{told['not_started']:,}件"
        )
        yield f"  以见习或他人就业“清零”而仍未结{told['open_wrongly_cleared']:,}件"
        yield (
            f"  已清零{told['cleared']:,}件：期限内{told['cleared_in_time']:,}件，逾期"
            f"{told['cleared_late']:,}件；其他终止{told['ended_otherwise']:,}件，未认定"
            f"{told['not_confirmed']:,}件"
        )
        yield f"  再次出现{told['recurrences']:,}件，涉及家庭{told['households_again']:,}户"
    else:
        yield f"{report.on}: {told['cases']:,} cases, {told['open']:,} open"
        yield (
            f"  {told['running']:,} within the limit, {told['overdue']:,} overdue, "
            f"{told['not_started']:,} whose clock has not started"
        )
        yield (
            f"  {told['open_wrongly_cleared']:,} open though closed as cleared, by a traineeship "
            "or somebody of another household"
        )
        yield (
            f"  {told['cleared']:,} cleared: {told['cleared_in_time']:,} within the limit, "
            f"{told['cleared_late']:,} late; {told['ended_otherwise']:,} ended otherwise, "
            f"{told['not_confirmed']:,} not confirmed"
        )
        yield (f"  {told['recurrences']:,} came again, of {told['households_again']:,} households")
    if faulty:
        yield f"  {faulty:,}件有矛盾，见 faults 列" if zh else f"  {faulty:,} contradict themselves"
    yield f"  名单{n:,}行写入 {out}" if zh else f"  {n:,} rows written to {out}"
    if audit is not None:
        yield f"  读取已记入 {audit}" if zh else f"  the reads are noted in {audit}"


def help_lines(
    found: Help, out: Path, jobs_out: Path | None, audit: str, language: str
) -> Iterator[str]:
    """Say what can help how many households, and why the others not."""
    told = found.summary
    zh = language == "zh"
    if zh:
        yield (
            f"家庭{told['households']:,}户：市场岗位可帮扶{told['market']:,}户，公益性岗位托底"
            f"{told['public_welfare']:,}户，无法帮扶{told['none']:,}户"
        )
    else:
        yield (
            f"{told['households']:,} households: {told['market']:,} have a job of the market in "
            f"reach, {told['public_welfare']:,} a public-welfare post as the last resort, "
            f"{told['none']:,} neither"
        )
    reasons = found.households["reason"].value_counts()
    for name, count in reasons.items():
        yield f"  {REASON_WORDS[str(name)][zh]}: {count:,}"
    yield (
        f"  名单{len(found.households):,}行写入 {out}"
        if zh
        else f"  {len(found.households):,} rows written to {out}"
    )
    if jobs_out is not None:
        n = len(found.jobs)
        yield f"  岗位{n:,}行写入 {jobs_out}" if zh else f"  {n:,} jobs written to {jobs_out}"
    yield f"  读取已记入 {audit}" if zh else f"  the reads are noted in {audit}"
