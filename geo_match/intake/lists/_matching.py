"""The columns of a list by the headers that its records' fields are known by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from geo_match import codes
from geo_match.errors import ColumnError
from geo_match.intake.columns import listed
from geo_match.intake.readers.table import columns_of_ours
from geo_match.intake.values.cells import raw_text
from geo_match.intake.wording import normalised
from geo_match.records.schema import model_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.intake.readers.table import Table
    from geo_match.records import FieldSpec, Record


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a list are used, and for what.

    Parameters
    ----------
    fields
        The header of each field that has a column.
    flags
        For fields of several choices, the header of the yes and no of each choice.
    composites
        The fields that the cells of a header give together.
    unused
        The other headers, without those that a mapping leaves out on purpose.
    """

    fields: Mapping[str, str]
    flags: Mapping[str, Mapping[str, str]]
    composites: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]

    def headers(self) -> dict[str, str]:
        """Return for each field the headers that it comes from, several by ", "."""
        headers = dict(self.fields)
        for name, choices in self.flags.items():
            headers[name] = ", ".join(choices.values())
        for header, names in self.composites.items():
            headers |= dict.fromkeys((name for name in names if name not in headers), header)
        return headers


def match(
    table: Table, kind: str, mapped: Mapping[str, str], *, strict: bool = True
) -> tuple[Columns, list[str]]:
    """Return which columns of a list are used, and the required fields without one.

    Parameters
    ----------
    table
        The list.
    kind
        Of its records.
    mapped
        The field of each header that a mapping explains; empty for a column that is not used.
    strict
        Whether to refuse what is ambiguous; else the first column, or field, is taken.

    Raises
    ------
    ColumnError
        If a header could be two fields, two headers one field, or a mapped header is not there.
    """
    model = model_of(kind)
    specs = model.specs()
    ours = columns_of_ours(table.columns.column_names)
    names = [name for name in table.columns.column_names if name not in ours]
    fields: dict[str, str] = {}
    left = dict.fromkeys(names)
    for header, name in mapped.items():
        found = header if header in left else _same(table, header, names)
        left.pop(found, None)
        if name:
            fields[name] = found
    composites = _composites(model, left, fields)
    for tier in (0, 1):
        open_fields = {
            name: spec
            for name, spec in specs.items()
            # The unit of a wage may stand in a column beside it.
            if name not in fields and not any(name in one[:2] for one in composites.values())
        }
        _take(table, open_fields, left, fields, tier=tier, strict=strict)
    _counted_members(table, fields)
    flags = _flags(model, left, fields)
    missing = [name for name, spec in specs.items() if spec.required and name not in fields]
    return Columns(fields, flags, composites, tuple(left)), missing


def _take(
    table: Table,
    specs: Mapping[str, FieldSpec],
    left: dict[str, None],
    fields: dict[str, str],
    *,
    tier: int,
    strict: bool,
) -> None:
    """Give each field the column whose header means it."""
    claims: dict[str, list[str]] = {}
    for name, spec in specs.items():
        meant = {normalised(header) for header in (spec.headers[:2], spec.headers[2:])[tier]}
        found = [header for header in left if normalised(header) in meant]
        if len(found) > 1 and strict:
            raise ambiguous(table, f"`{name}`", "columns", found)
        for header in found[:1]:
            claims.setdefault(header, []).append(name)
    for header, claimed in claims.items():
        if len(claimed) > 1 and strict:
            raise ambiguous(table, f"the column {header!r}", "fields", claimed)
        fields[claimed[0]] = header
        left.pop(header)


def _composites(
    model: type[Record], left: dict[str, None], fields: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Take the columns whose cells give several fields, unless these have columns of their own."""
    specs = model.specs()
    composites: dict[str, tuple[str, ...]] = {}
    for headers, names in model.composites.items():
        meant = [normalised(header) for header in headers.split()]
        own = {
            name
            for name in names[:2]
            if name in fields
            or {normalised(header) for header in specs[name].headers} & set(map(normalised, left))
        }
        if own:
            continue
        found = sorted(
            (header for header in left if normalised(header) in meant),
            key=lambda header: meant.index(normalised(header)),
        )
        for header in found[:1]:
            composites[header] = names
            left.pop(header)
    return composites


def _flags(
    model: type[Record], left: dict[str, None], fields: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Take the columns of yes and no that give one choice each."""
    flags: dict[str, dict[str, str]] = {}
    for name, choices in model.flags.items():
        if name in fields:
            continue
        for choice, column in choices.items():
            header = next((one for one in left if normalised(one) == normalised(column)), None)
            if header is not None:
                flags.setdefault(name, {})[choice] = header
                left.pop(header)
    return flags


def _counted_members(table: Table, fields: dict[str, str]) -> None:
    """Take a column of whole numbers under the header of the members for their number."""
    header = fields.get("members")
    if header is None or "member_count" in fields:
        return
    column = table.columns.column(header)
    if pa.types.is_integer(column.type) or (
        not pa.types.is_nested(column.type)
        and pc.all(pc.match_substring_regex(raw_text(column), r"^\s*[0-9]*\s*$")).as_py()
    ):
        fields["member_count"] = fields.pop("members")


def ambiguous(table: Table, what: str, several: str, found: Sequence[str]) -> ColumnError:
    """Return that several columns, or fields, could be meant by one."""
    return ColumnError(
        table.path,
        f"leave no doubt about {codes.mask_id_cards(what)}",
        f"{len(found)} {several} that could be meant: {listed(found)}",
        'Say under [columns] of a mapping file which it is, and write "" for what is not used.',
    )


def _same(table: Table, header: str, names: Sequence[str]) -> str:
    found = [name for name in names if normalised(name) == normalised(header)]
    if len(found) != 1:
        raise ColumnError(
            table.path,
            f"have the column {codes.mask_id_cards(header)!r} that the mapping names",
            f"the columns {listed(names)}",
        )
    return found[0]
