"""Newline-delimited JSON: one object a line, its members typed as they stand.

Columns are typed, as those of GeoJSON are: numbers, truth values, text and lists of text; values
of several types in one column become text. Any other nested value is kept as the JSON that it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from geo_match.errors import FileError
from geo_match.intake.faults import Rejection, counted, shown
from geo_match.intake.readers.json_columns import JsonColumns
from geo_match.intake.readers.table import Lines, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geo_match.intake.readers.json_columns import Json

MAX_BYTES = 1 << 29
"""Largest NDJSON text that is read, bytes: as Python values it takes several times as much."""

MAX_LINE_BYTES = 1 << 24
"""Longest line that is read, bytes."""

_BOM = b"\xef\xbb\xbf"
_REMEDY = "Mend or remove the line: each is one JSON object, complete in itself."


def read_ndjson(path: Path) -> Table:
    """Read a file of JSON objects, one a line; a row's number is its line's.

    A line that is no such object is a fault; blank lines are passed over.

    Raises
    ------
    FileError
        If the file is larger than `MAX_BYTES`, no text in UTF-8, has a line longer than
        `MAX_LINE_BYTES` or too many different members, or holds GeoJSON features.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise FileError(
            path,
            f"be at most {MAX_BYTES >> 20} MiB of NDJSON",
            f"{size >> 20} MiB",
            "Split it into several files: each line is complete in itself.",
        )
    columns = JsonColumns(path)
    row: list[int] = []
    faults: list[Rejection] = []
    broken: dict[int, tuple[str, ...]] = {}
    n_blank = 0
    for number, text in ndjson_lines(path):
        if not text.strip():
            n_blank += 1
            continue
        try:
            members = ndjson_object(text)
        except ValueError as error:
            faults.append(
                Rejection(number, "(whole line)", shown(text.strip()), str(error), _REMEDY)
            )
            broken[number] = (text.strip(),)
            continue
        if not row and members.get("type") == "Feature" and "geometry" in members:
            raise FileError(
                path,
                "hold a plain object a line",
                "GeoJSON features",
                "Save it as one GeoJSON FeatureCollection that ends in .geojson.",
            )
        columns.add((name, _flat(value)) for name, value in members.items())
        row.append(number)
    return Table(
        path,
        np.array(row, dtype=np.int64),
        columns.table(),
        faults=tuple(faults),
        warnings=(f"passed over {counted(n_blank, 'blank line')}",) if n_blank else (),
        broken=broken,
        lines=Lines(0),
    )


def table_of_object(members: Mapping[str, Json], source: Path) -> Table:
    """Return one object as the table that a file with it alone is read as.

    Parameters
    ----------
    members
        As `ndjson_object` gives them.
    source
        What stands for the file in messages.
    """
    columns = JsonColumns(source)
    columns.add((name, _flat(value)) for name, value in members.items())
    return Table(source, np.array([1], dtype=np.int64), columns.table(), lines=Lines(0))


def ndjson_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each line of a file with its number from 1.

    Raises
    ------
    FileError
        If a line is longer than `MAX_LINE_BYTES`, or no text in UTF-8.
    """
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) > MAX_LINE_BYTES:
                raise FileError(
                    path,
                    f"have lines of at most {MAX_LINE_BYTES >> 20} MiB",
                    f"a longer line {number:,}",
                    "Write each object on a line of its own; a JSON array is no NDJSON.",
                )
            if number == 1:
                line = line.removeprefix(_BOM)
            try:
                text = line.decode()
            except UnicodeDecodeError:
                text = "\0"
            if "\0" in text:
                raise FileError(
                    path,
                    "be text in UTF-8",
                    f"other bytes in line {number:,}",
                    "Save it anew as UTF-8: NDJSON has no other encoding.",
                )
            yield number, text


def ndjson_object(text: str) -> dict[str, Json]:
    """Return the object that a line holds.

    Raises
    ------
    ValueError
        If it holds none, with the rule that it breaks.
    """
    try:
        value = json.loads(text, object_pairs_hook=_different, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("must not be nested so deeply") from None
    except json.JSONDecodeError as error:
        raise _NoObjectError("must be one JSON object", error.msg) from None
    except _NoObjectError:
        raise
    except ValueError:  # Python's limit to the digits of a whole number
        raise ValueError("must not have a number of thousands of digits") from None
    if not isinstance(value, dict):
        raise ValueError("must be one JSON object")  # noqa: TRY004 - a file's fault, not a type's
    if "\\u" in text:
        whole = json.dumps(value, ensure_ascii=False).replace(r"\\", "")
        if r"\u0000" in whole or any("\ud800" <= letter <= "\udfff" for letter in whole):
            raise ValueError("must hold text only, no NUL and no half of a surrogate pair")
    return value


class _NoObjectError(ValueError):
    """A rule that a line breaks, and in brackets how."""

    def __str__(self) -> str:
        """Say it as `Rejection.rule` does."""
        rule, *how = self.args
        return f"{rule} ({how[0]})" if how else str(rule)


def _different(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _NoObjectError("must not have two members of one name")
    return members


def _no_constant(name: str) -> NoReturn:
    raise _NoObjectError("must be one JSON object", f"which has no {name}")


def _flat(value: Json) -> Json:
    """Return a value that needs no nested column: lists of text stay, else nesting is text."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
