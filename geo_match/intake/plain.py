"""One record of which there is nothing to say: read as it stands, without a list's way by columns.

What other systems send is typed, in the form in which records are kept, and nearly always in order.
That can be seen of a record's values one by one, in a hundredth of the time that a list of one row
takes. Here is looked for no fault: whatever is not plainly in order (a value in another form, a
place with few decimals, or in another community's area than the code says) is left to the list's
way, which tells what is wrong with it, or what was made of it. A test holds that both make the same
of the same record.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match import codes
from geo_match.datums import DATUMS
from geo_match.intake.area import Area
from geo_match.intake.doubts import lacking
from geo_match.intake.lists._rules import are_in_order
from geo_match.intake.readers.ndjson import table_of_object
from geo_match.intake.references import NAMED
from geo_match.intake.values import parse
from geo_match.intake.values.choices import words_of
from geo_match.intake.values.days import FIRST_YEAR, LAST_YEAR, MAY_COME
from geo_match.intake.wording import normalised
from geo_match.records import RECORDS, Placed
from geo_match.records import types as t
from geo_match.records.fields import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo_match.intake.surroundings import Surroundings
    from geo_match.intake.values import Context
    from geo_match.records import FieldSpec
    from geo_match.store import Store

    _Read = Callable[[FieldSpec, object, Context], Any]

KINDS: Final = frozenset({"employers", "sites", "jobs", "stations"})
"""Of these nothing but the record and its surroundings counts: persons may have been erased, or
live in another office's area, and communities are judged beside all others. Nor is any of their
fields written in a way of its own, as a radius is (`geo_match.intake.values.parse`)."""
_WGS84: Final = "wgs84"
_PLACE: Final = frozenset({"lon", "lat", "datum", "located_by"})
_HAN: Final = "\u4e00-\u9fff"
_ID: Final = re.compile(rf"[0-9A-Za-z{_HAN}](?:[0-9A-Za-z{_HAN}_.:/\-]{{0,62}}[0-9A-Za-z{_HAN}])?")
_TEXT: Final = re.compile(rf"[0-9A-Za-z{_HAN}（《](?:.{{0,1998}}[0-9A-Za-z{_HAN}）》。])?")
"""White space around a text goes, and what begins as a formula is noted: neither is among these."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_LARGEST: Final = 2**53
_SOURCE: Final = Path("record")
_COARSE: Final = 100
_ROUNDING: Final = 1e-6
"""Of degrees times 100 from a whole number: wider than the bound of a list, by which it is told
which places have but two decimals."""


class _NotPlainError(Exception):
    """Something is left to the list's way; it never leaves this module."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A record that is judged: it is as it stands here.

    Parameters
    ----------
    values
        All fields of its kind by their names, typed as `geo_match.store.record_schema` says.
    warnings
        What a person should know, in whole sentences without a full stop.
    """

    values: dict[str, Any]
    warnings: tuple[str, ...]


def judge_plain(
    record: Mapping[str, Any],
    kind: str,
    store: Store,
    *,
    datum: str | None = None,
    around: Surroundings,
) -> Plain | None:
    """Judge one record as `geo_match.intake.judging.judge_record`, if it is plainly in order.

    Parameters
    ----------
    record, kind, store, datum, around
        As `judge_record` takes them.

    Returns
    -------
    Plain or None
        None if there is something to repair, to note or to refuse, or if more than its surroundings
        has to be looked at: then `judge_record` says what becomes of it.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    if kind not in KINDS or not (datum is None or datum in DATUMS):
        return None
    model, context = RECORDS[kind], around.context
    if not record.keys() <= model.model_fields.keys():
        return None
    try:
        values = {
            spec.name: _value(spec, read, record.get(spec.name), context)
            for spec, read in _reads(kind)
        }
        if issubclass(model, Placed):
            values |= _placed(record, values["community"], datum, around)
    except _NotPlainError:
        return None
    if not are_in_order(values) or _names_unknown(kind, values, store):
        return None
    if "occupation_version" in values and values["occupation_version"] is None:
        values["occupation_version"] = context.occupations.version
    whole = {
        name: spec.default if values[name] is None else values[name]
        for name, spec in model.specs().items()
    }
    is_placed = issubclass(model, Placed)
    return Plain(whole, tuple(lacking(around, has_coordinates=True)) if is_placed else ())


def _names_unknown(kind: str, values: Mapping[str, Any], store: Store) -> bool:
    """Return whether a record names one that the store does not have: a list says which."""
    for (of, field), named in NAMED.items():
        if of == kind and values[field] is not None and not store.keys(named, [values[field]]):
            return True
    return False


@cache
def _reads(kind: str) -> tuple[tuple[FieldSpec, _Read | None], ...]:
    """Return the fields of a kind but those of a place, and what reads each in plain Python."""
    return tuple(
        (spec, _choice_of(spec) if spec.about.kind is Kind.CHOICE else _READ.get(spec.about.kind))
        for name, spec in RECORDS[kind].specs().items()
        if name not in _PLACE
    )


def _value(spec: FieldSpec, read: _Read | None, value: object, context: Context) -> Any:  # noqa: ANN401 - of the field's type
    """Return a value of a field."""
    if value is None and not spec.required:
        return None
    found = None if read is None else read(spec, value, context)
    if found is None:
        found = _by_parser(spec, value, context)
    if found is None and spec.required:
        raise _NotPlainError
    return found


def _by_parser(spec: FieldSpec, value: object, context: Context) -> Any:  # noqa: ANN401 - as above
    """Return what the parser of columns makes of a value, if it has nothing to say of it."""
    column = table_of_object({spec.name: value}, _SOURCE).columns.column(0)
    parsed = parse(spec, column, context)
    if parsed.faults or parsed.notes:
        raise _NotPlainError
    return parsed.value.to_pylist()[0]


# Each returns the value if it is plainly one, and None where the parser is to look at it.
def _id(_: FieldSpec, value: object, __: Context) -> str | None:
    return value if type(value) is str and _ID.fullmatch(value) and _has_no_card(value) else None


def _text(_: FieldSpec, value: object, __: Context) -> str | None:
    if type(value) is not str or _TEXT.fullmatch(value) is None or not value.isprintable():
        return None
    if re.search(t.SHORTENED_LONG_NUMBER, value) or not _has_no_card(value):
        return None
    return value


def _has_no_card(text: str) -> bool:
    try:
        codes.check_no_id_card(text)
    except ValueError:
        return False
    return True


def _whole(spec: FieldSpec, value: object, _: Context) -> int | None:
    return value if type(value) is int and _is_within(spec, value) else None


def _number(spec: FieldSpec, value: object, _: Context) -> float | None:
    if type(value) not in {int, float} or not _is_within(spec, value):  # type: ignore[arg-type] # a number, by its type
        return None
    return float(value) + 0.0  # type: ignore[arg-type] # as above


def _is_within(spec: FieldSpec, value: float) -> bool:
    least, most = spec.least, spec.most
    is_bounded = (least is None or value >= least) and (most is None or value <= most)
    return is_bounded and -_LARGEST <= value <= _LARGEST  # false for NaN


def _flag(_: FieldSpec, value: object, __: Context) -> bool | None:
    return value if type(value) is bool else None


def _choice_of(spec: FieldSpec) -> _Read:
    """Return what reads a choice: the values that are words for themselves."""
    words = words_of(spec)
    own = {one for one in spec.about.choices or {} if words.get(normalised(one)) == one}
    return lambda _, value, __: value if type(value) is str and value in own else None


def _day(spec: FieldSpec, value: object, context: Context) -> dt.date | None:
    if type(value) is not str or _DAY.fullmatch(value) is None:
        return None
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return None
    has_come = spec.name in MAY_COME or day <= context.now
    return day if has_come and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _moment(_: FieldSpec, value: object, context: Context) -> dt.datetime | None:
    if type(value) is not str or _MOMENT.fullmatch(value) is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    is_sound = FIRST_YEAR <= moment.year <= LAST_YEAR and moment.date() <= context.now
    return moment if is_sound else None


def _community(_: FieldSpec, value: object, context: Context) -> str | None:
    known = context.communities
    return value if type(value) is str and known is not None and value in known else None


_READ: Final[dict[Kind, _Read]] = {
    Kind.ID: _id,
    Kind.REFERENCE: _id,
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.COMMUNITY: _community,
}


def _placed(
    record: Mapping[str, Any], community: str | None, datum: str | None, around: Surroundings
) -> dict[str, Any]:
    """Return a place that was given in WGS-84, and that nothing makes doubtful."""
    lon, lat = record.get("lon"), record.get("lat")
    said = record.get("datum")
    if type(lon) not in {int, float} or type(lat) not in {int, float}:
        raise _NotPlainError
    lon, lat = float(lon), float(lat)  # type: ignore[arg-type] # numbers, by their types
    is_said = datum in {None, _WGS84} and (datum if said is None else said) == _WGS84
    if not is_said or record.get("located_by") not in {None, "given"}:
        raise _NotPlainError
    is_in_range = -180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0  # noqa: PLR2004 - degrees
    if not is_in_range or (_is_coarse(lon) and _is_coarse(lat)):
        raise _NotPlainError
    if around.context.service_area is not None or _is_doubtful(lon, lat, community, around):
        raise _NotPlainError
    return {"lon": lon, "lat": lat, "datum": _WGS84, "located_by": "given"}


def _is_coarse(degrees: float) -> bool:
    scaled = degrees * _COARSE
    return math.isclose(scaled, round(scaled), rel_tol=0.0, abs_tol=_ROUNDING)


def _is_doubtful(lon: float, lat: float, community: str | None, around: Surroundings) -> bool:
    """Return whether something may have to be said of a place beside the communities.

    One place never tells a datum from another: for that there are too few.
    """
    zones = around.zones
    x, y = np.array([lon]), np.array([lat])
    bounds = None if zones is None else zones.bounds
    box = around.vicinity if bounds is None else Area(*bounds)
    for area in (box, around.vicinity):
        if area is not None and not area.holds(x, y)[0]:
            return True
    if community is None:
        return False
    if community in around.context.renumbered.values():  # the kept record may have the code before
        return True
    if zones is None or community not in zones or zones.area(community) is None:
        return False
    return not zones.holds([community], lon=x, lat=y)[0]
