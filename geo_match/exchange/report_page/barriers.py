"""What nobody walks across but on a bridge or through a tunnel, on the map: `Barriers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.exchange.report_page.markup import Markup, tag, together
from geo_match.walking import Obstacle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.exchange.report_page.canvas import Canvas
    from geo_match.exchange.report_page.words import Words
    from geo_match.walking import Network

_LEGEND_SCALE: Final = 10
"""Units of the map to one of the legend."""


class _Line(NamedTuple):
    """How a line looks: its colour, and in units of the map its width, and its dashes if any."""

    stroke: str
    width: int
    dashes: tuple[int, ...] = ()

    def styled(self, scale: int = 1) -> dict[str, str | None]:
        """Return the attributes of a path, so many times smaller."""
        dashes = " ".join(f"{one / scale:g}" for one in self.dashes)
        return {
            "stroke": self.stroke,
            "stroke_width": f"{self.width / scale:g}",
            "stroke_dasharray": dashes or None,
        }


_LINES: Final = {"water": _Line("#1c8f86", 26), "way": _Line("#8a7f70", 14, (70, 45))}
"""Green and brown, which no shade of the map is; railways are dashed, so that grey tells them."""


@dataclass(frozen=True, eq=False, slots=True)
class Barriers:
    """The lines that a network's places are not led across.

    Parameters
    ----------
    segment
        Degrees, (b, 4): longitude and latitude of both ends.
    is_water
        bool, (b,): whether it is water, and not a railway or a motorway.
    """

    segment: NDArray[np.float64]
    is_water: NDArray[np.bool_]

    @classmethod
    def of(cls, network: Network) -> Barriers:
        """Return those of a network."""
        graph = network.graph
        is_water = (np.asarray(graph.obstacle_kind) & int(Obstacle.WATER)) != 0
        return cls(np.asarray(graph.obstacle), is_water)

    def drawn(self, canvas: Canvas) -> Markup:
        """Return them as lines on a canvas, railways below water."""
        return together(
            tag("path", d=lines, fill="none", stroke_linejoin="round", **_LINES[kind].styled())
            for kind, which in (("way", ~self.is_water), ("water", self.is_water))
            if (lines := canvas.lines(self.segment[which]))
        )

    def legend(self, say: Words) -> list[tuple[Markup, str]]:
        """Return a swatch for each kind that there is, and what it is."""
        kinds = (("water", self.is_water), ("way", ~self.is_water))
        return [(_swatch(kind), say(f"legend_{kind}")) for kind, which in kinds if which.any()]


def _swatch(kind: str) -> Markup:
    line = tag("path", d="M0 10H34", **_LINES[kind].styled(_LEGEND_SCALE))
    return tag("svg", line, viewBox="0 0 34 20", aria_hidden="true")
