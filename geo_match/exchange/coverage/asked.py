"""What was asked of coverage, in words that stand beside its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.matching.criteria.conditions import ALL

if TYPE_CHECKING:
    from geo_match.coverage.options import CoverageOptions
    from geo_match.coverage.publication.publish import Published
    from geo_match.walking.network import Network

_COUNTS: Final = {
    "vacancies": {"en": "vacancies", "zh": "岗位数"},
    "places": {"en": "places", "zh": "处数"},
}
_DECAYS: Final = {
    "Binary": {"en": "all within the radius alike (Binary)", "zh": "半径内同等竞争（Binary）"},
    "Stepped": {"en": "by steps of distance", "zh": "按距离分级"},
    "Exponential": {"en": "decaying exponentially", "zh": "随距离指数衰减"},
    "Gaussian": {"en": "decaying as a Gaussian", "zh": "随距离高斯衰减"},
}
_LABELS: Final = {
    "radius": {"en": "radius", "zh": "半径"},
    "basis": {"en": "distances", "zh": "距离口径"},
    "count": {"en": "what is counted", "zh": "统计口径"},
    "at_least": {"en": "counts as reached, at least", "zh": "可达数（至少）"},
    "standard": {"en": "standard", "zh": "标准"},
    "coarse": {"en": "a place is too coarse beyond", "zh": "位置误差上限"},
    "competition": {"en": "competition", "zh": "竞争"},
    "eligible": {"en": "only what fits by", "zh": "只计符合条件的，条件"},
    "edge": {"en": "circles outside the areas", "zh": "圆在数据范围外的部分"},
    "distance": {"en": "looked for enough up to", "zh": "查找距离上限"},
    "min_count": {"en": "kept back below", "zh": "小于此数的隐去"},
    "round_to": {"en": "figures are multiples of", "zh": "数字为此数的倍数"},
    "most_error": {"en": "a figure is off by at most", "zh": "数字与实际相差至多"},
    "distance_": {"en": "distances are rounded to multiples of", "zh": "距离取整，为此数的倍数"},
    "in_reach_": {
        "en": "what is in reach is rounded to multiples of",
        "zh": "范围内数量取整，为此数的倍数",
    },
    "gini": {
        "en": "Gini's coefficient is rounded to multiples of",
        "zh": "基尼系数取整，为此数的倍数",
    },
}
_MEASURES: Final = ("distance_", "in_reach_", "gini")
"""How the names of what is measured begin."""
_CONDITIONS: Final = {one.name: one.chinese for one in ALL}
_NO_ACCURACIES: Final = {
    "en": " (not judged: the list states no accuracies)",
    "zh": "（名单没有写明误差，未作判断）",
}
_NOT_ASKED: Final = {"en": "not asked", "zh": "不计"}
_ASKED: Final = {"en": "asked", "zh": "已计"}
_ON_FOOT: Final = {
    "en": "on foot, along the streets of {source} ({n} stretches)",
    "zh": "步行最短路径，路网：{source}（{n}段）",
}
_OPENED: Final = {"en": "; with streets that are thought of", "zh": "；含设想中的道路"}


def asked_of_report(
    options: CoverageOptions, language: str, *, accuracies: bool = True
) -> list[tuple[str, str]]:
    """Return what a report was asked, as labels and values.

    Parameters
    ----------
    language
        "zh" or "en".
    accuracies
        Whether the people's list states of any place how accurate it is; where it does not, no
        place can be too coarse, and that is said.
    """
    decay = options.competition
    shared = _NOT_ASKED[language]
    if decay is not None:
        name = type(decay).__name__
        shared = _DECAYS.get(name, {}).get(language, name)
        if name != "Binary":
            shared += f" ({decay!r})" if language == "en" else f"（{decay!r}）"
    eligible = _NOT_ASKED[language]
    if options.eligible is not None:
        names = options.eligible.asked
        eligible = (
            "、".join(_CONDITIONS[one] for one in names) if language == "zh" else ", ".join(names)
        )
    values = {
        "radius": _metres(options.radius_m, language),
        **({} if options.network is None else {"basis": _on_foot(options.network, language)}),
        "count": _COUNTS[options.count][language],
        "at_least": f"{options.at_least:,}",
        "standard": f"{options.standard_or_default:,.15g}",
        "coarse": _metres(options.coarse_or_default_m, language)
        + ("" if accuracies else _NO_ACCURACIES[language]),
        "competition": shared,
        "eligible": eligible,
        "edge": (_ASKED if options.edge_effect else _NOT_ASKED)[language],
        "distance": _metres(options.max_distance_m, language),
    }
    return [(_LABELS[name][language], value) for name, value in values.items()]


def _on_foot(network: Network, language: str) -> str:
    """Return along which streets distances are, and whom to name for them."""
    info = network.info
    told = _ON_FOOT[language].format(source=info.source, n=f"{info.edges:,}")
    opened = _OPENED[language] if network.openings else ""
    return f"{told}{opened}{f' {info.attribution}' if info.attribution else ''}"


def asked_of_published(published: Published, language: str) -> list[tuple[str, str]]:
    """Return how a publication keeps small groups back and rounds the rest: labels and values.

    Parameters
    ----------
    language
        "zh" or "en".
    """
    names = ("min_count", "round_to", "most_error")
    told = [(_LABELS[name][language], f"{getattr(published, name):,}") for name in names]
    for measure in _MEASURES:
        steps = {step for name, step in published.steps.items() if name.startswith(measure)}
        if steps:
            write = _metres if measure == "distance_" else _number
            told.append((_LABELS[measure][language], write(max(steps), language)))
    return told


def _number(value: float, _: str) -> str:
    return f"{value:,.15g}"


def _metres(value: float, language: str) -> str:
    return f"{value:,.15g}米" if language == "zh" else f"{value:,.15g} m"
