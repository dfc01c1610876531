"""Which counts of a report's row are sums of others, whoever the people are."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geo_match.coverage.answers.reasons import REASONS
from geo_match.coverage.publication.count_table import Split

if TYPE_CHECKING:
    from geo_match.coverage.options import CoverageOptions

REACHED_STRAIGHT: Final = "reached_straight"
"""Of a report on foot, who is reached straight."""
REASON_COUNTS: Final = {name: f"reason_{name}" for name in REASONS}
"""The column that counts those of each reason."""
_NOTHING: Final = ("reason_none_in_circle", "reason_none_on_foot", "reason_none_eligible")


def counts_of(options: CoverageOptions, *, straight: bool) -> tuple[str, ...]:
    """Return the columns that go out; the last of a row are kept back first.

    Parameters
    ----------
    straight
        Of a report on foot, whether who is reached straight goes out, too.
    """
    beside = (REACHED_STRAIGHT,) if straight else ()
    return ("people", "located", *beside, "reached", "below", *reasons_of(options))


def reasons_of(options: CoverageOptions) -> tuple[str, ...]:
    """Return the columns of the reasons that go out: all that can be asked about on its basis."""
    left_out = set() if options.on_foot else {"none_on_foot"}
    return tuple(column for name, column in REASON_COUNTS.items() if name not in left_out)


def splits_of(options: CoverageOptions, *, straight: bool) -> tuple[Split, ...]:
    """Say which counts are sums of others, by the definitions of the reasons and the options.

    Parameters
    ----------
    straight
        As in `counts_of`.
    """
    reasons = reasons_of(options)
    always = (
        # Who has no place is below the standard for just that reason.
        Split("people", ("located", "reason_no_location")),
        Split("below", reasons),
        Split("located", ("reached",), "not_reached"),
        Split("people", ("below",), "above"),
    )
    beside = _beside(options) if straight else ()
    standard, shared = options.standard_or_default, options.competition is not None
    if not shared:  # what is counted is whole: who is below 1.5 is below 2
        standard = math.ceil(standard)
    if not shared and standard == options.at_least:
        return (
            *always,
            Split("people", ("reached", "below")),
            # These two follow from the others. Said, they need no linear program to be seen.
            Split("above", ("reached",)),
            Split("below", ("not_reached", "reason_no_location")),
            *beside,
        )
    if not shared and standard < options.at_least:
        return (*always, Split("above", ("reached",), "above_but_not_reached"), *beside)
    some = () if shared else (Split("reached", ("above",), "reached_but_below"),)
    return (*always, *some, *_of_not_reached(options.at_least, standard, reasons), *beside)


def _of_not_reached(at_least: int, standard: float, reasons: tuple[str, ...]) -> tuple[Split, ...]:
    """Say which reasons only those have who are not reached, where no other sum implies it.

    Who has nothing is not reached, and below any standard above 0. Where one is enough to be
    reached, all others who are not reached and below are those whose place is too coarse.
    """
    if standard == 0:
        return ()
    nothing = tuple(name for name in _NOTHING if name in reasons)
    some = Split("not_reached", nothing, "not_reached_but_some")
    if at_least > 1:
        return (some,)
    return (some, Split("reason_coarse_location", (str(some.rest),), "coarse_but_reached"))


def _beside(options: CoverageOptions) -> tuple[Split, ...]:
    """Say how who is reached straight and who on foot are tied, as everybody knows.

    No way is shorter than the straight line: whoever is reached on foot is so straight. Nobody in
    whose circle there is nothing is reached at all. Where one is enough to be reached, whoever is
    not reached straight has nothing in the circle, and who is lost has nothing on foot: of both
    only those have another reason whose place is too coarse.
    """
    always = (
        Split("located", (REACHED_STRAIGHT,), "not_reached_straight"),
        Split(REACHED_STRAIGHT, ("reached",), "lost_on_foot"),
        # It follows from the others. Said, it needs no linear program to be seen.
        Split("not_reached", ("not_reached_straight", "lost_on_foot")),
    )
    if options.standard_or_default == 0:  # nobody who is located has a reason
        return always
    nothing = Split("not_reached_straight", ("reason_none_in_circle",), "coarse_and_none_straight")
    if options.at_least > 1 or options.eligible is not None:
        return (*always, replace(nothing, rest="some_but_not_reached_straight"))
    lost = Split("lost_on_foot", ("reason_none_on_foot",), "coarse_and_lost")
    # Whoever has enough to be reached is at a standard of 1, unless it is shared.
    all_below = options.standard_or_default <= 1 and options.competition is None
    coarse = "reason_coarse_location" if all_below else "not_reached_but_some"
    return (*always, nothing, lost, Split(coarse, (str(nothing.rest), str(lost.rest))))
