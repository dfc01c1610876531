"""What policies come to for those that were judged: an outcome each, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.benefits.words import condition
from geo_match.rules.dated import NotInForceError
from geo_match.rules.outcome import FAIL, OUTCOMES, UNKNOWN, all_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from geo_match.policy.benefits.rules import Policy, Terms
    from geo_match.policy.conditions import Condition
    from geo_match.rules.dated import Entry


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Outcomes of one condition, and what they rest on.

    Parameters
    ----------
    outcome
        int8, (n,).
    evidence
        Tuples of ids, objects, (n,); None where it is the record that is judged alone.
    told
        The conditions themselves, n, where what judged them has words and evidence of its own; None
        where `words` has them.
    """

    outcome: NDArray[np.int8]
    evidence: NDArray[np.object_] | None = None
    told: tuple[Condition, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Benefits:
    """Which policies are for whom on a day.

    Parameters
    ----------
    on
        The day.
    rows
        A row for each that was judged and each policy in force, in their orders: `id`, `policy`,
        `zh` (its Chinese name), `outcome` (pass, fail or unknown, as categories), `failed` and
        `unknown` (names of conditions, with commas).
    rules
        What was in force, by the policy's name.
    not_in_force
        Names of policies that were not.
    """

    on: dt.date
    rows: pd.DataFrame
    rules: Mapping[str, Entry[Terms]]
    not_in_force: tuple[str, ...]
    _ids: pd.Index
    _judged: Mapping[str, Mapping[str, Judged]]

    def with_outcome(self, outcome: int) -> pd.DataFrame:
        """Return the rows of one outcome, such as `PASS` for what they can have."""
        rows = self.rows[self.rows["outcome"] == OUTCOMES[outcome]]
        return rows.reset_index(drop=True)

    def explain(self, id_: str, policy: str) -> tuple[Condition, ...]:
        """Return each condition of a policy for one that was judged.

        Raises
        ------
        ArgumentError
            If there is no such one, or the policy was not in force.
        """
        at = int(self._ids.get_indexer(pd.Index([id_], dtype=object))[0])
        if at < 0:
            raise ArgumentError("id_", "be one that was judged", repr(id_))
        if policy not in self._judged:
            rule = f"be one of {', '.join(self._judged)}"
            raise ArgumentError("policy", rule, repr(policy))
        told = []
        for name, judged in self._judged[policy].items():
            if judged.told is not None:
                told.append(judged.told[at])
                continue
            evidence = (id_,) if judged.evidence is None else judged.evidence[at]
            told.append(condition(name, int(judged.outcome[at]), evidence))
        return tuple(told)


def put_together(
    ids: Sequence[str],
    policies: Sequence[Policy],
    on: dt.date,
    judge: Callable[[str, Terms], Judged],
) -> Benefits:
    """Judge each policy that is in force.

    Parameters
    ----------
    ids
        Of those that are judged, (n,).
    policies
        In the order in which they are told.
    on
        The day.
    judge
        Returns what a condition comes to, by its name and the policy's terms.
    """
    rules: dict[str, Entry[Terms]] = {}
    for policy in policies:
        try:
            rules[policy.name] = policy.terms.on(on)
        except NotInForceError:
            continue
    judged = {
        name: {one: judge(one, entry.value) for one in entry.value.conditions}
        for name, entry in rules.items()
    }
    chinese = {policy.name: policy.zh for policy in policies}
    parts = [_rows(ids, name, chinese[name], conditions) for name, conditions in judged.items()]
    rows = pd.concat(parts, ignore_index=True) if parts else _rows([], "", "", {})
    order = np.arange(len(rows))
    if parts:
        order = order.reshape(len(parts), -1).T.ravel()
    return Benefits(
        on,
        rows.iloc[order].reset_index(drop=True),
        rules,
        tuple(policy.name for policy in policies if policy.name not in rules),
        pd.Index(ids, dtype=object),
        judged,
    )


def _rows(
    ids: Sequence[str], policy: str, chinese: str, conditions: Mapping[str, Judged]
) -> pd.DataFrame:
    n = len(ids)
    outcomes = {name: one.outcome for name, one in conditions.items()}
    total = all_of(*outcomes.values()) if outcomes else np.empty(0, dtype=np.int8)
    return pd.DataFrame(
        {
            "id": np.array(ids, dtype=object),
            "policy": np.full(n, policy, dtype=object),
            "zh": np.full(n, chinese, dtype=object),
            "outcome": pd.Categorical.from_codes(total, categories=pd.Index(OUTCOMES)),
            "failed": _names(outcomes, FAIL, n),
            "unknown": _names(outcomes, UNKNOWN, n),
        }
    )


def _names(outcomes: Mapping[str, NDArray[np.int8]], which: int, n: int) -> NDArray[np.object_]:
    """Return the names of the conditions of one outcome, with commas, (n,)."""
    mask = np.zeros(n, dtype=np.int64)
    for bit, outcome in enumerate(outcomes.values()):
        mask |= (outcome == which).astype(np.int64) << bit
    texts = [
        ",".join(name for bit, name in enumerate(outcomes) if code >> bit & 1)
        for code in range(1 << len(outcomes))
    ]
    return np.array(texts, dtype=object)[mask]
