"""Records of households and people: who lives where, seeks what, was what, was served how."""

# No postponed annotations here: pydantic, and with it ruff, reads them as they stand.
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from geo_match import taxonomy
from geo_match.records import types as t
from geo_match.records.fields import About, Kind
from geo_match.records.record import Holds, Placed, Record


class Member(BaseModel):
    """A member of a household."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    birth_year: Annotated[int, Field(ge=1900, le=2100)]
    status: t.Status | None = None


class Household(Placed):
    """A household (家庭)."""

    chinese: ClassVar[str] = "家庭"
    ordered: ClassVar[tuple[tuple[str, str], ...]] = (("working_age_count", "member_count"),)

    id: Annotated[
        t.Id, About(Kind.ID, "家庭编号", "户编号 编号 household_id"), Field(description="Its id.")
    ]
    head_name: Annotated[
        t.Text | None, About(Kind.TEXT, "户主姓名", "户主"), Field(description="Name of its head.")
    ] = None
    hukou: Annotated[
        Literal["urban", "rural"] | None,
        About(
            Kind.CHOICE,
            "户口性质",
            "户籍性质 户口类型",
            {"urban": "城镇 非农业 非农 居民", "rural": "农村 农业"},
        ),
        Field(description="Registration (户口)."),
    ] = None
    member_count: Annotated[
        int | None,
        About(Kind.WHOLE, "人口数", "家庭人口 家庭人口数"),
        Field(ge=1, le=50, description="How many members it has."),
    ] = None
    working_age_count: Annotated[
        int | None,
        About(Kind.WHOLE, "劳动年龄人数", "劳动力人数 劳动年龄人口"),
        Field(ge=0, le=50, description="How many of them are of working age."),
    ] = None
    zero_employment: Annotated[
        bool | None,
        About(Kind.FLAG, "是否零就业家庭", "零就业家庭 疑似零就业家庭"),
        Field(description="Whether suspected of zero employment (疑似零就业家庭)."),
    ] = None
    members: Annotated[
        tuple[Member, ...] | None,
        About(Kind.MEMBERS, "家庭成员", ""),
        Field(description="Its members: birth year and employment status."),
    ] = None
    remark: t.Remark = None


class Seeker(Placed):
    """A jobseeker (求职者)."""

    chinese: ClassVar[str] = "求职者"
    holds: ClassVar[Holds | None] = Holds("registered_on", until="closed_on")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = (("registered_on", "closed_on"),)

    composites: ClassVar[dict[str, tuple[str, ...]]] = {
        # Kilometres, as the headers say.
        "求职半径(公里) 求职半径(千米) 求职半径(km) radius_km": ("radius_m",),
    }
    flags: ClassVar[dict[str, dict[str, str]]] = {
        "groups": {
            "graduate": "graduate",
            "migrant_worker": "migrant_worker",
            "veteran": "veteran",
            "retired_fisherman": "retired_fisherman",
        },
        "accepts": {
            "ordinary": "accepts_ordinary",
            "flexible": "accepts_flexible",
            "public_welfare": "accepts_public_welfare",
            "traineeship": "accepts_traineeship",
        },
    }

    id: Annotated[
        t.Id, About(Kind.ID, "求职编号", "求职者编号 人员编号 编号"), Field(description="Its id.")
    ]
    household: Annotated[
        t.Id | None,
        About(Kind.REFERENCE, "家庭编号", "household_id"),
        Field(description="Household."),
    ] = None
    name: Annotated[t.Text | None, About(Kind.TEXT, "姓名"), Field(description="Name.")] = None
    sex: Annotated[
        Literal["male", "female"] | None,
        About(Kind.CHOICE, "性别", "", {"male": "男", "female": "女"}),
        Field(description="Sex."),
    ] = None
    birth_year: Annotated[
        int | None,
        About(Kind.WHOLE, "出生年份", "出生年"),
        Field(ge=1900, le=2100, description="Year of birth."),
    ] = None
    registered_residence: Annotated[
        t.Text | None,
        About(Kind.TEXT, "户籍地", "户籍所在地"),
        Field(description="Place of registered residence (户籍地)."),
    ] = None
    education: Annotated[
        t.Education | None,
        About(Kind.EDUCATION, "文化程度", "学历 最高学历 教育程度", t.EDUCATION_WORDS),
        Field(description="Highest education finished."),
    ] = None
    graduation_year: Annotated[
        int | None,
        About(Kind.WHOLE, "毕业年份", "毕业年 毕业时间 毕业日期"),
        Field(ge=1950, le=2100, description="Year of the last graduation."),
    ] = None
    certificates: Annotated[
        t.Texts | None,
        About(Kind.TEXTS, "持有证书", "职业资格证书 证书 技能证书 持证情况"),
        Field(description="Certificates held; null where not known, empty where none."),
    ] = None
    status: Annotated[
        t.Status | None,
        About(Kind.CHOICE, "就业状态", "就业失业状态", t.STATUS_WORDS),
        Field(description="Employment status."),
    ] = None
    registered_on: Annotated[
        t.Day | None,
        About(Kind.DAY, "求职登记日期", "登记日期 求职登记时间 登记时间"),
        Field(description="Day on which the registration as a jobseeker began."),
    ] = None
    closed_on: Annotated[
        t.Day | None,
        About(Kind.DAY, "注销日期", "求职登记注销日期 注销时间 登记注销日期"),
        Field(description="Day from which the registration holds no more; null while it holds."),
    ] = None
    close_reason: Annotated[
        t.CloseReason | None,
        About(Kind.CHOICE, "注销原因", "求职登记注销原因 登记注销原因", t.CLOSE_REASON_WORDS),
        Field(description="Why it was closed."),
    ] = None
    groups: Annotated[
        tuple[Literal["graduate", "migrant_worker", "veteran", "retired_fisherman"], ...] | None,
        About(
            Kind.CHOICES,
            "重点群体",
            "群体 人群类别",
            {
                "graduate": "高校毕业生",
                "migrant_worker": "农民工",
                "veteran": "退役军人",
                "retired_fisherman": "长江禁捕退捕渔民 退捕渔民",
            },
        ),
        Field(description="Key groups (重点群体); null where not known, empty where none."),
    ] = None
    difficulty: Annotated[
        Literal[
            "none",
            "older",
            "long_term_unemployed",
            "disabled",
            "minimum_living",
            "land_loss",
            "zero_employment",
        ]
        | None,
        About(
            Kind.CHOICE,
            "就业困难类型",
            "困难类型 就业困难人员类别",
            {
                "none": "无 否",
                "older": "大龄失业人员 大龄",
                "long_term_unemployed": "长期失业人员 连续失业一年以上",
                "disabled": "残疾人员 残疾",
                "minimum_living": "低保人员 低保家庭 低保家庭成员 低保家庭人员 享受低保人员",
                "land_loss": "失地农民 失地人员",
                "zero_employment": "零就业家庭成员 零就业家庭",
            },
        ),
        Field(description="Kind of employment difficulty (就业困难人员)."),
    ] = None
    occupation: Annotated[
        t.Occupation | None,
        About(Kind.OCCUPATION, "职业代码", "求职职业 期望职业 职业"),
        Field(description="Occupation sought, a code of `occupation_version`."),
    ] = None
    occupation_version: t.OccupationVersion = taxonomy.OCCUPATIONS_VERSION
    wage_floor_cny: Annotated[
        int | None,
        About(Kind.WHOLE, "期望月薪", "最低月薪 期望工资 期望薪资"),
        Field(ge=0, le=1_000_000, description="Least pay accepted, CNY a month."),
    ] = None
    hours_max_per_week: Annotated[
        float | None,
        About(Kind.NUMBER, "每周最多工时", "每周最多工作时长 每周工时"),
        Field(ge=0, le=168, description="Most hours a week accepted; null for no limit."),
    ] = None
    shift: Annotated[
        t.Shift | None,
        About(Kind.CHOICE, "班次", "期望班次", t.SHIFT_WORDS),
        Field(description="Shift sought."),
    ] = None
    accepts: Annotated[
        tuple[t.JobType, ...] | None,
        About(Kind.CHOICES, "可接受岗位类型", "接受岗位类型", t.JOB_TYPE_WORDS),
        Field(description="Kinds of job accepted."),
    ] = None
    # A 3 below 求职半径 would mean kilometres: intake refuses what is too little for metres.
    radius_m: Annotated[
        float | None,
        About(Kind.NUMBER, "求职半径(米)", "求职半径"),
        Field(ge=0, le=200_000, description="How far work may be, metres; null for the usual."),
    ] = None
    phone: Annotated[
        t.Phone | None,
        About(Kind.PHONE, "联系电话", "电话 手机 手机号 手机号码"),
        Field(description="Phone number."),
    ] = None
    remark: t.Remark = None


class Spell(Record):
    """A spell of one employment status (就业状态记录)."""

    chinese: ClassVar[str] = "就业状态记录"
    holds: ClassVar[Holds | None] = Holds("start", last="end")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = (("start", "end"),)

    id: Annotated[t.Id, About(Kind.ID, "记录编号", "编号 spell_id"), Field(description="Its id.")]
    person: Annotated[
        t.Id, About(Kind.REFERENCE, "求职编号", "人员编号"), Field(description="Whose it is.")
    ]
    status: Annotated[
        t.Status,
        About(Kind.CHOICE, "就业状态", "状态", t.STATUS_WORDS),
        Field(description="Status."),
    ]
    start: Annotated[
        t.Day, About(Kind.DAY, "开始日期", "起始日期"), Field(description="First day.")
    ]
    end: Annotated[
        t.Day | None,
        About(Kind.DAY, "结束日期", "终止日期"),
        Field(description="Last day, inclusive; null while it lasts."),
    ] = None
    source: Annotated[
        Literal["self", "employer", "survey", "platform_export"] | None,
        About(
            Kind.CHOICE,
            "来源",
            "数据来源",
            {
                "self": "本人 本人申报",
                "employer": "单位 单位申报",
                "survey": "调查 入户调查",
                "platform_export": "省平台 省平台导出",
            },
        ),
        Field(description="Where it comes from."),
    ] = None
    verified_by: Annotated[
        Literal["cross_match", "visit", "phone_check"] | None,
        About(
            Kind.CHOICE,
            "核实方式",
            "",
            {"cross_match": "数据比对", "visit": "入户 走访", "phone_check": "电话核实"},
        ),
        Field(description="How it was verified; null if it was not."),
    ] = None
    verified_on: Annotated[
        t.Day | None, About(Kind.DAY, "核实日期"), Field(description="Day of that.")
    ] = None
    remark: t.Remark = None


class Service(Record):
    """A service record (服务记录)."""

    chinese: ClassVar[str] = "服务记录"
    holds: ClassVar[Holds | None] = Holds("on", last="on")

    id: Annotated[t.Id, About(Kind.ID, "服务编号", "编号 service_id"), Field(description="Its id.")]
    person: Annotated[
        t.Id, About(Kind.REFERENCE, "求职编号", "人员编号"), Field(description="Who was served.")
    ]
    on: Annotated[t.Day, About(Kind.DAY, "服务日期", "日期"), Field(description="Day.")]
    kind: Annotated[
        Literal["visit", "phone", "introduction", "guidance", "recommendation", "campaign"],
        About(
            Kind.CHOICE,
            "服务方式",
            "服务类型",
            {
                "visit": "走访 入户走访",
                "phone": "电话 电话访谈",
                "introduction": "职业介绍",
                "guidance": "职业指导",
                "recommendation": "岗位推荐 推荐",
                "campaign": "招聘活动 专场活动",
            },
        ),
        Field(description="Kind of service."),
    ]
    station_id: Annotated[
        t.Id | None, About(Kind.REFERENCE, "网点编号"), Field(description="Station.")
    ] = None
    operator_id: Annotated[
        t.Id | None, About(Kind.REFERENCE, "运营机构编号"), Field(description="Operator.")
    ] = None
    result: Annotated[
        Literal[
            "employed", "willing", "not_now", "no_answer", "wrong_number", "moved_away", "refused"
        ]
        | None,
        About(
            Kind.CHOICE,
            "服务结果",
            "结果",
            {
                "employed": "已就业",
                "willing": "有意愿",
                "not_now": "暂无意愿",
                "no_answer": "未接通",
                "wrong_number": "空号",
                "moved_away": "已搬离",
                "refused": "拒绝服务",
            },
        ),
        Field(description="What came of it; 未接通 is not a contact."),
    ] = None
    job_id: Annotated[
        t.Id | None, About(Kind.REFERENCE, "招聘编号", "岗位编号"), Field(description="Posting.")
    ] = None
    next_contact_on: Annotated[
        t.Day | None, About(Kind.DAY, "下次联系日期"), Field(description="Day of the next contact.")
    ] = None
    remark: t.Remark = None
