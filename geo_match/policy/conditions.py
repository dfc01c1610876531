"""One condition of a rule as a decision states it: its outcome, its evidence, and it in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.errors import ArgumentError
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was looked at, and what came of it.

    Parameters
    ----------
    name
        Of the condition, stable, in lower case with underscores.
    outcome
        `FAIL`, `PASS` or `UNKNOWN` of `geo_match.rules.outcome`.
    evidence
        Ids of the records that it rests on, without repeats; none where nothing was found.
    en, zh
        Why, one sentence in English and in Chinese.
    missing
        Which record would make an unknown pass; empty where it is not unknown, or none would.

    Raises
    ------
    ArgumentError
        If the name is of another form, the outcome is none of the three, evidence is no tuple of
        texts or repeats one, a sentence is empty, or something is missing of what is known.

    Examples
    --------
    >>> hired = Condition("hired", PASS, ("EM-1",), en="Hired on 3 May.", zh="5月3日入职。")
    >>> decide([hired]) == PASS
    True
    """

    name: str
    outcome: int
    evidence: tuple[str, ...]
    en: str
    zh: str
    missing: str = ""

    def __post_init__(self) -> None:
        """Check it: a decision is kept for years, and must read well by itself."""
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            rule = "be a name in lower case with underscores"
            raise ArgumentError("name", rule, repr(self.name))
        if isinstance(self.outcome, bool) or self.outcome not in (FAIL, PASS, UNKNOWN):
            rule = f"be {FAIL} (fail), {PASS} (pass) or {UNKNOWN} (unknown)"
            raise ArgumentError("outcome", rule, repr(self.outcome))
        _check_evidence(self.evidence)
        for argument, text in (("en", self.en), ("zh", self.zh)):
            if not isinstance(text, str) or not text.strip():
                raise ArgumentError(argument, "say why, in one sentence", repr(text))
        if self.missing and self.outcome != UNKNOWN:
            rule = "be empty unless the outcome is unknown"
            raise ArgumentError("missing", rule, repr(self.missing))

    @property
    def word(self) -> str:
        """Its outcome as a word: fail, pass or unknown."""
        return OUTCOMES[self.outcome]


def decide(conditions: Iterable[Condition]) -> int:
    """Return what comes of conditions that must all hold.

    Returns
    -------
    int
        `FAIL` where one fails, else `UNKNOWN` where one is, else `PASS`.

    Raises
    ------
    ArgumentError
        If there is none: what asks for nothing is no rule.
    """
    outcomes = {one.outcome for one in conditions}
    if not outcomes:
        raise ArgumentError("conditions", "have a condition", "none")
    if FAIL in outcomes:
        return FAIL
    return UNKNOWN if UNKNOWN in outcomes else PASS


def to_rows(conditions: Iterable[Condition], **common: object) -> list[dict[str, object]]:
    """Return a row a condition, as a table of decisions lists them.

    Parameters
    ----------
    conditions
        In their order.
    common
        What each row has besides, before the rest, such as the id of what was decided.

    Returns
    -------
    list of dict
        With `condition`, `outcome` (fail, pass or unknown), `evidence` (ids with semicolons),
        `en`, `zh` and `missing`.
    """
    return list(_rows(conditions, common))


def _rows(
    conditions: Iterable[Condition], common: dict[str, object]
) -> Iterator[dict[str, object]]:
    for one in conditions:
        yield {
            **common,
            "condition": one.name,
            "outcome": one.word,
            "evidence": ";".join(one.evidence),
            "en": one.en,
            "zh": one.zh,
            "missing": one.missing,
        }


def _check_evidence(evidence: object) -> None:
    if not isinstance(evidence, tuple) or not all(isinstance(one, str) and one for one in evidence):
        raise ArgumentError("evidence", "be a tuple of ids, each a text", repr(evidence))
    if len(set(evidence)) < len(evidence):
        raise ArgumentError("evidence", "name each record once", repr(evidence))
