"""Rows of an office's sheet that are no records: totals, notes under it, its headers once more.

Each is told by what stands in it alone, so that no record is lost for its place in the list:

**A total** has a word for one (合计, 小计, 总计, 共计, 共6户 …) and beside it nothing but
numbers and blanks. With an id of its own it is a record, whatever its name; so it is with a place.
Where the word stands first and there is no name, a number in place of the id (4户) is a sum too.

**A note** says 以下空白 and nothing else, or has nothing but labels that end lists (制表人, 审核人,
填表日期, 注, 说明 …), each with what it says behind a colon or in a cell of its own.

**Headers once more** are cells that say what their columns are called, as where the pages of a
list were pasted together.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match import codes
from geo_match.intake.faults import Rejection, shown
from geo_match.intake.readers.table import columns_of_ours
from geo_match.intake.values.cells import raw_text
from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.intake.lists._matching import Columns
    from geo_match.intake.readers.table import Table
    from geo_match.intake.values.cells import Column

_SHEETS: Final = (".csv", ".xlsx")
"""Formats that people type into: no software writes a total between features."""

_UNIT: Final = "(?:人次|万元|[户人条家个名元岗处行%])?"
_TOTAL: Final = re.compile(
    r"(?:[^\W\x00-\x7f]{0,12}?(?:[合总小共累]计|总合计|总数)|subtotal|grandtotal|total|sum)"
    rf"(?::|:?\(?[\d,.]+{_UNIT}\)?)?"
    r"|共(?:[\d,]+[户人条家个名](?:[,、;]|共)?)+"
)
_END: Final = re.compile(r"[^\w]*以下(?:空白|无正文|无内容|无)[^\w]*")
"""What is written under the last row of a form."""
_DASHES: Final = re.compile(r"[-—/]+")
_AMOUNT: Final = re.compile(
    rf"=.*|[-+]?[\d,]*\.?\d+(?:e[+-]?\d+)?{_UNIT}|{_DASHES.pattern}|无", re.DOTALL
)
_LABEL: Final = re.compile(
    r"(?:(?:制表|填表|填报|填写|审核|复核|审批|核对|统计|录入|经办|报送|上报|负责|联系)"
    r"(?:人|员|单位|部门|日期|时间|说明|电话|负责人|人签字|人签名|人签章|单位\(?盖章\)?)"
    r"|负责人签字|领导签字|签字|签章|盖章|单位\(?(?:盖章|公章)\)?|制表|审核|复核|日期|打印日期|打印时间"
    r"|备?注|说明|附注|注释|数据来源|资料来源|来源)\d{0,2}(?::|[、.](?=\D))(.*)",
    re.DOTALL,
)
_ABOUT_THE_LIST: Final = re.compile(
    r"(?:以上|本表|此表|表中|表内)(?:数据|信息|名单|人员|内容|情况|统计|家庭|单位|岗位|为|由|截[至止]).+",
    re.DOTALL,
)
_MAY_BE_NO_ID: Final = (
    r"^[\s\-—/]*$|计|总数|(?i:total|sum)|\p{Han}.*[:\x{FF1A}、.\x{FF0E}]|以上|本表|此表|表中|表内"
    r"|以\s*下|共"
)
_MAY_BE_ASIDE: Final = r"计|总\s*数|(?i:total|sum)|以\s*下|共"
"""RE2, of what stands first in a row that has an id."""
"""RE2, wider than the expressions above: what it passes over is never looked at one by one."""

_MAY_BE_TEXT: Final = frozenset({"community", "community_name", "street_name", "district_name"})
"""Fields by which a list is grouped: a part's total says which part it is of."""

_CALLED: Final = frozenset({"name", "head_name", "title"})

TOTAL: Final = ("must be a record, not a total", "Remove the row: totals are worked out anew.")
NOTE: Final = (
    "must be a record, not a note under the list",
    "Remove the row: who made a list, when and how is not kept.",
)
HEADERS: Final = (
    "must be a record, not the headers once more",
    "Remove the row: pages of a list need their headers once, in the first row.",
)


def without_asides(table: Table, columns: Columns) -> Table:
    """Return a list with its totals, notes and repeated headers among the faults.

    Rows that could not be split into columns are looked at too: a total is often a merged cell,
    and a note in CSV ends after one cell.

    Parameters
    ----------
    table
        The list; of a format that software writes it is returned as it is.
    columns
        Which of its columns are used for what.
    """
    if table.path.suffix.lower() not in _SHEETS or table.geometry is not None:
        return table
    looks = _Looks(table.columns.column_names, columns)
    at = _doubtful(table, columns.fields["id"])
    found = {
        int(table.row[one]): (fault, cells)
        for one, cells in zip(at.tolist(), _cells(table, at), strict=True)
        if (fault := looks.fault(int(table.row[one]), cells)) is not None
    }
    broken = {
        row: fault
        for row, cells in table.broken.items()
        if (fault := looks.fault(row, cells)) is not None
    }
    if not found and not broken:
        return table
    kept = ~np.isin(table.row, np.array(list(found), dtype=np.int64))
    others = [fault for fault in table.faults if fault.row not in broken]
    faults = [*others, *broken.values(), *(fault for fault, _ in found.values())]
    return replace(
        table,
        row=table.row[kept],
        columns=table.columns.filter(pa.array(kept)),
        faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        broken={**table.broken, **{row: cells for row, (_, cells) in found.items()}},
    )


def _doubtful(table: Table, header: str) -> NDArray[np.int64]:
    """Return the positions of the rows whose id is not there, or hardly one."""
    ids = raw_text(table.columns.column(header))
    doubtful = pc.or_(
        pc.match_substring_regex(ids, _MAY_BE_NO_ID),
        pc.equal(pc.utf8_trim_whitespace(ids), header.strip()),
    )
    first = pc.match_substring_regex(_first_cells(table), _MAY_BE_ASIDE)
    doubtful = pc.or_(doubtful, pc.fill_null(first, pa.scalar(value=False)))
    return np.flatnonzero(np.asarray(doubtful.to_numpy(), dtype=np.bool_)).astype(np.int64)


def _first_cells(table: Table) -> Column:
    """Return what stands first in each row, null in rows where nothing does."""
    first = pa.chunked_array([pa.nulls(len(table.row), pa.string())])
    for column in table.columns.columns:
        if not first.null_count:
            break
        text = raw_text(column)
        is_blank = pc.equal(pc.utf8_trim_whitespace(text), "")
        first = pc.coalesce(first, pc.if_else(is_blank, pa.scalar(None, text.type), text))
    return first


def _cells(table: Table, at: NDArray[np.int64]) -> list[tuple[str, ...]]:
    some = table.columns.take(pa.array(at))
    columns = [raw_text(column).to_pylist() for column in some.columns]
    return list(zip(*columns, strict=True))


class _Looks:
    """What rows of one list look like.

    Parameters
    ----------
    headers
        Of all its columns.
    columns
        Which of them are used for what.
    """

    def __init__(self, headers: Sequence[str], columns: Columns) -> None:
        self._headers = headers
        self._names = [normalised(header) for header in headers]
        ours = columns_of_ours(headers)
        self._own = [header not in ours for header in headers]
        self._id = headers.index(columns.fields["id"])
        fields = {header: name for name, header in columns.fields.items()}
        self._places = {
            at for at, header in enumerate(headers) if fields.get(header) in {"lon", "lat"}
        }
        self._called = {at for at, header in enumerate(headers) if fields.get(header) in _CALLED}
        self._groups = {
            at
            for at, header in enumerate(headers)
            if header in columns.unused or fields.get(header) in _MAY_BE_TEXT
        }

    def fault(self, row: int, cells: Sequence[str]) -> Rejection | None:
        """Return why a row is no record, or None if it may be one."""
        texts = {
            at: normalised(text)
            for at, text in enumerate(cells[: len(self._headers)])
            if self._own[at] and text.strip()
        }
        if not texts:
            return None
        own_id = texts.get(self._id)
        if own_id is not None and _DASHES.fullmatch(own_id):
            own_id = None
        for at, (rule, remedy) in (
            (self._total(texts, own_id), TOTAL),
            (self._note(texts, own_id), NOTE),
            (self._id if self._repeats_headers(texts) else None, HEADERS),
        ):
            if at is not None:
                header = codes.mask_id_cards(self._headers[at])
                return Rejection(row, header, shown(cells[at].strip()), rule, remedy)
        return None

    def _total(self, texts: dict[int, str], own_id: str | None) -> int | None:
        """Return the column in which a total says that it is one."""
        leads = _TOTAL.fullmatch(next(iter(texts.values()))) is not None
        leads = leads and self._called.isdisjoint(texts)
        if own_id is not None and _TOTAL.fullmatch(own_id) is None:
            if not leads or _AMOUNT.fullmatch(own_id) is None:
                return None
            own_id = None
        at = next((at for at, text in texts.items() if _TOTAL.fullmatch(text)), None)
        if at is None or self._places & texts.keys():
            return None
        grouped = self._groups if own_id is None else set()
        rest = (text for other, text in texts.items() if other != at and other not in grouped)
        sums = all(_AMOUNT.fullmatch(text) or _TOTAL.fullmatch(text) for text in rest)
        return at if sums else None

    def _note(self, texts: dict[int, str], own_id: str | None) -> int | None:
        """Return the column in which a note begins."""
        first, *others = texts.items()
        if _END.fullmatch(first[1]) and all(_DASHES.fullmatch(text) for _, text in others):
            return first[0]
        if not others and sum(self._own) > 1 and _ABOUT_THE_LIST.fullmatch(first[1]):
            return first[0]
        before = _LABEL.fullmatch(first[1])
        if before is None or (own_id is not None and _LABEL.fullmatch(own_id) is None):
            return None
        for _, text in others:
            label = _LABEL.fullmatch(text)
            # A label that ends with its colon has its text in the next cell.
            if label is None and (before is None or before[1]):
                return None
            before = label
        return first[0]

    def _repeats_headers(self, texts: dict[int, str]) -> bool:
        if len(texts) == 1 or self._id not in texts:
            return False
        return all(text == self._names[at] for at, text in texts.items())
