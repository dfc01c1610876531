"""Seekers by fixed cells, as they may be told: `SeekerCells`.

The cells are H3's of resolution 8, about 0.7 km² each. Their figures are published together by
`geo_match.coverage.publish`: none below 10 is told, the others are rounded with noise that is the
cell's own. What is told of a site is added up from these figures by the distances of the cells'
centres from the centre of the site's own cell. So no answer, and no number of answers, tells more
than the one table does, wherever sites stand and however often they are asked about.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import h3.api.basic_int as h3
import numpy as np
import pandas as pd

from geo_match.coverage import CountTable, publish
from geo_match.coverage.answers.hexagons import RESOLUTION
from geo_match.geodesy import geodesic_distance

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

BAND_ENDS_M: Final = (1_000.0, 2_000.0, 3_000.0)
"""Where bands end, metres, inclusive."""
_TABLE: Final = "seekers by h3"
_CELL, _DATE, _SEEKERS = "code", "date", "seekers"
_FORM: Final = 1


@dataclass(frozen=True)
class SeekerCells:
    """The figures of one month-end.

    Parameters
    ----------
    on
        The month-end.
    made_at
        When they were made, UTC, ISO 8601.
    min_count, round_to
        As `geo_match.coverage.Published` has them.
    figures
        By the cell's name; a cell that is kept back, or has nobody, is not there.
    """

    on: dt.date
    made_at: str
    min_count: int
    round_to: int
    figures: Mapping[str, int]

    @classmethod
    def of(cls, seekers: pa.Table, on: dt.date, *, key: bytes, made_at: dt.datetime) -> Self:
        """Publish seekers.

        Parameters
        ----------
        seekers
            Those registered on the month-end: `lon` and `lat`, null where they have no place.
        key
            The secret of the noise.
        """
        lon, lat = (seekers.column(name).to_pylist() for name in ("lon", "lat"))
        places = ((y, x) for x, y in zip(lon, lat, strict=True) if x is not None and y is not None)
        each = np.fromiter((h3.latlng_to_cell(*place, RESOLUTION) for place in places), np.uint64)
        cells, counts = np.unique(each, return_counts=True)
        table = CountTable(
            name=_TABLE,
            frame=pd.DataFrame(
                {
                    _CELL: [h3.int_to_str(one) for one in cells.tolist()],
                    _DATE: on.isoformat(),
                    _SEEKERS: counts.astype(np.int64),
                }
            ),
            by=(_CELL, _DATE),
            counts=(_SEEKERS,),
            date=_DATE,
            of=_SEEKERS,
        )
        published = publish(table, key=key)
        frame = published[_TABLE].dropna(subset=[_SEEKERS])
        figures = dict(zip(frame[_CELL], frame[_SEEKERS].astype(int).tolist(), strict=True))
        moment = made_at.isoformat(timespec="seconds")
        return cls(on, moment, published.min_count, published.round_to, figures)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `text` wrote down.

        Raises
        ------
        ValueError
            If it is of another form.
        """
        held = json.loads(text)
        if held.pop("form", None) != _FORM:
            message = "figures of another form"
            raise ValueError(message)
        return cls(**held | {"on": dt.date.fromisoformat(held["on"])})

    def text(self) -> str:
        """Return it as JSON, to be written down."""
        return json.dumps({"form": _FORM, **self.__dict__, "on": self.on.isoformat()})

    def bands(self, cell: str) -> list[int | None]:
        """Return the seekers of each band around a cell, None where no figure is told in it."""
        names = list(self.figures)
        if not names:
            return [None] * len(BAND_ENDS_M)
        lat, lon = np.array([h3.cell_to_latlng(h3.str_to_int(one)) for one in names]).T
        here_lat, here_lon = h3.cell_to_latlng(h3.str_to_int(cell))
        distance_m = geodesic_distance(lon1=here_lon, lat1=here_lat, lon2=lon, lat2=lat)
        band = np.searchsorted(BAND_ENDS_M, distance_m, side="left")
        figures = np.array(list(self.figures.values()), dtype=np.int64)
        told = [figures[band == one] for one in range(len(BAND_ENDS_M))]
        return [int(one.sum()) if len(one) else None for one in told]


def cell_of(lon: float, lat: float) -> str:
    """Return the name of the cell that a place lies in."""
    name: str = h3.int_to_str(h3.latlng_to_cell(lat, lon, RESOLUTION))
    return name


__all__ = ["BAND_ENDS_M", "SeekerCells", "cell_of"]
