r"""Coverage as a workbook for people: a sheet a table, headers in Chinese and English.

The header is one row, 中文 above the column's name in one cell, so that filters and pivot tables
take it: `pandas.read_excel(path, sheet_name="社区 community")` reads it, and the column's name is
what stands behind the line break (`dtype={"代码\ncode": str}` keeps codes as text). The first sheet
says whether the figures are internal, what was asked and what each column means. A null is an
empty cell, never 0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match.coverage.release import INTERNAL, PUBLISHED
from geo_match.exchange.coverage.content import SUPPLY
from geo_match.exchange.coverage.flat import without_outlines
from geo_match.exchange.coverage.table_names import chinese_table
from geo_match.exchange.coverage_columns.columns import find_column, header, known_columns
from geo_match.exchange.xlsx import text_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geo_match.exchange.coverage.content import Content
    from geo_match.exchange.coverage_columns.column import Column, Form

ABOUT: Final = "说明 about"
"""The first sheet."""
RELEASES: Final = {INTERNAL: "内部资料 internal", PUBLISHED: "可公开 published"}
"""What stands at the top of the first sheet."""

_NOT_IN_SHEETS: Final = re.compile(r"[\[\]:*?/\\]")
_MOST_OF_SHEET: Final = 31
_FORMATS: Final[dict[Form, str]] = {
    "count": "#,##0",
    "share": "0.0%",
    "number": "0.000",
    "metres": "#,##0",
    "degrees": "0.000000",
}
_NARROW, _WIDE, _WIDER, _WIDEST = 14.0, 26.0, 44.0, 60.0
_HEADER_HEIGHT: Final = 48.0
_LABELS: Final = ("kind", "code", "name")
_RED, _GREEN, _GREY = "C00000", "1F7A3D", "F2F2F2"
_KEPT_BACK: Final = (
    "空白：数字已隐去（也可能为0），或没有数据。",
    "An empty cell: a figure that is kept back, which may be 0 too, or none.",
)
_EMPTY: Final = ("空白：没有数据，不是0。", "An empty cell: there is no figure. It is not 0.")


def write_workbook(path: Path, content: Content, target: Path) -> None:
    """Write an .xlsx workbook.

    Parameters
    ----------
    path
        Where to write.
    content
        What to write.
    target
        What the file will be called, for messages.

    Raises
    ------
    FileError
        If a text is longer than a cell can hold.
    """
    from openpyxl import Workbook  # type: ignore[import-untyped] # noqa: PLC0415 - takes a while

    workbook = Workbook(write_only=True)
    release = RELEASES[content.release]
    workbook.properties.title = release
    workbook.properties.category = release
    workbook.properties.creator = "geo_match"
    frames = {
        name: without_outlines(frame) for name, frame in content.layers().items() if name != SUPPLY
    }
    titles = _titles(list(frames))
    try:
        _write_about(workbook.create_sheet(ABOUT), content, frames, titles, target)
        for name, frame in frames.items():
            sheet = workbook.create_sheet(titles[name])
            sheet.oddHeader.center.text = release  # on each printed page
            _write_table(sheet, frame, target)
        workbook.save(path)
    except BaseException:
        for sheet in workbook.worksheets:
            sheet.close()  # else its generator is left to complain of it
        raise


def _titles(names: Sequence[str]) -> dict[str, str]:
    """Return the titles of sheets, all different, as long as Excel lets them be."""
    found: dict[str, str] = {}
    taken = {ABOUT.casefold()}
    for name in names:
        chinese = chinese_table(name) or chinese_table(name.partition(" by ")[0])
        whole = name if chinese is None else f"{chinese} {name}"
        plain = _NOT_IN_SHEETS.sub("_", whole).strip("'") or "_"
        title, number = plain[:_MOST_OF_SHEET], 1
        while title.casefold() in taken:
            number += 1
            end = f" {number}"
            title = plain[: _MOST_OF_SHEET - len(end)] + end
        taken.add(title.casefold())
        found[name] = title
    return found


def _write_about(
    sheet: Any,  # noqa: ANN401 - openpyxl has no types
    content: Content,
    frames: dict[str, pd.DataFrame],
    titles: dict[str, str],
    target: Path,
) -> None:
    from openpyxl.styles import Font  # type: ignore[import-untyped] # noqa: PLC0415 - as above
    from openpyxl.worksheet.properties import (  # type: ignore[import-untyped] # noqa: PLC0415 - as above
        PageSetupProperties,
    )

    for letter, width in zip("ABCDE", (_WIDE, _WIDE, _WIDER, _WIDEST, _WIDEST), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes
    colour = _RED if content.release == INTERNAL else _GREEN
    banner = text_cell(sheet, RELEASES[content.release], target)
    banner.font = Font(bold=True, size=18, color=colour)
    sheet.append([banner])
    lines: list[tuple[str, ...]] = [("release", content.release)]
    if content.date:
        lines.append(("数据日期 date", content.date))
    lines.extend(content.asked)
    lines.append(_EMPTY if content.release == INTERNAL else _KEPT_BACK)
    lines.append(())
    lines.append(("工作表 sheet", "行数 rows"))
    lines.extend((titles[name], f"{len(frame):,}") for name, frame in frames.items())
    lines.append(())
    lines.append(("列 column", "中文 Chinese", "单位 unit", "含义", "meaning"))
    for one in known_columns(frames.values()):
        unit = f"{one.chinese_unit} {one.unit}".strip()
        lines.append((one.name, one.chinese, unit, one.chinese_meaning, one.meaning))
    for line in lines:
        sheet.append([text_cell(sheet, text, target) for text in line])


def _write_table(sheet: Any, frame: pd.DataFrame, target: Path) -> None:  # noqa: ANN401 - as above
    from openpyxl.styles import (  # noqa: PLC0415 - as above
        Alignment,
        Font,
        PatternFill,
    )
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped] # noqa: PLC0415 - too

    names = [str(name) for name in frame.columns]
    left = [place for place, name in enumerate(names) if name in _LABELS]
    frozen = len(left) if left == list(range(len(left))) else 0
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    last = get_column_letter(max(1, len(names)))
    sheet.auto_filter.ref = f"A1:{last}{len(frame) + 1}"
    sheet.row_dimensions[1].height = _HEADER_HEIGHT
    heads, beside = [], set(names)
    for place, name in enumerate(names, start=1):
        wide = name in {"id", "code", "name"}
        sheet.column_dimensions[get_column_letter(place)].width = _WIDE if wide else _NARROW
        head = text_cell(sheet, header(name, beside), target)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor=_GREY)
        head.alignment = Alignment(wrap_text=True, vertical="top")
        heads.append(head)
    sheet.append(heads)
    columns = [
        _cells(sheet, frame[name], find_column(str(name), beside), target) for name in frame.columns
    ]
    for cells in zip(*columns, strict=True):
        sheet.append(cells)


def _cells(
    sheet: Any,  # noqa: ANN401 - as above
    column: pd.Series,
    known: Column | None,
    target: Path,
) -> Iterator[Any]:
    """Yield the cells of a column, numbers with the format of their kind."""
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped] # noqa: PLC0415 - as above

    form = None if known is None else _FORMATS.get(known.form)
    # A weighted sum of people may be no whole number: it is shown as it is.
    is_float = pd.api.types.is_float_dtype(column.dtype)
    if known is not None and known.form == "count" and is_float:
        form = "#,##0.###"
    missing = column.isna().to_numpy()
    for value, is_missing in zip(column, missing, strict=True):
        if is_missing:
            yield None
        elif isinstance(value, str):
            yield text_cell(sheet, value, target) if value else None
        elif isinstance(value, bool | np.bool_):
            yield bool(value)
        elif isinstance(value, int | float | np.number):
            cell = WriteOnlyCell(sheet, value.item() if isinstance(value, np.number) else value)
            if form is not None:
                cell.number_format = form
            yield cell
        else:
            yield text_cell(sheet, str(value), target)
