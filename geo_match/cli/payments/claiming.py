"""What the commands about claims do: submit what passes, move claims on, draw checks, and list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd
import typer

from geo_match.cli.payments.folder import read_evidence
from geo_match.cli.payments.register import add_steps, read_register
from geo_match.cli.payments.written import check_out, write_rows
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.errors import ArgumentError
from geo_match.policy.payments import decide
from geo_match.policy.payments.claims import (
    STATES,
    advance,
    conclude,
    corrections,
    draw_checks,
    release,
    submit,
)
from geo_match.policy.payments.claims.claim import CHECKS, ENDED
from geo_match.rules import PASS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from geo_match.cli.payments.asking import Asked
    from geo_match.policy.payments import Decision
    from geo_match.policy.payments.claims import Claim, Claims, Event

_SUPERVISOR: Final = "supervisor"
_TITLE: Final = "claims"


@dataclass(frozen=True, slots=True)
class Act:
    """A step as the command line has it.

    Parameters
    ----------
    step
        Its name.
    on, by, role
        The day, who, and as what.
    note
        Why.
    until
        The last day of the public notice.
    """

    step: str
    on: dt.date
    by: str
    role: str
    note: str
    until: dt.date | None


def claim_passing(
    folder: Path,
    asked: Asked,
    register: Path,
    *,
    by: str,
    cases: list[str] | None,
    payee: str | None,
) -> None:
    """Submit what passes, and tell what was not submitted.

    Parameters
    ----------
    folder
        The records.
    asked
        The payment; the day is that of the submission, too.
    register
        To which the claims are added; it is begun where there is none.
    by
        Who submits.
    cases
        Which cases; None for all that pass and were never claimed: what was returned or recovered
        is claimed again by its name alone. Of those that rest on the same record the first is
        submitted then.
    payee
        Whose cases alone; None for everybody's. Cases that are named must be that payee's.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is added then.
    """
    told: list[str] = []

    def make(claims: Claims) -> Claims:
        with progress(f"deciding {asked.payment}"):
            decisions = decide(
                asked.payment,
                read_evidence(folder),
                asked.options,
                as_of=asked.as_of,
                cases=cases,
                claims=claims,
            )
        if cases is None:
            own = [one for one in decisions if payee is None or one.payee == payee]
            wanted = _free(own, claims, told)
        else:
            wanted = list(decisions)
            _check_payee(wanted, payee)
        after = submit(claims, wanted, on=asked.as_of, by=by)
        told.insert(0, f"{asked.payment} on {asked.as_of}: {len(after) - len(claims):,} submitted")
        finish_anyway()
        return after

    add_steps(register, make, begins=True)
    for line in told:
        say(line)


def _check_payee(named: Iterable[Decision], payee: str | None) -> None:
    others = [f"{one.payee} of {one.case}" for one in named if one.payee != payee]
    if payee is not None and others:
        rule, remedy = "be the payee of each case that is named", "Name the payee's own, or none."
        raise ArgumentError("payee", rule, f"{payee}, beside {', '.join(others)}", remedy)


def _free(decisions: Iterable[Decision], claims: Claims, told: list[str]) -> list[Decision]:
    """Return those that pass, were never claimed, and rest on records of their own."""
    states = {(one.payment, one.case): one.state for one in claims}  # of each the last claim
    free, used, shared, given_up = [], set[str](), 0, 0
    for one in decisions:
        if one.outcome != PASS:
            continue
        state = states.get((one.payment, one.case))
        if state is not None:
            given_up += state in ENDED
            continue
        if one.consumed & used:
            shared += 1
            continue
        used |= one.consumed
        free.append(one)
    if shared:
        told.append(f"  {shared:,} left: each rests on a record of one submitted now")
    if given_up:
        told.append(f"  {given_up:,} left: returned or recovered before; --case claims one again")
    return free


def move_on(
    register: Path, ids: list[str], act: Act, *, ask: Callable[[str], Asked], folder: Path | None
) -> None:
    """Make a step of claims, for which their cases are decided anew where that is asked for.

    Parameters
    ----------
    register
        Of the claims.
    ids
        Which.
    act
        The step.
    ask
        Given a payment, returns what is asked to decide it anew.
    folder
        The records; None where nothing is decided.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is added then.
    """

    def make(claims: Claims) -> Claims:
        after = _moved(claims, ids, act, ask=ask, folder=folder)
        finish_anyway()
        return after

    after = add_steps(register, make)
    for id_ in ids:
        state = after[id_].state
        say(f"{id_}: {state} {STATES[state]}")


def _moved(
    claims: Claims,
    ids: list[str],
    act: Act,
    *,
    ask: Callable[[str], Asked],
    folder: Path | None,
) -> Claims:
    """Return the claims after a step of some of them."""
    if act.until is not None and act.step != "publish":
        raise ArgumentError("until", "be given with publish alone", f"{act.until} with {act.step}")
    if act.step in {"check_pass", "check_fail"}:
        _check_supervisor(act)
        passed = act.step == "check_pass"
        return conclude(claims, ids, passed=passed, on=act.on, by=act.by, note=act.note)
    if act.step == "release":
        _check_supervisor(act)
        return release(claims, ids, on=act.on, by=act.by, note=act.note)
    wanted = [claims[one] for one in ids]
    anew = [] if folder is None else list(_anew(claims, wanted, folder, ask))
    return advance(
        claims,
        ids,
        act.step,
        on=act.on,
        by=act.by,
        role=act.role,
        note=act.note,
        until=act.until,
        decisions=anew,
    )


def _check_supervisor(act: Act) -> None:
    if act.role != _SUPERVISOR:
        raise ArgumentError("role", f"be {_SUPERVISOR} for {act.step}", repr(act.role))


def _anew(
    claims: Claims, wanted: Iterable[Claim], folder: Path, ask: Callable[[str], Asked]
) -> Iterator[Decision]:
    """Yield decisions on all cases of each payment, of which there may be claims of others."""
    evidence = read_evidence(folder)
    for payment in dict.fromkeys(one.payment for one in wanted):
        asked = ask(payment)
        with progress(f"deciding {payment}"):
            yield from decide(payment, evidence, asked.options, as_of=asked.as_of, claims=claims)


def draw(register: Path, *, share: float, seed: str, on: dt.date, by: str) -> None:
    """Draw claims for a check, and print the ids of those drawn now to standard output.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is added then.
    """
    before: list[int] = []

    def make(claims: Claims) -> Claims:
        before.append(len(claims.events))
        after = draw_checks(claims, share=share, seed=seed, on=on, by=by)
        finish_anyway()
        return after

    after = add_steps(register, make)
    drawn = [one.claim for one in after.events[before[0] :]]
    for id_ in drawn:
        typer.echo(id_)
    say(f"{len(drawn):,} drawn for a check on {on}")


def list_claims(
    register: Path,
    *,
    on: dt.date,
    payee: str | None,
    anew: tuple[Path, Asked] | None,
    out: Path | None,
) -> None:
    """List claims as they are on a day, and tell how many are in which state.

    Parameters
    ----------
    register
        Of the claims.
    on
        The day.
    payee
        Whose alone, without anything of checks; None for all, with their checks.
    anew
        Records, and the payment that is decided anew by them: then only claims of that payment are
        listed, and of these only those that are to be returned, recovered or looked into. None for
        all claims.
    out
        Where to; None for the numbers alone.

    Raises
    ------
    GeoMatchError
        If anything is refused; nothing is written then.
    """
    check_out(out)
    claims = read_register(register).at(on)
    if anew is not None:
        frame = _shaken(claims, *anew)
    elif payee is not None:
        frame = claims.seen_by_operator(payee)
    else:
        frame = _listed(claims)
    if out is not None:
        n = write_rows(frame, out, title=_TITLE)
        say(f"{n:,} rows written to {out}")
    counted = "to_do" if anew is not None else "state"
    for word, n in Counter(frame[counted]).items():
        say(f"  {n:>6,} {word} {STATES.get(word, '')}".rstrip())
    say(f"{len(frame):,} claims on {on}")


def _listed(claims: Claims) -> pd.DataFrame:
    """Return a row a claim: the step that led to its state, and beside it the last of its check.

    So a list whose columns of checks are taken out says nothing of a check.
    """
    rows = []
    for one in claims:
        what = one.submission
        cny = None if what.amount_cny is None else float(what.amount_cny)
        first = (one.id, one.payment, one.case, one.person, one.payee, cny)
        steps = [event for event in one.events if event.step not in CHECKS]
        checks = [event for event in one.events if event.step in CHECKS]
        rows.append(
            (*first, one.state, STATES[one.state], *_told(steps), one.check, *_told(checks))
        )
    names = ["claim", "payment", "case", "person", "payee", "amount_cny", "state", "zh"]
    names += ["since", "by", "note", "check", "check_since", "check_by", "check_note"]
    return pd.DataFrame(rows, columns=names)


def _told(events: list[Event]) -> tuple[dt.date | None, str | None, str | None]:
    """Return the day, who and why of the last of some steps; nothing where there is none."""
    return (events[-1].on, events[-1].by, events[-1].note) if events else (None, None, None)


def _shaken(claims: Claims, folder: Path, asked: Asked) -> pd.DataFrame:
    with progress(f"deciding {asked.payment}"):
        anew = decide(
            asked.payment,
            read_evidence(folder),
            asked.options,
            as_of=asked.as_of,
            claims=claims,
        )
    return corrections(claims, anew)
