"""The map: communities shaded by who is not reached, in SVG that needs nothing from elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.canvas import WIDTH, Canvas, path, paths
from geo_match.exchange.report_page.listed import OUTSIDE
from geo_match.exchange.report_page.markup import Markup, tag, together

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.exchange.report_page.data import PageData
    from geo_match.exchange.report_page.figures import Figures

EDGES: Final = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
"""Where the classes of shares end, each inclusive: the same on all maps, so that they compare."""
SHADES: Final = ("#f2efe6", "#cfe0ea", "#94bcd6", "#5690ba", "#2a6496", "#0d3558")
"""A shade a class, each darker than the one before: told apart by lightness alone, in grey too."""
_NOBODY, _UNKNOWN = "#ffffff", "#c9c9c9"
_LINE, _DISTRICT, _GAP, _SUPPLY = "#6d7780", "#1a1f24", "#b3134a", "#5c3b00"
_FOOT: Final = 400
"""Units below the ground: the scale and what the map is, on white."""
_ROUND: Final = (1, 2, 5)
_BAR_SHARE: Final = 0.25
_KILOMETRE: Final = 1_000
_HATCH: Final = "M0 90L90 0M-20 20L20 -20M70 110L110 70"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a map is drawn of.

    Parameters
    ----------
    frame
        The rows with outlines, in the order of the frame that was given.
    areas
        Their outlines, degrees.
    """

    frame: pd.DataFrame
    areas: NDArray[np.object_]

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Ground:
        """Take the rows of a frame that have an outline."""
        if "geometry" not in frame:
            return cls(frame.iloc[:0], np.empty(0, dtype=object))
        areas = np.asarray(frame["geometry"], dtype=object)
        there = ~(shapely.is_missing(areas) | shapely.is_empty(areas))
        return cls(frame[there], areas[there])

    def inhabited(self) -> NDArray[np.bool_]:
        """Return which rows surely have people; if none do, which may, as they are kept back.

        H3 cells that were published tell of the located alone.
        """
        names = [name for name in ("people", "located") if name in self.frame]
        if not names:
            return np.ones(len(self.frame), dtype=np.bool_)
        people = numbers.floats(self.frame[names[0]])
        surely = people > 0
        return np.asarray(surely if surely.any() else np.isnan(people))


def map_figure(page: PageData, figures: Figures, level: str, map_id: str) -> Markup:
    """Return the map of a level with its legend, or the sentence that there is nothing to draw.

    It ends where people end, as far as the page tells where they are: other rows lie around them as
    far as the paper shows.

    Parameters
    ----------
    level
        Of the page's levels.
    map_id
        What the map is called in the page: letters only.
    """
    say = figures.say
    frame = page.levels[level]
    ground = Ground.of(frame)
    if not len(ground.areas):
        return tag("p", say("map_none"))
    inhabited = ground.inhabited()
    canvas = Canvas.around(ground.areas[inhabited] if inhabited.any() else ground.areas)
    drawn = canvas.draw(ground.areas)
    seen = ~shapely.is_empty(drawn)
    lines = [say("map_how", lat=f"{canvas.latitude:.2f}°", tolerance=_round_up(canvas.tolerance_m))]
    if not seen.all():
        cut = "map_cut_published" if page.is_published else "map_cut"
        lines.append(say(cut, n=f"{int((~seen).sum()):,}"))
    without = int((frame["kind"] != OUTSIDE).sum() if "kind" in frame else len(frame)) - len(drawn)
    if without > 0:
        lines.append(say("map_without", n=f"{without:,}"))
    if not page.map_approval:
        lines.append(say("map_stamp_published" if page.is_published else "map_stamp"))
    inside = tag(
        "g",
        _communities(page, figures, ground.frame[seen], drawn[seen], map_id),
        _over(page, canvas),
        _labels(page, canvas),
        clip_path=f"url(#{map_id}-edge)",
    )
    ground_sheet = tag("rect", width=WIDTH, height=canvas.height)
    sheet = {"width": WIDTH, "height": canvas.height + _FOOT}
    svg = tag(
        "svg",
        tag("title", say("map_title", title=page.title), id=f"{map_id}-title"),
        tag("desc", say("map_desc"), id=f"{map_id}-desc"),
        tag(
            "defs",
            _hatch(map_id),
            tag("clipPath", ground_sheet, id=f"{map_id}-edge"),
        ),
        tag("rect", **sheet, fill="#ffffff"),
        inside,
        _scale_bar(figures, canvas),
        _standing(page, figures, canvas),
        tag("rect", **sheet, fill="none", stroke=_LINE, stroke_width=20),
        tag("path", d=f"M0 {canvas.height}H{WIDTH}", stroke=_LINE, stroke_width=10),
        class_="map",
        viewBox=f"0 0 {WIDTH} {canvas.height + _FOOT}",
        role="img",
        aria_labelledby=f"{map_id}-title {map_id}-desc",
    )
    return tag(
        "figure",
        svg,
        legend(page, figures, map_id),
        tag("figcaption", *(tag("p", line, class_="note") for line in lines)),
    )


def shade(row: dict[str, Any]) -> tuple[str, str]:
    """Return the colour of a row and what class it is: "0" to "5", or a word where it has none."""
    people, located, part = (row.get(name) for name in ("people", "located", "reached_share"))
    if not numbers.is_missing(people) and float(str(people)) == 0:
        return _NOBODY, "nobody"
    if numbers.is_missing(part):
        known = not numbers.is_missing(located) and float(str(located)) == 0
        return _UNKNOWN, "unlocated" if known else "kept_back"
    at = int(np.searchsorted(EDGES, 1.0 - float(str(part)), side="left"))
    at = min(at, len(SHADES) - 1)
    return SHADES[at], str(at)


def _communities(
    page: PageData,
    figures: Figures,
    frame: pd.DataFrame,
    drawn: NDArray[np.object_],
    map_id: str,
) -> Markup:
    """Return the outlines, each with what it is as its title, and the hatching above them."""
    found: list[Markup] = []
    doubtful: list[Any] = []
    rows = frame.drop(columns="geometry").to_dict("records")
    for row, shape in zip(rows, drawn, strict=True):
        named = {str(key): value for key, value in row.items()}
        colour, kind = shade(named)
        title = _title(figures, named, kind)
        found.append(tag("path", tag("title", title), d=path(shape), fill=colour))
        share = named.get("located_share")
        if not numbers.is_missing(share) and float(str(share)) < page.low_located_share:
            doubtful.append(shape)
    group = tag("g", together(found, "\n"), stroke=_LINE, stroke_width=8, fill_rule="evenodd")
    if not doubtful:
        return group
    over = tag("path", d=paths(doubtful), fill=f"url(#{map_id}-hatch)", fill_rule="evenodd")
    return together((group, over))


def _title(figures: Figures, row: dict[str, Any], kind: str) -> str:
    """Return what a pointer over an outline shows: its name and its two figures."""
    name = row.get("name")
    called = row.get("code") if numbers.is_missing(name) else name
    if kind == "nobody":
        return f"{called} · {figures.say('class_nobody')}"
    told = [
        f"{figures.label(column)} {figures.cell(column, row[column])}"
        for column in ("reached_share", "below")
        if column in row
    ]
    return " · ".join([str(called), *told])


def _over(page: PageData, canvas: Canvas) -> Markup:
    """Return what lies above the communities: districts, water, supply and gap areas."""
    found = []
    districts = page.levels.get("district")
    if districts is not None:
        outlines = paths(canvas.draw(Ground.of(districts).areas))
        found.append(tag("path", d=outlines, fill="none", stroke=_DISTRICT, stroke_width=24))
    if page.barriers is not None:  # above the districts, whose borders often follow a river
        found.append(page.barriers.drawn(canvas))
    if page.supply_lon is not None and page.supply_lat is not None:
        there = np.isfinite(page.supply_lon) & np.isfinite(page.supply_lat)
        dots = canvas.dots(page.supply_lon[there], page.supply_lat[there])
        found.append(
            tag(
                "path",
                d=dots,
                fill="none",
                stroke=_SUPPLY,
                stroke_width=20,
                stroke_linecap="round",
            )
        )
    if page.gap_areas is not None:
        outlines = paths(canvas.draw(Ground.of(page.gap_areas).areas))
        found.append(tag("path", d=outlines, fill="none", stroke="#ffffff", stroke_width=50))
        found.append(tag("path", d=outlines, fill="none", stroke=_GAP, stroke_width=28))
    return together(found)


def _labels(page: PageData, canvas: Canvas) -> Markup:
    """Return the names of the districts, each at a point within it that the map shows."""
    districts = page.levels.get("district")
    if districts is None:
        return Markup()
    ground = Ground.of(districts)
    found = []
    for row, shape in zip(ground.frame.to_dict("records"), canvas.draw(ground.areas), strict=True):
        name = row.get("name")
        called = page.names.get(str(row["code"])) if numbers.is_missing(name) else name
        frame = shapely.clip_by_rect(shape, 300, 300, WIDTH - 300, canvas.height - 300)
        if called is None or frame.is_empty:
            continue
        point = shapely.point_on_surface(frame)
        found.append(tag("text", called, x=round(point.x), y=round(point.y)))
    return tag(
        "g",
        *found,
        font_size=230,
        font_weight="bold",
        text_anchor="middle",
        fill="#1a1f24",
        stroke="#ffffff",
        stroke_width=60,
        paint_order="stroke",
        stroke_linejoin="round",
    )


def _hatch(map_id: str) -> Markup:
    lines = tag("path", d=_HATCH, stroke="#1a1f24", stroke_width=14)
    return tag(
        "pattern",
        lines,
        id=f"{map_id}-hatch",
        width=90,
        height=90,
        patternUnits="userSpaceOnUse",
    )


def _scale_bar(figures: Figures, canvas: Canvas) -> Markup:
    """Return a bar of a round length, at most a quarter of the map."""
    metre = 1.0 / canvas.metres_per_unit
    most = WIDTH * _BAR_SHARE / metre
    power = 10.0 ** math.floor(math.log10(most))
    length = max(one * power for one in _ROUND if one * power <= most)
    kilometres = length >= _KILOMETRE
    told = length / _KILOMETRE if kilometres else length
    text = figures.say("kilometres" if kilometres else "metres", n=f"{told:g}")
    x, y = 200, canvas.height + _FOOT - 130
    end = x + round(length * metre)
    ticks = f"M{x} {y - 90}V{y}H{end}V{y - 90}"
    bar = tag("path", d=ticks, fill="none", stroke="#1a1f24", stroke_width=24)
    return together((bar, _text(text, end + 120, y, "start", 200)))


def _standing(page: PageData, figures: Figures, canvas: Canvas) -> Markup:
    """Return whether the map may go out: its approval number, or that it is for work inside."""
    if page.map_approval:
        told = figures.say("map_approval", number=page.map_approval)
    else:
        told = figures.say("map_internal")
    return _text(told, WIDTH - 200, canvas.height + _FOOT - 130, "end", 240)


def _text(told: str, x: int, y: int, anchor: str, size: int) -> Markup:
    return tag(
        "text",
        told,
        x=x,
        y=y,
        font_size=size,
        font_weight="bold",
        text_anchor=anchor,
        fill=_DISTRICT,
    )


def legend(page: PageData, figures: Figures, map_id: str) -> Markup:
    """Return what the shades and lines of a map mean."""
    say = figures.say
    entries = [(_swatch(SHADES[0]), say("class_none"))]
    for at in range(1, len(SHADES)):
        low, high = f"{EDGES[at - 1]:.0%}", f"{EDGES[at]:.0%}"
        told = say("class_over", low=low) if at == len(SHADES) - 1 else say("class_to", high=high)
        entries.append((_swatch(SHADES[at]), told))
    unknown = "class_kept_back" if page.is_published else "class_unlocated"
    entries += [
        (_swatch(_NOBODY), say("class_nobody")),
        (_swatch(_UNKNOWN), say(unknown)),
        (
            _swatch(f"url(#{map_id}-hatch)", box="0 0 360 200"),
            say("legend_hatch", share=f"{page.low_located_share:.0%}"),
        ),
    ]
    if page.gap_areas is not None:
        entries.append((_swatch("none", stroke=_GAP), say("legend_gap")))
    if page.barriers is not None:
        entries += page.barriers.legend(say)
    if page.supply_lon is not None:
        dot = tag("circle", cx=17, cy=10, r=3.5, fill=_SUPPLY)
        entries.append(
            (tag("svg", dot, viewBox="0 0 34 20", aria_hidden="true"), say("legend_supply"))
        )
    if "district" in page.levels:
        line = tag("path", d="M0 10H34", stroke=_DISTRICT, stroke_width=4)
        entries.append(
            (tag("svg", line, viewBox="0 0 34 20", aria_hidden="true"), say("legend_district"))
        )
    items = [tag("li", swatch, told) for swatch, told in entries]
    return tag("ul", *items, class_="legend", aria_label=say("legend"))


def _swatch(fill: str, *, stroke: str | None = None, box: str = "0 0 34 20") -> Markup:
    _, _, width, height = box.split()
    line = stroke or _LINE
    thick = 4 if stroke else int(width) // 34
    rect = tag("rect", width=width, height=height, fill=fill, stroke=line, stroke_width=thick)
    return tag("svg", rect, viewBox=box, aria_hidden="true")


def _round_up(metres: float) -> str:
    """Return metres with one digit that counts, or two, never less than they are."""
    step = 10.0 ** max(math.floor(math.log10(metres)), 0) / 2 if metres >= 1 else 0.5
    return f"{math.ceil(metres / step) * step:g}"
