"""What the commands of `payments` do: decide on a folder's records, write it, and explain one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli.payments.folder import read_evidence
from geo_match.cli.payments.written import check_out, write_rows
from geo_match.cli.terminal import progress, say
from geo_match.policy.payments import Decisions, decide
from geo_match.rules import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo_match.cli.payments.asking import Asked
    from geo_match.policy.payments import Decision

_SHOWN: Final = 5
_MARKS: Final = {"pass": "✓", "fail": "✗", "unknown": "?"}


def decide_folder(folder: Path, asked: Asked, out: Path | None, *, conditions: bool) -> None:
    """Decide a payment on a folder's records, write the rows, and tell the numbers.

    Parameters
    ----------
    folder
        The records.
    asked
        What is to be decided.
    out
        Where to; None for the numbers alone.
    conditions
        Whether to write a row a condition.

    Raises
    ------
    GeoMatchError
        If the records or the file are refused; nothing is written then.
    """
    check_out(out)
    with progress(f"deciding {asked.payment}"):
        decisions = decide(asked.payment, read_evidence(folder), asked.options, as_of=asked.as_of)
    if out is not None:
        frame = decisions.to_conditions() if conditions else decisions.to_frame()
        n = write_rows(frame, out, title=asked.payment)
        say(f"{n:,} rows written to {out}")
    for line in _numbers(decisions):
        say(line)


def explain_case(folder: Path, asked: Asked, case: str) -> None:
    """Print why a case is decided as it is.

    Raises
    ------
    GeoMatchError
        If the records are refused, or the case is not known on the day.
    """
    with progress(f"deciding {asked.payment}"):
        decisions = decide(
            asked.payment,
            read_evidence(folder),
            asked.options,
            as_of=asked.as_of,
            cases=[case],
        )
    for line in _explained(decisions[case]):
        typer.echo(line)


def _numbers(decisions: Decisions) -> Iterator[str]:
    counts = decisions.counts()
    words = ", ".join(f"{n:,} {name}" for name, n in counts.items())
    yield f"{decisions.payment} as of {decisions.as_of}: {len(decisions):,} cases: {words}"
    total = decisions.total_cny()
    if total is not None:
        yield f"those that pass come to {total:,} CNY"
    elif counts["pass"]:
        yield "no amount is configured: none is stated"
    unknown = [one for one in decisions if one.outcome == UNKNOWN]
    needed = Counter(text for one in unknown for text in one.missing)
    for text, n in needed.most_common(_SHOWN):
        yield f"  {n:>6,} of the unknown need {text}"


def _explained(one: Decision) -> Iterator[str]:
    rule = one.rule
    yield f"{one.payment} {rule.zh} · {one.case}: {one.word}"
    yield f"rule {one.entry.name} version {rule.version} from {one.entry.valid_from}"
    yield f"  {one.entry.source}"
    yield f"payee {rule.payee} {rule.payee_zh}: {one.payee or '?'}; year by {one.on or '?'}"
    for condition in one.conditions:
        yield f"{_MARKS[condition.word]} {condition.name}"
        yield f"    {condition.en}"
        yield f"    {condition.zh}"
        if condition.evidence:
            yield f"    evidence 依据: {', '.join(condition.evidence)}"
        if condition.missing:
            yield f"    missing 缺: {condition.missing}"
    for state in one.caps:
        yield f"cap {state}"
    answers = "; ".join(f"{name}={answer}" for name, answer in one.answers)
    yield f"answers to open questions: {answers}"
    yield f"as of {one.as_of}"
