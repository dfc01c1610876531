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


def without(text, *ids):
    """Return the list without some of its rows."""
    return "".join(line for line in text.splitlines(keepends=True) if line.split(",")[0] not in ids)


def seen(store):
    """Return the sites of which the store says that they were seen."""
    return {one["id"] for one in store.read("sites").to_pylist() if one["verified"]}


@pytest.mark.parametrize(
    "others", [("S-new", "S-was-not"), ("S-new", "S-was-not", "S-none", "S-no")]
)
def test_a_list_does_not_undo_what_an_operator_takes_back_before_it_is_written(
    store, tmp_path, others
):
    judged = judged_for("integration", store, tmp_path, without(LIST, *others))
    store.put("sites", pa.table({"id": ["S-was"], "verified": [False]}), fields=["verified"])
    report = take_in(judged, store)
    assert (report.rejected, report.accepted) == (0, 5 - len(others))
    assert store.one("sites", "S-was").record["name"] == "示例丁"
    assert seen(store) == set()


def test_a_site_that_is_removed_before_its_list_is_written_comes_back_unseen(store, tmp_path):
    judged = judged_for("integration", store, tmp_path)
    store.remove("sites", ["S-was"])
    assert take_in(judged, store).accepted == 3
    assert seen(store) == set()


def test_what_a_list_says_no_of_beside_yes_and_is_not_kept_is_told(store, tmp_path):
    sites = {"id": ["S-none", "S-no"], "located_by": ["none"] * 2}
    store.put("sites", pa.table(sites))
    report = take_in(judged_for("integration", store, tmp_path), store)
    assert (report.accepted, store.one("sites", "S-no").record["verified"]) == (3, None)
    (told,) = [text for text in report.warnings if "not seen" in text]
    assert told.startswith("of 1 row it is not kept that the site was not seen, since other rows")


def test_a_list_that_takes_back_one_site_says_yes_of_no_other_until_it_comes_again(store, tmp_path):
    store.put("sites", pa.table({"id": ["S-no"], "verified": [True]}), fields=["verified"])
    text = without(LIST, "S-new", "S-was-not")
    judged = judged_for("integration", store, tmp_path, text)
    report = take_in(judged, store)
    assert [(one.row, one.rule, one.remedy) for one in report.file.rejections] == [
        (
            3,
            "must not be true in a list that takes it back of other sites",
            "Send the row once more: the others are in by then.",
        )
    ]
    assert (report.accepted, seen(store)) == (2, {"S-was"})
    again = take_in(judged_for("integration", store, tmp_path, text), store)
    assert (again.accepted, again.unchanged, again.rejected) == (1, 2, 0)
    assert seen(store) == {"S-was"}


def test_a_list_that_only_takes_back_is_taken_as_it_is(store, tmp_path):
    text = LIST.splitlines(keepends=True)[0] + "S-was,示例丁,117.38423,32.92345,否\n"
    take_in(judged_for("integration", store, tmp_path, text), store)
    assert store.one("sites", "S-was").record["verified"] is False
