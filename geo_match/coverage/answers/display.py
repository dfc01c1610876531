"""What a report and a change say of themselves in words and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo_match._display import Table, card
from geo_match.coverage.answers.reasons import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.coverage.options import CoverageOptions

_ONE: Final[Mapping[str, str]] = {"vacancies": "vacancy", "places": "place"}


def asked(options: CoverageOptions) -> str:
    """Return what was asked, in words.

    Examples
    --------
    >>> from geo_match.coverage import CoverageOptions
    >>> asked(CoverageOptions(at_least=10)), asked(CoverageOptions(radius_m=500, count="places"))
    ('at least 10 vacancies within 3,000 m, straight', 'at least 1 place within 500 m, straight')
    """
    at_least = options.at_least
    what = _ONE[options.count] if at_least == 1 else options.count
    fitting = "" if options.eligible is None else " that they are eligible for"
    way = "on foot" if options.on_foot else "straight"
    return f"at least {at_least:,} {what}{fitting} within {options.radius_m:,.15g} m, {way}"


def report_html(options: CoverageOptions, totals: Mapping[str, Any], communities: int) -> str:
    """Return a report's totals as HTML.

    Parameters
    ----------
    totals
        As `CoverageReport.totals` returns them.
    communities
        How many there are.
    """
    people, located, below = (totals[name] for name in ("people", "located", "below"))
    rows = [
        ("people", _number(people), ""),
        ("located", _number(located), _share(located, people)),
        ("reached", _number(totals["reached"]), _share(totals["reached"], located)),
        ("below the standard", _number(below), _share(below, people)),
    ]
    why = ((name, totals[f"reason_{name}"]) for name in REASONS)
    rows += [(f"because {name}", _number(n), _share(n, below)) for name, n in why if n > 0]
    return card(
        f"Coverage of {communities:,} communities: {asked(options)}",
        Table(("", "number", "share"), rows),
        f"{totals['release']}: figures are exact, and small ones tell of single people",
    )


def change_html(options: CoverageOptions, totals: Mapping[str, Any]) -> str:
    """Return the totals of a change as HTML.

    Parameters
    ----------
    totals
        As `Change.totals` returns them.
    """
    names = {"reached": "reached", "below": "below the standard", "lost_on_foot": "lost on foot"}
    names |= {"supply_rows": "rows of supply", "supply_amount": "what they count for"}
    rows = [
        (
            said,
            *(_number(totals[f"{name}_{end}"]) for end in ("before", "after")),
            f"{totals[f'{name}_change']:+,.15g}",
        )
        for name, said in names.items()
        if f"{name}_change" in totals
    ]
    return card(
        f"What would change: {asked(options)}",
        Table(("", "before", "after", "change"), rows),
        f"{totals['release']}: small changes tell of single people",
    )


def _number(value: float) -> str:
    return f"{value:,.15g}"


def _share(part: float, whole: float) -> str:
    """Return a part of a whole; nothing where there is no whole to have a part of."""
    return f"{part / whole:.1%} of {_number(whole)}" if whole > 0 else ""
