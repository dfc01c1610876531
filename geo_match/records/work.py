"""Records of work: who employs, where, for what."""

# No postponed annotations here: pydantic, and with it ruff, reads them as they stand.
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from geo_match import taxonomy
from geo_match.records import types as t
from geo_match.records.fields import About, Kind
from geo_match.records.record import Holds, Placed, Record


class Employer(Record):
    """An employer (经营实体)."""

    chinese: ClassVar[str] = "经营实体"
    holds: ClassVar[Holds | None] = Holds("entered_on")

    id: Annotated[
        t.Id, About(Kind.ID, "单位编号", "企业编号 编号 employer_id"), Field(description="Its id.")
    ]
    name: Annotated[
        t.Text, About(Kind.TEXT, "单位名称", "企业名称 用人单位"), Field(description="Name.")
    ]
    credit_code: Annotated[
        t.CreditCode | None,
        About(Kind.CREDIT_CODE, "统一社会信用代码", "信用代码 社会信用代码"),
        Field(description="Unified social credit code, GB 32100-2015."),
    ] = None
    kind: Annotated[
        Literal["company", "sole_trader", "platform", "public_institution", "village_cooperative"]
        | None,
        About(
            Kind.CHOICE,
            "单位类型",
            "企业类型 主体类型",
            {
                "company": "企业 公司 有限公司",
                "sole_trader": "个体工商户 个体",
                "platform": "平台企业 平台",
                "public_institution": "事业单位 机关事业单位",
                "village_cooperative": "农民专业合作社 合作社",
            },
        ),
        Field(description="Legal kind."),
    ] = None
    industry: Annotated[
        t.Industry | None,
        About(Kind.INDUSTRY, "行业代码", "行业 所属行业"),
        Field(description="Industry, a code of `industry_version`."),
    ] = None
    industry_version: t.IndustryVersion = taxonomy.INDUSTRIES_VERSION
    licence: Annotated[
        Literal["verified", "unverified", "expired"] | None,
        About(
            Kind.CHOICE,
            "营业执照核验",
            "执照核验 资质核验 employer_licence",
            {
                "verified": "已核验 已验证 有效 是",
                "unverified": "未核验 未验证 待核验 否",
                "expired": "已过期 过期 失效",
            },
        ),
        Field(description="State of the licence; only verified ones may reach a seeker."),
    ] = None
    licence_verified_on: Annotated[
        t.Day | None,
        About(Kind.DAY, "核验日期", "执照核验日期"),
        Field(description="Day of that."),
    ] = None
    entered_on: Annotated[
        t.Day | None, About(Kind.DAY, "入驻日期", "入驻时间"), Field(description="Day of entry.")
    ] = None
    phone: Annotated[
        t.Phone | None,
        About(Kind.PHONE, "联系电话", "电话 单位电话"),
        Field(description="Phone number."),
    ] = None
    remark: t.Remark = None


class JobSite(Placed):
    """A place of work (工作地点)."""

    chinese: ClassVar[str] = "工作地点"

    id: Annotated[
        t.Id, About(Kind.ID, "地点编号", "工作地点编号 编号 site_id"), Field(description="Its id.")
    ]
    employer_id: Annotated[
        t.Id | None, About(Kind.REFERENCE, "单位编号", "企业编号"), Field(description="Employer.")
    ] = None
    name: Annotated[
        t.Text | None, About(Kind.TEXT, "地点名称", "工作地点名称"), Field(description="Name.")
    ] = None
    kind: Annotated[
        Literal["street", "centre", "park", "town", "village"] | None,
        About(
            Kind.CHOICE,
            "地点类型",
            "",
            {
                "street": "沿街商铺",
                "centre": "商圈 商业中心 商务楼宇",
                "park": "产业园区 工业园区 园区",
                "town": "乡镇 集镇",
                "village": "村 村庄",
            },
        ),
        Field(description="Kind of place."),
    ] = None
    verified: Annotated[
        bool | None,
        About(Kind.FLAG, "位置是否核验", "位置核验"),
        Field(description="Whether an operator has seen it there."),
    ] = None
    remark: t.Remark = None


class Job(Placed):
    """A posting (招聘信息)."""

    chinese: ClassVar[str] = "招聘信息"
    holds: ClassVar[Holds | None] = Holds("opened_on", until="closed_on")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = (
        ("wage_low_cny", "wage_high_cny"),
        ("age_min", "age_max"),
        ("opened_on", "closed_on"),
    )

    composites: ClassVar[dict[str, tuple[str, ...]]] = {
        "薪资 薪资待遇 工资 工资待遇 薪酬 月薪 月工资 薪资(元/月) 日薪 日工资 薪资(元/天) "
        "时薪 小时工资 薪资(元/小时)": ("wage_low_cny", "wage_high_cny", "wage_unit"),
        "年龄要求 年龄": ("age_min", "age_max"),
    }
    units: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("月薪", "月工资", "薪资(元/月)"), "month"),
        **dict.fromkeys(("日薪", "日工资", "薪资(元/天)"), "day"),
        **dict.fromkeys(("时薪", "小时工资", "薪资(元/小时)"), "hour"),
    }

    id: Annotated[
        t.Id,
        About(Kind.ID, "招聘编号", "岗位编号 职位编号 编号 job_id"),
        Field(description="Its id."),
    ]
    title: Annotated[
        t.Text,
        About(Kind.TEXT, "岗位名称", "职位 职位名称 岗位 招聘岗位 工种"),
        Field(description="Title."),
    ]
    employer_id: Annotated[
        t.Id | None, About(Kind.REFERENCE, "单位编号", "企业编号"), Field(description="Employer.")
    ] = None
    site_id: Annotated[
        t.Id | None, About(Kind.REFERENCE, "地点编号", "工作地点编号"), Field(description="Site.")
    ] = None
    site_name: Annotated[
        t.Text | None, About(Kind.TEXT, "工作地点", "地点名称"), Field(description="Its name.")
    ] = None
    occupation: Annotated[
        t.Occupation | None,
        About(Kind.OCCUPATION, "职业代码", "职业"),
        Field(description="Occupation, a code of `occupation_version`."),
    ] = None
    occupation_version: t.OccupationVersion = taxonomy.OCCUPATIONS_VERSION
    job_type: Annotated[
        t.JobType | None,
        About(Kind.CHOICE, "岗位类型", "用工形式 type", t.JOB_TYPE_WORDS),
        Field(description="Kind of job."),
    ] = None
    education_min: Annotated[
        t.Education | None,
        About(Kind.EDUCATION, "学历要求", "文化程度要求 学历", t.EDUCATION_WORDS),
        Field(description="Least education asked for; null for no demand (不限)."),
    ] = None
    wage_low_cny: Annotated[
        float | None,
        About(Kind.NUMBER, "最低薪资", "最低工资"),
        Field(ge=0, le=1_000_000, description="Least pay, CNY a `wage_unit`."),
    ] = None
    wage_high_cny: Annotated[
        float | None,
        About(Kind.NUMBER, "最高薪资", "最高工资"),
        Field(ge=0, le=1_000_000, description="Greatest pay, CNY a `wage_unit`."),
    ] = None
    wage_unit: Annotated[
        Literal["month", "day", "hour"] | None,
        About(
            Kind.CHOICE,
            "薪资单位",
            "",
            {"month": "月 元/月", "day": "天 日 元/天", "hour": "小时 元/小时"},
        ),
        Field(
            description="What the pay is for. Matching counts a month of it: 21.75 days, or 174 "
            "hours for 40 hours a week and as much less as `hours_per_week` is."
        ),
    ] = None
    hours_per_week: Annotated[
        float | None,
        About(Kind.NUMBER, "每周工时", "周工时"),
        Field(ge=0, le=168, description="Hours a week."),
    ] = None
    shift: Annotated[
        t.Shift | None, About(Kind.CHOICE, "班次", "", t.SHIFT_WORDS), Field(description="Shift.")
    ] = None
    age_min: Annotated[
        int | None,
        About(Kind.WHOLE, "最小年龄", ""),
        Field(ge=0, le=120, description="Least age asked for, years; null for no demand."),
    ] = None
    age_max: Annotated[
        int | None,
        About(Kind.WHOLE, "最大年龄", ""),
        Field(ge=0, le=120, description="Greatest age asked for, years; null for no demand."),
    ] = None
    certificate: Annotated[
        t.Text | None,
        About(Kind.TEXT, "证书要求", "资格证书"),
        Field(description="What must be held; null for none."),
    ] = None
    vacancies: Annotated[
        int | None,
        About(Kind.WHOLE, "招聘人数", "人数 需求人数"),
        Field(ge=0, le=1_000_000, description="People sought in all; null where not stated."),
    ] = None
    filled: Annotated[
        int | None,
        About(Kind.WHOLE, "已招人数", "到岗人数"),
        Field(ge=0, le=1_000_000, description="People found so far."),
    ] = None
    opened_on: Annotated[
        t.Day | None, About(Kind.DAY, "发布日期", "发布时间"), Field(description="Day of opening.")
    ] = None
    closed_on: Annotated[
        t.Day | None,
        About(Kind.DAY, "截止日期", "关闭日期"),
        Field(description="Day of closing; null while open."),
    ] = None
    remark: t.Remark = None
