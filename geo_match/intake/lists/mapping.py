"""Which column of a list gives which field: by known headers, and by a mapping for the rest.

A mapping is a TOML file:

    datum = "gcj02"            # of the coordinates, where no column says it

    [columns]
    "户主" = "head_name"       # the list's header = the field
    "内部编码" = ""            # not used

    [values.hukou]
    "居民户" = "urban"         # what the list writes = the value, or "" for nothing
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from geo_match import codes
from geo_match.datums import DATUMS, as_datum
from geo_match.errors import ColumnError, DatumError, FileError
from geo_match.intake.columns import listed
from geo_match.intake.faults import shown
from geo_match.intake.lists._guesses import guess
from geo_match.intake.lists._matching import Columns, match
from geo_match.intake.values.cells import Column, raw_text
from geo_match.intake.wording import normalised
from geo_match.records.schema import model_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.intake.readers.table import Table

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_SHOWN_TEXTS: Final = 40
_MOST_OF_FOUR_DIGITS: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What a mapping file says.

    Parameters
    ----------
    columns
        The field of each header; empty for a column that is not used.
    values
        For each field what texts of the list mean; empty for nothing.
    datum
        Of the coordinates; None if it does not say.
    path
        The file, for messages.
    """

    columns: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _NOTHING)
    datum: str | None = None
    path: str = "mapping"


def read_mapping(path: str | Path, kind: str) -> ColumnMapping:
    """Read a mapping file for records of a kind.

    Raises
    ------
    FileError
        If it cannot be read, is no TOML, or names a field, value or datum that is not there.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        raise FileError(path, "be readable", error.strerror or str(error)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileError(
            path, "be a mapping in TOML", f"something else ({error})", "Save it as UTF-8 text."
        ) from error
    unknown = sorted(set(content) - {"columns", "values", "datum"})
    if unknown:
        raise FileError(path, "hold only `columns`, `values` and `datum`", listed(unknown))
    columns = _texts(path, "columns", content.get("columns", {}))
    values = content.get("values", {})
    if not isinstance(values, dict):
        raise FileError(path, "have tables [values.FIELD]", shown(values))
    mapping = ColumnMapping(
        columns,
        {name: _texts(path, f"values.{name}", table) for name, table in values.items()},
        content.get("datum"),
        str(path),
    )
    check_mapping(mapping, kind)
    return mapping


def check_mapping(mapping: ColumnMapping, kind: str) -> None:
    """Check that a mapping speaks of what records of a kind have.

    Raises
    ------
    FileError
        If it names a field, value or datum that is not there, or a field twice.
    """
    specs = model_of(kind).specs()
    named = [name for name in mapping.columns.values() if name]
    for name in (*named, *mapping.values):
        if name not in specs:
            raise FileError(
                mapping.path,
                f"name fields of {kind}",
                repr(name),
                f"These are: {listed(tuple(specs))}.",
            )
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise FileError(
            mapping.path, "name each field once", f"several columns for {listed(twice)}"
        )
    if mapping.datum is not None:
        try:
            as_datum(mapping.datum)
        except DatumError as error:
            raise FileError(
                mapping.path, f"name a datum of {listed(DATUMS)}", error.found, error.remedy
            ) from None
    for name, texts in mapping.values.items():
        choices = specs[name].about.choices
        if choices is None:
            continue
        wrong = sorted({value for value in texts.values() if value and value not in choices})
        if wrong:
            raise FileError(
                mapping.path,
                f"give `{name}` values of {listed(tuple(choices))}",
                listed(wrong),
            )


def match_columns(table: Table, kind: str, mapping: ColumnMapping) -> Columns:
    """Return which columns of a list give which fields of its records.

    A field's own name and its Chinese name count first, its other headers only where neither is
    there. Case, white space and the width of characters do not matter.

    Raises
    ------
    ColumnError
        If a header could be two fields, two headers one field, a required field has no column,
        or the mapping names a header that is not there.
    """
    columns, missing = match(table, kind, mapping.columns)
    if missing:
        specs = model_of(kind).specs()
        wanted = listed([f"{name} ({specs[name].about.chinese})" for name in missing])
        raise ColumnError(
            table.path,
            f"have a column for each required field of {kind}",
            f"none for {wanted} among the columns {listed(table.columns.column_names)}",
            "Rename the column, or name it in a mapping file:\n\n" + propose(table, kind),
        )
    return columns


def propose(table: Table, kind: str) -> str:
    """Return a mapping file for a list, as TOML: what is known, and what is left to be said.

    What a column of an unknown header may be stands in a comment with the reason, so that nothing
    is read by a guess.
    """
    specs = model_of(kind).specs()
    columns, missing = match(table, kind, {}, strict=False)
    taken = columns.headers()
    lines = [
        f"# How the columns of {table.path.name} become fields of {kind}.",
        "# datum = " + " or ".join(f'"{name}"' for name in DATUMS) + "  # of the coordinates",
        "",
        "[columns]",
    ]
    single = {header: name for name, header in columns.fields.items()}
    for header in table.columns.column_names:
        masked = codes.mask_id_cards(header)
        if masked != header:
            lines.append(f"# {_quoted(masked)} must not hold an ID-card number: rename the column")
        elif header in single:
            lines.append(f"{_quoted(header)} = {_quoted(single[header])}")
        elif header in columns.unused:
            lines.append(f'{_quoted(header)} = ""  # not used: {_example(table, header)}')
            lines += _guessed(table, header, kind, taken)
        else:
            lines.append(f"# {_quoted(header)} is understood by itself")
    lines += ["", "# Fields without a column:"]
    for name, spec in specs.items():
        if name not in taken:
            need = ", required" if name in missing else ""
            lines.append(f"#   {name} ({spec.about.chinese}{need}): {spec.meaning}")
    return "\n".join(lines) + "\n"


def replace_values(column: Column, texts: Mapping[str, str]) -> Column:
    """Return a column with the texts that a mapping explains replaced by what they mean."""
    meant = {normalised(text): value for text, value in texts.items()}
    encoded = pc.dictionary_encode(raw_text(column))
    chunks = []
    for chunk in encoded.chunks:
        values = [meant.get(normalised(text), text) for text in chunk.dictionary.to_pylist()]
        chunks.append(pa.array(values, type=pa.string()).take(chunk.indices))
    return pa.chunked_array(chunks, type=pa.string())


def _texts(path: str | Path, name: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(one, str) for one in table.values()):
        raise FileError(path, f"have texts in [{name}]", shown(table))
    return table


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else _coded(one) for one in escaped) + '"'


def _coded(character: str) -> str:
    """Return a character as TOML writes one that is not seen: four digits, or eight."""
    code = ord(character)
    return f"\\u{code:04x}" if code <= _MOST_OF_FOUR_DIGITS else f"\\U{code:08x}"


def _guessed(table: Table, header: str, kind: str, taken: Mapping[str, str]) -> list[str]:
    """Return what a column may be, as comments below its line."""
    found = guess(table, header, kind, taken)
    if found is None:
        return []
    if not found.fields:
        return [f"#   leave it out: {found.reason}"]
    lines = [f"#   perhaps instead ({found.reason}):"]
    # A column that gives several fields at once is known by its own header.
    headers = [
        one.split()[0]
        for one, names in model_of(kind).composites.items()
        if set(found.fields) & set(names)
    ]
    if headers:
        return [*lines, f"#   call the column {_quoted(headers[0])}"]
    return [*lines, *(f"# {_quoted(header)} = {_quoted(name)}" for name in found.fields)]


def _example(table: Table, header: str) -> str:
    """Return what kind of text stands in a column, without showing anybody's."""
    text = raw_text(table.columns.column(header).slice(0, _SHOWN_TEXTS))
    filled = [one for one in text.to_pylist() if one.strip()]
    return f"{len(filled)} of its first {len(text)} cells are filled"
