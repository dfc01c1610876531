"""The jobs of one file, and the question asked of them: which are within a radius of a place.

A row of the file is a job, or a site with whatever it offers. Beside `id`, `lon` and `lat` it is
read for the fields that `api.jobs.columns` lists.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from api.jobs.columns import VERIFIED, YES, find_job_columns
from api.jobs.schemas import Hit, Job, Jobs, Site, SitesFile
from api.jobs.vacancies import is_full, left_of
from api.settings import PREFIX
from geo_match.errors import DatumError, FileError
from geo_match.exchange import check_target, replace_rejection_list
from geo_match.index import PointIndex
from geo_match.intake import Rejection, read_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from api.jobs.query import JobsQuery
    from api.jobs.schemas import OnFoot
    from api.jobs.streets import Streets
    from api.settings import Settings
    from geo_match.intake import PlacesFile

MAX_VACANCIES = 1_000_000
_WHOLE = re.compile(r"\d{1,7}(\.0+)?", re.ASCII)  # a column with gaps may come as 2.0


class JobIndex:
    """The jobs of one file with the index of their places; immutable, for concurrent readers.

    Parameters
    ----------
    read
        What `geo_match.intake.read_places` made of the file. A row whose `vacancies` is no whole
        number is rejected here, beside those that were rejected there; one whose employer's
        licence is not verified, or whose vacancies are all filled, is withheld.

    Raises
    ------
    ColumnError
        If several of its columns could be one field.
    """

    stored: None = None
    """What is served of a store: nothing."""

    def __init__(self, read: PlacesFile) -> None:
        columns = find_job_columns(read.source, read.places.attributes.columns.tolist())
        vacancies, bad = _counts(read, columns.used.get("vacancies"))
        filled, more = _counts(read, columns.used.get("filled"))
        bad |= more
        counts = list(zip(vacancies, filled, strict=True))
        left = [left_of(*count) for count in counts]
        full = np.array([is_full(*count) for count in counts], dtype=bool)
        sound = np.setdiff1d(np.arange(len(read.places.id)), list(bad))
        verified = _says(read, columns.used.get("licence"), VERIFIED, where_missing=True)
        good = sound[(verified & ~full)[sound]]
        frame = read.places.attributes.iloc[good]
        self._id = read.places.id[good].tolist()
        self._lon = read.places.lon[good]
        self._lat = read.places.lat[good]
        self._vacancies = [left[row] for row in good]
        self._title = _texts(frame, columns.used.get("title"))
        self._employer = _texts(frame, columns.used.get("employer"))
        self._site_id = _texts(frame, columns.used.get("site_id"))
        self._site_name = _texts(frame, columns.used.get("site_name"))
        self._index = PointIndex(lon=self._lon, lat=self._lat)
        # One row a job: itself, the vacancies it states, whether it states none.
        weights = np.array(
            [(1, count or 0, count is None) for count in self._vacancies], dtype=np.int64
        ).reshape(-1, 3)
        self._weights, self._counted = self._index.prepare(weights), weights
        self.columns = columns
        self.rejections = tuple(
            sorted([*read.rejections, *bad.values()], key=lambda rejection: rejection.row)
        )
        self.warnings = read.warnings
        invented = _says(read, columns.used.get("invented"), YES, where_missing=False)
        self._invented = bool(invented.any()) if "invented" in columns.used else None
        self.file = SitesFile(
            file=read.source.name,
            rows_read=read.n_read,
            rows_accepted=len(good),
            rows_withheld=len(sound) - len(good),
            rows_rejected=read.n_read - len(sound),
            invented=self._invented,
            columns=dict(columns.used),
            columns_not_used=list(columns.unused),
        )

    def __len__(self) -> int:
        """Return the number of jobs."""
        return len(self._id)

    def catch_up(self) -> None:
        """Do nothing: what was read of a file does not change."""

    def close(self) -> None:
        """Do nothing: the file is closed already."""

    def example_place(self) -> tuple[float, float]:
        """Return lon and lat of the first job, near which a request finds something."""
        return float(self._lon[0]), float(self._lat[0])

    def within(self, query: JobsQuery) -> Jobs:
        """Return the jobs at most the radius from the place: all counted, the nearest listed."""
        place = {"lon": query.lon, "lat": query.lat}
        sums = self._index.sum_within(**place, radius_m=query.radius_m, weights=self._weights)
        total, vacancies, unstated = (int(value) for value in sums[0])
        hits = []
        if total and query.limit:
            pairs = self._index.nearest(**place, k=query.limit, max_distance_m=query.radius_m)
            hits = [
                self._hit(position, distance_m)
                for position, distance_m in zip(
                    pairs.point.tolist(), pairs.distance_m.tolist(), strict=True
                )
            ]
        return Jobs(
            query=query,
            total=total,
            vacancies_total=vacancies,
            vacancies_unstated=unstated,
            invented=self._invented,
            on_foot=None,
            jobs=hits,
        )

    def within_walk(self, query: JobsQuery, streets: Streets) -> Jobs:
        """Return the jobs at most the radius from the place on foot, as `within` does."""
        near = self._index.within(lon=query.lon, lat=query.lat, radius_m=query.radius_m).point
        walks = streets.walk(query, self._lon[near], self._lat[near])
        reached = near[walks.at]
        total, vacancies, unstated = self._counted[reached].sum(axis=0).tolist()
        told = zip(reached.tolist(), walks.distance_m.tolist(), walks.on_foot, strict=True)
        return Jobs(
            query=query,
            total=total,
            vacancies_total=vacancies,
            vacancies_unstated=unstated,
            invented=self._invented,
            on_foot=walks.place,
            jobs=[self._hit(*one) for one in islice(told, query.limit)],
        )

    def _hit(self, position: int, distance_m: float, on_foot: OnFoot | None = None) -> Hit:
        return Hit(
            job=Job(
                id=self._id[position],
                title=self._title[position],
                vacancies=self._vacancies[position],
                employer=self._employer[position],
            ),
            site=Site(
                id=self._site_id[position] or self._id[position],
                name=self._site_name[position],
                lon=float(self._lon[position]),
                lat=float(self._lat[position]),
            ),
            distance_m=distance_m,
            basis="geodesic" if on_foot is None else "walking",
            on_foot=on_foot,
        )


def read_jobs(settings: Settings) -> JobIndex:
    """Read the file that the settings name, index it, and list what was rejected if they say so.

    Raises
    ------
    GeoMatchError
        If the file is missing, unreadable or without rows, has no columns of coordinates, several
        for one field, or exchanged coordinates; if the datum is unknown, or nothing says it; if the
        service area is no box; if the list of what was rejected cannot be written there.
    """
    if settings.rejected is not None:
        if settings.rejected.suffix.lower() != ".csv":
            raise FileError(settings.rejected, "end in .csv", repr(settings.rejected.suffix))
        check_target(settings.rejected, inputs=[settings.sites])
    read = _read(settings)
    jobs = JobIndex(read)
    if settings.rejected is not None:
        files = {"sites": replace(read, rejections=jobs.rejections)}
        replace_rejection_list(settings.rejected, files)
    return jobs


def _read(settings: Settings) -> PlacesFile:
    """Read the file; what is to be set is said where nothing says its datum."""
    try:
        return read_places(
            settings.sites, datum=settings.sites_datum, service_area=settings.service_area
        )
    except DatumError as error:
        if settings.sites_datum is not None or error.argument != "datum":
            raise
        raise FileError(
            settings.sites,
            "say the datum of its coordinates",
            f"neither a CRS nor {PREFIX}SITES_DATUM",
            f"Set {PREFIX}SITES_DATUM. {error.remedy}",
        ) from None


def _text(value: object) -> str | None:
    """Return a cell as text, None where it is missing or blank; 12.0 was an id 12 before gaps."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, np.ndarray | list | tuple):  # a Parquet column of lists
        return "、".join(filter(None, map(_text, value))) or None
    return str(value).strip() or None


def _texts(frame: pd.DataFrame, column: str | None) -> list[str | None]:
    """Return a column as texts; all are missing where the file does not have it."""
    if column is None:
        return [None] * len(frame)
    return [_text(value) for value in frame[column].tolist()]


def _says(
    read: PlacesFile, column: str | None, words: frozenset[str], *, where_missing: bool
) -> NDArray[np.bool_]:
    """Say of each place whether a cell holds one of the words; an empty cell holds none."""
    if column is None:
        return np.full(len(read.places), where_missing)
    texts = _texts(read.places.attributes, column)
    return np.array([text is not None and text.lower() in words for text in texts], dtype=bool)


def _counts(read: PlacesFile, column: str | None) -> tuple[list[int | None], dict[int, Rejection]]:
    """Return whole numbers a place, None where unstated, and the rejections by their position."""
    texts = _texts(read.places.attributes, column)
    counts: list[int | None] = []
    bad: dict[int, Rejection] = {}
    for position, text in enumerate(texts):
        count = int(text.partition(".")[0]) if text and _WHOLE.fullmatch(text) else None
        if text is not None and (count is None or count > MAX_VACANCIES):
            bad[position] = Rejection(
                row=int(read.row[position]),
                field=str(column),
                value=text,
                rule=f"must be a whole number from 0 to {MAX_VACANCIES:,}",
                remedy="Leave it empty where the number is not known.",
            )
        counts.append(count)
    return counts, bad
