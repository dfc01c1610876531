"""Addresses as somebody walks them, read from what is written and never guessed."""

from __future__ import annotations

import pytest

from geo_match.policy.due.address import parse_address


@pytest.mark.parametrize(
    ("address", "door"),
    [
        ("蚌埠市龙子湖区东风街道解放路12号示例小区3号楼2单元501室", ("示例小区", "3", "2", "501")),
        ("安徽省蚌埠市蚌山区天桥街道示例花园12栋1单元302", ("示例花园", "12", "1", "302")),
        ("龙子湖区治淮街道示例社区示例新村7#楼三单元101", ("示例新村", "7", "3", "101")),
        ("示例家园A座1203室", ("示例家园", "A", "", "1203")),
        ("示例小区十二号楼", ("示例小区", "12", "", "")),
        ("示例小区二十幢", ("示例小区", "20", "", "")),
        ("示例小区３号楼", ("示例小区", "3", "", "")),  # full-width digits
        ("示例小区5-2-301", ("示例小区", "5", "2", "301")),
        ("示例小区5-301室", ("示例小区", "5", "", "301")),
        ("阳光小区3号楼", ("阳光小区", "3", "", "")),  # 小区 is no district
        ("示例路8号", ("示例路8号", "", "", "")),
        ("示例路12号501室", ("示例路12号", "", "", "501")),
        ("淮上区示例镇示例村", ("示例村", "", "", "")),
        ("", ("", "", "", "")),
        (None, ("", "", "", "")),
    ],
)
def test_what_is_written_is_read_and_what_is_not_stays_empty(address, door):
    assert parse_address(address) == door


def test_doors_are_walked_by_the_size_of_their_numbers_and_unknown_ones_last():
    walked = [
        "示例小区2号楼1单元101室",
        "示例小区2号楼1单元902室",
        "示例小区2号楼1单元1001室",
        "示例小区2号楼2单元101室",
        "示例小区10号楼",
        "示例小区",
        "",
    ]
    doors = [parse_address(one) for one in walked]
    orders = [one.order for one in doors]
    assert orders == sorted(orders)
    assert len(set(orders)) == len(orders)


def test_a_masked_door_ends_with_its_building():
    door = parse_address("示例小区3号楼2单元501室")
    assert door.masked == ("示例小区", "3", "", "")
