"""The jobs of one file, and the question asked of them: which are within a radius of a place.

A row of the file is a job, or a site with whatever it offers. Beside `id`, `lon` and `lat` it is
read for the fields that `api.jobs.columns` lists.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import pandas as pd

from api.jobs.columns import VERIFIED, YES, find_job_columns
from api.jobs.postings import Posting
from api.jobs.schemas import SitesFile
from api.jobs.shown import InCircle, Nearest, Sums
from api.jobs.texts import Texts
from api.jobs.vacancies import is_full, left_of
from api.settings import PREFIX
from geo_match.errors import DatumError, FileError
from geo_match.exchange import check_target, replace_rejection_list
from geo_match.index import LiveIndex
from geo_match.intake import Rejection, read_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from api.jobs.places import Community, Station
    from api.settings import Settings
    from geo_match.intake import PlacesFile
    from geo_match.spatial import Pairs

MAX_VACANCIES = 1_000_000
_SHOWN: Final = ("title", "employer", "site_id", "site_name")
"""The fields that are shown as the file has them."""
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
        self._lon = read.places.lon[good]
        self._lat = read.places.lat[good]
        ids = read.places.id[good].tolist()
        places = zip(self._lon.tolist(), self._lat.tolist(), strict=True)
        title, employer, site_id, site_name = (
            _texts(frame, columns.used.get(name)) for name in _SHOWN
        )
        told = zip(ids, title, good, site_id, site_name, places, strict=True)
        self._jobs = [
            Posting(one, its_title, None, site, name, place, left[row])
            for one, its_title, row, site, name, place in told
        ]
        self._employers = dict(zip(ids, employer, strict=True))
        said = repr((self._jobs, employer)).encode(errors="backslashreplace")
        self._token = blake2b(said, digest_size=16).hexdigest()
        rows = list(map(str, range(len(ids))))
        weights = np.array([job.weights() for job in self._jobs], dtype=np.int64).reshape(-1, 3)
        with LiveIndex(ids=rows, lon=self._lon, lat=self._lat, weights=weights) as live:
            self._snapshot = live.snapshot()  # whose positions are the jobs', as nothing changes
        self.columns = columns
        self.rejections = tuple(
            sorted([*read.rejections, *bad.values()], key=lambda rejection: rejection.row)
        )
        self.warnings = read.warnings
        invented = _says(read, columns.used.get("invented"), YES, where_missing=False)
        self._invented = bool(invented.any()) if "invented" in columns.used else None
        self.texts = Texts()
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
        return len(self._jobs)

    @property
    def cursor(self) -> None:
        """None: a file has no feed."""

    def catch_up(self) -> None:
        """Do nothing: what was read of a file does not change."""

    def pulse(self) -> None:
        """Return None: nothing is written to it."""

    def close(self) -> None:
        """Do nothing: the file is closed already."""

    def example_place(self) -> tuple[float, float]:
        """Return lon and lat of the first job, near which a request finds something."""
        return float(self._lon[0]), float(self._lat[0])

    def now(self) -> Self:
        """Return itself: what was read of a file does not change."""
        return self

    def at_hand(self, _: int | None) -> Self:
        """Return itself."""
        return self

    @property
    def token(self) -> str:
        """A digest of the jobs."""
        return self._token

    @property
    def invented(self) -> bool | None:
        """Whether the file says that its rows are invented; None where it does not say."""
        return self._invented

    @property
    def has_records(self) -> bool:
        """They are none of a store."""
        return False

    @property
    def communities(self) -> Mapping[str, Community]:
        """A file has none."""
        return {}

    @property
    def stations(self) -> Mapping[str, Station]:
        """A file has none."""
        return {}

    def employer_of(self, job: Posting) -> str | None:
        """Return the name of a job's employer."""
        name: str | None = self._employers[job.id]
        return name

    def everywhere(self) -> list[Posting]:
        """Return all jobs that are served."""
        return list(self._jobs)

    def circle(self, *, lon: float, lat: float, radius_m: float) -> InCircle:
        """Return the jobs at most the radius from a place."""
        return self._in_circle(self._snapshot.within(lon=lon, lat=lat, radius_m=radius_m))

    def around(self, *, lon: float, lat: float, radius_m: float, k: int) -> Nearest:
        """Return what is added up of all these, and the k nearest with all that are as near."""
        own = self._snapshot.prepare()
        found = self._snapshot.around(lon=lon, lat=lat, radius_m=radius_m, k=k, weights=own)
        return Nearest(Sums(*found.sums.tolist()), self._in_circle(found.pairs))

    def _in_circle(self, pairs: Pairs) -> InCircle:
        return InCircle([self._jobs[at] for at in pairs.point.tolist()], pairs.distance_m)


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
