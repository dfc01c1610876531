"""Records of what stands still: service stations, communities."""

# No postponed annotations here: pydantic, and with it ruff, reads them as they stand.
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from geo_match.records import types as t
from geo_match.records.fields import About, Kind
from geo_match.records.record import Holds, Placed, Record, both_or_neither


class Station(Placed):
    """A service station (服务网点)."""

    chinese: ClassVar[str] = "服务网点"
    holds: ClassVar[Holds | None] = Holds("opened_on", until="closed_on")
    ordered: ClassVar[tuple[tuple[str, str], ...]] = (("opened_on", "closed_on"),)

    id: Annotated[t.Id, About(Kind.ID, "网点编号", "编号 station_id"), Field(description="Its id.")]
    name: Annotated[t.Text | None, About(Kind.TEXT, "网点名称"), Field(description="Name.")] = None
    kind: Annotated[
        Literal["district", "street", "community"] | None,
        About(
            Kind.CHOICE,
            "网点类型",
            "网点级别",
            {
                "district": "区级 县级 区县级",
                "street": "街道级 乡镇级 街道",
                "community": "社区级 社区 村级",
            },
        ),
        Field(description="Level."),
    ] = None
    staff: Annotated[
        int | None,
        About(Kind.WHOLE, "工作人员数", "工作人员"),
        Field(ge=0, le=10_000, description="Staff."),
    ] = None
    capacity_per_month: Annotated[
        int | None,
        About(Kind.WHOLE, "每月服务人次", "月服务能力"),
        Field(ge=0, le=1_000_000, description="People whom it can serve a month."),
    ] = None
    operator_id: Annotated[
        t.Id | None,
        About(Kind.REFERENCE, "运营机构编号"),
        Field(description="Operator (运营机构); null for the public agency."),
    ] = None
    opened_on: Annotated[
        t.Day | None, About(Kind.DAY, "启用日期"), Field(description="Day of opening.")
    ] = None
    closed_on: Annotated[
        t.Day | None, About(Kind.DAY, "停用日期"), Field(description="Day of closing.")
    ] = None
    remark: t.Remark = None


class Community(Record):
    """A community or village (社区), with its area."""

    chinese: ClassVar[str] = "社区"
    unlike: ClassVar[tuple[tuple[str, str], ...]] = (("previous_code", "id"),)

    id: Annotated[
        t.CommunityCode,
        About(Kind.ID, "社区代码", "社区编码 统计用区划代码 code"),
        Field(description="12 digits of the national list."),
    ]
    name: Annotated[t.Text, About(Kind.TEXT, "社区名称", "名称"), Field(description="Name.")]
    kind: Annotated[
        Literal["居委会", "村委会", "其他"] | None,
        About(Kind.CHOICE, "类别", "类型", {"居委会": "社区", "村委会": "村", "其他": ""}),
        Field(description="居委会 (community), 村委会 (village) or 其他 (other)."),
    ] = None
    street_name: Annotated[
        t.Text | None,
        About(Kind.TEXT, "街道名称", "街道 乡镇"),
        Field(description="Street or town."),
    ] = None
    district_name: Annotated[
        t.Text | None,
        About(Kind.TEXT, "区县名称", "区县"),
        Field(description="District or county."),
    ] = None
    population: Annotated[
        int | None,
        About(Kind.WHOLE, "常住人口", "人口"),
        Field(ge=0, le=10_000_000, description="Residents."),
    ] = None
    previous_code: Annotated[
        t.CommunityCode | None,
        About(Kind.COMMUNITY, "原代码", "曾用代码 旧代码 old_code"),
        Field(description="The code that it had before; it finds this community."),
    ] = None
    lon: t.Lon = None
    lat: t.Lat = None
    area: Annotated[
        str | None,
        About(Kind.AREA, "社区范围", "geometry"),
        Field(description="Polygon or multipolygon, WGS-84, as WKT."),
    ] = None
    remark: t.Remark = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        both_or_neither(self.lon, self.lat)
        return self
