"""What can help a household, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.matching.criteria.conditions import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.policy.households.help_options import HelpOptions

REASON_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "none_eligible": (
        "no job in reach fits any of its members",
        "范围内没有适合任何成员的岗位",
    ),
    "none_on_foot": (
        "the jobs in the straight circle cannot be walked to",
        "直线范围内的岗位步行都到不了",
    ),
    "none_in_circle": ("there is no job in reach", "范围内没有岗位"),
    "not_on_network": (
        "no street leads to the home, as far as is known",
        "住处附近没有已知可步行的道路",
    ),
    "no_location": ("where the members live is not recorded", "没有成员住处的位置"),
    "not_registered": (
        "no member is registered as a seeker on the day",
        "当日没有成员处于求职登记中",
    ),
    "no_seeker": (
        "no member is registered as a seeker: register one first",
        "没有成员登记求职，请先办理求职登记",
    ),
}
"""Why no job can help, in English and in Chinese."""
_CHINESE: Final = {one.name: one.chinese for one in ALL}
"""What conditions of a match are called."""
_SEVERAL: Final = "several"


def sentences(households: pd.DataFrame, options: HelpOptions) -> dict[str, list[str]]:
    """Return the columns `en` and `zh` of ranked households."""
    told = [_sentence(row, options) for row in households.to_dict("records")]
    return {"en": [en for en, _ in told], "zh": [zh for _, zh in told]}


def _sentence(row: Mapping[Any, Any], options: HelpOptions) -> tuple[str, str]:
    basis = options.decided_by
    way = ("on foot", "步行") if basis == "walking" else ("in a straight line", "直线")
    reach = f"{options.match.radius_m:,.0f}"
    if row["help"] == "market":
        n = row[f"jobs_{basis}"]
        return (
            f"Jobs of the market in reach, {reach} m {way[0]}: {n}.",
            f"{way[1]}{reach}米内有市场岗位{n}个。",
        )
    if row["help"] == "public_welfare":
        n = row[f"posts_{basis}"]
        en = (
            f"The market offers none within {reach} m {way[0]}; as a last resort there are "
            f"public-welfare posts: {n}."
        )
        return en, (f"{way[1]}{reach}米内没有合适的市场岗位；可用公益性岗位托底安置：{n}个。")
    en, zh = REASON_WORDS[row["reason"]]
    condition, nearest = row["condition"], row["nearest_m"]
    if isinstance(condition, str) and condition != _SEVERAL:
        en, zh = (
            f"{en}; most fail only by {condition}",
            f"{zh}，多数只差一项：{_CHINESE[condition]}",
        )
    if pd.notna(nearest):
        en = f"{en}; the nearest that fits is {nearest:,.0f} m away"
        zh = f"{zh}；最近的合适岗位在{nearest:,.0f}米外"
    return f"No help within {reach} m {way[0]}: {en}.", f"{way[1]}{reach}米内无法帮扶：{zh}。"
