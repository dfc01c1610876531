"""All claims: every step that was made, none of which is ever taken back or changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims.claim import (
    CHECKS,
    ENDED,
    STATES,
    Claim,
    Event,
    Submission,
    after,
)
from geo_match.policy.payments.used import of_same_payee

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Iterable, Iterator, Mapping

_COLUMNS: Final = (
    "claim",
    "step",
    "on",
    "by",
    "role",
    "note",
    "until",
    "payment",
    "case",
    "person",
    "payee",
    "year_on",
    "evidence",
    "amount_cny",
    "rule",
    "rule_version",
)


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """Claims as the steps that were made of them; immutable: each step gives new ones.

    Parameters
    ----------
    events
        In the order in which they were made.

    Raises
    ------
    ArgumentError
        If a step may not be made after those before it.
    """

    events: tuple[Event, ...] = ()
    _states: Mapping[str, Claim] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Walk through all steps: what is read back must have come about rightly."""
        states: dict[str, Claim] = {}
        for one in self.events:
            states[one.claim] = after(states.get(one.claim), one)
        object.__setattr__(self, "_states", MappingProxyType(states))  # as it is frozen

    def __len__(self) -> int:
        """Return how many claims there are."""
        return len(self._states)

    def __iter__(self) -> Iterator[Claim]:
        """Walk through the claims, in the order in which they were submitted."""
        return iter(self._states.values())

    def __getitem__(self, claim: str) -> Claim:
        """Return a claim.

        Raises
        ------
        ArgumentError
            If there is none of the id.
        """
        if claim not in self._states:
            raise ArgumentError("claim", "be the id of a claim", repr(claim))
        return self._states[claim]

    def with_events(self, events: Iterable[Event]) -> Claims:
        """Return the claims after more steps.

        Raises
        ------
        ArgumentError
            If one may not be made; none is then.
        """
        new = tuple(events)
        states = dict(self._states)
        for one in new:
            states[one.claim] = after(states.get(one.claim), one)
        made = object.__new__(Claims)  # without walking through all steps again
        object.__setattr__(made, "events", (*self.events, *new))
        object.__setattr__(made, "_states", MappingProxyType(states))
        return made

    def at(self, as_of: dt.date) -> Claims:
        """Return the claims as they were on a day."""
        if all(one.on <= as_of for one in self.events):
            return self
        return Claims(tuple(one for one in self.events if one.on <= as_of))

    def standing(self, as_of: dt.date) -> Iterator[Claim]:
        """Yield the claims that take places and use up evidence on a day: all not given up.

        A claim is given up once it is returned, or what was paid for it is recovered.
        """
        return (one for one in self.at(as_of) if one.state not in ENDED)

    def given_back(self, payment: str, as_of: dt.date) -> frozenset[str]:
        """Return the cases of a payment whose last claim is given up on a day."""
        last = {one.case: one.state for one in self.at(as_of) if one.payment == payment}
        return frozenset(case for case, state in last.items() if state in ENDED)

    def seen(self, payment: str, as_of: dt.date | None = None) -> str:
        """Return a digest of the claims that a decision on a payment looks at.

        Parameters
        ----------
        payment
            Which. Claims of payments to the same kind of payee are looked at, too.
        as_of
            The day; None for all steps that were made.

        Returns
        -------
        str
            The same as long as none of them is submitted, returned or recovered; 16 characters.
        """
        alike = of_same_payee(payment)
        every = self if as_of is None else self.at(as_of)
        ids = sorted((one.id, one.state in ENDED) for one in every if one.payment in alike)
        rows = [(id_, ended, _row(self[id_].events[0])[7:]) for id_, ended in ids]
        return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]

    def to_frame(self) -> pd.DataFrame:
        """Return a row a step, from which `from_frame` makes the same claims.

        Returns
        -------
        pandas.DataFrame
            `claim`, `step`, `on`, `by`, `role`, `note`, `until`, and of the first step of each
            `payment`, `case`, `person`, `payee`, `year_on`, `evidence` (ids with semicolons),
            `amount_cny` (text, as it is written), `rule` and `rule_version`.
        """
        return pd.DataFrame(
            [_row(one) for one in self.events], columns=list(_COLUMNS), dtype=object
        )

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Claims:
        """Return the claims of a frame as `to_frame` gives it.

        Raises
        ------
        ArgumentError
            If a column is missing, or a step could not have been made.
        """
        lost = [name for name in _COLUMNS if name not in frame]
        if lost:
            raise ArgumentError(
                "frame", "have all columns of claims", f"none for {', '.join(lost)}"
            )
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        return cls(tuple(_event(row) for row in rows))

    def seen_by_operator(self, payee: str) -> pd.DataFrame:
        """Return what an operator may see of its own claims: nothing of checks.

        Neither that a claim was drawn, nor that it is held: it stays in the state that it was in.

        Parameters
        ----------
        payee
            Whose claims.

        Returns
        -------
        pandas.DataFrame
            `claim`, `payment`, `case`, `state`, `zh` (its name), `since` (the day), `note` (of the
            step that led there).
        """
        rows = []
        for one in self:
            if one.payee == payee:
                last = [event for event in one.events if event.step not in CHECKS][-1]
                texts = (one.state, STATES[one.state], last.on, last.note)
                rows.append((one.id, one.payment, one.case, *texts))
        names = ["claim", "payment", "case", "state", "zh", "since", "note"]
        return pd.DataFrame(rows, columns=names)


def _row(event: Event) -> tuple[Any, ...]:
    first = (event.claim, event.step, event.on, event.by, event.role, event.note, event.until)
    what = event.submission
    if what is None:
        return (*first, *[None] * 9)
    amount = None if what.amount_cny is None else str(what.amount_cny)
    return (
        *first,
        what.payment,
        what.case,
        what.person,
        what.payee,
        what.on,
        ";".join(sorted(what.evidence)),
        amount,
        what.rule,
        what.rule_version,
    )


def _event(row: Mapping[Hashable, Any]) -> Event:
    what = None
    if row["payment"] is not None:
        amount = row["amount_cny"]
        what = Submission(
            payment=row["payment"],
            case=row["case"],
            person=row["person"],
            payee=row["payee"],
            on=_day(row["year_on"]),
            evidence=frozenset(row["evidence"].split(";")),
            amount_cny=None if amount is None else Decimal(amount),
            rule=row["rule"],
            rule_version=row["rule_version"],
        )
    return Event(
        claim=row["claim"],
        step=row["step"],
        on=_day(row["on"]),
        by=row["by"],
        role=row["role"],
        note=row["note"] or "",
        until=None if row["until"] is None else _day(row["until"]),
        submission=what,
    )


def _day(value: Any) -> dt.date:  # noqa: ANN401 - what a file made of a day
    """Return a day, however a file that the frame was in has kept it."""
    try:
        return pd.Timestamp(value).date()
    except (ValueError, TypeError) as error:
        raise ArgumentError("frame", "have days such as 2025-03-01", repr(value)) from error
