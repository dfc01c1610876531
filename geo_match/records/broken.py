"""Which rules of their model whole columns of records break, told without their values.

The rules are those that the models declare: a number's bounds, what must be stated, fields in their
order; of a text, a choice or a list whatever the model itself says of the value. Only what may
break a rule is shown to the model, each different value once, so that a long column takes no longer
than a few passes over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ConfigDict, TypeAdapter, ValidationError

from geo_match import codes
from geo_match.records.fields import Kind
from geo_match.records.schema import model_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from geo_match.records.fields import FieldSpec

    _Mask = NDArray[np.bool_]

_BY_TYPE: Final = frozenset({Kind.FLAG, Kind.DAY, Kind.MOMENT})
"""Kinds of which any value of the column's type is one."""
_NUMBERS: Final = frozenset({Kind.WHOLE, Kind.NUMBER, Kind.LON, Kind.LAT})
_LISTS: Final = frozenset({Kind.CHOICES, Kind.TEXTS, Kind.MEMBERS})
_FREE: Final = frozenset({Kind.ID, Kind.REFERENCE, Kind.TEXT})
_FEW: Final = 20
"""So many texts are read by the model sooner than it can be told which ones need not be."""
_DAMAGED: Final = r"\x00|[Ee]\+[0-9]"
"""What each text has that `geo_match.records.types` takes for damaged; sound ones may have it."""
_TWINS: Final[Mapping[Kind, Callable[[pa.Array], _Mask]]] = {
    Kind.COMMUNITY: codes.community_code_faults,
    Kind.CREDIT_CODE: codes.credit_code_faults,
    Kind.PHONE: codes.phone_faults,
}
"""By kinds of codes what tells of many at once which ones break the rule."""
_STARTS: Final = ("Value error, ", "Input should ", "String should ", "must ")
_SHOWING: Final = (", got ", ", and holds one ")
"""Where a rule goes on to what was found, which may be a person's."""


@dataclass(frozen=True, slots=True, eq=False)
class Broken:
    """A rule that some records break.

    Parameters
    ----------
    columns
        What the rule is about; the first one breaks it.
    rule
        The end of the sentence "`column` must …", without any value of a record.
    rows
        Which records, ascending, int64, shape (k,), k > 0.
    """

    columns: tuple[str, ...]
    rule: str
    rows: NDArray[np.int64]

    def __str__(self) -> str:
        """Say the rule in a sentence without its full stop."""
        return f"`{self.columns[0]}` must {self.rule}"


def broken_rules(kind: str, records: pa.Table, *, whole: bool = True) -> list[Broken]:
    """Return the rules that records of a kind break; none if they are sound.

    A null is a value that is not stated, also where the model has another word for that; so is a
    NaN. That ids are all different is no rule of one record.

    Parameters
    ----------
    kind
        A key of `RECORDS`.
    records
        Fields of the kind as columns of the types of `geo_match.records.arrow.type_of`.
    whole
        Whether a field without a column is not stated; else nothing is known of it, and no rule
        that needs it is looked at.

    Returns
    -------
    list of Broken
        In the order of the fields, then those about several fields.

    Raises
    ------
    ArgumentError
        If there is no such kind.

    Examples
    --------
    >>> sites = pa.table({"id": ["S1", "S2"], "lon": [117.4, 200.0], "lat": [32.9, 32.9]})
    >>> [(str(one), one.rows.tolist()) for one in broken_rules("sites", sites)]
    [('`lon` must be between -180 and 180', [1])]
    """
    model = model_of(kind)
    specs = model.specs()
    if whole:
        absent = [name for name, one in specs.items() if name not in records.column_names]
        needed = {one for pair in (*model.ordered, ("lon", "lat")) for one in pair}
        for name in absent:
            if specs[name].required or name in needed:
                records = records.append_column(name, pa.nulls(len(records)))
    columns = {name: records.column(name).combine_chunks() for name in records.column_names}
    found = [
        one
        for name, spec in specs.items()
        if name in columns
        for one in _of_field(kind, spec, columns[name])
    ]
    return [*found, *_between_fields(kind, columns)]


def _of_field(kind: str, spec: FieldSpec, column: pa.Array) -> Iterator[Broken]:
    """Yield the rules of one field that its column breaks."""
    if spec.required and column.null_count:
        yield Broken((spec.name,), "be stated", _rows(pc.is_null(column)))
    what = spec.about.kind
    if column.null_count == len(column) or what in _BY_TYPE:
        return
    if what in _NUMBERS:
        yield from _beyond_bounds(spec, column)
        return
    places, rows, cells = _suspects(kind, spec, column)
    broken: dict[str, list[int]] = {}
    for place, one in enumerate(cells):
        rule = _rule(kind, spec.name, one)
        if rule is not None:
            broken.setdefault(rule, []).append(place)
    for rule, wrong in broken.items():
        yield Broken((spec.name,), rule, np.unique(rows[np.isin(places, wrong)]))


def _beyond_bounds(spec: FieldSpec, column: pa.Array) -> Iterator[Broken]:
    values = column.to_numpy(zero_copy_only=False)  # of whole numbers with nulls floats
    beyond = np.zeros(len(values), dtype=np.bool_)
    if spec.least is not None:
        beyond |= values < spec.least
    if spec.most is not None:
        beyond |= values > spec.most
    if beyond.any():
        yield Broken((spec.name,), _bounds(spec.least, spec.most), np.flatnonzero(beyond))


def _bounds(least: float | None, most: float | None) -> str:
    if most is None:
        return f"be at least {least:.15g}"
    if least is None:
        return f"be at most {most:.15g}"
    return f"be between {least:.15g} and {most:.15g}"


def _suspects(
    kind: str, spec: FieldSpec, column: pa.Array
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[Any]]:
    """Return what of a column may break a rule.

    Returns
    -------
    tuple
        For each suspect which value it has, and its row, both int64, shape (k,); the different
        values.
    """
    what = spec.about.kind
    if what in _LISTS:
        rows = np.asarray(pc.list_parent_indices(column), dtype=np.int64)
        values = column.flatten()
        keys = values if what is not Kind.MEMBERS else _keys_of_members(values)
    else:
        suspicious = np.asarray(pc.is_valid(column))
        if what in _TWINS:
            suspicious &= _TWINS[what](column)
        elif what in _FREE and (most := _longest(kind, spec.name)) is not None:
            suspicious &= _may_be_wrong(column, most)
        rows = np.flatnonzero(suspicious)
        keys = values = column.filter(pa.array(suspicious))
    told = keys.dictionary_encode(null_encoding="encode")
    places = np.asarray(told.indices, dtype=np.int64)
    _, firsts = np.unique(places, return_index=True)
    cells = values.take(pa.array(firsts, pa.int64())).to_pylist()
    return places, rows, [(one,) for one in cells] if what in _LISTS else cells


def _keys_of_members(members: pa.Array) -> pa.Array:
    """Return a text for each member, the same for equal ones."""
    fields = [field.cast(pa.string()) for field in members.flatten()]
    return pc.binary_join_element_wise(*fields, "|", null_handling="replace", null_replacement="?")


def _may_be_wrong(column: pa.Array, most: int) -> _Mask:
    """Return which free texts may break a rule; it may be some that do not."""
    if len(column) <= _FEW:
        return np.asarray(pc.is_valid(column), dtype=np.bool_)
    doubtful: list[Any] = [
        pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0),
        pc.greater(pc.utf8_length(column), most),
        pc.match_substring_regex(column, _DAMAGED),
    ]
    found = codes.has_id_card(column)
    for one in doubtful:
        found |= np.asarray(pc.fill_null(one, fill_value=False), dtype=np.bool_)
    return found


@cache
def _adapter(kind: str, name: str) -> TypeAdapter[Any]:
    model = model_of(kind)
    info = model.model_fields[name]
    declared: Any = info.annotation
    for one in info.metadata:
        declared = Annotated[declared, one]
    config = ConfigDict(
        str_strip_whitespace=model.model_config.get("str_strip_whitespace", False),
        hide_input_in_errors=True,
    )
    return TypeAdapter(declared, config=config)


@cache
def _longest(kind: str, name: str) -> int | None:
    """Return the most characters of a free text; None where another rule says what it is."""
    schema = _adapter(kind, name).json_schema()
    parts = [schema, *schema.get("anyOf", ())]
    if any("pattern" in part for part in parts):
        return None
    return next((part["maxLength"] for part in parts if "maxLength" in part), None)


def _rule(kind: str, name: str, value: object) -> str | None:
    """Return the rule that a value breaks, without the value; None if it breaks none."""
    try:
        _adapter(kind, name).validate_python(value)
    except ValidationError as error:
        told = error.errors(include_input=False, include_url=False)[0]
    else:
        return None
    said = str(told["msg"])
    for start in _STARTS:
        said = said.removeprefix(start)
    for sign in _SHOWING:
        said = said.partition(sign)[0]
    within = [one for one in told["loc"] if isinstance(one, str)]  # a field of a member
    return f"have `{within[-1]}` that must {said}" if within else said


def _between_fields(kind: str, columns: Mapping[str, pa.Array]) -> Iterator[Broken]:
    """Yield the rules about several fields that are broken."""
    model = model_of(kind)
    for first, second in (("lon", "lat"), ("lat", "lon")):
        if {first, second} <= model.model_fields.keys() & columns.keys():
            is_there = pc.invert(pc.is_null(columns[first], nan_is_null=True))
            alone = pc.and_(is_there, pc.is_null(columns[second], nan_is_null=True))
            rule = f"be given together with `{second}` or not at all"
            yield from _broken_by((first, second), rule, alone)
    pairs = (
        *((second, first, pc.less, "not lie below") for first, second in model.ordered),
        *((first, second, pc.equal, "be another code than") for first, second in model.unlike),
    )
    for first, second, breaks, rule in pairs:
        if {first, second} <= columns.keys():
            one, other = columns[first], columns[second]
            if max(one.null_count, other.null_count) < len(one):  # a column of nulls has no type
                yield from _broken_by((first, second), f"{rule} `{second}`", breaks(one, other))


def _broken_by(columns: tuple[str, str], rule: str, flags: pa.Array) -> Iterator[Broken]:
    rows = _rows(flags)
    if len(rows):
        yield Broken(columns, rule, rows)


def _rows(flags: Any) -> NDArray[np.int64]:  # noqa: ANN401 - an Arrow array
    return np.flatnonzero(np.asarray(pc.fill_null(flags, fill_value=False), dtype=np.bool_))
