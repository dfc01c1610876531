"""What coverage is made of: records, and how many of them were left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Given:
    """What coverage is made of: records by their kind, and how many were left out.

    Parameters
    ----------
    records
        With the people, and with the jobs as `geo_match.coverage.given.from_store.Jobs` has them.
    communities
        Records of communities.
    not_verified
        How many jobs were left out for their employers; None where nobody asked.
    not_registered
        How many seekers were left out since they are not registered on the day.
    """

    records: Mapping[str, pa.Table]
    communities: pa.Table
    not_verified: int | None
    not_registered: int
