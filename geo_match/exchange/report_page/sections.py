"""The sections of the page in their order: what was asked, at a glance, map, reasons, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo_match.exchange.report_page import numbers
from geo_match.exchange.report_page.accuracy import accuracy
from geo_match.exchange.report_page.charts import Bar, bars, percent_of, quantity_of
from geo_match.exchange.report_page.figures import REASON, Figures
from geo_match.exchange.report_page.glossary import glossary
from geo_match.exchange.report_page.listed import OUTSIDE, Listed
from geo_match.exchange.report_page.lost import lost_on_foot, lost_table
from geo_match.exchange.report_page.map_svg import map_figure
from geo_match.exchange.report_page.markup import Markup, tag, together
from geo_match.exchange.report_page.plain import plain_table
from geo_match.exchange.report_page.table import BETWEEN
from geo_match.exchange.report_page.tables import community_table, level_table, ranked
from geo_match.exchange.report_page.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from geo_match.exchange.report_page.data import PageData

_COMMUNITY, _DISTRICT, _CELLS = "community", "district", "h3"
_ABOVE: Final = ("city", _DISTRICT, "street")
_ALL: Final = "all"
_LOST: Final = "lost_on_foot"
"""Of published figures, even with those that are straight, there is none."""
_MOST_ROWS: Final = 3_000
_MOST_PARTED: Final = 300
"""Of a plan that is parted by occupation: to be printed, it is told of few rows."""
_PLANS: Final = {
    "plan": "plan",
    "plan by occupation": "plan_parted",
    "plan city by occupation": "plan_city",
}
_DISTRIBUTIONS: Final = (
    *("in_reach", "in_reach_straight", "eligible", "eligible_straight"),
    *("availability", "distance", "distance_straight"),
)
_HALF: Final = 50.0


class Sections:
    """The page's sections.

    Parameters
    ----------
    page
        What it tells.
    """

    def __init__(self, page: PageData) -> None:
        self._page = page
        self._say = Words(page.language)
        self._figures = Figures(self._say, page.is_published, page.most_error, page.steps)

    def __iter__(self) -> Iterator[Markup]:
        """Give them in their order, those that there is something to tell in."""
        page = self._page
        yield self._head()
        if page.asked:
            yield self._section("asked", self._asked())
        yield self._section("headline", self._headline())
        yield self._section("reasons", self._reasons())
        if _LOST in page.totals:
            yield self._section("lost", lost_on_foot(self._figures, page.totals))
        if _DISTRICT in page.levels:
            yield self._section("districts", self._districts(page.levels[_DISTRICT]))
        for level in (_COMMUNITY, _CELLS):
            if level in page.levels:
                title = self._say("map") if level == _COMMUNITY else self._say("map_h3")
                figure = map_figure(page, self._figures, level, f"map-{level}")
                yield tag("section", tag("h2", title), figure)
        yield self._section("distribution", self._distribution())
        yield from self._tables()
        yield self._section("accuracy", accuracy(page, self._figures))
        yield self._section("glossary", glossary(page, self._figures))
        if _COMMUNITY in page.levels:
            yield self._rest(page.levels[_COMMUNITY])

    def _section(self, title: str, *inside: object, kind: str | None = None) -> Markup:
        return tag("section", tag("h2", self._say(title)), *inside, class_=kind)

    def _note(self, key: str, **values: object) -> Markup:
        return tag("p", self._say(key, **values), class_="note")

    def _head(self) -> Markup:
        page = self._page
        date = self._say("date", date=page.date) if page.date else self._say("no_date")
        banner = "banner published" if page.is_published else "banner"
        return tag(
            "header",
            tag("h1", page.title),
            tag("p", date, class_="date"),
            tag("p", self._say(page.release), class_=banner),
        )

    def _asked(self) -> Markup:
        rows = (
            tag("tr", tag("th", label, scope="row"), tag("td", value))
            for label, value in self._page.asked
        )
        return tag("table", tag("tbody", together(rows, "\n")), class_="asked")

    def _headline(self) -> Markup:
        """Return the numbers that a planner asks for first; each with what it is of."""
        say, totals = self._say, self._page.totals
        cards: list[tuple[str, str, str]] = []
        if "people" in totals:
            cards.append((say("people"), self._total("people"), say("people_of")))
        for name in ("located", "reached"):
            share = f"{name}_share"
            if share in totals and name in totals:
                of = say(f"{name}_of", n=self._total(name))
                cards.append((say(name), self._total(share), of))
        if self._page.has_straight:
            share = self._share_of("reached_straight", "located")
            of = (
                say("reached_straight_of", n=self._total(_LOST))
                if _LOST in totals
                else say("reached_straight_alone")
            )
            cards.append((say("reached_straight"), share, of))
        if "below" in totals:
            share = self._share_of("below", "people")
            cards.append((say("below"), self._total("below"), say("below_of", share=share)))
        gaps = self._page.gap_areas
        if gaps is not None:
            cards.append((say("gaps"), f"{len(gaps):,}", say("gaps_of")))
        if "supply_amount" in totals:
            of = say(
                "supply_of",
                rows=self._total("supply_rows"),
                unlocated=self._total("supply_unlocated"),
            )
            cards.append((say("supply"), self._total("supply_amount"), of))
        if not cards:
            return self._not_there()
        boxes = (
            tag("div", tag("dt", label), tag("dd", value), tag("dd", of, class_="of"))
            for label, value, of in cards
        )
        return tag("dl", together(boxes, "\n"), class_="cards")

    def _total(self, name: str) -> str:
        return self._figures.cell(name, self._page.totals.get(name))

    def _share_of(self, part: str, whole: str) -> str:
        return self._figures.share_of(*(self._page.totals.get(name) for name in (part, whole)))

    def _not_there(self, values: Iterable[object] = ()) -> Markup:
        """Return why there are no figures: of those that the totals have, all are missing."""
        if not self._page.is_published:
            return self._note("not_there")
        return self._note("too_few_people" if any(True for _ in values) else "not_published")

    def _reasons(self) -> Markup:
        """Return how many people each reason keeps below the standard."""
        say, totals = self._say, self._page.totals
        names = [name for name in totals if name.startswith(REASON)]
        if not names:
            return self._not_there()
        below = totals.get("below")
        if not numbers.is_missing(below) and float(str(below)) == 0:
            return self._note("none_below")
        rows = [
            Bar(
                self._figures.label(name),
                (self._total(name), self._share_of(name, "below")),
                _length(totals[name]),
            )
            for name in names
        ]
        heads = (say("reason"), say("people"), say("share"), say("bar"))
        how = "reasons_published" if self._page.is_published else "reasons_how"
        caption = say(how, n=self._total("below"))
        longest = _length(below) or max((row.length or 0.0 for row in rows), default=0.0)
        chart = bars(heads, rows, whole=longest, caption=caption)
        return together((chart, self._marks())) if self._page.is_published else chart

    def _districts(self, frame: pd.DataFrame) -> Markup:
        """Return how many people of each district are below the standard, the most first."""
        say, figures = self._say, self._figures
        if "below" not in frame:
            return self._not_there()
        rows = []
        listed = Listed.of(ranked(frame))
        ordered = listed.rows.drop(columns="geometry", errors="ignore")
        for row in ordered.to_dict("records"):
            share = figures.share_of(row["below"], row.get("people"))
            shown = (figures.cell("below", row["below"]), share)
            rows.append(Bar(self._called(row), shown, _length(row["below"])))
        longest = max((row.length or 0.0 for row in rows), default=0.0)
        heads = (figures.label("name"), say("below"), say("share_of_people"), say("bar"))
        chart = bars(heads, rows, whole=longest, caption=say("districts_how"))
        return together((chart, self._unlisted(listed, _DISTRICT)))

    def _unlisted(self, listed: Listed, level: str) -> Markup:
        """Return how many rows of a level are not listed, and why."""
        return listed.notes(self._say, noun=self._noun(level), names=self._page.names)

    def _noun(self, level: str) -> str:
        """Return what the rows of a level are called, many of them."""
        noun = f"noun_{level}"
        return self._say(noun if self._say.has(noun) else "noun_rows")

    def _called(self, row: dict[Any, Any]) -> str:
        """Return what a row of a level is called: its name, or its code."""
        name = row.get("name")
        if numbers.is_missing(name):
            name = self._page.names.get(str(row["code"]), row["code"])
        return str(name)

    def _distribution(self) -> Markup:
        """Return the quantiles of what is in reach and how far enough is, a bar each."""
        say, totals = self._say, self._page.totals
        charts: list[Markup] = []
        missing: list[tuple[float, str]] = []
        for what in _DISTRIBUTIONS:
            found = [
                (percent, name)
                for name in totals
                if (percent := percent_of(name)) is not None and quantity_of(name) == what
            ]
            if all(numbers.is_missing(totals[name]) for _, name in found):
                missing += found
                continue
            rows = [
                Bar(
                    say("half") if percent == _HALF else f"{percent:g}%",
                    (self._total(name),),
                    _length(totals[name]),
                )
                for percent, name in sorted(found)
            ]
            longest = max((row.length or 0.0 for row in rows), default=0.0)
            step = self._page.steps.get(found[0][1])
            head = say(what) if step is None else say("to_step", label=say(what), step=f"{step:g}")
            charts.append(
                bars((say("quantile"), head, say("bar")), rows, whole=longest, caption=head)
            )
        if not charts:
            return self._not_there(missing)
        pair = tag("div", *charts, class_="pair")
        return together((self._note("distribution_how"), pair))

    def _marks(self) -> Markup:
        """Return what the marks in place of figures mean."""
        return self._note("kept_back" if self._page.is_published else "no_figure")

    def _tables(self) -> Iterator[Markup]:
        """Give the tables: communities worst first, levels above, groups, gap areas, plans."""
        page, say = self._page, self._say
        if _COMMUNITY in page.levels:
            yield self._worst(page.levels[_COMMUNITY])
            title = self._say("lost_of", title=self._level_title(_COMMUNITY))
            lost = self._lost(_COMMUNITY, page.levels[_COMMUNITY], tag("h2", title))
            if lost:
                yield tag("section", lost)
        others = [name for name in page.levels if name not in {_COMMUNITY, _CELLS, _ALL, *_ABOVE}]
        for level in (*(name for name in _ABOVE if name in page.levels), *others):
            yield self._level(level, page.levels[level])
        if page.gap_areas is not None:
            yield self._plain(say("gap_areas"), page.gap_areas, most=_MOST_ROWS)
        for name, frame in page.plans.items():
            most = _MOST_PARTED if BETWEEN in name else _MOST_ROWS
            yield self._plain(self._plan_title(name), frame, most=most)

    def _plain(self, title: str, frame: pd.DataFrame, *, most: int) -> Markup:
        """Return a section with all columns of a frame, unless it has too many rows to print."""
        if len(frame) > most:
            return tag("section", tag("h2", title), self._too_long(frame))
        table = plain_table(self._figures, frame, title=title)
        return tag("section", tag("h2", title), table, class_="wide")

    def _plan_title(self, name: str) -> str:
        """Return what a table of a service plan is called; one that is not known by its name."""
        return self._say(_PLANS[name]) if name in _PLANS else name

    def _level(self, level: str, frame: pd.DataFrame) -> Markup:
        title = self._level_title(level)
        listed = Listed.of(frame)
        if len(listed.rows) > _MOST_ROWS:
            return tag("section", tag("h2", title), self._too_long(listed.rows))
        table = level_table(
            self._figures, listed.rows, level=level, names=self._page.names, caption=title
        )
        unlisted = self._unlisted(listed, level)
        lost = self._lost(level, listed.rows, tag("h3", self._say("lost_of", title=title)))
        return tag("section", tag("h2", title), table, unlisted, self._marks(), lost)

    def _lost(self, level: str, frame: pd.DataFrame, head: Markup) -> Markup:
        """Return what is reached straight and on foot in each row; nothing if it is not told."""
        if not len(frame) or not {_LOST, "reached_straight"} <= set(frame):
            return Markup()
        table = lost_table(
            self._figures,
            frame,
            level=level,
            names=self._page.names,
            noun=self._noun(level),
            caption=self._say("lost_of", title=self._level_title(level)),
        )
        return together((head, table))

    def _level_title(self, level: str) -> str:
        """Return what a table is called: "streets", "by hukou", or "streets by hukou"."""
        say = self._say
        parts = level.split(BETWEEN)
        if parts[0] not in {_COMMUNITY, *_ABOVE}:
            return say("level_group", name=level)
        rest = [say("level_group", name=one) for one in parts[1:]]
        return " ".join([say(f"level_{parts[0]}"), *rest])

    def _too_long(self, frame: pd.DataFrame) -> Markup:
        return self._note("too_long", n=f"{len(frame):,}")

    def _worst(self, frame: pd.DataFrame) -> Markup:
        every = ranked(frame)
        rows = Listed.of(every).rows
        if not len(rows):
            return self._section("worst", self._note("none_listed" if len(every) else "no_rows"))
        first = rows.head(self._page.worst)
        table = community_table(
            self._figures, first, range(1, len(first) + 1), caption=self._say("worst")
        )
        how = self._note("worst_how", rest=f"{len(rows) - len(first):,}")
        return self._section("worst", how, table, self._marks(), kind="new-page")

    def _rest(self, frame: pd.DataFrame) -> Markup:
        """Return the communities that the first table has not, by code, and who is outside."""
        listed = Listed.of(ranked(frame))
        rows = listed.rows.assign(rank=range(1, len(listed.rows) + 1))
        rest = rows.iloc[self._page.worst :].sort_values("code", key=lambda one: one.astype(str))
        parts_of = []
        if len(rest):
            table = community_table(
                self._figures, rest, rest["rank"].tolist(), caption=self._say("rest")
            )
            parts_of = [self._note("rest_how"), table]
        unlisted = self._unlisted(listed, _COMMUNITY)
        if not len(rest) and not unlisted:
            parts_of = [self._note("none_listed")]
        parts_of.append(unlisted)
        outside = frame[frame["kind"] == OUTSIDE] if "kind" in frame else frame.iloc[:0]
        if len(outside):
            title = self._say("outside")
            parts_of.append(tag("h3", title))
            parts_of.append(
                level_table(self._figures, outside, level=_COMMUNITY, names={}, caption=title)
            )
        return self._section("rest", *parts_of, self._marks(), kind="new-page")


def _length(value: object) -> float | None:
    return None if numbers.is_missing(value) else float(str(value))
