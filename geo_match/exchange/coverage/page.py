"""Coverage as a page to print: what is written, handed to `geo_match.exchange.report_page`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.exchange.report_page.barriers import Barriers
from geo_match.exchange.report_page.data import PageData
from geo_match.exchange.report_page.page import write_page

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.exchange.coverage.content import Content

_TITLES: Final = {"zh": "社区可达与缺口", "en": "Reach and gaps by community"}


def write_html(path: Path, content: Content) -> None:
    """Write one HTML file that opens with no internet."""
    supply = content.supply
    data = PageData(
        title=_TITLES[content.language],
        language=content.language,
        release=content.release,
        date=content.date,
        asked=content.asked,
        totals=content.totals,
        levels=content.tables,
        names=content.names(),
        gap_areas=content.gap_areas,
        barriers=None if content.network is None else Barriers.of(content.network),
        supply_lon=None if supply is None else supply.geometry.x.to_numpy(),
        supply_lat=None if supply is None else supply.geometry.y.to_numpy(),
        plans=content.plan,
        map_approval=content.map_approval,
        most_error=content.most_error,
        steps=content.steps,
    )
    write_page(path, data)
