"""The columns of the tables that are matched, and the fields of the records that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from geo_match.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.records.fields import FieldSpec

_PLACE: Final = (
    ("id", pa.string()),
    ("lon", pa.float64()),
    ("lat", pa.float64()),
    ("location_accuracy_m", pa.float64()),
)
ORIGINS: Final = pa.schema(_PLACE)
"""The columns of a table of origins, in their order."""
SEEKERS: Final = pa.schema(
    [
        *_PLACE,
        ("radius_m", pa.float64()),
        ("registered_on", pa.date32()),
        ("closed_on", pa.date32()),
        ("birth_year", pa.int32()),
        ("sex", pa.string()),
        ("education", pa.string()),
        ("status", pa.string()),
        ("groups", pa.list_(pa.string())),
        ("difficulty", pa.string()),
        ("occupation", pa.string()),
        ("occupation_version", pa.string()),
        ("wage_floor_cny", pa.float64()),
        ("shift", pa.string()),
        ("accepts", pa.list_(pa.string())),
        ("certificates", pa.list_(pa.string())),
        ("hours_max_per_week", pa.float64()),
        ("graduation_year", pa.int32()),
    ]
)
"""The columns of a table of seekers, in their order."""
JOBS: Final = pa.schema(
    [
        *_PLACE,
        ("employer_licence", pa.string()),
        ("occupation", pa.string()),
        ("occupation_version", pa.string()),
        ("job_type", pa.string()),
        ("education_min", pa.string()),
        ("wage_low_cny", pa.float64()),
        ("wage_high_cny", pa.float64()),
        ("wage_unit", pa.string()),
        ("hours_per_week", pa.float64()),
        ("shift", pa.string()),
        ("age_min", pa.int32()),
        ("age_max", pa.int32()),
        ("certificate", pa.string()),
        ("vacancies", pa.int64()),
        ("filled", pa.int64()),
        ("opened_on", pa.date32()),
        ("closed_on", pa.date32()),
        ("updated_at", pa.date32()),
    ]
)
"""The columns of a table of jobs, in their order."""

LICENCE: Final = "employer_licence"
"""The column of a table of jobs that says whether the employer is verified."""
OF_EMPLOYER: Final = RECORDS["employers"].specs()["licence"]
"""The field of an employer that it is."""
SPECS: Final[Mapping[str, Mapping[str, FieldSpec]]] = {
    "seekers": RECORDS["seekers"].specs(),
    "jobs": {**RECORDS["jobs"].specs(), LICENCE: OF_EMPLOYER},
    "origins": RECORDS["seekers"].specs(),
}
"""The fields that the columns are, by the name of the frame."""
