"""Rows of coverage as they are answered: of a release, or of an exact report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from api.coverage.menu import FIRST_M
from api.coverage.schemas import Row
from geo_match.coverage.publication.radii import reached_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo_match.coverage import CoverageReport

_REASON: Final = "reason_"
_MEASURED: Final = ("in_reach_", "distance_", "gini", "fgt_")


def published_row(record: Mapping[str, Any], radius_m: float) -> Row:
    """Return a row of a release, with what it has within one radius."""
    is_first = radius_m == FIRST_M
    reached = "reached" if is_first else reached_within(radius_m)
    own: Mapping[str, Any] = record if is_first else {}
    return Row(
        kind=record.get("kind") or "all",
        code=record.get("code"),
        name=record.get("name"),
        people=record.get("people"),
        located=record["located"],
        reached=record[reached],
        reached_share=record[f"{reached}_share"],
        below=own.get("below"),
        reasons=_reasons(own),
        measures=_measures(own),
    )


def exact_rows(report: CoverageReport, by: str, group: str | None = None) -> Iterator[Row]:
    """Yield the rows of an exact report.

    Raises
    ------
    ArgumentError
        If there is no such level or group.
    """
    frame = report.by(by) if group is None else report.by(by, group)
    columns = {
        name: [_plain(one) for one in frame[name]] for name in frame.columns if name != "geometry"
    }
    for each in zip(*columns.values(), strict=True):
        record = dict(zip(columns, each, strict=True))
        yield exact_row(record, None if group is None else record[group])


def exact_row(record: Mapping[str, Any], group: object = None) -> Row:
    """Return a row of an exact report; its figures are those of the library."""
    return Row(
        kind=record.get("kind", "all"),
        code=record.get("code"),
        name=record.get("name"),
        group=group if isinstance(group, str | bool) else None,
        people=record["people"],
        located=record["located"],
        reached=record["reached"],
        reached_share=_plain(record["reached_share"]),
        below=record["below"],
        reasons=_reasons(record),
        measures=_measures(record),
    )


def _reasons(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(_REASON): value
        for name, value in record.items()
        if name.startswith(_REASON)
    }


def _measures(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(one) for name, one in record.items() if name.startswith(_MEASURED)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a scalar of numpy, pandas or Python
    if value is None or pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
