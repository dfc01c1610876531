"""Lists of sites say that one was seen where it is only where an operator sends them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from api.access.caller import Caller
from api.access.scopes import ROLE_SCOPES
from api.records.verifying import RULE, keep_unverified
from geo_match.intake.importing import judge_file, take_in
from geo_match.store import Store

LIST = """\
id,name,lon,lat,verified
S-new,示例甲,117.38123,32.92345,是
S-none,示例乙,117.38223,32.92345,
S-no,示例丙,117.38323,32.92345,否
S-was,示例丁,117.38423,32.92345,是
S-was-not,示例戊,117.38523,32.92345,是
"""


@pytest.fixture
def store(tmp_path):
    """A store that has two sites, of which one was seen."""
    with Store.open(tmp_path / "a.db") as store:
        sites = {
            "id": ["S-was", "S-was-not"],
            "verified": [True, False],
            "located_by": ["none"] * 2,
        }
        store.put("sites", pa.table(sites))
        yield store


def judged_for(role, store, tmp_path, text=LIST):
    path = tmp_path / "sites.csv"
    path.write_text(text, encoding="utf-8")
    judged = judge_file(path, "sites", store, datum="wgs84")
    return keep_unverified(judged, store, Caller(role=role, scopes=ROLE_SCOPES[role], by="key"))


@pytest.mark.parametrize("most", [500, 0])
def test_of_a_list_those_rows_are_rejected_that_say_what_the_sender_may_not(
    store, tmp_path, monkeypatch, most
):
    monkeypatch.setattr("geo_match.intake.known.FEW", most)  # looked up one by one, or all read
    report = take_in(judged_for("integration", store, tmp_path), store)
    assert (report.read, report.accepted, report.rejected) == (5, 3, 2)
    told = [(one.row, one.field, one.rule) for one in report.file.rejections]
    assert told == [(1, "verified", RULE), (5, "verified", RULE)]
    kept = store.read("sites").select(["id", "verified"]).to_pylist()
    assert {one["id"]: one["verified"] for one in kept} == {
        "S-no": False,
        "S-none": None,
        "S-was": True,
        "S-was-not": False,
    }


def test_an_operators_list_is_taken_as_it_is(store, tmp_path):
    report = take_in(judged_for("operator", store, tmp_path), store)
    assert (report.read, report.accepted, report.rejected) == (5, 5, 0)


def test_a_list_that_says_nothing_of_it_is_taken_as_it_is(store, tmp_path):
    text = "\n".join(line.rpartition(",")[0] for line in LIST.splitlines()) + "\n"
    report = take_in(judged_for("integration", store, tmp_path, text), store)
    assert (report.read, report.accepted) == (5, 5)
    assert store.one("sites", "S-was").record["verified"] is True
