"""One list on its way to records: parsed column by column, placed, and held to its rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.intake.columns import not_used
from geo_match.intake.crs import no_datum
from geo_match.intake.lists._community_areas import read_areas, without_areas
from geo_match.intake.lists._judgement import Judgement
from geo_match.intake.lists._places import (
    RecordPlaces,
    as_column,
    datum_of_crs,
    place_columns,
    place_shapes,
)
from geo_match.intake.lists._repeats import Repeats, find_repeats
from geo_match.intake.lists._rules import judge_pairs
from geo_match.intake.lists.mapping import ColumnMapping, replace_values
from geo_match.intake.values import Context, Fault, parse, parse_composite
from geo_match.intake.values.areas import move_areas
from geo_match.intake.values.cells import STRAY, trimmed
from geo_match.intake.wording import normalised
from geo_match.records.arrow import type_of
from geo_match.records.fields import About, FieldSpec, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.datums import Datum
    from geo_match.intake.findings import Findings
    from geo_match.intake.lists._matching import Columns
    from geo_match.intake.readers.table import Geometry, Table
    from geo_match.intake.values.cells import Column
    from geo_match.records import Record

_GEOMETRY: Final = "geometry"
_EMPTY: Final = "must not be empty"
_OTHER_ID: Final = "must differ from the ids of other records"
_SAYS_WHERE: Final = frozenset({"address", "community", "community_name"})
"""Fields by which a list without coordinates speaks of a place."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What became of a list.

    Parameters
    ----------
    records
        A row a record, faulty ones included.
    good, copies, stale
        Which of them are kept, or repeat others, bool, shape (n,); the rest is rejected.
    rejections, notes, warnings, columns
        As in `geo_match.intake.lists.records_file.RecordsFile`.
    """

    records: pa.Table
    good: NDArray[np.bool_]
    copies: NDArray[np.bool_]
    stale: NDArray[np.bool_]
    rejections: Findings
    notes: Findings
    warnings: tuple[str, ...]
    columns: Mapping[str, str]


class Reading:
    """One list while it is read.

    Parameters
    ----------
    table, kind, model, columns, mapping, context
        The list, and how it is meant.
    """

    def __init__(
        self,
        table: Table,
        kind: str,
        model: type[Record],
        columns: Columns,
        *,
        mapping: ColumnMapping,
        context: Context,
    ) -> None:
        self._table = table
        self._kind = kind
        self._model = model
        self._specs = _specs(model, kind)
        self._columns = columns
        self._mapping = mapping
        self._context = context
        self._n = len(table.row)
        self._values: dict[str, Column] = {}
        self._shaped: dict[str, str] = {}
        self._warnings = list(table.warnings)
        self._judgement = Judgement(
            table.row, {name: table.columns.column(name) for name in table.columns.column_names}
        )

    def finish(self, datum: Datum | None) -> Outcome:
        """Judge everything, and return what became of it."""
        self._parse_composites()
        self._parse_fields()
        self._parse_flags()
        self._place(datum)
        headers = self._columns.headers() | self._shaped
        judge_pairs(self._values, headers, self._judgement)
        self._look_at_unused()
        all_records = self._records()
        repeats = find_repeats(all_records, self._sound(), self._judgement.rejected)
        rejected = self._reject_clashes(repeats)
        copies, stale = repeats.copies, repeats.stale
        good = ~(rejected | copies | stale)
        return Outcome(
            records=all_records,
            good=good,
            copies=copies,
            stale=stale,
            rejections=self._judgement.rejections(self._table.faults),
            notes=self._judgement.notes(),
            warnings=tuple(self._warnings),
            columns=headers,
        )

    def _column(self, header: str, field: str = "") -> Column:
        column = self._table.columns.column(header)
        texts = self._mapping.values.get(field)
        return replace_values(column, texts) if texts else column

    def _parse_fields(self) -> None:
        context = self._context
        if self._kind == "communities":
            # The list itself says which communities there are, and keeps their codes of before.
            context = replace(context, communities=None)
            self._values["previous_code"] = self._codes_before(context)
        for name, header in self._columns.fields.items():
            spec = self._specs[name]
            # A code of before is meant as it is written.
            known = replace(context, renumbered={}) if name == "previous_code" else context
            parsed = parse(spec, self._column(header, name), known)
            self._judgement.take(header, parsed.faults, parsed.notes)
            self._values[name] = _filled(self._values.get(name), parsed.value)
            if spec.required:
                nothing = _is_null(parsed.value) & ~_at(parsed.faults, self._n)
                remedy = "Give the row one" + (" that no other has." if name == "id" else ".")
                self._judgement.reject(nothing, header, _EMPTY, remedy)
        if "previous_code" in self._columns.fields:
            self._leave_out_own_codes(self._columns.fields["previous_code"])

    def _leave_out_own_codes(self, header: str) -> None:
        """Leave out the codes of before that are those of now, which many lists repeat."""
        before, own = self._values["previous_code"], self._values["id"]
        same = pc.fill_null(pc.equal(before, own), fill_value=False)
        self._judgement.note(
            np.asarray(same.to_numpy(), dtype=np.bool_),
            header,
            "must be another code than the community has now",
            "It was taken for empty.",
        )
        self._values["previous_code"] = pc.if_else(same, pa.scalar(None, pa.string()), before)

    def _codes_before(self, context: Context) -> Column:
        """Return the code that a community had, where the list has it instead of that of now."""
        spec, column = self._specs["id"], self._column(self._columns.fields["id"], "id")
        now = parse(spec, column, context).value
        written = parse(spec, column, replace(context, renumbered={})).value
        return pc.if_else(pc.equal(now, written), pa.scalar(None, pa.string()), written)

    def _parse_composites(self) -> None:
        units = {normalised(header): unit for header, unit in self._model.units.items()}
        for header, names in self._columns.composites.items():
            values, parsed = parse_composite(
                names,
                self._column(header, names[0]),
                unit=units.get(normalised(header)),
                unit_known=names[-1] in self._columns.fields,
            )
            self._judgement.take(header, parsed.faults, parsed.notes)
            self._values |= values

    def _parse_flags(self) -> None:
        for name, choices in self._columns.flags.items():
            flags: dict[str, Any] = {}
            for choice, header in choices.items():
                spec = FieldSpec(header, About(Kind.FLAG, header), "", required=False)
                parsed = parse(spec, self._column(header), self._context)
                self._judgement.take(header, parsed.faults, parsed.notes)
                flags[choice] = parsed.value
            self._values[name] = _choices_of(flags)

    def _place(self, datum: Datum | None) -> None:
        """Fill `lon`, `lat`, `datum`, `located_by` and `location_accuracy_m`, or `area`."""
        fields, geometry = self._columns.fields, self._table.geometry
        if "lon" not in self._specs:
            return
        if "area" in fields:
            self._move_areas(datum if geometry is None else datum or datum_of_crs(geometry.crs))
        if geometry is not None:
            stated = datum or datum_of_crs(geometry.crs)
            if "area" in self._specs and "area" not in fields:
                area = read_areas(self._table, geometry, datum=stated, judgement=self._judgement)
                self._values["area"] = area
                self._shaped["area"] = _GEOMETRY
                geometry = without_areas(geometry)
            places = self._by_shapes(geometry, stated)
            self._shaped |= {"lon": _GEOMETRY, "lat": _GEOMETRY}
        elif "lon" in fields or "lat" in fields:
            places = self._by_columns(datum)
        else:
            if not _SAYS_WHERE.isdisjoint(fields):
                self._warnings.append(
                    "there are no coordinates: no record has a place of its own yet"
                )
            return
        located = ~np.isnan(places.lon)
        self._values |= {"lon": as_column(places.lon), "lat": as_column(places.lat)}
        if "datum" not in self._specs:
            return
        self._values["datum"] = pa.chunked_array([pa.array(places.datum, type=pa.string())])
        found = pa.chunked_array([pa.array(np.where(located, "given", "none"), type=pa.string())])
        self._values["located_by"] = _filled(self._values.get("located_by"), found)
        self._values["location_accuracy_m"] = _filled(
            self._values.get("location_accuracy_m"), as_column(places.rounded_m)
        )

    def _move_areas(self, datum: Datum | None) -> None:
        """Make WGS-84 of the areas that stand as text in a column."""
        areas = self._values["area"]
        if areas.null_count == self._n:
            return
        if datum is None:
            raise no_datum()
        parsed = move_areas(areas, datum)
        self._judgement.take(self._columns.fields["area"], parsed.faults, parsed.notes)
        self._values["area"] = parsed.value

    def _by_columns(self, datum: Datum | None) -> RecordPlaces:
        fields = self._columns.fields
        nothing = pa.chunked_array([pa.nulls(self._n, pa.float64())])
        lon, lat = (
            np.array(self._values.get(name, nothing).to_numpy(), dtype=np.float64)
            for name in ("lon", "lat")
        )
        return place_columns(
            lon,
            lat,
            self._datums(),
            (fields.get("lon", "lon"), fields.get("lat", "lat"), fields.get("datum", "datum")),
            default=datum,
            area=self._context.service_area,
            judgement=self._judgement,
        )

    def _by_shapes(self, geometry: Geometry, datum: Datum) -> RecordPlaces:
        if "lon" in self._columns.fields or "lat" in self._columns.fields:
            self._warnings.append("the shapes say where records are: columns of coordinates do not")
        return place_shapes(
            self._table,
            geometry,
            datums=self._datums(),
            datum_header=self._columns.fields.get("datum", "datum"),
            default=datum,
            area=self._context.service_area,
            judgement=self._judgement,
        )

    def _datums(self) -> NDArray[np.object_]:
        column = self._values.get("datum")
        if column is None:
            return np.full(self._n, None, dtype=object)
        return np.asarray(column.to_pandas().to_numpy(dtype=object, na_value=None), dtype=object)

    def _look_at_unused(self) -> None:
        for header in self._columns.unused:
            column = self._table.columns.column(header)
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                notes = (
                    Fault(one.at, STRAY.rule, "Its column is not used.")
                    for one in trimmed(column)[1]
                )
                self._judgement.take(header, (), notes)
        if self._columns.unused:
            self._warnings.append(not_used(self._columns.unused))

    def _records(self) -> pa.Table:
        arrays = {}
        for name, spec in self._specs.items():
            kind = type_of(spec.about.kind)
            value = self._values.get(name)
            if value is None:
                value = pa.chunked_array([pa.nulls(self._n, kind)])
            default = self._model.model_fields[name].default
            if name == "occupation_version":
                default = self._context.occupations.version
            if not spec.required and default is not None:
                value = pc.fill_null(value, default)
            arrays[name] = value
        return pa.table(arrays)

    def _sound(self) -> NDArray[np.bool_]:
        """Return which rows have an id and a version that can be relied on."""
        sound = ~_is_null(self._values["id"])
        for name in ("id", "version", "updated_at"):
            header = self._columns.fields.get(name)
            if header is not None:
                sound &= ~self._judgement.faulty(header)
        return sound

    def _reject_clashes(self, repeats: Repeats) -> NDArray[np.bool_]:
        self._judgement.reject(
            repeats.strangers,
            self._columns.fields["id"],
            _OTHER_ID,
            "Rows with this id have different names or birth years: look up whose it is, and give "
            "the others their own. If one thing was renamed, remove its older rows.",
        )
        self._judgement.reject(
            repeats.clashes,
            self._columns.fields["id"],
            _OTHER_ID,
            "Another row has this id with other content, and neither is newer: the first of them "
            "counts. Remove this one if that is right; if this one is, correct the first one and "
            "import it with --correct, or give this one a later time of update or an id of its "
            "own.",
        )
        return self._judgement.rejected


def _specs(model: type[Record], kind: str) -> dict[str, FieldSpec]:
    """Return the fields of a kind; the id of a community is its code, and read as one."""
    specs = model.specs()
    if kind == "communities":
        about = replace(specs["id"].about, kind=Kind.COMMUNITY)
        specs["id"] = replace(specs["id"], about=about)
    return specs


def _choices_of(flags: dict[str, Any]) -> Column:
    """Return as lists which flags hold in each row; null where nothing is known of any."""
    n = len(next(iter(flags.values())))
    code = np.zeros(n, dtype=np.int64)
    known = np.zeros(n, dtype=np.bool_)
    for bit, value in enumerate(flags.values()):
        known |= ~_is_null(value)
        code |= np.asarray(pc.fill_null(value, False).to_numpy(), dtype=np.int64) << bit  # noqa: FBT003 - a value, not a flag
    # Few combinations occur: each is written once.
    table = [
        [choice for bit, choice in enumerate(flags) if combination >> bit & 1]
        for combination in range(1 << len(flags))
    ]
    lists = pa.array(table, type=pa.list_(pa.string()))
    return pa.chunked_array([lists.take(pa.array(code, mask=~known))])


def _filled(first: Column | None, second: Column) -> Column:
    """Return a column with its gaps filled from another."""
    return second if first is None else pc.coalesce(first, second)


def _is_null(column: Column) -> NDArray[np.bool_]:
    return np.array(pc.is_null(column).to_numpy(), dtype=np.bool_)


def _at(faults: tuple[Fault, ...], n: int) -> NDArray[np.bool_]:
    mask = np.zeros(n, dtype=np.bool_)
    for one in faults:
        mask[one.at] = True
    return mask
