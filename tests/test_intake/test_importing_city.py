"""The demonstration city's lists, and a real one, go in with every labelled defect found."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from office_lists import became

from geo_match.intake import placing
from geo_match.intake.importing import (
    import_file,
)
from geo_match.intake.surroundings import Surroundings
from geo_match.store import Store

DATA = Path(__file__).parents[2] / "data"


LISTS = {
    "社区.csv": "communities",
    "家庭.csv": "households",
    "经营实体.csv": "employers",
    "工作地点.csv": "sites",
    "招聘信息_大厅.csv": "jobs",
    "招聘信息_百度.csv": "jobs",
    "招聘信息_高德.csv": "jobs",
    "服务网点.csv": "stations",
    "求职人员.csv": "seekers",
}


@pytest.fixture(scope="module")
def defects():
    """Return for each list and defect the rows that have it."""
    rows = defaultdict(set)
    with (DATA / "office" / "defects.csv").open(encoding="utf-8-sig", newline="") as stream:
        for one in csv.DictReader(stream):
            rows[one["file"], one["defect"]].add(int(one["row"]))
    return rows


def test_the_offices_lists_go_in_and_go_in_again_unchanged(store, defects, monkeypatch):
    doubted = []

    def suspect(*arguments, **options):
        doubted.append(importing_suspect(*arguments, **options))
        return doubted[-1]

    importing_suspect = placing.suspect
    monkeypatch.setattr(placing, "suspect", suspect)
    report = import_file(DATA / "communities.parquet", "communities", store)
    assert report.accepted == report.read == store.count("communities")
    assert not any("overlap" in warning for warning in report.warnings)
    assert {DATA / "office" / name for name in LISTS} == {
        path for path in (DATA / "office").glob("*.csv") if path.name != "defects.csv"
    }
    n_kept = Counter(communities=report.accepted)
    for name, kind in LISTS.items():
        path = DATA / "office" / name
        with path.open(encoding="gb18030", newline="") as stream:
            n_rows = sum(1 for _ in csv.reader(stream)) - 1
        doubted.clear()
        report = import_file(path, kind, store)
        rejected = {one.row for one in report.file.rejections}
        assert report.read == sum(became(report)) == n_rows
        assert report.rejected == len(rejected)
        assert report.duplicate == len(defects[name, "duplicate_row"] - rejected)
        assert report.stale == len(defects[name, "stale_version"] - rejected)
        n_kept[kind] += report.accepted
        assert store.count(kind) == n_kept[kind]

        misplaced = set().union(
            *(
                defects[name, defect]
                for defect in ("wrong_community", "wrong_datum_declared", "out_of_area")
            )
        )
        named = set()
        for suspicions in doubted:
            named.update(report.file.row[suspicions.elsewhere | suspicions.nowhere].tolist())
            for mask, told in (
                (suspicions.elsewhere, "in the area of another community"),
                (suspicions.nowhere, "in no community's area"),
            ):
                n = int(mask.sum())
                assert any(
                    one.startswith(f"{n} of ") and told in one for one in report.warnings
                ) == (n > 0)
        gone = {*rejected, *report.file.duplicates.tolist(), *report.file.stale.tolist()}
        assert misplaced - gone <= named

        again = import_file(path, kind, store)
        assert became(again) == (0, report.accepted + report.unchanged, *became(report)[2:])


def test_an_older_list_of_communities_finds_those_that_were_renumbered(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        import_file(DATA / "communities.parquet", "communities", store)
        n = store.count("communities")
        report = import_file(DATA / "office" / "社区.csv", "communities", store)
        assert store.count("communities") == n == 1_157
        assert report.accepted + report.unchanged == 1_157
        again = import_file(DATA / "communities.parquet", "communities", store)
        assert again.accepted == report.accepted


@pytest.mark.reference
def test_the_real_communities_go_in_by_a_mapping_and_find_their_old_codes(reference, tmp_path):
    mapping = tmp_path / "admin.toml"
    mapping.write_text(
        '[columns]\ncode12 = "id"\nname = "name"\nkind = "kind"\nstreet_name = "street_name"\n'
        'district_name = "district_name"\ncode12_2022 = "previous_code"\n',
        encoding="utf-8",
    )
    admin = reference / "admin" / "bengbu_communities.csv"
    with admin.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # The list repeats the code where it did not change.
    changed = {
        r["code12_2022"]: r["code12"] for r in rows if r["code12_2022"] not in ("", r["code12"])
    }
    with Store.open(tmp_path / "a.db") as store:
        report = import_file(admin, "communities", store, mapping=mapping)
        assert became(report) == (1_157, 0, 0, 0, 0)
        assert became(import_file(admin, "communities", store, mapping=mapping))[1] == 1_157
        around = Surroundings.of(store)
        assert changed
        assert around.context.renumbered == changed
        codes = store.read("communities", fields=["id", "previous_code"]).to_pylist()
        assert {one["previous_code"] for one in codes if one["previous_code"]} == changed.keys()
