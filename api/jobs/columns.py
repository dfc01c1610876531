"""Which column of a file holds what about its jobs: found by the names people use.

| field | meaning | where it is missing |
|---|---|---|
| `title` | title of the job | null |
| `vacancies` | whole number of people sought, 0 to 1,000,000 | null, counted as unstated |
| `filled` | how many of them are found already; the rest is served as vacancies | none found |
| `employer` | name of the employer | null |
| `site_id` | id of the site, repeated by jobs at one site | the row's id |
| `site_name` | name of the site | null |
| `licence` | whether the employer's licence is verified | every row is served |
| `invented` | whether the row is invented, as in a demonstration | null |

A row whose `licence` says anything but verified is withheld: a posting reaches nobody before its
employer's licence was verified. So is one whose vacancies are all filled. Each field is found by
its own name or another common one, Chinese or English, as `COMMON_NAMES` lists them; case, white
space and the width of characters do not matter. Two columns that could both be one field are an
error, never a choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo_match.errors import ColumnError
from geo_match.intake.columns import find_column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# In each tuple the sets stand in order of preference: a later one counts only if no earlier does.
# A name is written as `find_column` compares it, in lower case and without white space.
COMMON_NAMES: Mapping[str, tuple[frozenset[str], ...]] = MappingProxyType(
    {
        "title": (
            _names(
                "title jobtitle job_title 职位 职位名称 岗位 岗位名称 职务 职务名称 工种 工种名称 "
                "招聘岗位 招聘岗位名称 招聘职位 招聘职位名称 需求岗位 需求工种"
            ),
            _names("job position"),
        ),
        "vacancies": (
            _names(
                "vacancies vacancy openings headcount 人数 招聘人数 需求人数 用工人数 缺工人数 "
                "招工人数 岗位数 岗位数量 岗位人数 职位数 职位数量 招聘数 招聘数量 需求数 需求数量 "
                "空缺 空缺数 空缺岗位数 空岗数 缺工数"
            ),
        ),
        "employer": (
            _names(
                "employer employer_name employername company company_name companyname "
                "单位 单位名称 企业 企业名称 公司 公司名称 用人单位 用人单位名称 招聘单位 "
                "招聘单位名称 招聘企业 招聘企业名称 用工单位 用工单位名称 用工企业 雇主"
            ),
        ),
        "site_id": (
            _names("site_id siteid 网点编号 网点id 网点代码 地点编号 地点id 站点编号 站点id"),
        ),
        "site_name": (
            _names(
                "site_name sitename site workplace work_place 网点 网点名称 地点 地点名称 "
                "工作地点 工作地点名称 站点 站点名称"
            ),
            _names("name 名称"),
        ),
        "filled": (_names("filled 已招人数 到岗人数 已到岗人数"),),
        "licence": (
            _names(
                "employer_licence employer_license licence license 执照核验 营业执照核验 "
                "执照是否核验 资质核验"
            ),
        ),
        "invented": (_names("invented 虚构"),),
    }
)
VERIFIED = _names("verified true yes 1 是 已核验 已验证 有效")
"""What a cell of `licence` may say of a verified one; case does not matter."""
YES = _names("true yes 1 是")
"""What a cell of `invented` says of an invented row."""
_OPTIONAL = ("filled", "licence", "invented")
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class JobColumns:
    """What each column of a file is used as.

    Parameters
    ----------
    used
        Names of columns by their field; a field that the file does not have is not there.
    unused
        The other columns, those of ids and coordinates aside.
    """

    used: Mapping[str, str]
    unused: tuple[str, ...]

    def __str__(self) -> str:
        """Say in one sentence what is used as what, what is missing and what is not used."""
        used = [
            field if field == name else f"{name} as {field}" for field, name in self.used.items()
        ]
        parts = {
            "columns used": used,
            "not in the file": [
                field for field in COMMON_NAMES if field not in (*self.used, *_OPTIONAL)
            ],
            "not used": _shortened(self.unused),
        }
        said = "; ".join(f"{what}: {', '.join(names)}" for what, names in parts.items() if names)
        return " ".join(said.split())  # a header may hold a line break


def _shortened(names: Sequence[str]) -> list[str]:
    more = len(names) - _SHOWN
    return [*names] if more <= 1 else [*names[:_SHOWN], f"and {more} more"]


def find_job_columns(path: Path, names: Sequence[str]) -> JobColumns:
    """Find the column of each field.

    Parameters
    ----------
    path
        The file, for messages.
    names
        Its columns without those of ids and coordinates.

    Raises
    ------
    ColumnError
        If several columns could be one field.
    """
    used = {}
    for field, common in COMMON_NAMES.items():
        try:
            found = find_column(
                path, names, wanted=None, common=common, what=f"the jobs' {field}", keyword=None
            )
        except ColumnError as error:
            remedy = "Rename or remove those that are not meant, so that one is left."
            raise ColumnError(error.file, error.rule, error.found, remedy) from None
        if found is not None:
            used[field] = found
    return JobColumns(used, tuple(name for name in names if name not in used.values()))
