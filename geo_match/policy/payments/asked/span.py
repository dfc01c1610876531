"""The months of a hire, from that of its first day to that of its last, and what lies outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.policy.payments import months

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.case import Case


def in_span(hire: r.Hire, months_given: Iterable[int]) -> set[int]:
    """Return those months on a day of which the hire lasted, as far as its days are known.

    Of a hire that ended before it began all are returned: its days say nothing, and that they do is
    what `sound_record` tells.
    """
    found = set(months_given)
    if hire.hired_on and hire.left_on and hire.left_on < hire.hired_on:
        return found
    first = None if hire.hired_on is None else months.month_of(hire.hired_on)
    last = None if hire.left_on is None else months.month_of(hire.left_on)
    return {
        one for one in found if (first is None or one >= first) and (last is None or one <= last)
    }


def insured_months(run: r.Insured) -> set[int]:
    """Return the months of a run of insurance; none where nobody can name them."""
    if run.first_month is None or run.last_month is None:
        return set()
    return set(range(months.month_of(run.first_month), months.month_of(run.last_month) + 1))


def insured_id(run: r.Insured) -> str:
    """Return its id, or one made of what a run is: no other one begins in the same month."""
    return run.id or f"{run.employment}:{run.kind}:{run.first_month:%Y-%m}"


def income_id(one: r.Income, month: int) -> str:
    """Return its id, or one made of the hire and the month."""
    return one.id or f"{one.employment}:income:{months.month_text(month)}"


def outside(case: Case) -> Iterator[tuple[str, int]]:
    """Yield ids of records of insurance and income in months without the hire, and such a month.

    Those that say that nothing was paid, and those that contradict themselves, are left aside.
    """
    hire = case.hire
    if hire is None:
        return
    for run in case.known.insured.get(hire.id, ()):
        every = insured_months(run)
        if run.verified is not False and not run.conflicts and every - in_span(hire, every):
            yield insured_id(run), min(every - in_span(hire, every))
    for one in case.known.incomes.get(hire.id, ()):
        if one.month is None or one.conflicts:
            continue
        month = months.month_of(one.month)
        if not in_span(hire, [month]):
            yield income_id(one, month), month
