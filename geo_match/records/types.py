"""The types of fields that several records share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from geo_match import codes, taxonomy
from geo_match.codes import community_code, credit_code, phone
from geo_match.datums import WORDS, Datum
from geo_match.records.clock import CHINA
from geo_match.records.fields import About, Kind

SHORTENED_NUMBER = r"^[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2,3}$"
"""What a spreadsheet makes of a long number that it takes for an amount, such as 3.40302E+17."""
SHORTENED_LONG_NUMBER = r"^[0-9](?:\.[0-9]+)?[Ee]\+0?1[4-7]$"
"""Such a form of a number of 15 to 18 digits, as ID-card numbers and bank cards have."""


def _undamaged(text: str, shortened: str) -> str:
    """Return a text without NUL that is no number in a shortened form, else raise ValueError."""
    if "\0" in text:
        message = "must not hold a NUL character, which no text has"
        raise ValueError(message)
    if re.search(shortened, text):
        message = "must not be a number that a spreadsheet has shortened"
        raise ValueError(message)
    return text


def _undamaged_id(text: str) -> str:
    return _undamaged(text, SHORTENED_NUMBER)


def _undamaged_text(text: str) -> str:
    return _undamaged(text, SHORTENED_LONG_NUMBER)


Id = Annotated[
    str,
    Field(min_length=1, max_length=64),
    AfterValidator(_undamaged_id),
    AfterValidator(codes.check_no_id_card),
]
"""A record's id: any text of its owner's, but never an ID-card number, nor what is left of one."""
Text = Annotated[
    str,
    Field(min_length=1, max_length=2_000),
    AfterValidator(_undamaged_text),
    AfterValidator(codes.check_no_id_card),
]
"""Never empty: what is not known is null. Nor does it hold an ID-card number."""
_BETWEEN_TEXTS = "、,，;；/／|｜。"
_NO_PLUS_NOR_BETWEEN = rf"[^{_BETWEEN_TEXTS}\s+＋]"
# A plus within 3.4E+17 or at the end of C++ and B+ parts nothing.
_PLUS = rf"(?<={_NO_PLUS_NOR_BETWEEN})(?<![0-9][Ee])\s*[+＋]\s*(?={_NO_PLUS_NOR_BETWEEN})"
# A blank is part of many a name; but where both sides end as names of certificates do, two are
# meant, and one name of both would fit no job.
_BLANK = rf"(?<=[证书])[^\S\r\n]+(?={_NO_PLUS_NOR_BETWEEN}+[证书](?:[{_BETWEEN_TEXTS}\s+＋.．]|\Z))"
BLANK_BETWEEN_TEXTS = re.compile(_BLANK)
"""A blank that parts texts: 健康证 驾驶证, but not 电工 高级."""
_TEXT_SEPARATOR = re.compile(rf"[{_BETWEEN_TEXTS}\r\n]|{_PLUS}|{_BLANK}")


def texts_in(written: str) -> list[str]:
    """Return the texts that a list in one text names, each of them once.

    They are parted by 、 , ; / | or 。, by the ends of lines, by a plus between two of them and by
    a blank where both sides end in 证 or 书. Both who asks for certificates and who holds them
    write them so: 电工证、焊工证.

    Parameters
    ----------
    written
        As it was written; full-width signs part as well.

    Returns
    -------
    list of str
        In their order, without white space around them or a full stop at their end; empty where
        nothing is named.

    Examples
    --------
    >>> texts_in("电工证、焊工证。"), texts_in("健康证 驾驶证"), texts_in("C++ 程序员")
    (['电工证', '焊工证'], ['健康证', '驾驶证'], ['C++ 程序员'])
    """
    parts = (_without_stop(part.strip()) for part in _TEXT_SEPARATOR.split(written))
    return list(dict.fromkeys(part for part in parts if part))


def _without_stop(text: str) -> str:
    """Return a text without the full stops and white space at its end."""
    end = len(text)
    while end and (text[end - 1] in ".．" or text[end - 1].isspace()):
        end -= 1
    return text[:end]


def _parted(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(texts_in("、".join(texts)))


_HAS_A_CHARACTER = rf"[^{_BETWEEN_TEXTS}\s+＋.．]"
"""A text that has one which parts nothing: so at least one text is left of it."""
Texts = Annotated[
    tuple[
        # Twice: pydantic's schema leaves out a pattern that is checked after functions, as here.
        Annotated[
            Text, Field(pattern=_HAS_A_CHARACTER, json_schema_extra={"pattern": _HAS_A_CHARACTER})
        ],
        ...,
    ],
    AfterValidator(_parted),
    Field(
        description=f"Texts that hold one of {_BETWEEN_TEXTS} or a line break are parted there, as "
        "at a + between two of them, and at a blank where both sides end in 证 or 书. White space "
        "around them and a full stop at their end go; of equal ones the first stays."
    ),
]
"""Several texts, none of them twice or with a separator in it; an empty tuple for none."""
Day = dt.date
_OFFSET = CHINA.utcoffset(None)


def _by_chinas_clock(moment: dt.datetime) -> dt.datetime:
    """Return a moment without its zone, so that any two can be compared, else raise ValueError."""
    offset = moment.utcoffset()
    if offset is None:
        return moment
    try:  # in one step: by way of UTC the first and the last hours of China's calendar are lost
        return moment.replace(tzinfo=None) + (_OFFSET - offset)
    except OverflowError:
        message = "must be a moment of the years 1 to 9999 by China's clock (UTC+8), too"
        raise ValueError(message) from None


Moment = Annotated[
    dt.datetime,
    AfterValidator(_by_chinas_clock),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$",
            "examples": ["2025-03-01T09:30:00"],
        }
    ),
]
"""By China's clock (UTC+8), kept without a zone; RFC 3339's date-time would want one."""

# The patterns are those of the codes as they are kept: the checks take more forms of writing.
CommunityCode = Annotated[
    str,
    AfterValidator(codes.check_community_code),
    Field(json_schema_extra={"pattern": community_code.PATTERN, "examples": ["340302001001"]}),
]
CreditCode = Annotated[
    str,
    AfterValidator(codes.check_credit_code),
    Field(json_schema_extra={"pattern": credit_code.PATTERN, "examples": ["91340399M00000019G"]}),
]
Phone = Annotated[
    str,
    AfterValidator(codes.check_phone),
    Field(json_schema_extra={"pattern": phone.PATTERN, "examples": ["0552-3012345"]}),
]
Occupation = Annotated[
    str,
    AfterValidator(_undamaged_text),
    AfterValidator(codes.check_no_id_card),
    AfterValidator(taxonomy.check_occupation),
    Field(json_schema_extra={"minLength": 1, "maxLength": 64}),
]
Industry = Annotated[
    str,
    AfterValidator(taxonomy.check_industry),
    Field(json_schema_extra={"pattern": taxonomy.INDUSTRY_PATTERN, "examples": ["H"]}),
]
Education = Literal["primary", "junior", "senior", "vocational", "college", "bachelor", "master"]
Shift = Literal["day", "evening", "night", "any"]
JobType = Literal["ordinary", "flexible", "public_welfare", "traineeship"]
Status = Literal[
    "employed",
    "flexible",
    "registered_unemployed",
    "unemployed",
    "studying",
    "retired",
    "incapable",
    "not_seeking",
    "under_age",
]
CloseReason = Literal[
    "hired",
    "self_employed",
    "stable_income",
    "retired",
    "incapable",
    "studying",
    "serving",
    "imprisoned",
    "moved_away",
    "refused",
    "no_contact",
    "died",
    "other",
]
LocatedBy = Literal["given", "site", "gazetteer", "community_area", "none"]

SHIFT_WORDS = {
    "day": "白班 日班 长白班 正常班",
    "evening": "晚班 中班",
    "night": "夜班",
    "any": "不限 均可 倒班",
}
JOB_TYPE_WORDS = {
    "ordinary": "普通岗位 普通 全职",
    "flexible": "灵活就业 灵活 兼职 临时",
    "public_welfare": "公益性岗位 公益岗位 公益岗",
    "traineeship": "就业见习岗位 就业见习 见习岗位 见习",
}
STATUS_WORDS = {
    "employed": "就业 在业 单位就业 已就业",
    "flexible": "灵活就业",
    "registered_unemployed": "登记失业",
    "unemployed": "失业 未就业",
    "studying": "在学 学生 在校",
    "retired": "退休",
    "incapable": "无劳动能力 丧失劳动能力",
    "not_seeking": "无就业意愿 不求职",
    "under_age": "未成年 未达劳动年龄",
}
CLOSE_REASON_WORDS = {
    "hired": "已就业 就业 被用人单位录用 单位就业 单位录用",
    "self_employed": "自主创业 创业 从事个体经营 个体经营 自主就业",
    "stable_income": "有稳定收入 已有稳定收入",
    "retired": "退休 达到退休年龄 已享受养老保险待遇 享受养老保险待遇",
    "incapable": "无劳动能力 丧失劳动能力 完全丧失劳动能力",
    "studying": "入学 升学 在学",
    "serving": "入伍 参军 服兵役",
    "imprisoned": "服刑 收监 被判刑收监执行",
    "moved_away": "已搬离 搬离 迁出 外迁 移居境外",
    "refused": "拒绝服务 拒绝接受服务 终止就业要求 拒绝接受公共就业服务",
    "no_contact": "六个月未联系 连续6个月未联系 连续六个月未联系 失联 长期未联系",
    "died": "死亡 已死亡 去世",
    "other": "其他 其它",
}
EDUCATION_WORDS = {
    "primary": "小学 小学及以下 文盲",
    "junior": "初中 初中及以下",
    "senior": "高中",
    "vocational": "中专 技校 职高 中职 中专/技校 中专/职高",
    "college": "大专 专科 高职",
    "bachelor": "本科 大学本科 大学 本科及以上",
    "master": "硕士 研究生 博士 硕士及以上 研究生及以上",
}

Lon = Annotated[
    float | None,
    About(Kind.LON, "经度", "lng long longitude 东经"),
    Field(ge=-180, le=180, description="Longitude, degrees, WGS-84; null where not located."),
]
Lat = Annotated[
    float | None,
    About(Kind.LAT, "纬度", "latitude 北纬"),
    Field(ge=-90, le=90, description="Latitude, degrees, WGS-84; null where not located."),
]
OriginDatum = Annotated[
    Datum | None,
    About(Kind.DATUM, "坐标系", "坐标系统 坐标类型 坐标基准 crs", dict[str, str](WORDS.items())),
    Field(description="Datum in which the place was given; null where none was."),
]
Accuracy = Annotated[
    float | None,
    About(Kind.NUMBER, "定位精度(米)", "定位精度 精度 accuracy_m"),
    Field(ge=0, le=200_000, description="How well the place is known, metres; null where unknown."),
]
Located = Annotated[
    LocatedBy,
    About(
        Kind.CHOICE,
        "定位方式",
        "",
        {"given": "", "site": "", "gazetteer": "", "community_area": "", "none": ""},
    ),
    Field(description="How the place was found."),
]
Address = Annotated[
    Text | None,
    About(Kind.TEXT, "地址", "详细地址 住址 家庭住址 居住地址 单位地址 工作地址"),
    Field(description="Address."),
]
CommunityOf = Annotated[
    CommunityCode | None,
    About(Kind.COMMUNITY, "社区代码", "社区编码 所属社区代码 community_code"),
    Field(description="Code of the community, 12 digits, as the national list has it now."),
]
CommunityName = Annotated[
    Text | None,
    About(Kind.TEXT, "社区名称", "社区 所属社区 村（社区） 村居"),
    Field(description="Its name as the source writes it."),
]
UpdatedAt = Annotated[
    Moment | None,
    About(Kind.MOMENT, "更新时间", "更新日期 修改时间 updated_on last_updated"),
    Field(
        description="When this version was made, China's clock; later ones replace earlier ones."
    ),
]
Version = Annotated[
    int | None,
    About(Kind.WHOLE, "版本", "版本号"),
    Field(ge=0, description="Number of this version; it counts before `updated_at`."),
]
OccupationVersion = Annotated[
    Text,
    About(Kind.TEXT, "职业分类版本", ""),
    Field(description="Edition of the standard that the occupation's code belongs to."),
]
IndustryVersion = Annotated[
    Text,
    About(Kind.TEXT, "行业分类版本", ""),
    Field(description="Edition of the standard that the industry's code belongs to."),
]
Remark = Annotated[
    Text | None, About(Kind.TEXT, "备注", "说明 note remarks"), Field(description="Remark.")
]
