"""A clerk's desk, for the tests of the command: lists, what is typed, and what is in the store."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from geo_match.cli import main
from geo_match.store import Store

HEADER = ["求职编号", "姓名", "联系电话", "经度", "纬度", "坐标系", "更新时间"]
GOOD = [
    ["A", "王秀英", "13812345678", "117.38", "32.93", "WGS84", "2025-03-01"],
    ["B", "李建国", "", "", "", "", "2025/3/2"],
]
BAD = [
    ["C", "=张伟", "1381234567", "117.38", "32.93", "WGS84", "2025-13-01"],
    ["D", "刘洋", "", "117.38", "32.93", "", "2025-03-01"],
]


def write_csv(path, rows, encoding="utf-8-sig"):
    with Path(path).open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)


def read_csv(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def run(*arguments):
    """Run a command, and return its exit status; what it tells is English unless asked for."""
    if arguments[0] == "import" and "--language" not in arguments:
        arguments = (*arguments, "--language", "en")
    with pytest.raises(SystemExit) as caught:
        main([str(one) for one in arguments])
    return caught.value.code or 0


def names():
    with Store.open("s.db") as store:
        rows = store.read("seekers", fields=["id", "name"]).to_pylist()
    return {row["id"]: row["name"] for row in rows}
