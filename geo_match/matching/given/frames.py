"""From what a user has to the tables that are matched: seekers, jobs, origins.

A frame may be a GeoDataFrame, a pandas DataFrame, an Arrow table such as `Store.read` returns, a
dict for one row, or a list of dicts. Its columns are named as the fields of `geo_match.records`,
and hold values in their kept form; `data/README.md` shows such frames. Others are left aside. A
field without a column is null throughout, which means not stated.

What differs from the records:

- A place is `lon` and `lat`, degrees WGS-84 (a column `datum` is not read: what it would say is
  for `geo_match.to_wgs84` to convert), or the geometry of a GeoDataFrame, which counts
  before them: points of any geographic or projected CRS on WGS 84 or CGCS2000. Null, NaN and
  empty points are rows that are not located.
- Key groups, and kinds of jobs accepted, may be columns of true and false (`Seeker.flags`). Where
  one of them is null or has no column, nothing is known of the seeker's as a whole.
- The day of the last change may be called `updated_on`.
- A moment counts as its day by China's clock, which one without a zone is read by.

All that is wrong with a frame is raised at once, as `geo_match.matching.given.faults.FrameError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from geo_match import taxonomy
from geo_match.matching.given import values
from geo_match.matching.given.areas import areas
from geo_match.matching.given.columns import (
    JOBS,
    LICENCE,
    OF_EMPLOYER,
    ORIGINS,
    SEEKERS,
    SPECS,
)
from geo_match.matching.given.faults import Faults, raise_any
from geo_match.matching.given.frame import Given
from geo_match.matching.given.places import nowhere, places, places_if_any
from geo_match.records import RECORDS
from geo_match.records.fields import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from geo_match.records.fields import FieldSpec

_IN_ORDER: Final = {
    "seekers": (("registered_on", "closed_on"),),
    "jobs": (
        ("wage_low_cny", "wage_high_cny"),
        ("age_min", "age_max"),
        ("opened_on", "closed_on"),
    ),
}
"""By the name of the frame the bounds of which the first must not lie above the second."""
_OTHER_NAMES: Final = {"updated_at": "updated_on"}
_ID_OF_AREA: Final = "code"
"""What names an origin without `id`: communities, streets and districts have codes."""


def seekers_table(frame: object) -> pa.Table:
    """Return seekers as they are matched.

    Parameters
    ----------
    frame
        Seekers as the module describes them; `id` and a place are needed.

    Returns
    -------
    pyarrow.Table
        The columns of `SEEKERS`, one chunk each, a row a seeker in the frame's order; null where
        not stated, but for `occupation_version`, which then is the shipped edition.

    Raises
    ------
    FrameError
        If `id` or the place is missing, or values break their rules: ids that are null, repeated
        or ID-card numbers, half a place or one not on earth, unknown words, numbers out of the
        record's bounds, a registration that is closed before it begins, columns of another type.
    DatumError
        If the geometry's CRS is not known, or not on WGS 84 or CGCS2000.
    ArgumentError
        If the frame is nothing of the kind.

    Examples
    --------
    >>> table = seekers_table({"id": "S1", "lon": 117.38, "lat": 32.93, "shift": "day"})
    >>> table.select(["id", "shift", "sex"]).to_pylist()
    [{'id': 'S1', 'shift': 'day', 'sex': None}]
    """
    faults = Faults("seekers")
    columns = _columns(Given(frame, faults), SEEKERS, faults)
    raise_any(faults)
    return pa.table(columns, SEEKERS)


def jobs_table(frame: object, *, employers: object | None = None) -> pa.Table:
    """Return jobs as they are matched.

    Parameters
    ----------
    frame
        Jobs as the module describes them; `id` and a place are needed.
    employers
        A frame of employers with `id` and `licence`: `employer_licence` is then that of the job's
        `employer_id`, null where it names none of them, and a column of the jobs does not count.

    Returns
    -------
    pyarrow.Table
        The columns of `JOBS`, one chunk each, a row a job in the frame's order; null where not
        stated, but for `occupation_version`, which then is the shipped edition.

    Raises
    ------
    FrameError
        As `seekers_table`; also if a wage's, an age's or the days' first bound lies above the
        second, or if employers are given and one of them, or the column `employer_id`, is at
        fault.
    DatumError, ArgumentError
        As `seekers_table`.

    Examples
    --------
    >>> job = {"id": "J1", "lon": 117.38, "lat": 32.93, "employer_id": "E1"}
    >>> table = jobs_table(job, employers=[{"id": "E1", "licence": "verified"}])
    >>> table.column("employer_licence").to_pylist()
    ['verified']
    """
    faults, employer_faults = Faults("jobs"), Faults("employers")
    given = Given(frame, faults)
    columns = _columns(given, JOBS, faults)
    if employers is not None:
        of_employers = Given(employers, employer_faults)
        licences = _licences(given, faults, of_employers, employer_faults)
        columns[LICENCE] = licences
    raise_any(faults, employer_faults)
    return pa.table(columns, JOBS)


def origins_table(frame: object) -> pa.Table:
    """Return places from which circles are asked, such as households, stations or points.

    Parameters
    ----------
    frame
        Origins as the module describes them; a place is needed, and `id`, or `code` in its stead.

    Returns
    -------
    pyarrow.Table
        The columns of `ORIGINS`, one chunk each, a row an origin in the frame's order.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        As `seekers_table`.
    """
    faults = Faults("origins")
    columns = _columns(Given(frame, faults), ORIGINS, faults)
    raise_any(faults)
    return pa.table(columns, ORIGINS)


def origins_and_areas(frame: object) -> tuple[pa.Table, NDArray[np.object_] | None]:
    """Return places from which circles are asked, or areas from whose edges they are.

    Parameters
    ----------
    frame
        As `origins_table` takes it; or a GeoDataFrame of polygons, in any CRS as points may be; or
        rows with a column `area` of well-known text, degrees WGS-84. Where there is no column `id`
        it is `code`, as communities have it.

    Returns
    -------
    table
        The columns of `ORIGINS`; of areas `lon` and `lat` are null.
    areas
        The area of each, (n,), polygons in degrees, None for one without; None where no origin has
        an area, and so all are points.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        As `seekers_table`; also if areas stand beside points, or are none that
        `geo_match.index.AreaOrigins` takes.
    """
    faults = Faults("origins")
    given = Given(frame, faults)
    faults.ids = _ids(given, Faults("origins"))  # areas at fault are named by them
    found = areas(given, faults)
    columns = _columns(given, ORIGINS, faults, place=places if found is None else nowhere)
    raise_any(faults)
    return pa.table(columns, ORIGINS), found


def seekers_by(frame: object, by: str | None) -> tuple[pa.Table, pa.Array | None]:
    """Return seekers whose circles are not around their own places, which they need not have.

    Parameters
    ----------
    frame
        As in `seekers_table`.
    by
        The column that names each seeker's origin, text; None for none.

    Returns
    -------
    table
        The columns of `SEEKERS`.
    names
        That column, (n,), null where a seeker names none.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        As `seekers_table`; also if there is no such column, or it is no text.
    """
    faults = Faults("seekers")
    given = Given(frame, faults)
    columns = _columns(given, SEEKERS, faults, place=places_if_any)
    names = None
    if by is not None:
        names = pa.nulls(len(given), pa.string())
        column = given.column(by) if given.has(by) else None
        if column is not None:
            names = values.texts(column, by, faults)
        elif not given.has(by) and given.needs_columns:
            remedy = "Name each seeker's origin in it, or another column as `by`."
            faults.column(by, "be there", "no such column", remedy)
    raise_any(faults)
    return pa.table(columns, SEEKERS), names


def _columns(
    given: Given,
    schema: pa.Schema,
    faults: Faults,
    *,
    place: Callable[[Given, Faults], tuple[NDArray[np.float64], NDArray[np.float64]]] = places,
) -> dict[str, pa.Array]:
    """Return the columns of a schema, in its order; what is at fault is null."""
    columns = {"id": _ids(given, faults)}
    lon, lat = place(given, faults)
    columns["lon"] = values.from_numbers(lon, pa.float64())
    columns["lat"] = values.from_numbers(lat, pa.float64())
    for field in schema:
        if field.name not in columns:
            spec = SPECS[faults.frame][field.name]
            column = _column(given, field, spec, faults)
            columns[field.name] = pa.nulls(len(given), field.type) if column is None else column
    for low, high in _IN_ORDER.get(faults.frame, ()):
        if given.has(low) and given.has(high):
            values.in_order(columns[low], columns[high], (low, high), faults)
    if "occupation_version" in columns:
        version = columns["occupation_version"]
        if version.null_count:
            columns["occupation_version"] = pc.fill_null(version, taxonomy.OCCUPATIONS_VERSION)
    return columns


def _ids(given: Given, faults: Faults) -> pa.Array:
    name = "id"
    if faults.frame == "origins" and not given.has(name):
        name = _ID_OF_AREA
    if given.has(name):
        found = values.ids(given.column(name), name, faults)
    else:
        found = None
        if given.needs_columns:
            remedy = "Rename the column that has them; an index becomes one by `.reset_index()`."
            faults.column("id", "be there", "no such column", remedy)
    return pa.nulls(len(given), pa.string()) if found is None else found


def _column(given: Given, field: pa.Field, spec: FieldSpec, faults: Faults) -> pa.Array | None:
    """Return a column in the type of a field; None where there is none, or with a fault."""
    name = field.name
    flags = RECORDS["seekers"].flags.get(name, {}) if faults.frame == "seekers" else {}
    if not given.has(name):
        name = _OTHER_NAMES.get(name, name)
    if given.has(name):
        column = given.column(name)
        return None if column is None else _read(column, name, field, spec, faults)
    if not any(given.has(one) for one in flags.values()):
        return None
    columns = {
        choice: (one, given.column(one) if given.has(one) else None)
        for choice, one in flags.items()
    }
    return values.flagged(columns, len(given), faults)


def _read(
    column: pa.Array, name: str, field: pa.Field, spec: FieldSpec, faults: Faults
) -> pa.Array:
    """Return a column as its kind of values is read."""
    words = None if spec.about.choices is None else tuple(spec.about.choices)
    match spec.about.kind:
        case Kind.NUMBER | Kind.WHOLE:
            whole = spec.about.kind is Kind.WHOLE
            found = values.numbers(
                column, name, faults, least=spec.least, most=spec.most, whole=whole
            )
            return values.from_numbers(found, field.type)
        case Kind.CHOICE | Kind.EDUCATION:
            return values.choices(column, name, faults, among=words or ())
        case Kind.CHOICES | Kind.TEXTS:
            return values.lists(column, name, faults, among=words)
        case Kind.DAY | Kind.MOMENT:
            return values.days(column, name, faults)
        case Kind.OCCUPATION:
            return values.texts(column, name, faults, read=taxonomy.check_occupation)
    return values.texts(column, name, faults)


def _licences(jobs: Given, job_faults: Faults, employers: Given, faults: Faults) -> pa.Array | None:
    """Return the licence of each job's employer; None with a fault."""
    known = _ids(employers, faults)
    licence = None
    if employers.has("licence"):
        column = employers.column("licence")
        if column is not None:
            among = tuple(OF_EMPLOYER.about.choices or ())
            licence = values.choices(column, "licence", faults, among=among)
    elif employers.needs_columns:
        faults.column("licence", "be there", "no such column", "Rename the column that says it.")
    asked = None
    if jobs.has("employer_id"):
        column = jobs.column("employer_id")
        asked = None if column is None else values.texts(column, "employer_id", job_faults)
    elif jobs.needs_columns:
        remedy = "Name each job's employer in it, or leave `employers` out."
        job_faults.column("employer_id", "be there", "no such column", remedy)
    if licence is None or asked is None:
        return pa.nulls(len(jobs), pa.string())
    at = pc.index_in(asked, value_set=known, skip_nulls=True)
    return licence.take(at)
