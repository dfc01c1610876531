"""Which column is meant: by the name that the caller gives, else by the names people use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match import codes
from geo_match.errors import ColumnError
from geo_match.intake.readers.geojson import FEATURE_ID
from geo_match.intake.wording import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Never `x` and `y`: mathematicians write x for the easting, Chinese surveyors for the northing.
LON_NAMES = (frozenset({"lon", "lng", "long", "longitude", "经度", "东经"}),)
LAT_NAMES = (frozenset({"lat", "latitude", "纬度", "北纬"}),)
# The sets stand in order of preference: a later one counts only if no earlier does.
ID_NAMES: tuple[frozenset[str], ...] = (
    frozenset({"id", "编号"}),
    frozenset({"uid", "uuid", "序号"}),
    frozenset({"fid", FEATURE_ID.replace(" ", "")}),
)


def find_column(
    path: Path,
    names: Sequence[str],
    *,
    wanted: str | None,
    common: tuple[frozenset[str], ...],
    what: str,
    keyword: str | None,
) -> str | None:
    """Return the column that is meant, or None if none is asked for and none has a common name.

    Case, white space and the width of characters do not matter.

    Parameters
    ----------
    path
        The file, for messages.
    names
        The columns that are there.
    wanted
        The name given by the caller; None to look for a common name.
    common
        Normalised common names, sets in order of preference.
    what
        What the column holds, in the plural, for messages.
    keyword
        How a caller names the column: `id`, `lon` or `lat`; None where it is named already, or
        cannot be.

    Raises
    ------
    ColumnError
        If the wanted column is not there, or several columns could be it.
    """
    if wanted is not None:
        if wanted in names:
            return wanted
        found = [name for name in names if normalised(name) == normalised(wanted)]
        if not found:
            raise ColumnError(path, f"have the column {wanted!r}", f"the columns {listed(names)}")
    else:
        found = []
        for tier in common:
            found = [name for name in names if normalised(name) in tier]
            if found:
                break
    if len(found) > 1:
        remedy = "Write the name exactly as the file has it."
        if wanted is None and keyword is None:
            remedy = "Rename the others, or take them out."
        elif wanted is None:
            remedy = (
                f"Choose one as `{keyword}` (on the command line --site-{keyword} or "
                f"--origin-{keyword})."
            )
        raise ColumnError(
            path,
            f"have one column of {what}",
            f"{len(found)} that could be it: {listed(found)}",
            remedy,
        )
    return found[0] if found else None


def not_used(names: Sequence[str]) -> str:
    """Return what is told of columns of which nobody knows what they mean."""
    return f"not used: {listed(names)}"


def listed(names: Sequence[str]) -> str:
    """Return the columns' names for a message, ID-card numbers masked."""
    return ", ".join(map(codes.mask_id_cards, names)) if names else "none"
