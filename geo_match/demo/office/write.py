"""Lists as files: CSV as spreadsheets save it in Chinese offices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.demo.office._text import TEXT, Text

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from geo_match.demo.office.draw import Office

ENCODING: Final = "gb18030"
LABELS_FILE: Final = "defects.csv"
_END: Final = "\r\n"
_ROWS: Final = 1 << 16
_SPECIAL: Final = '[,"\r\n]'


def write_office(office: Office, folder: Path) -> None:
    """Write each list to a file of its name: GB18030, CRLF, quotes only where they are needed.

    The labels are written beside them as `LABELS_FILE`, in UTF-8: no office sends that.

    Parameters
    ----------
    office
        What `draw_office` drew.
    folder
        Where; it is made if it is not there, and files of these names are replaced.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, cells in office.lists.items():
        _write_list(cells, folder / name, ENCODING)
    _write_list(office.defects.astype("str"), folder / LABELS_FILE, "utf-8")


def _write_list(cells: pd.DataFrame, path: Path, encoding: str) -> None:
    columns = [pa.chunked_array(pa.array(cells[name])) for name in cells]
    with path.open("wb") as file:
        file.write((",".join(map(str, cells)) + _END).encode(encoding))
        for start in range(0, len(cells), _ROWS):
            lines = _as_lines([column.slice(start, _ROWS) for column in columns])
            file.write("".join(lines.to_pylist()).encode(encoding))


def _as_lines(columns: list[Text]) -> Text:
    separator = pa.scalar(",", TEXT)
    quoted = [_quoted(column) for column in columns]
    lines = pc.binary_join_element_wise(*quoted, separator)
    return pc.binary_join_element_wise(lines, pa.scalar(_END, TEXT), pa.scalar("", TEXT))


def _quoted(text: Text) -> Text:
    special = pc.match_substring_regex(text, _SPECIAL)
    if not pc.any(special).as_py():
        return text
    quote = pa.scalar('"', TEXT)
    doubled = pc.replace_substring(text, '"', '""')
    within = pc.binary_join_element_wise(quote, doubled, quote, pa.scalar("", TEXT))
    return pc.if_else(special, within, text)
