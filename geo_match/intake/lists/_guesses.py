"""What a column under an unknown header may be, by its header and by what stands in it.

A guess is only ever shown, with its reason, for a person to take up: nothing is read by it. The
reason counts cells and shows none, since a proposal may be sent to somebody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match import codes
from geo_match.intake.values.cells import raw_text
from geo_match.intake.wording import normalised
from geo_match.records import RECORDS, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from geo_match.intake.readers.table import Table

_LOOKED_AT: Final = 1_000
"""Rows whose cells are looked at."""
_MOST: Final = 0.9
"""Share of the filled cells that must look alike."""

_HOUSEHOLD: Final = re.compile("户号|户编码|户口簿号|家庭号|家庭代码|户主编号")
_MEMBERS: Final = re.compile("口人|口数|家庭人数|人口数|家庭成员数")
_PLACE: Final = re.compile("经|纬|坐标|gps|lon|lng|lat|wgs|gcj|高德|百度|^[xy]$")
_NUMBER: Final = re.compile(r"\d{1,3}\.\d{3,}")
_FEW: Final = re.compile(r"\d{1,2}人?")
_COMMUNITY: Final = re.compile(r"\d{12}")
_DAY: Final = re.compile(
    r"(?:19|20)\d\d(?:[-/.年]\d{1,2}[-/.月]\d{1,2}日?|[01]\d[0-3]\d)(?:t?[\d:]+)?"
)
_WAGE: Final = re.compile(r".*\d.*(?:[/每](?:月|天|日|小时|时)|\d[k千])")
_LON, _LAT = (73.0, 136.0), (3.0, 54.0)
"""Degrees in China."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column may be.

    Parameters
    ----------
    fields
        Names of the fields that it may give; none where it must be left out.
    reason
        Why, in words.
    """

    fields: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """One way for a column to look.

    Parameters
    ----------
    fields
        That it may give then.
    cell
        Whether a cell looks so.
    what
        Is what such cells are, as the end of "57 of 60 cells …".
    header
        What the header must speak of, too; None if anything will do.
    """

    fields: tuple[str, ...]
    cell: Callable[[str], object]
    what: str
    header: re.Pattern[str] | None = None


def guess(table: Table, header: str, kind: str, taken: Collection[str]) -> Guess | None:
    """Return what a column may be, or None where nothing speaks for anything.

    Parameters
    ----------
    table
        The list.
    header
        Of the column.
    kind
        Of the list's records.
    taken
        Fields that have a column already, which are not guessed again.
    """
    cells = raw_text(table.columns.column(header).slice(0, _LOOKED_AT)).to_pylist()
    texts = [text for cell in cells if (text := normalised(cell))]
    name = normalised(header)
    for rule in _rules(kind):
        fields = tuple(field for field in rule.fields if field not in taken)
        if (rule.fields and not fields) or (rule.header and rule.header.search(name) is None):
            continue
        n = sum(bool(rule.cell(text)) for text in texts)
        if texts and n >= _MOST * len(texts):
            return Guess(fields, f"{n:,} of {len(texts):,} cells {rule.what}")
    return None


def _rules(kind: str) -> Iterator[_Rule]:
    """Yield the rules for a kind of records, the surest first."""
    specs = RECORDS[kind].specs()

    def those(*wanted: Kind) -> tuple[str, ...]:
        return tuple(name for name, spec in specs.items() if spec.about.kind in wanted)

    def named(*names: str) -> tuple[str, ...]:
        return tuple(name for name in names if name in specs)

    community = ("id",) if kind == "communities" else those(Kind.COMMUNITY)
    household = ("id",) if kind == "households" else named("household")
    wages = named("wage_low_cny", "wage_high_cny", "wage_floor_cny")
    yield _Rule((), _passes(codes.check_id_card), "are ID-card numbers, which are not kept")
    for fields, cell, what, header in (
        (those(Kind.CREDIT_CODE), _passes(codes.check_credit_code), "are credit codes", None),
        (community, _COMMUNITY.fullmatch, "have the 12 digits of a community's code", None),
        (those(Kind.PHONE), _passes(codes.check_phone), "are phone numbers", None),
        (those(Kind.LON), _between(*_LON), "are longitudes of China", _PLACE),
        (those(Kind.LAT), _between(*_LAT), "are latitudes of China", _PLACE),
        (those(Kind.DAY, Kind.MOMENT), _DAY.fullmatch, "are days", None),
        (wages, _WAGE.fullmatch, "are sums for a month, a day or an hour", None),
        (named("member_count"), _FEW.fullmatch, "are small numbers, under such a header", _MEMBERS),
        (household, bool, "are filled, under the header of a household's number", _HOUSEHOLD),
    ):
        if fields:
            yield _Rule(fields, cell, what, header)


def _passes(check: Callable[[str], str]) -> Callable[[str], bool]:
    """Return whether a code passes its check."""

    def passes(text: str) -> bool:
        try:
            check(text.upper())
        except ValueError:
            return False
        return True

    return passes


def _between(least: float, most: float) -> Callable[[str], bool]:
    """Return whether a text is a number of three decimals at least, within bounds."""
    return lambda text: _NUMBER.fullmatch(text) is not None and least <= float(text) <= most
