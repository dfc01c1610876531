"""How help is sought for households: what is matched, on which bases, and which one decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from geo_match._validate import as_count
from geo_match.errors import ArgumentError
from geo_match.matching.options import BASES, MatchOptions

if TYPE_CHECKING:
    from geo_match.walking import Network

Basis = Literal["geodesic", "walking"]
"""What a distance may be."""
MOST_EACH: Final = 100
WISHES: Final = ("occupation", "wage", "hours", "shift")
"""Conditions of a match that are a seeker's wishes, not what a post demands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpOptions:
    """What is asked when jobs are sought for households.

    Parameters
    ----------
    match
        What is matched, and on which day. Its `basis`, `network` and `limit` do not count: all
        eligible jobs are counted, on the bases that follow.
    network
        Streets: with them jobs are sought on foot too, not only in a straight line.
    decided_by
        By which basis a household counts as one that the market has a job for: "geodesic" or, with
        a network, "walking". The notice leaves it open.
    resort_waives
        Wishes, out of `WISHES`, that a public-welfare post need not meet: it is the last resort,
        and pays little more than the minimum wage. Those that a listed post does not meet are told
        with it. Kept as a tuple in their order.
    jobs_each
        How many jobs are listed for a member, the best first, 1 to 100.

    Raises
    ------
    ArgumentError
        If one of them breaks its rule.
    """

    match: MatchOptions = field(default_factory=MatchOptions)
    network: Network | None = None
    decided_by: Basis = "geodesic"
    resort_waives: Collection[str] = WISHES
    jobs_each: int = 3

    def __post_init__(self) -> None:
        """Check them."""
        if not isinstance(self.match, MatchOptions):
            raise ArgumentError("match", "be `MatchOptions`", type(self.match).__name__)
        if self.decided_by not in BASES:
            rule = f"be one of {', '.join(BASES)}"
            raise ArgumentError("decided_by", rule, repr(self.decided_by))
        if self.decided_by == "walking" and self.network is None:
            remedy = "Give `network`, or decide by the straight line."
            raise ArgumentError(
                "decided_by", "be geodesic without a network", repr(self.decided_by), remedy
            )
        self._check_waived()
        if as_count(self.jobs_each, "jobs_each", least=1) > MOST_EACH:
            raise ArgumentError("jobs_each", f"be at most {MOST_EACH}", str(self.jobs_each))

    @property
    def bases(self) -> tuple[Basis, ...]:
        """The bases that are asked."""
        return ("geodesic",) if self.network is None else ("geodesic", "walking")

    def on(self, basis: Basis) -> MatchOptions:
        """Return what is matched on one basis: all eligible jobs."""
        network = self.network if basis == "walking" else None
        return dataclasses.replace(self.match, basis=basis, network=network, limit=None)

    def for_posts(self, basis: Basis, *, but: str | None = None) -> MatchOptions:
        """Return what is matched of public-welfare posts; one wish may be asked all the same."""
        asked = [name for name in self.match.asked if name == but or name not in self.resort_waives]
        return dataclasses.replace(self.on(basis), conditions=asked)

    def _check_waived(self) -> None:
        given = self.resort_waives
        if isinstance(given, str) or not isinstance(given, Collection):
            rule = "be a collection of names"
            raise ArgumentError("resort_waives", rule, repr(given))
        for name in given:
            if name not in WISHES:
                rule = f"name wishes: {', '.join(WISHES)}"
                raise ArgumentError("resort_waives", rule, repr(name))
        kept = tuple(name for name in WISHES if name in given)
        object.__setattr__(self, "resort_waives", kept)  # as it is frozen
