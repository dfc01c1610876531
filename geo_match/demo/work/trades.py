"""The trades of the demonstration city: who employs, where, for what, at what pay.

Occupations are middle groups of GB/T 6565-2009, industries middle groups of GB/T 4754-2017; the
titles, shares and wages are invented. Wages are monthly, CNY, before they are varied.
"""

from __future__ import annotations

from typing import Final, NamedTuple

WHERE: Final = ("street", "centre", "park", "town", "village")
"""Kinds of places where a site stands."""

DAY, SHIFTS, ANY, EVENING, NIGHT = "day", "rotating", "any", "evening", "night"


class Title(NamedTuple):
    """A title of jobs that a trade offers.

    Parameters
    ----------
    name
        As postings write it.
    occupation
        Three digits of GB/T 6565-2009.
    wage_cny
        Middle of the pay, a month.
    often
        Weight among the titles of its trade.
    education
        Least education asked for; None for no demand.
    shift
        `DAY`, `EVENING`, `NIGHT`, `ANY`, or `SHIFTS` for one of them by posting.
    flexible
        Share of its postings for flexible work.
    certificate
        What must be held; None for nothing.
    """

    name: str
    occupation: str
    wage_cny: int
    often: float
    education: str | None = None
    shift: str = DAY
    flexible: float = 0.0
    certificate: str | None = None


class Trade(NamedTuple):
    """A trade.

    Parameters
    ----------
    key
        Short name in data.
    name
        Behind 示例 in an employer's name.
    industry
        Of GB/T 4754-2017, letter and two digits.
    kind
        Legal kind of most of its employers.
    employers
        Weight among all employers.
    chain
        Weight of having a further site.
    jobs
        Weight of a site's open postings.
    where
        Weights of `WHERE`.
    titles
        What it offers.
    """

    key: str
    name: str
    industry: str
    kind: str
    employers: float
    chain: float
    jobs: float
    where: tuple[float, float, float, float, float]
    titles: tuple[Title, ...]


_FIT: Final = "健康证"
TRADES: Final = (
    Trade(
        "shop",
        "超市",
        "F52",
        "company",
        15.0,
        3.0,
        0.9,
        (10, 4, 0.3, 4, 3.0),
        (
            Title("收银员", "401", 3_700, 4.0, "junior", SHIFTS),
            Title("理货员", "401", 3_600, 4.0, None, SHIFTS),
            Title("导购员", "401", 4_100, 3.0, "junior", SHIFTS, 0.10),
            Title("防损员", "302", 3_500, 1.5, None, SHIFTS),
            Title("生鲜分拣员", "402", 4_100, 1.5, None, NIGHT, 0.15),
            Title("门店店长", "105", 6_500, 0.7, "vocational"),
        ),
    ),
    Trade(
        "restaurant",
        "餐饮店",
        "H62",
        "sole_trader",
        14.0,
        1.5,
        0.7,
        (10, 5, 0.5, 4, 1.5),
        (
            Title("餐厅服务员", "403", 3_800, 5.0, None, SHIFTS, 0.25, _FIT),
            Title("厨师", "403", 6_200, 2.5, None, SHIFTS, 0.0, _FIT),
            Title("洗碗工", "403", 3_200, 2.0, None, SHIFTS, 0.35, _FIT),
            Title("配菜员", "403", 3_900, 2.0, None, SHIFTS, 0.10, _FIT),
            Title("店长助理", "403", 5_000, 0.6, "senior", DAY, 0.0, _FIT),
        ),
    ),
    Trade(
        "property",
        "物业公司",
        "K70",
        "company",
        4.0,
        5.0,
        1.0,
        (8, 5, 1.5, 2, 0.5),
        (
            Title("保安员", "302", 3_300, 5.0, None, SHIFTS),
            Title("保洁员", "407", 2_900, 4.0, None, DAY, 0.20),
            Title("绿化工", "407", 3_100, 1.5, None, DAY, 0.20),
            Title("物业管理员", "308", 3_900, 2.0, "vocational"),
            Title("水电维修工", "607", 4_900, 2.0, "vocational", ANY, 0.0, "电工证"),
        ),
    ),
    Trade(
        "care",
        "养老服务中心",
        "Q85",
        "company",
        2.5,
        2.0,
        1.0,
        (8, 2, 0, 4, 2),
        (
            Title("养老护理员", "407", 4_100, 5.0, None, SHIFTS, 0.15, _FIT),
            Title("社区助浴员", "407", 4_000, 1.0, None, DAY, 0.30, _FIT),
            Title("康复护士", "205", 5_300, 1.5, "vocational", SHIFTS, 0.0, "护士执业证"),
            Title("护工", "406", 3_600, 2.0, None, NIGHT, 0.10, _FIT),
        ),
    ),
    Trade(
        "housekeeping",
        "家政公司",
        "O80",
        "company",
        3.0,
        1.0,
        1.0,
        (9, 4, 0, 2, 0.5),
        (
            Title("保姆", "407", 4_800, 3.0, None, ANY, 0.30, _FIT),
            Title("钟点工", "407", 3_300, 4.0, None, DAY, 0.90, _FIT),
            Title("月嫂", "407", 7_200, 1.0, None, ANY, 0.40, _FIT),
            Title("美发助理", "407", 3_800, 2.0, "junior", SHIFTS),
        ),
    ),
    Trade(
        "courier",
        "快递站",
        "G60",
        "company",
        3.0,
        6.0,
        1.0,
        (8, 2, 2, 4, 2),
        (
            Title("快递员", "303", 5_600, 5.0, None, DAY, 0.20, "驾驶证"),
            Title("分拣员", "402", 4_300, 4.0, None, NIGHT, 0.25),
            Title("客服专员", "303", 3_900, 1.5, "senior", SHIFTS),
        ),
    ),
    Trade(
        "platform",
        "出行与外卖平台",
        "I64",
        "platform",
        0.8,
        8.0,
        2.0,
        (6, 6, 0, 2, 0),
        (
            Title("外卖骑手", "405", 6_000, 6.0, None, ANY, 1.0),
            Title("网约车司机", "405", 6_200, 3.0, None, ANY, 1.0, "网约车驾驶员证"),
            Title("站点调度员", "405", 4_800, 0.6, "senior", SHIFTS),
            Title("直播运营", "401", 5_600, 1.2, "college", EVENING, 0.40),
        ),
    ),
    Trade(
        "school",
        "培训学校",
        "P83",
        "company",
        3.0,
        1.0,
        0.8,
        (7, 6, 0, 3, 0.2),
        (
            Title("课程顾问", "401", 4_800, 2.0, "college"),
            Title("少儿编程教师", "209", 6_000, 1.5, "bachelor", ANY, 0.20),
            Title("学科教师", "209", 5_600, 2.0, "bachelor", ANY, 0.15, "教师资格证"),
            Title("幼儿教师", "209", 4_000, 2.5, "college", DAY, 0.0, "教师资格证"),
            Title("保育员", "407", 3_200, 2.0, "junior", DAY, 0.0, _FIT),
        ),
    ),
    Trade(
        "clinic",
        "门诊部",
        "Q84",
        "company",
        2.5,
        1.0,
        1.1,
        (7, 5, 0, 4, 1),
        (
            Title("护士", "205", 5_000, 4.0, "vocational", SHIFTS, 0.0, "护士执业证"),
            Title("药剂员", "205", 4_900, 1.5, "college", DAY, 0.0, "药师证"),
            Title("导诊员", "406", 3_800, 2.0, "senior"),
            Title("全科医师", "205", 8_500, 1.0, "bachelor", DAY, 0.0, "执业医师证"),
        ),
    ),
    Trade(
        "finance",
        "金融服务部",
        "J68",
        "company",
        1.6,
        2.0,
        1.1,
        (4, 9, 0, 2, 0),
        (
            Title("客户经理", "207", 6_300, 4.0, "college"),
            Title("柜员", "207", 5_200, 2.0, "bachelor"),
            Title("保险代理人", "207", 5_200, 3.0, "senior", DAY, 0.60),
        ),
    ),
    Trade(
        "software",
        "信息技术公司",
        "I65",
        "company",
        2.5,
        0.3,
        1.8,
        (2, 9, 5, 0, 0),
        (
            Title("软件工程师", "202", 8_500, 4.0, "bachelor"),
            Title("软件测试员", "202", 6_400, 2.0, "college"),
            Title("运维工程师", "202", 6_600, 2.0, "college", SHIFTS),
            Title("界面设计师", "305", 6_000, 1.5, "college"),
            Title("信息客服", "303", 4_000, 2.0, "senior", SHIFTS),
        ),
    ),
    Trade(
        "office",
        "商务服务公司",
        "L72",
        "company",
        6.0,
        0.5,
        1.3,
        (4, 10, 2, 3, 0),
        (
            Title("行政文员", "301", 4_200, 4.5, "college"),
            Title("人事专员", "206", 4_800, 2.5, "college"),
            Title("会计", "206", 5_000, 3.0, "college", DAY, 0.10, "初级会计证"),
            Title("法务专员", "208", 6_300, 0.7, "bachelor"),
            Title("平面设计师", "305", 5_000, 1.5, "college"),
            Title("电话销售", "401", 4_600, 3.0, "senior"),
            Title("项目经理", "105", 8_000, 0.8, "bachelor"),
        ),
    ),
    Trade(
        "media",
        "文化传媒公司",
        "R87",
        "company",
        1.0,
        0.2,
        0.9,
        (4, 8, 1, 1, 0),
        (
            Title("短视频编辑", "210", 5_200, 2.0, "college", ANY, 0.25),
            Title("广告业务员", "401", 5_000, 1.5, "senior"),
            Title("活动执行", "301", 4_300, 1.0, "college"),
        ),
    ),
    Trade(
        "food",
        "食品加工厂",
        "C14",
        "company",
        3.5,
        0.3,
        2.6,
        (0.5, 0, 9, 4, 3),
        (
            Title("食品操作工", "612", 4_300, 6.0, None, SHIFTS, 0.0, _FIT),
            Title("包装工", "800", 3_900, 3.0, None, SHIFTS, 0.10),
            Title("质检员", "626", 4_500, 1.5, "senior"),
            Title("仓管员", "402", 4_300, 1.0, "junior"),
        ),
    ),
    Trade(
        "garment",
        "服装厂",
        "C18",
        "company",
        3.5,
        0.6,
        2.4,
        (1, 0, 6, 5, 5),
        (
            Title("缝纫工", "611", 4_700, 6.0, None, DAY, 0.15),
            Title("裁剪工", "611", 4_800, 1.5),
            Title("整烫工", "611", 4_300, 1.5),
            Title("跟单员", "206", 4_700, 0.7, "college"),
        ),
    ),
    Trade(
        "textile",
        "纺织厂",
        "C17",
        "company",
        1.6,
        0.2,
        2.6,
        (0, 0, 8, 4, 3),
        (
            Title("挡车工", "610", 4_600, 5.0, None, SHIFTS),
            Title("织布工", "610", 4_500, 3.0, None, SHIFTS),
            Title("机修工", "606", 5_600, 1.0, "vocational"),
        ),
    ),
    Trade(
        "machinery",
        "机械厂",
        "C34",
        "company",
        3.6,
        0.2,
        2.8,
        (0, 0, 10, 3, 1),
        (
            Title("数控车工", "604", 6_000, 4.0, "vocational", SHIFTS),
            Title("焊工", "604", 6_400, 2.5, None, DAY, 0.0, "焊工证"),
            Title("装配钳工", "605", 5_400, 3.5, "junior"),
            Title("设备维修工", "606", 6_000, 1.5, "vocational", SHIFTS),
            Title("机械工程师", "202", 7_800, 1.2, "bachelor"),
            Title("普工", "800", 4_400, 3.0, None, SHIFTS),
        ),
    ),
    Trade(
        "electronics",
        "电子厂",
        "C39",
        "company",
        2.6,
        0.2,
        3.6,
        (0, 0, 10, 2, 1),
        (
            Title("电子装配工", "608", 4_900, 6.0, "junior", SHIFTS),
            Title("测试员", "608", 5_000, 2.0, "vocational", SHIFTS),
            Title("工艺工程师", "202", 7_400, 1.0, "bachelor"),
            Title("物料员", "402", 4_400, 1.5, "junior"),
            Title("操作工", "800", 4_600, 4.0, None, SHIFTS),
        ),
    ),
    Trade(
        "glass",
        "玻璃制品厂",
        "C30",
        "company",
        1.8,
        0.2,
        2.6,
        (0, 0, 9, 3, 1),
        (
            Title("玻璃深加工", "618", 5_200, 5.0, None, SHIFTS),
            Title("质检员", "626", 4_600, 1.5, "senior", SHIFTS),
            Title("叉车司机", "624", 5_200, 1.0, None, DAY, 0.0, "叉车证"),
        ),
    ),
    Trade(
        "building",
        "建筑工程队",
        "E47",
        "company",
        4.0,
        1.5,
        1.7,
        (5, 3, 3, 5, 5),
        (
            Title("钢筋工", "623", 6_600, 3.0, None, DAY, 0.35),
            Title("泥瓦工", "623", 6_400, 4.0, None, DAY, 0.45),
            Title("小工", "623", 4_700, 4.0, None, DAY, 0.60),
            Title("塔吊司机", "624", 6_800, 0.8, None, DAY, 0.0, "特种作业证"),
            Title("施工员", "202", 6_600, 1.0, "college"),
        ),
    ),
    Trade(
        "logistics",
        "物流公司",
        "G59",
        "company",
        2.6,
        1.0,
        2.0,
        (3, 1, 9, 4, 2),
        (
            Title("仓管员", "402", 4_500, 3.0, "junior", SHIFTS),
            Title("货车司机", "624", 6_800, 2.5, None, ANY, 0.10, "驾驶证"),
            Title("装卸工", "402", 5_000, 3.0, None, SHIFTS, 0.30),
            Title("叉车司机", "624", 5_300, 1.5, None, DAY, 0.0, "叉车证"),
        ),
    ),
    Trade(
        "hotel",
        "酒店",
        "H61",
        "company",
        2.2,
        1.0,
        1.1,
        (4, 9, 0, 3, 0.3),
        (
            Title("前台接待", "404", 3_900, 3.0, "senior", SHIFTS),
            Title("客房服务员", "404", 3_500, 4.0, None, DAY, 0.15),
            Title("健身教练", "404", 5_600, 1.0, "senior", ANY, 0.30),
            Title("保安员", "302", 3_400, 1.0, None, NIGHT),
        ),
    ),
    Trade(
        "repair",
        "汽修店",
        "O81",
        "sole_trader",
        3.5,
        0.5,
        0.6,
        (8, 1, 2, 6, 2),
        (
            Title("汽车维修工", "606", 5_600, 4.0, "vocational"),
            Title("洗车工", "407", 3_900, 2.0, None, DAY, 0.30),
            Title("学徒工", "606", 3_300, 1.5, None),
        ),
    ),
    Trade(
        "farm",
        "种养合作社",
        "A01",
        "village_cooperative",
        5.0,
        1.0,
        0.9,
        (0, 0, 0, 1, 10),
        (
            Title("蔬菜种植工", "501", 3_500, 5.0, None, DAY, 0.55),
            Title("果园采摘工", "501", 3_400, 3.0, None, DAY, 0.90),
            Title("饲养员", "503", 4_000, 2.0, None),
            Title("水产养殖工", "504", 4_000, 1.0, None),
            Title("农机手", "624", 5_000, 1.0, None, DAY, 0.40, "农机驾驶证"),
        ),
    ),
    Trade(
        "workshop",
        "就业帮扶车间",
        "C41",
        "company",
        3.5,
        1.0,
        1.6,
        (0.5, 0, 1, 5, 10),
        (
            Title("手工组装工", "605", 3_700, 4.0, None, DAY, 0.40),
            Title("缝纫工", "611", 4_000, 3.0, None, DAY, 0.30),
            Title("包装工", "800", 3_500, 3.0, None, DAY, 0.40),
            Title("电商打包员", "402", 3_700, 1.5, None, DAY, 0.20),
        ),
    ),
    Trade(
        "public",
        "社区服务所",
        "S96",
        "public_institution",
        3.5,
        1.5,
        0.35,
        (6, 2, 0, 4, 5),
        (
            Title("社区保洁员", "407", 2_500, 3.0, None),
            Title("治安协管员", "302", 2_700, 2.5, None, SHIFTS),
            Title("护河员", "505", 2_500, 1.0, None),
            Title("就业服务协理员", "301", 2_900, 2.0, "senior"),
        ),
    ),
)
"""The last, `public`, offers public-welfare posts only."""
