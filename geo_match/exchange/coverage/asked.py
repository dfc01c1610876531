"""What was asked of coverage, in words that stand beside its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.matching.criteria.conditions import ALL

if TYPE_CHECKING:
    from geo_match.coverage.options import CoverageOptions
    from geo_match.coverage.publication.publish import Published

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
}
_CONDITIONS: Final = {one.name: one.chinese for one in ALL}
_NOT_ASKED: Final = {"en": "not asked", "zh": "不计"}
_ASKED: Final = {"en": "asked", "zh": "已计"}


def asked_of_report(options: CoverageOptions, language: str) -> list[tuple[str, str]]:
    """Return what a report was asked, as labels and values.

    Parameters
    ----------
    language
        "zh" or "en".
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
        "count": _COUNTS[options.count][language],
        "at_least": f"{options.at_least:,}",
        "standard": f"{options.standard_or_default:,.15g}",
        "coarse": _metres(options.coarse_or_default_m, language),
        "competition": shared,
        "eligible": eligible,
        "edge": (_ASKED if options.edge_effect else _NOT_ASKED)[language],
        "distance": _metres(options.max_distance_m, language),
    }
    return [(_LABELS[name][language], value) for name, value in values.items()]


def asked_of_published(published: Published, language: str) -> list[tuple[str, str]]:
    """Return how a publication keeps small groups back, as labels and values.

    Parameters
    ----------
    language
        "zh" or "en".
    """
    names = ("min_count", "round_to", "most_error")
    return [(_LABELS[name][language], f"{getattr(published, name):,}") for name in names]


def _metres(value: float, language: str) -> str:
    return f"{value:,.15g}米" if language == "zh" else f"{value:,.15g} m"
