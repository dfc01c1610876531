"""Addresses as somebody walks them: 小区, building, unit and room, read from what is written.

Nothing is guessed: an address that says no 小区 is walked by its road and number, and what is not
said stays empty.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from geo_match.codes import narrow

_CHINESE: Final = {one: str(number) for number, one in enumerate("零一二三四五六七八九")}
_BUILDING: Final = re.compile(
    r"(?P<number>[A-Za-z]?\d+[A-Za-z]?|[A-Za-z]|[一二三四五六七八九十]{1,3})\s*(?:号楼|#楼?|幢|栋|座)"
)
_UNIT: Final = re.compile(r"(?P<number>\d+|[一二三四五六七八九十])\s*单元")
_ROOM: Final = re.compile(r"(?P<number>\d{3,4})\s*(?:室|户|号)?\s*$")
_ROOM_NAMED: Final = re.compile(r"(?P<number>\d{2,4})\s*[室户]\s*$")
_DASHED: Final = re.compile(
    r"(?<!\d)(?P<building>\d+)\s*[-—–]\s*(?:(?P<unit>\d+)\s*[-—–]\s*)?"
    r"(?P<room>\d{3,4})\s*[室户号]?\s*$"
)
# 小, 园 and 社 end no district: 阳光小区, 工业园区 and 社区 are no 区 of the city.
_UPPER: Final = re.compile(
    r"^(?:[^\s\d省]{2,3}省)?(?:[^\s\d市]{2,4}市)?(?:[^\s\d小园社路街]{2,4}[区县])?"
    r"(?:[^\s\d路]{2,5}?(?:街道(?:办事处)?|镇|乡))?(?:[^\s\d路]{2,8}?(?:社区|居委会|村委会))?"
)
_ROAD: Final = re.compile(r"^.{1,12}?(?:大道|路|街|巷)\s*\d+\s*号?(?!楼)")


class Door(NamedTuple):
    """A door as an address writes it; what is not said is empty.

    Parameters
    ----------
    estate
        小区 or village, or else road and number.
    building, unit, room
        Numbers or letters.
    """

    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def order(self) -> tuple[object, ...]:
        """By what doors are walked: numbers by their size, and what is not said last."""
        return (not self.estate, self.estate, *(_natural(one) for one in self[1:]))

    @property
    def masked(self) -> Door:
        """Without what tells a home from its neighbours: the building's number remains."""
        return Door(self.estate, self.building)


def parse_address(address: str | None) -> Door:
    """Return the door that an address names.

    Parameters
    ----------
    address
        As it is written; None or empty gives an empty door.

    Examples
    --------
    >>> parse_address("蚌埠市龙子湖区东风街道解放路12号示例小区3号楼2单元501室")
    Door(estate='示例小区', building='3', unit='2', room='501')
    >>> parse_address("示例路8号")
    Door(estate='示例路8号', building='', unit='', room='')
    """
    text = narrow(address or "").strip()
    building = _BUILDING.search(text)
    dashed = _DASHED.search(text)
    if building is None and dashed is not None:
        unit_said = dashed["unit"] or ""
        return Door(_estate(text[: dashed.start()]), dashed["building"], unit_said, dashed["room"])
    unit = _UNIT.search(text)
    # Digits at the end are a room where there is a building, and else may be a road's number.
    room = _ROOM_NAMED.search(text) if building is None else _ROOM.search(text, building.end())
    inner = [one.start() for one in (building, unit, room) if one is not None]
    return Door(
        _estate(text[: min(inner, default=len(text))]),
        "" if building is None else _number(building["number"]),
        "" if unit is None else _number(unit["number"]),
        "" if room is None else room["number"],
    )


def _estate(head: str) -> str:
    """Return what is left of the address's beginning without the units of administration."""
    own = _UPPER.sub("", head, count=1).strip(" -,，、()（）")
    inside = _ROAD.sub("", own, count=1).strip(" -,，、()（）")
    return inside or own or head.strip()


def _number(written: str) -> str:
    """Return a number in digits: 十二 is 12; letters in capitals."""
    if not set(written) <= set("一二三四五六七八九十"):
        return written.upper()
    tens, ten, ones = written.partition("十")
    if not ten:
        return "".join(_CHINESE[one] for one in written)
    return str(int(_CHINESE.get(tens, "1")) * 10 + int(_CHINESE.get(ones, "0")))


def _natural(number: str) -> tuple[object, ...]:
    digits = re.search(r"\d+", number)
    return (not number, int(digits[0]) if digits else 0, number)
