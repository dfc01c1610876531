"""A decision on a payment, which can be read by itself, and many of them as frames."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.conditions import Condition, decide, to_rows
from geo_match.policy.payments.used import used_up
from geo_match.rules import FAIL, OUTCOMES, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from decimal import Decimal

    from geo_match.policy.payments.caps import CapState
    from geo_match.policy.payments.options import PaymentOptions
    from geo_match.policy.payments.rules import Rule
    from geo_match.rules import Entry

_ZH: Final = {"pass": "符合", "fail": "不符合", "unknown": "待定"}
_COLUMNS: Final = (
    "payment",
    "case",
    "person",
    "payee_kind",
    "payee",
    "on",
    "as_of",
    "outcome",
    "amount_cny",
    "failed",
    "unknown",
    "missing",
    "cap",
    "evidence",
    "rule",
    "rule_version",
    "rule_valid_from",
    "source",
    "answers",
    "en",
    "zh",
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Way:
    """One of several ways to meet a rule.

    Parameters
    ----------
    name
        As the rule names it.
    conditions
        All that it asks for.
    """

    name: str
    conditions: tuple[Condition, ...]

    @property
    def outcome(self) -> int:
        """What comes of it."""
        return decide(self.conditions)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Decision:
    """What comes of a case, by which rule, and why.

    Parameters
    ----------
    case
        Its id.
    person, payee
        As in the case; None where there is none, or it is not known.
    on
        The day that fixes its year and the version of the rule; None if not known.
    as_of
        The day whose knowledge it rests on.
    entry
        The rule with its source and days.
    conditions
        All that must hold, in the rule's order; where there are several ways, `one_way` is one of
        them, and so is `cap` where there is a cap.
    ways
        The ways in detail; empty where there is but one.
    caps
        How it stands to the cap, a state for each way to count a year that was looked at.
    amount_cny
        CNY, where it passes and an amount is configured.
    answers
        The open questions, each with the answer that was used.
    saw
        A digest of the claims that it was decided with, as `Claims.seen` gives it: what was claimed
        or returned since is not in it.
    """

    case: str
    person: str | None
    payee: str | None
    on: dt.date | None
    as_of: dt.date
    entry: Entry[Rule]
    conditions: tuple[Condition, ...]
    ways: tuple[Way, ...]
    caps: tuple[CapState, ...]
    amount_cny: Decimal | None
    answers: tuple[tuple[str, str], ...]
    saw: str

    @property
    def rule(self) -> Rule:
        """The decision table."""
        return self.entry.value

    @property
    def payment(self) -> str:
        """Name of the payment."""
        return self.rule.payment

    @property
    def outcome(self) -> int:
        """What comes of it: fail, pass or unknown."""
        return decide(self.conditions)

    @property
    def word(self) -> str:
        """The outcome as a word."""
        return OUTCOMES[self.outcome]

    @property
    def evidence(self) -> tuple[str, ...]:
        """Ids of all records that it rests on, in order."""
        return tuple(sorted({id_ for one in self.conditions for id_ in one.evidence}))

    @property
    def consumed(self) -> frozenset[str]:
        """The records that paying it uses up, with their kinds: all but those of a person."""
        met = [one for way in self.ways if way.outcome == PASS for one in way.conditions]
        return used_up(self.payment, self.case, [*self.conditions, *met])

    @property
    def missing(self) -> tuple[str, ...]:
        """What would make its unknowns pass, without repeats."""
        return tuple(dict.fromkeys(one.missing for one in self.conditions if one.missing))

    def named(self, outcome: int) -> tuple[str, ...]:
        """Return the names of its conditions that have an outcome."""
        return tuple(one.name for one in self.conditions if one.outcome == outcome)

    @property
    def en(self) -> str:
        """It in a sentence or two, in English."""
        why = [one.en for one in self.conditions if one.outcome == self.outcome != PASS]
        return " ".join([f"{self.payment} of {self.case}: {self.word}.", *why])

    @property
    def zh(self) -> str:
        """It in a sentence or two, in Chinese."""
        why = [one.zh for one in self.conditions if one.outcome == self.outcome != PASS]
        return "".join([f"{self.rule.zh}（{self.case}）：{_ZH[self.word]}。", *why])

    def to_row(self) -> dict[str, Any]:
        """Return it as a row of `Decisions.to_frame`."""
        values = (
            self.payment,
            self.case,
            self.person,
            self.rule.payee,
            self.payee,
            self.on,
            self.as_of,
            self.word,
            None if self.amount_cny is None else float(self.amount_cny),
            ";".join(self.named(FAIL)),
            ";".join(self.named(UNKNOWN)),
            "; ".join(self.missing),
            " | ".join(map(str, self.caps)),
            ";".join(self.evidence),
            self.entry.name,
            self.rule.version,
            self.entry.valid_from,
            self.entry.source,
            "; ".join(f"{name}={answer}" for name, answer in self.answers),
            self.en,
            self.zh,
        )
        return dict(zip(_COLUMNS, values, strict=True))

    def condition_rows(self) -> list[dict[str, object]]:
        """Return a row a condition, and of each way its own, told by `way`."""
        rows = to_rows(self.conditions, case=self.case, way="")
        for one in self.ways:
            rows += to_rows(one.conditions, case=self.case, way=one.name)
        return rows

    def same_as(self, other: Decision) -> bool:
        """Return whether another decision says the same: all but the days and claims it knew."""
        return _said(self) == _said(other)


def _said(one: Decision) -> tuple[object, ...]:
    whose = (one.case, one.person, one.payee, one.on, one.entry, one.amount_cny, one.answers)
    ways = tuple((way.name, way.conditions) for way in one.ways)
    return (*whose, one.conditions, ways, one.caps)


@dataclass(frozen=True, eq=False)
class Decisions:
    """Decisions on one payment, as of one day, with the same answers to open questions.

    Parameters
    ----------
    payment
        Its name.
    as_of
        The day whose knowledge they rest on.
    options
        The answers.
    all
        The decisions, in the order of their cases.
    saw
        As in each decision.
    is_whole
        Whether they are on all cases that there are, not on some that were asked for.
    """

    payment: str
    as_of: dt.date
    options: PaymentOptions
    all: tuple[Decision, ...]
    saw: str
    is_whole: bool = True

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.all)

    def __iter__(self) -> Iterator[Decision]:
        """Walk through them."""
        return iter(self.all)

    def __getitem__(self, case: str) -> Decision:
        """Return that on a case.

        Raises
        ------
        ArgumentError
            If there is none on it.
        """
        found = self._by_case.get(case)
        if found is None:
            rule = f"be a case of {self.payment} that is known on {self.as_of}"
            raise ArgumentError("case", rule, repr(case))
        return found

    @cached_property
    def _by_case(self) -> dict[str, Decision]:
        return {one.case: one for one in self.all}

    def counts(self) -> dict[str, int]:
        """Return how many pass, fail and are unknown."""
        counted = Counter(one.word for one in self.all)
        return {name: counted[name] for name in ("pass", "fail", "unknown")}

    def total_cny(self) -> Decimal | None:
        """Return what those that pass come to, CNY; None where an amount is not configured."""
        amounts = [one.amount_cny for one in self.all if one.outcome == PASS]
        known = [one for one in amounts if one is not None]
        return sum(known, start=type(known[0])(0)) if known and len(known) == len(amounts) else None

    def to_frame(self) -> pd.DataFrame:
        """Return a row a decision.

        Returns
        -------
        pandas.DataFrame
            `payment`, `case`, `person`, `payee_kind`, `payee`, `on`, `as_of`, `outcome`,
            `amount_cny`, names of conditions that `failed` or are `unknown`, what is `missing`,
            `cap`, ids of `evidence`, the `rule` with `rule_version`, `rule_valid_from` and
            `source`, the `answers` to open questions, and why, in `en` and `zh`.
        """
        return pd.DataFrame([one.to_row() for one in self.all], columns=list(_COLUMNS))

    def to_conditions(self) -> pd.DataFrame:
        """Return a row a condition: `case`, `way`, and what `conditions.to_rows` has."""
        rows = [row for one in self.all for row in one.condition_rows()]
        names = ["case", "way", "condition", "outcome", "evidence", "en", "zh", "missing"]
        return pd.DataFrame(rows, columns=names)


def changes(before: Decisions, after: Decisions) -> pd.DataFrame:
    """Tell which decisions a later knowledge changes: what a correction touched.

    Parameters
    ----------
    before, after
        Decisions on the same payment.

    Returns
    -------
    pandas.DataFrame
        `case`, the outcome `before` and `after` (null where it was no case), and the `conditions`
        whose outcome, evidence or words differ, with semicolons. Cases that say the same are not
        in it.

    Raises
    ------
    ArgumentError
        If they are on different payments.
    """
    if before.payment != after.payment:
        raise ArgumentError("after", f"be on {before.payment}, as `before` is", after.payment)
    old = {one.case: one for one in before}
    new = {one.case: one for one in after}
    rows = []
    for case in sorted(old.keys() | new.keys()):
        was, is_ = old.get(case), new.get(case)
        if was is not None and is_ is not None and was.same_as(is_):
            continue
        told = [{c.name: c for c in one.conditions} if one else {} for one in (was, is_)]
        names = dict.fromkeys([*told[0], *told[1]])
        differ = [name for name in names if told[0].get(name) != told[1].get(name)]
        words = [one.word if one else None for one in (was, is_)]
        rows.append((case, *words, ";".join(differ)))
    return pd.DataFrame(rows, columns=["case", "before", "after", "conditions"])
