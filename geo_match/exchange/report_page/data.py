"""What the printable report is made from: `PageData`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geo_match.coverage.release import INTERNAL, PUBLISHED, RELEASE
from geo_match.errors import ArgumentError
from geo_match.intake.chinese import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.exchange.report_page.barriers import Barriers
    from geo_match.intake.chinese import Language

_RELEASES: Final = (INTERNAL, PUBLISHED)
_DATE: Final = "date"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class PageData:
    """What one page tells: figures of rows, never a row of a person.

    Gap areas are the exception to think of: one around a single home shows where that home is. They
    are internal always, so that a page that may go out takes none.

    Parameters
    ----------
    title
        The page's heading.
    language
        "zh" or "en": of all words but the names that are given.
    release
        "internal" or "published". Every frame and the totals must say the same in `release`: an
        internal figure cannot get onto a page that may go out.
    date
        The day that the data tell of, as it is to be shown; "" where it is not known.
    asked
        What was asked: labels and values, as they are to be shown.
    totals
        The figures of all people, as `CoverageReport.totals`, or the row "all" of what was
        published. What is missing is not shown.
    levels
        "community", "street", "district", "city", "h3" or a column of the people → the frame that
        `CoverageReport.by` gives for it, or the table of that name that was published.
    names
        Codes of streets and districts → their names, which those frames do not have.
    gap_areas
        Polygons of inhabited places beyond the radius, degrees, as
        `geo_match.coverage.gap_areas` makes them; None where they were not asked for.
    barriers
        The water and railways that nobody walks across, where a network is known; else None.
    supply_lon, supply_lat
        Degrees, (m,) each: the places that were counted; None for no points on the map.
    plans
        Tables of service plans by their names, such as "plan" and "plan by occupation"; empty where
        they were not asked for.
    notes
        Further paragraphs on how accurate the figures are, in the page's language.
    map_approval
        The approval number of the map, 审图号. Without it each map is for internal work only, and
        says so.
    most_error
        How far a count may be from what it is of, at least 0: shares of counts are told with no
        more digits than that bears out.
    steps
        Column → what its figures are multiples of, of those that are rounded so: its head says it.
    worst
        How many communities the first table has, at least 0.
    low_located_share
        Communities of which less than this share of the people are located are hatched, 0 to 1.

    Raises
    ------
    ArgumentError
        If the language or the release is none, a frame or the totals are of another release, a
        frame tells of several dates, or a number breaks its rule.
    """

    title: str
    language: Language
    release: str
    date: str = ""
    asked: Sequence[tuple[str, str]] = ()
    totals: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    gap_areas: pd.DataFrame | None = None
    barriers: Barriers | None = None
    supply_lon: NDArray[np.float64] | None = None
    supply_lat: NDArray[np.float64] | None = None
    plans: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: Sequence[str] = ()
    map_approval: str | None = None
    most_error: int = 0
    steps: Mapping[str, float] = field(default_factory=dict)
    worst: int = 20
    low_located_share: float = 0.8

    def __post_init__(self) -> None:
        """Check them."""
        for name, allowed in (("language", LANGUAGES), ("release", _RELEASES)):
            value = getattr(self, name)
            if value not in allowed:
                raise ArgumentError(name, f"be one of {', '.join(allowed)}", repr(value))
        if self.totals and self.totals.get(RELEASE) != self.release:
            found = repr(self.totals.get(RELEASE))
            raise ArgumentError("totals", f'say release "{self.release}"', found)
        for name, frame in self.frames().items():
            self._check_frame(name, frame)
        if (self.supply_lon is None) != (self.supply_lat is None):
            raise ArgumentError("supply_lon", "be given with `supply_lat`", "one of them")
        for name in ("most_error", "worst"):
            value = getattr(self, name)
            if not (isinstance(value, int) and value >= 0):
                raise ArgumentError(name, "be a whole number of at least 0", repr(value))
        if not 0.0 <= self.low_located_share <= 1.0:
            rule = "be a share from 0 to 1"
            raise ArgumentError("low_located_share", rule, f"{self.low_located_share!r}")

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return all frames by what they are called in errors."""
        found = {f"levels[{name!r}]": frame for name, frame in self.levels.items()}
        if self.gap_areas is not None:
            found["gap_areas"] = self.gap_areas
        found |= {f"plans[{name!r}]": frame for name, frame in self.plans.items()}
        return found

    @property
    def is_published(self) -> bool:
        """Whether the page may go out."""
        return self.release == PUBLISHED

    @property
    def has_straight(self) -> bool:
        """Whether what is straight stands beside what is on foot."""
        return "reached_straight" in self.totals

    @property
    def is_on_foot(self) -> bool:
        """Whether distances are on foot; of published figures a reason alone tells it."""
        frames = [self.totals, *self.levels.values()]
        return self.has_straight or (
            self.is_published and any("reason_none_on_foot" in one for one in frames)
        )

    def _check_frame(self, name: str, frame: pd.DataFrame) -> None:
        if RELEASE not in frame:
            raise ArgumentError(name, f"have a column `{RELEASE}`", "none")
        others = sorted({repr(one) for one in frame[RELEASE]} - {repr(self.release)})
        if others:
            remedy = "Put internal and published figures on pages of their own."
            raise ArgumentError(name, f'be of release "{self.release}"', others[0], remedy)
        dates = sorted({str(one) for one in frame[_DATE]}) if _DATE in frame else []
        if len(dates) > 1:
            raise ArgumentError(
                name, "tell of one date", ", ".join(dates[:3]), "Make a page for each date."
            )
