"""The data dictionary of all records, Markdown, in English and Chinese, read off the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo_match.records.fields import Kind
from geo_match.records.members import MEMBER_LIST
from geo_match.records.models import RECORDS, Member
from geo_match.records.schema import json_schema, model_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo_match.records.fields import FieldSpec
    from geo_match.records.record import Record

_KINDS: Final = {
    Kind.ID: "id 编号",
    Kind.REFERENCE: "id of another record 其他记录的编号",
    Kind.TEXT: "text 文本",
    Kind.TEXTS: "list of texts 文本列表",
    Kind.WHOLE: "whole number 整数",
    Kind.NUMBER: "number 数值",
    Kind.FLAG: "true or false 是/否",
    Kind.CHOICE: "one of 单选",
    Kind.CHOICES: "any of 多选",
    Kind.DAY: "day 日期",
    Kind.MOMENT: "moment 时间",
    Kind.COMMUNITY: "community code 社区代码",
    Kind.CREDIT_CODE: "credit code 统一社会信用代码",
    Kind.OCCUPATION: "occupation code 职业代码",
    Kind.INDUSTRY: "industry code 行业代码",
    Kind.EDUCATION: "one of 单选",
    Kind.PHONE: "phone number 电话号码",
    Kind.LON: "degrees 度",
    Kind.LAT: "degrees 度",
    Kind.DATUM: "one of 单选",
    Kind.MEMBERS: "list of members 成员列表",
    Kind.AREA: "polygon, WKT 面 (WKT)",
}
_FORMS: Final = {
    Kind.COMMUNITY: "12 digits 12 位数字",
    Kind.CREDIT_CODE: "18 characters 18 位",
    Kind.OCCUPATION: "digits as in 4-01-01, or words 数字或文字",
    Kind.INDUSTRY: "a letter and digits as in F52 门类字母加数字",
    Kind.TEXTS: (
        "separated by 、 , ; / + or line breaks 以 、，；/ + 或换行分隔; "
        "each at most 2000 characters 每项至多 2000 字"
    ),
    Kind.DAY: "as in 2025-03-01",
    Kind.MOMENT: "as in 2025-03-01T09:30:00",
}
"""How values are written whose form is a rule of their own."""
_UNITS: Final = {"_m": "metres 米", "_cny": "CNY 元"}
"""By the ends of the fields' names."""
_INTRODUCTION: Final = """\
# Data dictionary 数据字典

What a record holds. `geo-match import` reads lists whose columns bear any of the headers named \
here; blanks and case do not matter. Missing is null, never a value. Coordinates are WGS-84 once \
they are kept, whatever datum a list is in. No id and no text may hold an ID-card number.

记录包含的字段。导入的表格可使用下列任一表头，空格与大小写不限。缺失即为空值，不用特殊数值代替。\
坐标入库后一律为 WGS-84。编号与文本中不得出现身份证号码。
"""
_HEAD: Final = (
    "field 字段",
    "Chinese 中文名",
    "kind 类型",
    "required 必填",
    "values 取值",
    "meaning 含义",
    "other headers 其他表头",
)


def data_dictionary(kind: str | None = None) -> str:
    """Return the data dictionary of records.

    Parameters
    ----------
    kind
        A key of `RECORDS`, for its chapter alone; None for all kinds, with an introduction.

    Returns
    -------
    str
        Markdown: a chapter a kind, with a table of its fields: name, Chinese name, kind of value,
        whether it is required, what values it may have, its meaning and the headers that mean it.

    Raises
    ------
    ArgumentError
        If there is no such kind.
    """
    if kind is not None:
        return _chapter(kind, model_of(kind))
    chapters = (_chapter(kind, model) for kind, model in RECORDS.items())
    return "\n".join([_INTRODUCTION, *chapters])


def _chapter(kind: str, model: type[Record]) -> str:
    doc = (model.__doc__ or "").strip()
    properties = json_schema(kind)["properties"]
    rows = [_row(spec, model, _longest(properties[spec.name])) for spec in model.specs().values()]
    lines = [f"## `{kind}` · {model.chinese}", "", doc, "", *_table([_HEAD, *rows])]
    if model.composites:
        what = "Columns that give several fields at once, or one in another unit"
        lines += ["", f"{what} 一列含多个字段，或使用其他单位:", ""]
        lines += [
            f"- {'、'.join(headers.split())} → {', '.join(f'`{name}`' for name in names)}"
            for headers, names in model.composites.items()
        ]
    if any(spec.about.kind is Kind.MEMBERS for spec in model.specs().values()):
        lines += ["", *_of_members()]
    return "\n".join([*lines, ""])


def _of_members() -> Iterator[str]:
    """Yield how the members of households are given in a list of their own."""
    yield (
        "`members` may also come in a list with a row a member (家庭成员), imported as "
        "`households`; its headers 家庭成员名册每行一名成员，同样按 `households` 导入，表头为:"
    )
    yield ""
    yield from (f"- `{name}`: {'、'.join(words[1:])}" for name, words in MEMBER_LIST.items())


def _row(spec: FieldSpec, model: type[Record], longest: int | None) -> tuple[str, ...]:
    return (
        f"`{spec.name}`",
        spec.about.chinese,
        _KINDS[spec.about.kind],
        "yes 是" if spec.required else "no 否",
        "; ".join(_values(spec, longest)),
        spec.meaning,
        "、".join(_further_headers(spec, model)),
    )


def _longest(field: Mapping[str, Any]) -> int | None:
    """Return how many characters a field may have, by its JSON Schema; None for no bound."""
    parts = (field, *field.get("anyOf", ()))
    return next((part["maxLength"] for part in parts if "maxLength" in part), None)


def _values(spec: FieldSpec, longest: int | None) -> Iterator[str]:
    """Yield what values a field may have."""
    if spec.about.kind in _FORMS:
        yield _FORMS[spec.about.kind]
    if longest is not None:
        yield f"at most {longest} characters 至多 {longest} 字"
    yield from (unit for end, unit in _UNITS.items() if spec.name.endswith(end))
    for value, words in (spec.about.choices or {}).items():
        yield f"`{value}` {'、'.join(words.split())}".strip()
    if spec.about.kind is Kind.MEMBERS:
        yield ", ".join(f"`{name}`" for name in Member.model_fields)
    if spec.least is not None and spec.most is not None:
        yield f"{spec.least} – {spec.most}"
    elif spec.least is not None:
        yield f"≥ {spec.least}"
    if spec.default is not None:
        yield f"by default 默认 `{spec.default}`"


def _further_headers(spec: FieldSpec, model: type[Record]) -> Iterator[str]:
    """Yield the headers that mean a field, but for its two names; columns of flags last."""
    yield from spec.about.headers.split()
    yield from (f"{column} (是/否)" for column in model.flags.get(spec.name, {}).values())


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    head, *body = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    yield f"| {head} |"
    yield "|" + " --- |" * len(rows[0])
    yield from (f"| {line} |" for line in body)
