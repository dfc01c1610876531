"""A case of a payment: what it is about, what is known of it, and by what it is judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.evidence import Known
    from geo_match.policy.payments.options import PaymentOptions
    from geo_match.policy.payments.rules import Rule
    from geo_match.rules import Entry

SERVICE: Final = "service"
"""The kind of a service that shows that a hire was organised."""
SERVED: Final = "served"
"""The kind of a service by which a head is counted, whatever else it led to."""


def keyed(kind: str, record: str) -> str:
    """Return a record's id with its kind, as claims name what they use up.

    Examples
    --------
    >>> keyed("service", "SV1")
    'service:SV1'
    """
    return f"{kind}:{record}"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Case:
    """What one decision is about.

    Parameters
    ----------
    id
        Of what is paid for: the hire, the survey's community, and so on.
    person
        The person, where there is one.
    payee
        Who would be paid; None if not known.
    on
        The day that fixes its year and the version of the rule; None if not known.
    entry
        The rule, as it stood on that day.
    in_force
        Whether it was in force then, and is not merely the first there is.
    known, options
        What is known, and how open questions are answered.
    hire, post, survey, recognition, services
        What it is about; those that it is not are None or empty.
    earlier
        Ids of cases that are the same again and come before it.
    claimed
        By record (`keyed`) the cases whose claims rest on it, of payments to the same kind of
        payee.
    """

    id: str
    person: str | None
    payee: str | None
    on: dt.date | None
    entry: Entry[Rule]
    in_force: bool
    known: Known
    options: PaymentOptions
    hire: r.Hire | None = None
    post: r.Post | None = None
    survey: r.Survey | None = None
    recognition: r.Recognition | None = None
    services: tuple[r.ServiceGiven, ...] = ()
    earlier: tuple[str, ...] = ()
    claimed: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def rule(self) -> Rule:
        """The decision table."""
        return self.entry.value

    def is_used(self, record: str, kind: str = SERVICE) -> bool:
        """Return whether a claim of another case rests on a record."""
        return bool(self.claimed.get(keyed(kind, record), frozenset()) - {self.id})

    def rests_on(self, record: str, kind: str = SERVICE) -> bool:
        """Return whether a claim of this case rests on a record."""
        return self.id in self.claimed.get(keyed(kind, record), frozenset())

    @property
    def holder(self) -> r.Person | None:
        """The person's record."""
        return None if self.person is None else self.known.persons.get(self.person)

    @property
    def holder_id(self) -> tuple[str, ...]:
        """The id of the person's record, as evidence, where there is one."""
        return () if self.holder is None else (self.holder.id,)

    @property
    def began(self) -> dt.date | None:
        """The first day of work: of the hire, or of holding the post."""
        if self.hire is not None:
            return self.hire.hired_on
        return None if self.post is None else self.post.held_from

    @property
    def work_id(self) -> tuple[str, ...]:
        """The id of the hire, as evidence, where there is one."""
        return () if self.hire is None else (self.hire.id,)
