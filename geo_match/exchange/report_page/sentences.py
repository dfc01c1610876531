"""What the page says, in Chinese and in English: one entry a sentence, its values in braces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # The head of the page.
    "date": ("数据时点：{date}", "Data as of {date}"),
    "no_date": ("数据时点：未说明", "Data as of: not stated"),
    "internal": (
        "内部资料。数字未作保护处理，小数目可能指向个人，不得外传。",
        (
            "Internal. Figures are exact, and small ones may tell of single people: not to be "
            "passed on."
        ),
    ),
    "published": (
        "可公开发布。小数目已隐去，其余数字已取整。",
        "Published. Small figures are kept back, the others are rounded.",
    ),
    "asked": ("统计口径", "What was asked"),
    "headline": ("总体情况", "At a glance"),
    # The headline numbers.
    "people": ("总数", "People"),
    "people_of": ("人（户），按权重", "counted in all, by weight"),
    "located": ("有位置", "Located"),
    "located_of": ("总数中 {n}", "{n} have a place"),
    "reached": ("可达", "Reached"),
    "reached_of": ("有位置者中 {n}", "{n} of the located"),
    "reached_straight": ("直线可达", "Reached, straight"),
    "reached_straight_of": (
        "占有位置者；其中步行不可达 {n}",
        "of the located; {n} of them not on foot",
    ),
    "reached_straight_alone": ("占有位置者", "of the located"),
    "below": ("未达标准", "Below the standard"),
    "below_of": ("占总数 {share}", "{share} of all"),
    "gaps": ("服务盲区", "Gap areas"),
    "gaps_of": ("片，见地图", "on the map"),
    "supply": ("供给总量", "Supply"),
    "supply_of": (
        "{rows} 行，其中 {unlocated} 行没有位置",
        "{rows} rows, {unlocated} of them without a place",
    ),
    # The map.
    "map": ("地图：有位置者中未可达的占比", "Map: share of the located people who are not reached"),
    "map_h3": (
        "六边形网格：有位置者中未可达的占比",
        "Hexagons: share of the located people who are not reached",
    ),
    "map_title": ("{title}：各社区地图", "{title}: map of the communities"),
    "map_desc": (
        "各社区按有位置者中未可达的占比着色，颜色越深占比越高。同样的数字见下文各表。",
        (
            "Communities shaded by the share of the located people who are not reached: the "
            "darker, the higher. The tables below have the same figures."
        ),
    ),
    "map_internal": ("内部工作用图", "内部工作用图 For internal work only"),
    "map_stamp": (
        (
            "没有给出审图号，所以图上注明“内部工作用图”。《地图管理条例》规定，向社会公开的地图须经审核；"
            "取得审图号后，用 map_approval（命令为 --map-approval）注明。"
        ),
        (
            "The stamp 内部工作用图, for internal work only, stands on the map because no approval "
            "number (审图号) was given: in China a map is examined before it is made public. Give "
            "the number with map_approval (of the command: --map-approval)."
        ),
    ),
    "map_stamp_published": (
        (
            "数字可以公开，但没有给出审图号，所以图上注明“内部工作用图”。《地图管理条例》规定，"
            "向社会公开的地图须经审核；取得审图号后，用 map_approval（命令为 --map-approval）注明，"
            "否则公开前须删去此图。"
        ),
        (
            "The figures may go out, the map not yet: 内部工作用图, for internal work only, stands "
            "on it because no approval number (审图号) was given, and in China a map is examined "
            "before it is made public. Give the number with map_approval (of the command: "
            "--map-approval), or leave the map out of what goes out."
        ),
    ),
    "map_approval": ("审图号：{number}", "审图号 (map approval): {number}"),
    "map_how": (
        (
            "按经纬度作图，经度乘以纬度 {lat} 处的余弦；图形简化容差约 {tolerance} 米，只供查看，"
            "不用于计算，也不作为划界依据。"
        ),
        (
            "Drawn from longitude and latitude, longitude times the cosine of latitude {lat}; "
            "outlines are simplified by about {tolerance} m. To look at only: nothing was decided "
            "by it, and it settles no boundary."
        ),
    ),
    "map_cut": (
        "地图只画有人（户）的范围；另有 {n} 个社区在图外。",
        "The map ends where nobody was counted; {n} more communities lie beyond it.",
    ),
    "map_cut_published": (
        "地图只画到有数字公布之处；另有 {n} 个社区在图外，没有公布数字。",
        "The map ends where no figures are told; {n} more communities lie beyond it.",
    ),
    "map_without": (
        "{n} 个社区没有范围图形，图上没有，表中都有。",
        "{n} communities have no outline: they are in the tables, not on the map.",
    ),
    "map_none": ("没有可画的社区范围。", "There are no outlines to draw."),
    "legend": ("图例", "Legend"),
    "class_none": ("0（全部可达）", "0 (all reached)"),
    "class_to": ("至 {high}", "to {high}"),
    "class_over": ("{low} 以上", "over {low}"),
    "class_nobody": ("没有人（户）", "nobody counted"),
    "class_unlocated": ("无人有位置", "nobody located"),
    "class_kept_back": ("隐去", "kept back"),
    "legend_hatch": ("有位置的不足 {share}，占比不可靠", "under {share} located: unreliable"),
    "legend_gap": ("服务盲区（示意）", "gap areas (drawing aid)"),
    "legend_supply": ("岗位或网点", "jobs or stations"),
    "legend_water": ("河流等水面（示意）", "water (drawing aid)"),
    "legend_way": ("铁路、高速公路（示意）", "railways, motorways (drawing aid)"),
    "legend_district": ("区县界（示意）", "outlines of districts"),
    "kilometres": ("{n} 千米", "{n} km"),
    "metres": ("{n} 米", "{n} m"),
    # Charts.
    "reasons": ("未达标准的原因", "Why people are below the standard"),
    "reasons_how": (
        "每个未达标准者恰有一个原因，即最先符合的一个；各原因相加等于未达标准的 {n}。",
        (
            "Everyone below the standard has one reason, the first that applies; the reasons add "
            "up to the {n} below."
        ),
    ),
    "reasons_published": (
        "每个未达标准者恰有一个原因，即最先符合的一个。发布的数字各自取整，相加不一定等于合计。",
        (
            "Everyone below the standard has one reason, the first that applies. The figures are "
            "rounded each by itself, and need not add up."
        ),
    ),
    "lost": ("直线可达、步行不可达的原因", "Reached straight, and not on foot: why"),
    "lost_how": (
        (
            "直线可达而步行不可达的 {n}，各按一个原因计，即直线最近而步行不可达的那一处；"
            "各原因相加等于合计。"
        ),
        (
            "Each of the {n} has one cause, that of the nearest place, straight, of those that are "
            "not reached on foot; the causes add up to them."
        ),
    ),
    "none_lost": (
        "直线可达的，步行都可达。",
        "Whoever is reached straight is reached on foot.",
    ),
    "lost_of": ("{title}：直线与步行", "{title}: straight and on foot"),
    "lost_of_how": (
        "直线可达、步行不可达的，从多到少；原因为其中人（户）最多的一个。",
        "Reached straight and not on foot, the most first; the cause is that of most of them.",
    ),
    "reached_on_foot": ("步行可达", "Reached on foot"),
    "share_of_straight": ("占直线可达", "Of those reached straight"),
    "main_cause": ("主要原因（数量）", "Main cause (people)"),
    "lost_nobody": (
        "没有这样的人（户）的{noun} {n} 个，不在表中列出。",
        "Not listed, since nobody there is reached straight alone: {n} {noun}.",
    ),
    "all_on_network": (
        "有位置的人（户）和岗位或网点，附近都有道路。",
        "Everybody who has a place, and every place that can be reached, has a street near.",
    ),
    "not_on_network": (
        (
            "有位置、但附近没有可接入的道路的：人（户）{people}，岗位或网点 {supply} 行。"
            "步行到不了，直线口径照计。"
        ),
        (
            "No street leads to the places of {people} people and {supply} rows of jobs or "
            "stations: nothing of theirs is reached on foot, though straight it may be."
        ),
    ),
    "cause": ("原因", "Cause"),
    "reason": ("原因", "Reason"),
    "bar": ("图示", "Bar"),
    "share": ("比例", "Share"),
    "districts_how": ("未达标准的数量，从多到少。", "People below the standard, the most first."),
    "share_of_people": ("占总数", "Of the people"),
    "districts": ("各区县未达标准情况", "Districts: people below the standard"),
    "distribution": ("分布", "Distribution"),
    "distribution_how": (
        "把人（户）按数值从小到大排列。例如“10%”一行：其中十分之一不超过这个数。",
        "People in order of the figure. In the row of 10%: a tenth of them have at most this.",
    ),
    "quantile": ("占有位置者", "Of the people"),
    "half": ("50%（中位数）", "50% (median)"),
    "in_reach": ("范围内数量", "In reach"),
    "in_reach_straight": ("直线范围内数量", "In reach, straight"),
    "eligible": ("范围内符合条件数量", "In reach and fits"),
    "eligible_straight": ("直线范围内符合条件数量", "In reach, straight, and fits"),
    "availability": ("人均可得", "Available a head"),
    "distance": ("到足量处距离（米）", "Metres to enough"),
    "distance_straight": ("到足量处直线距离（米）", "Metres to enough, straight"),
    "not_there": ("没有这些数字。", "There are no such figures."),
    "not_published": (
        "这些数字不在公布的各表之中。",
        "These figures are not in the tables that were published.",
    ),
    "too_few_people": (
        "这些数字已隐去：每个数字背后的人（户）数不足以公布。",
        "These figures are kept back: too few people stand behind each.",
    ),
    "none_below": ("没有未达标准的。", "Nobody is below the standard."),
    # Tables.
    "worst": ("未达标准最多的社区", "Communities with the most people below the standard"),
    "worst_how": (
        "按未达标准的数量从多到少，相同的按占比；其余 {rest} 个社区见文末。",
        (
            "By people below the standard, then by their share; the other {rest} communities are "
            "in the last table."
        ),
    ),
    "rest": ("其余社区", "The other communities"),
    "rest_how": (
        "按代码排列；“位次”与前表连续。",
        "In order of the codes; the ranks go on from the first table.",
    ),
    "level_street": ("街道（乡镇）", "Streets (towns)"),
    "level_district": ("区县", "Districts"),
    "level_city": ("全市", "City"),
    "level_community": ("社区", "Communities"),
    "level_group": ("按“{name}”分组", "By “{name}”"),
    "rank": ("位次", "Rank"),
    "code": ("代码", "Code"),
    "name": ("名称", "Name"),
    "main_reason": ("主要原因（数量）", "Main reason (people)"),
    "only_reason": (
        "表中未达标准的都只有一个原因：{reason}。",
        "The only reason for being below the standard, in all rows of this table: {reason}.",
    ),
    "outside": ("不在任何社区范围内", "Outside all communities"),
    "no_value": ("未填写", "Not stated"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "same_for_all": ("{label}：{value}", "{label}: {value}"),
    "in_all_rows": ("各行相同——{told}。", "The same in all rows: {told}."),
    "not_given": ("未提供：{names}。", "Not given: {names}."),
    "no_figures": (
        "没有数字而未列出的：{names}。",
        "Without any figure, and left out: {names}.",
    ),
    "main_figures": (
        "此表有 {n} 行，只列主要的数字；{m} 列数字都在其他格式的文件中。",
        (
            "The table has {n} rows, with the main figures alone: the files of the other formats "
            "have all {m} columns of them."
        ),
    ),
    "no_rows": ("没有社区。", "There are no communities."),
    "none_listed": ("没有可列出的社区。", "There is no community to list."),
    "noun_community": ("社区", "communities"),
    "noun_street": ("街道（乡镇）", "streets (towns)"),
    "noun_district": ("区县", "districts"),
    "noun_city": ("城市", "cities"),
    "noun_rows": ("行", "rows"),
    "named": ("：{names}", ": {names}"),
    "nobody": (
        "没有人（户）的{noun} {n} 个，不在表中列出{names}。",
        "Not listed, since nobody was counted there: {n} {noun}{names}.",
    ),
    "all_kept_back": (
        "数字全部隐去的{noun} {n} 个，不在表中列出{names}。",
        "Not listed, since all of their figures are kept back: {n} {noun}{names}.",
    ),
    "nothing_counted": (
        "另有 {n} 行各项数量均为 0 或为空，不在表中列出；其他格式的文件中有。",
        "Not listed: {n} more rows that count nothing. The files of the other formats have them.",
    ),
    "to_step": ("{label}（取整到 {step}）", "{label}, to the nearest {step}"),
    "kept_back": (
        "“…”表示数字已隐去，也可能为 0；“—”表示没有这个数。",
        "“…” is a figure that is kept back, which may be 0 too; “—” means that there is none.",
    ),
    "no_figure": ("“—”表示没有这个数。", "“—” means that there is no such figure."),
    "too_long": (
        "此表有 {n} 行，不在本页；见其他格式的文件。",
        "The table has {n} rows: they are not printed, but in the files of the other formats.",
    ),
    "gap_areas": ("服务盲区清单", "Gap areas"),
    "plan": ("社区服务方案", "Service plans"),
    "plan_parted": ("社区服务方案：分职业", "Service plans, by occupation"),
    "plan_city": ("全市供求：分职业", "The whole city, by occupation"),
    "part": ("{title}（{part}／{parts}）", "{title} ({part} of {parts})"),
    # How accurate it is.
    "accuracy": ("准确程度", "How accurate it is"),
    "accurate_circle": (
        "圆按 WGS-84 椭球面上的测地线距离判定，恰在半径上的算在圈内；判定不用投影，也不抽样。",
        (
            "Circles are decided by the geodesic on the WGS-84 ellipsoid, the rim included; "
            "without any projection or sample."
        ),
    ),
    "accurate_people": (
        "人（户）只按点位计数，从不按图形计数。有位置的归入所在社区，没有位置的按登记的社区计。",
        (
            "People are counted from points only, never from shapes. Who is located belongs to the "
            "area around the place, who is not to the community on record."
        ),
    ),
    "accurate_located": (
        "有位置的占 {share}；没有位置的无法判断是否可达，列为单独的原因。",
        (
            "{share} of the people have a place; of the others nobody can tell what is in reach: "
            "they have a reason of their own."
        ),
    ),
    "accurate_all_located": ("所有人（户）都有位置。", "Everybody has a place."),
    "accurate_none_outside": (
        "没有人（户）在社区范围之外。",
        "Nobody is outside all communities.",
    ),
    "accurate_outside": (
        "不在任何社区范围内的有 {n}，在表中单列一行。",
        "{n} people are outside all communities: a row of its own in the tables.",
    ),
    "accurate_several": (
        "住处同时在多个社区范围内的有 {n}，每人（户）只计一次，计入代码最小的社区。",
        (
            "Areas overlap: {n} people live in more than one. Each is counted once, in the area "
            "whose code comes first."
        ),
    ),
    "accurate_edge": (
        "平均有 {share} 的圆面积在数据范围之外，那里的岗位或网点没有计入。",
        (
            "On average {share} of the circles' ground lies outside the data, where no supply was "
            "counted."
        ),
    ),
    "accurate_straight": (
        "距离为直线距离，步行路程更长；河流、铁路等阻隔不在其内。",
        "Distances are straight: walks are longer, and rivers or railways are not considered.",
    ),
    "accurate_on_foot": (
        (
            "距离为沿道路步行的最短路径，含从住处到道路、从道路到目的地的直线段，逐段进位到毫米；"
            "路网所缺的道路未计。"
        ),
        (
            "Distances are the shortest walks along streets, with the straight lines to the street "
            "at both ends, each part rounded up to a millimetre; a street that the network lacks "
            "is not walked."
        ),
    ),
    "accurate_beside": (
        "直线口径的数字并列给出。",
        "What there is straight stands beside.",
    ),
    "accurate_gap": (
        (
            "服务盲区的图形是作图辅助，容差 {tolerance} 米；其人数来自点位。只含一两处住处的图形会"
            "指明住处，不得外传。"
        ),
        (
            "Gap areas are drawing aids, within {tolerance} m; their people are counted from "
            "points. One that holds a home or two shows where these are: not to be passed on."
        ),
    ),
    "accurate_published": (
        (
            "发布的数字经取整和加噪，各部分之和不一定等于合计；占比由取整后的数字算出，"
            "只保留有意义的位数。"
        ),
        (
            "Published figures are rounded with noise: parts need not add up to their total. "
            "Shares are of rounded figures, with as many digits as these bear out."
        ),
    ),
    "accurate_steps": (
        "中位数等已取整，取整到多少见“统计口径”和表头。",
        (
            "Medians and other measures are rounded: to what, the heads of the columns and “What "
            "was asked” say."
        ),
    ),
    "glossary": ("名词解释", "What the figures mean"),
}
