"""Checks of claims by the supervisor: drawn after submission, by a seed that the operator lacks."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims.claim import ENDED, PAID, SUPERVISOR, Event

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from geo_match.policy.payments.claims.book import Claims

_LEAST_SEED: Final = 16
_BITS: Final = 64


def draw_checks(claims: Claims, *, share: float, seed: str, on: dt.date, by: str) -> Claims:
    """Return the claims after some of those under way are drawn for a check.

    Each claim is drawn or not by itself, from the seed and its id: not by its place among others,
    nor by when it is asked. So a draw can be repeated and proved, a second one with the same seed
    draws nothing new among the same claims, and nobody who lacks the seed can foresee it.

    Parameters
    ----------
    claims
        Those there are.
    share
        The chance of each, from 0 to 1. No source here says how many must be checked.
    seed
        A secret of 16 characters or more, kept from operators.
    on
        The day: only claims submitted by then are drawn.
    by
        Who draws, for the supervisor.

    Raises
    ------
    ArgumentError
        If the share is no such number, the seed is shorter, or who draws did another step of a
        claim that is drawn.
    """
    if not 0.0 <= share <= 1.0:
        raise ArgumentError("share", "be from 0 to 1", repr(share))
    if len(seed) < _LEAST_SEED:
        rule = f"have {_LEAST_SEED} characters or more"
        raise ArgumentError("seed", rule, f"{len(seed)}", "It must not be guessed.")
    drawn = [
        one.id
        for one in claims
        if one.state not in {PAID, *ENDED}
        and not one.check
        and one.events[-1].on <= on
        and _chance(seed, one.id) < share
    ]
    return claims.with_events(
        Event(claim=id_, step="draw", on=on, by=by, role=SUPERVISOR) for id_ in drawn
    )


def _chance(seed: str, claim: str) -> float:
    """Return a number from 0 to under 1, even over claims, that only the seed tells."""
    digest = hmac.new(seed.encode(), claim.encode(), hashlib.sha256).digest()
    # 53 bits are what a float holds: more could round up to 1.
    return (int.from_bytes(digest[: _BITS // 8]) >> 11) / 2.0**53


def conclude(
    claims: Claims, ids: Iterable[str], *, passed: bool, on: dt.date, by: str, note: str = ""
) -> Claims:
    """Return the claims after checks have their result; one that failed holds its claim.

    Parameters
    ----------
    claims
        Those there are.
    ids
        Whose checks.
    passed
        The result.
    on, by
        The day, and who checked.
    note
        What was found; needed of those that failed.

    Raises
    ------
    ArgumentError
        If a claim has no open check, nothing says why it failed, or who checked submitted or
        reviewed it.
    """
    step = "check_pass" if passed else "check_fail"
    return claims.with_events(
        Event(claim=id_, step=step, on=on, by=by, role=SUPERVISOR, note=note)
        for id_ in dict.fromkeys(ids)
    )


def release(claims: Claims, ids: Iterable[str], *, on: dt.date, by: str, note: str) -> Claims:
    """Return the claims after the supervisor lets go of some that failed checks held.

    Raises
    ------
    ArgumentError
        If a claim is not held, nothing says why it is released, or who releases it submitted or
        reviewed it.
    """
    return claims.with_events(
        Event(claim=id_, step="release", on=on, by=by, role=SUPERVISOR, note=note)
        for id_ in dict.fromkeys(ids)
    )
