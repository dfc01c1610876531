"""Axes to draw ground on: how much of it is seen, to which scale, and what stands beside it.

x is longitude and y latitude; a degree of longitude is drawn as much shorter as it is in the
middle of the map. Over a city that is off by less than a line's width; nothing is decided by it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from geo_match.errors import ArgumentError
from geo_match.geodesy import geodesic_distance
from geo_match.plotting._fonts import Fonts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from numpy.typing import NDArray

    Objects = NDArray[np.object_]

LINE: Final = "#6d7780"
"""The colour of outlines."""
_INK, _SIZE = "#1a1f24", 8
_MARGIN: Final = 0.03
_CORNERS: Final = ("upper right", "upper left", "lower left", "lower right")
"""Where legends stand that are on the map, one after another."""
_LEAST_SPAN: Final = 1e-4
_MOST_LAT: Final = 85.0
"""Degrees: nearer to a pole a degree of longitude is too short to be drawn to scale."""
_HALF: Final = 0.05
_ROUND: Final = (1, 2, 5)
_BAR_SHARE: Final = 0.25
_KILOMETRE: Final = 1_000


class Bounds(NamedTuple):
    """The ground that is to be seen, degrees."""

    west: float
    south: float
    east: float
    north: float


class Entry(NamedTuple):
    """A line of a legend: what was drawn, and what it is, which may be text from anywhere."""

    drawn: Artist
    said: str


class Paper:
    """Axes, and how ground is drawn on them.

    Parameters
    ----------
    axes
        matplotlib's; None for new ones, on a figure of their own.

    Raises
    ------
    ArgumentError
        If they are neither.
    """

    def __init__(self, axes: object) -> None:
        if axes is None:
            _, axes = plt.subplots(figsize=(8.0, 6.0), layout="constrained")
        if not isinstance(axes, Axes):
            raise ArgumentError("axes", "be matplotlib's Axes, or None", type(axes).__name__)
        self.axes = axes
        self.fonts = Fonts.here()
        self._is_blank = not axes.has_data()

    def look_at(self, bounds: Bounds) -> None:
        """Show some ground with a margin, and a scale; where something was drawn what it shows."""
        if not self._is_blank:
            self.axes.autoscale(enable=False)
            return
        axes, (west, south, east, north) = self.axes, bounds
        wide, high = max(east - west, _LEAST_SPAN), max(north - south, _LEAST_SPAN)
        middle = (west + east) / 2.0, (south + north) / 2.0
        half = (0.5 + _MARGIN) * wide, (0.5 + _MARGIN) * high
        axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
        axes.set_ylim(middle[1] - half[1], middle[1] + half[1])
        axes.set_xticks([])
        axes.set_yticks([])
        along, up = _degree_m(middle[1])
        axes.set_aspect(up / along)
        self._scale_bar(along)

    def areas(self, shapes: Objects, gid: str, **style: Any) -> PatchCollection:  # noqa: ANN401 - as matplotlib takes it
        """Draw polygons, a patch each, all in one style."""
        patches = [PathPatch(outline(shape)) for shape in shapes]
        drawn = PatchCollection(patches, linewidths=0.5, gid=gid, **style)
        self.axes.add_collection(drawn, autolim=False)
        return drawn

    def numbers(self, shapes: Objects) -> list[Line2D]:
        """Write 1, 2, … into polygons; return as many marks that show these in a legend."""
        for at, shape in enumerate(shapes, start=1):
            point = shapely.point_on_surface(shape)
            self.axes.text(
                point.x,
                point.y,
                str(at),
                fontsize=_SIZE,
                color=_INK,
                horizontalalignment="center",
                verticalalignment="center",
                clip_on=True,
                bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": _INK},
            )
        return [
            Line2D([], [], marker=f"${at}$", color=_INK, markeredgewidth=0.0, linestyle="none")
            for at in range(1, len(shapes) + 1)
        ]

    def title(self, said: str) -> None:
        """Name what is drawn, unless it has a name."""
        if not self.axes.get_title():
            self.axes.set_title(said, fontsize=_SIZE + 2)

    def legend(self, entries: Sequence[Entry], *, above: Sequence[str] = (), below: bool) -> None:
        """Say what was drawn, below the map or in a free corner; what is said already stays.

        Parameters
        ----------
        above
            Lines above the entries.
        """
        if not (entries or above):
            return
        earlier = self.axes.get_legend()
        framed = self.axes.findobj(lambda one: isinstance(one, Legend) and one.get_frame_on())
        place: dict[str, Any] = {"loc": _CORNERS[len(framed) % len(_CORNERS)]}
        if below:
            place = {"loc": "upper left", "bbox_to_anchor": (0.0, 0.0), "frameon": False}
        made = self.axes.legend(
            handles=[entry.drawn for entry in entries],
            labels=[" "] * len(entries),
            title="\n".join(above) or None,
            alignment="left",
            fontsize=_SIZE,
            title_fontsize=_SIZE,
            ncols=2 if below else 1,
            **place,
        )
        # Set afterwards: matplotlib takes a label that begins with "_" for none, and "$" for a
        # formula.
        for text, entry in zip(made.get_texts(), entries, strict=True):
            text.set_parse_math(False)
            text.set_text(entry.said)
        for text in (*made.get_texts(), made.get_title()):
            text.set_fontfamily(list(self.fonts.families))
        if earlier is not None:
            self.axes.add_artist(earlier)
            earlier.set_clip_on(False)  # it may stand beside the map

    def _scale_bar(self, degree_m: float) -> None:
        """Draw a bar of a round length, at most a quarter of the map, where a degree is so long."""
        west, east = self.axes.get_xlim()
        south, north = self.axes.get_ylim()
        most_m = (east - west) * degree_m * _BAR_SHARE
        power = 10.0 ** math.floor(math.log10(most_m))
        length_m = max(one * power for one in _ROUND if one * power <= most_m)
        end = east - (east - west) * _MARGIN
        start = end - length_m / degree_m
        y = south + (north - south) * _MARGIN
        self.axes.plot([start, end], [y, y], color=_INK, linewidth=2.0, gid="scale")
        is_long = length_m >= _KILOMETRE
        said = f"{length_m / _KILOMETRE:g} km" if is_long else f"{length_m:g} m"
        self.axes.annotate(
            said,
            ((start + end) / 2.0, y),
            xytext=(0, 3),
            textcoords="offset points",
            fontsize=_SIZE,
            color=_INK,
            horizontalalignment="center",
        )


def outline(shape: Any) -> Path:  # noqa: ANN401 - a polygon of one part or several
    """Return all rings of a polygon as one path; its holes turn the other way, and stay free."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    return Path.make_compound_path(
        *(Path(shapely.get_coordinates(ring), closed=True) for ring in rings)
    )


def _degree_m(lat: float) -> tuple[float, float]:
    """Return how many metres a degree of longitude and one of latitude are."""
    middle = float(np.clip(lat, -_MOST_LAT, _MOST_LAT))
    along = geodesic_distance(lon1=-_HALF, lat1=middle, lon2=_HALF, lat2=middle)
    up = geodesic_distance(lon1=0.0, lat1=middle - _HALF, lon2=0.0, lat2=middle + _HALF)
    return float(along) / (2.0 * _HALF), float(up) / (2.0 * _HALF)
