"""The one door to the parsers: a field's kind says which of them reads its column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.errors import ArgumentError
from geo_match.intake.values.ages import read_ages
from geo_match.intake.values.amounts import parse_most_hours, parse_radius
from geo_match.intake.values.areas import parse_area
from geo_match.intake.values.cells import Column, Parsed, parse_unique
from geo_match.intake.values.choices import (
    parse_choice,
    parse_choices,
    parse_datum,
    parse_education,
    parse_flag,
)
from geo_match.intake.values.coded import (
    parse_community,
    parse_credit_code,
    parse_industry,
    parse_occupation,
    parse_phone,
)
from geo_match.intake.values.context import Context
from geo_match.intake.values.days import parse_day, parse_moment
from geo_match.intake.values.numbers import parse_degrees, parse_number, parse_whole
from geo_match.intake.values.several import parse_texts
from geo_match.intake.values.shapes import parse_members
from geo_match.intake.values.texts import parse_id, parse_text
from geo_match.intake.values.wages import read_wage
from geo_match.intake.values.years import parse_year
from geo_match.records import Seeker
from geo_match.records.fields import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo_match.intake.values.cells import Note
    from geo_match.records import FieldSpec

_PARSERS: Final[dict[Kind, Callable[[FieldSpec, Column, Context], Parsed]]] = {
    Kind.ID: parse_id,
    Kind.REFERENCE: parse_id,
    Kind.TEXT: parse_text,
    Kind.TEXTS: parse_texts,
    Kind.WHOLE: parse_whole,
    Kind.NUMBER: parse_number,
    Kind.FLAG: parse_flag,
    Kind.CHOICE: parse_choice,
    Kind.CHOICES: parse_choices,
    Kind.DAY: parse_day,
    Kind.MOMENT: parse_moment,
    Kind.COMMUNITY: parse_community,
    Kind.CREDIT_CODE: parse_credit_code,
    Kind.OCCUPATION: parse_occupation,
    Kind.INDUSTRY: parse_industry,
    Kind.EDUCATION: parse_education,
    Kind.PHONE: parse_phone,
    Kind.LON: parse_degrees,
    Kind.LAT: parse_degrees,
    Kind.DATUM: parse_datum,
    Kind.MEMBERS: parse_members,
    Kind.AREA: parse_area,
}
_OF_FIELDS: Final[dict[str, Callable[[FieldSpec, Column, Context], Parsed]]] = {
    "graduation_year": parse_year,
    "hours_max_per_week": parse_most_hours,
    "radius_m": parse_radius,
}
"""Fields that are written in ways of their own."""
_RADIUS: Final = ("radius_m",)
_WAGE: Final = ("wage_low_cny", "wage_high_cny", "wage_unit")
_AGES: Final = ("age_min", "age_max")


def parse(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Return a column as values of a field.

    Parameters
    ----------
    spec
        The field.
    column
        Arrow chunked array of any type, (n,): text as a list has it, or typed values.
    context
        What is known beside the field's own rules.

    Returns
    -------
    Parsed
        Values of `geo_match.records.arrow.type_of(spec.about.kind)`.
    """
    parser = _OF_FIELDS.get(spec.name) or _PARSERS[spec.about.kind]
    return parser(spec, column, context)


def parse_composite(
    fields: tuple[str, ...],
    column: Column,
    *,
    unit: str | None = None,
    unit_known: bool = False,
) -> tuple[dict[str, Column], Parsed]:
    """Return a column whose cells give several fields at once, or one in another unit.

    Parameters
    ----------
    fields
        Which: the two ends of a wage and its unit, two ages, or a radius that is in kilometres.
    column
        Arrow chunked array of any type, (n,).
    unit, unit_known
        As in `read_wage`.

    Returns
    -------
    values
        For each field its values, (n,).
    parsed
        The faults and notes.

    Raises
    ------
    ArgumentError
        If no parser gives these fields.
    """
    if fields == _RADIUS:
        spec = Seeker.specs()["radius_m"]
        parsed = parse_radius(spec, column, Context(), in_km=True)
        return {"radius_m": parsed.value}, parsed
    if fields == _WAGE:
        kinds = [pa.float64(), pa.float64(), pa.string()]

        def read(text: str, note: Note) -> dict[str, object] | None:
            wage = read_wage(text, note, unit=unit, unit_known=unit_known)
            if wage is None:
                return None
            return dict(zip(fields, (wage.low, wage.high, wage.unit), strict=True))

    elif fields == _AGES:
        kinds = [pa.int64(), pa.int64()]

        def read(text: str, note: Note) -> dict[str, object] | None:
            return dict(zip(fields, read_ages(text, note), strict=True))

    else:
        raise ArgumentError("fields", f"be {_WAGE}, {_AGES} or {_RADIUS}", repr(fields))
    parsed = parse_unique(column, pa.struct(list(zip(fields, kinds, strict=True))), read)
    return {name: pc.struct_field(parsed.value, name) for name in fields}, parsed
