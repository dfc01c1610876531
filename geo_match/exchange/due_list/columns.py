"""The columns of a due list's sheet: what a worker reads, and what a worker fills in.

The columns that are filled in, and the ids beside them, have the headers of service records, so
that the sheet is a list of services that `import` knows. No other header is one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo_match.records.people import Service

_SPECS: Final = Service.specs()
_NARROW, _USUAL, _WIDE, _WIDEST = 8.0, 13.0, 24.0, 42.0


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the sheet.

    Parameters
    ----------
    name
        In English; of a column of services the name of the field.
    zh
        Its header in Chinese.
    width
        Characters.
    is_filled
        Whether the worker fills it in.
    """

    name: str
    zh: str
    width: float = _USUAL
    is_filled: bool = False

    def header(self, language: str) -> str:
        """Return its header."""
        return self.zh if language == "zh" else self.name


def _of_service(name: str, width: float = _USUAL, *, is_filled: bool = False) -> SheetColumn:
    return SheetColumn(name, _SPECS[name].about.chinese, width, is_filled)


FIRST: Final = (
    SheetColumn("overdue", "逾期", _NARROW),
    SheetColumn("due_on", "到期日"),
    SheetColumn("days_left", "剩余天数", _NARROW),
    SheetColumn("community_shown", "所在社区", _WIDE),
    SheetColumn("estate", "小区", _WIDE),
    SheetColumn("building", "楼栋", _NARROW),
    SheetColumn("unit", "单元", _NARROW),
    SheetColumn("room", "房号", _NARROW),
    _of_service("person", _WIDE),
    SheetColumn("name", "姓名"),
    SheetColumn("phone", "联系电话", _USUAL),
    SheetColumn("status_shown", "就业状态"),
    SheetColumn("groups_shown", "所属群体", _WIDE),
    SheetColumn("why", "事由", _WIDEST),
    SheetColumn("contact_on", "最近联系"),
    SheetColumn("contact_result_shown", "最近联系结果"),
    SheetColumn("attempts", "此后未联系上次数", _NARROW),
)
"""What stands before the jobs."""
FILLED: Final = (
    _of_service("on", is_filled=True),
    _of_service("kind", is_filled=True),
    _of_service("result", is_filled=True),
    _of_service("next_contact_on", is_filled=True),
    _of_service("job_id", is_filled=True),
    _of_service("remark", _WIDE, is_filled=True),
)
"""What the worker fills in; the day is there already."""
LAST: Final = (
    _of_service("station_id"),
    _of_service("operator_id"),
    SheetColumn("id", _SPECS["id"].about.chinese, _WIDE),
)
"""What goes with it, not to be changed."""
SERVICE_FIELDS: Final = (
    *("id", "person", "on", "kind", "station_id", "operator_id", "result", "job_id"),
    *("next_contact_on", "remark"),
)
"""The fields of a service that a filled sheet gives."""


def job_columns(n: int) -> tuple[SheetColumn, ...]:
    """Return the columns of the jobs to be read aloud."""
    return tuple(
        SheetColumn(f"job_to_read_{one}", f"推荐岗位（读给对方）{one}", _WIDEST)
        for one in range(1, n + 1)
    )


def sheet_columns(n_jobs: int, *, with_doors: bool) -> tuple[SheetColumn, ...]:
    """Return all columns, in their order."""
    first = [one for one in FIRST if with_doors or one.name not in {"unit", "room"}]
    return (*first, *job_columns(n_jobs), *FILLED, *LAST)


def words_of(field: str) -> dict[str, str]:
    """Return what each choice of a field of services is called in Chinese."""
    return {value: said.split()[0] for value, said in (_SPECS[field].about.choices or {}).items()}
