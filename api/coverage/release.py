"""What was published of one month-end: made once, written down, and the same ever after."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pandas as pd
import shapely

from api.coverage.menu import FIRST_M, LEVELS, OTHERS_M
from api.coverage.totals import UNEMPLOYED, with_zero_employment
from geo_match.coverage import publish
from geo_match.coverage.publication.count_table import MOST_COUNTS
from geo_match.coverage.publication.radii import tables_of_radii
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from api.coverage.town import Town
    from geo_match.coverage import CountTable, CoverageReport

_FORM: Final = 2
_FIRST_FORM: Final = 1
"""Of releases that do not say how their measures are rounded, nor of which lists they are."""
_ALL: Final = "all"
_AREA: Final = "geometry"


@dataclass(frozen=True)
class Release:
    """The tables that went out together.

    Parameters
    ----------
    on
        The month-end.
    cursor
        As of when the store was read.
    made_at
        When that was, UTC, ISO 8601.
    invented
        True if the records are invented, else None.
    min_count, round_to, most_error
        As `geo_match.coverage.Published` has them.
    rows
        For each level its rows, and for `all` and the registered unemployed one: names and
        figures, null where one is kept back, and `geometry`, the area in WKB, hexadecimal.
    places
        Longitude and latitude of each place that offers something, degrees.
    distance_step_m, reach_step
        Of what quantiles of the distance (metres) and of what is in reach are multiples.
    has_seekers
        Whether there was any list of seekers; None where that is not known.
    """

    on: dt.date
    cursor: str
    made_at: str
    invented: bool | None
    min_count: int
    round_to: int
    most_error: int
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    places: Sequence[tuple[float, float]]
    # All releases of the first form had these two, which are the library's own.
    distance_step_m: float = 500.0
    reach_step: float = 5.0
    has_seekers: bool | None = None

    @classmethod
    def of(
        cls,
        town: Town,
        *,
        key: bytes,
        made_at: dt.datetime,
        unemployed: CountTable | None = None,
    ) -> Self:
        """Publish a town: all radii of the menu together.

        H3 cells are among it where all counts together are not too many.

        Parameters
        ----------
        key
            The secret by which figures are rounded.
        made_at
            When the town was read.
        unemployed
            How many registered unemployed have no job, to be published with it.

        Raises
        ------
        GeoMatchError
            If the records are not as the library must have them, or even without cells there are
            too many counts.
        """
        first = town.report(radius_m=FIRST_M)
        others = [town.report(radius_m=radius_m) for radius_m in OTHERS_M]
        tables = _tables(first, others, town.point.on.isoformat())
        totals = () if unemployed is None else (unemployed,)
        published = publish(*with_zero_employment(tables, town.people), *totals, key=key)
        supply = first.supply
        return cls(
            town.point.on,
            str(town.cursor),
            made_at.isoformat(timespec="seconds"),
            town.invented,
            published.min_count,
            published.round_to,
            published.most_error,
            {
                name: list(_records(published[name]))
                for name in (*LEVELS, _ALL, UNEMPLOYED)
                if name in published.tables
            },
            list(zip(supply.lon.tolist(), supply.lat.tolist(), strict=True)),
            published.steps["distance_median_m"],
            published.steps["in_reach_median"],
            town.has_seekers,
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `text` wrote down.

        Raises
        ------
        ValueError
            If it is of another form.
        """
        held = json.loads(text)
        if held.pop("form", None) not in {_FIRST_FORM, _FORM}:
            message = "a release of another form"
            raise ValueError(message)
        held["on"] = dt.date.fromisoformat(held["on"])
        return cls(**held)

    def text(self) -> str:
        """Return it as JSON, to be written down."""
        return json.dumps(
            {"form": _FORM, **self.__dict__, "on": self.on.isoformat()}, ensure_ascii=False
        )

    @property
    def everybody(self) -> Mapping[str, Any]:
        """The figures of all people together."""
        return self.rows[_ALL][0]


def area_of(row: Mapping[str, Any]) -> BaseGeometry | None:
    """Return the area of a row; None where it has none."""
    return None if row.get(_AREA) is None else shapely.from_wkb(bytes.fromhex(row[_AREA]))


def _tables(
    first: CoverageReport, others: Sequence[CoverageReport], date: str
) -> tuple[CountTable, ...]:
    try:
        tables = tables_of_radii(first, *others, date=date, h3=True)
        if sum(len(one.frame) * len(one.columns) for one in tables) <= MOST_COUNTS:
            return tables
    except ArgumentError as error:
        if error.argument != "reports":  # not that there are too many
            raise
    return tables_of_radii(first, *others, date=date)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a published table, as JSON has them."""
    columns = {}
    for name in frame.columns:
        values = frame[name]
        if name == _AREA:
            areas = np.asarray(values, dtype=object)
            columns[name] = [
                None if one is None or pd.isna(one) else shapely.to_wkb(one, hex=True)
                for one in areas
            ]
        else:
            columns[name] = [None if pd.isna(one) else _plain(one) for one in values]
    return [dict(zip(columns, each, strict=True)) for each in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a scalar of numpy or Python
    return value.item() if isinstance(value, np.generic) else value
