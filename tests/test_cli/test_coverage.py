"""`geo-match coverage` as a user meets it: what it writes, what it tells, and what it refuses."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
from office_desk import run

import geo_match as gm
from geo_match.store import AuditLog, Store

DAY = "2025-12-31"
EAST, WEST = "340302001001", "340302001002"


def square(lon, lat):
    corners = [(0, 0), (0.02, 0), (0.02, 0.02), (0, 0.02), (0, 0)]
    return f"POLYGON (({', '.join(f'{lon + x} {lat + y}' for x, y in corners)}))"


COMMUNITIES = [
    {"code": EAST, "name": "东风社区", "area": square(117.38, 32.93)},
    {"code": WEST, "name": "西山社区", "area": square(117.30, 32.93)},
]
HOUSEHOLDS = [
    {"id": "H1", "lon": 117.3901, "lat": 32.9401, "hukou": "urban", "community": EAST},
    {"id": "H2", "lon": 117.3101, "lat": 32.9401, "hukou": "rural", "community": WEST},
    {"id": "H3", "lon": 117.3151, "lat": 32.9451, "hukou": "urban", "community": WEST},
    {"id": "H4", "hukou": "urban", "community": EAST},
]
JOBS = [
    {"id": "J1", "title": "保洁员", "lon": 117.3901, "lat": 32.9412, "vacancies": 5, "filled": 2},
    # Closed on the day, and none left: neither counts.
    {
        "id": "J2",
        "title": "保安",
        "lon": 117.3101,
        "lat": 32.9401,
        "vacancies": 9,
        "closed_on": DAY,
    },
    {"id": "J3", "title": "司机", "lon": 117.3101, "lat": 32.9401, "vacancies": 1, "filled": 1},
]
FILES = ("--people", "h.ndjson", "--supply", "j.ndjson", "--communities", "c.ndjson")
ON = ("--on", DAY)
NOTED = (
    "  notes, which keep no row out:",
    (
        "    lon, lat: must hold a place's coordinates for it to be located: 1 row. It was kept, "
        "but has no place here; `geo-match import` into a store locates it by its address or "
        "community."
    ),
)


def write_ndjson(path, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    Path(path).write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in a folder with three small lists."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_ndjson("h.ndjson", HOUSEHOLDS)
    write_ndjson("j.ndjson", JOBS)
    write_ndjson("c.ndjson", COMMUNITIES)
    return tmp_path


@pytest.fixture
def store():
    """Import the lists into a store."""
    with Store.open("s.db") as opened:
        opened.put("households", pa.Table.from_pylist(HOUSEHOLDS))
        days = [{**one, "closed_on": _day(one.get("closed_on"))} for one in JOBS]
        opened.put("jobs", pa.Table.from_pylist(days))
        named = [
            {"id": one["code"], "name": one["name"], "area": one["area"]} for one in COMMUNITIES
        ]
        opened.put("communities", pa.Table.from_pylist(named))
    return "s.db"


def _day(text):
    return None if text is None else dt.date.fromisoformat(text)


def there():
    return sorted(path.name for path in Path().iterdir())


def plain(text):
    return " ".join(re.sub(r"[│╭╮╰╯─*']", " ", text).split()).replace(" :", ":")


def told(capsys):
    return capsys.readouterr().err.splitlines()


def read_csv(path):
    frame = pd.read_csv(path, dtype={"code": str})
    return frame.astype(object).where(frame.notna(), None).set_index("code", drop=False)


def test_each_community_has_a_row_and_the_worst_is_told_first(capsys):
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    names = ["people", "located", "reached", "below", "in_reach_median", "reason_no_location"]
    assert frame.loc[EAST, names].tolist() == [2, 1, 1, 1, 3, 1]
    assert frame.loc[WEST, names].tolist() == [2, 2, 0, 2, 0, 0]
    assert set(frame["release"]) == {"internal"}
    assert told(capsys) == [
        "households: 4 rows of h.ndjson, 4 used",
        *NOTED,
        "jobs: 3 rows of j.ndjson, 3 used",
        "communities: 2 rows of c.ndjson, 2 used",
        (
            "internal, 2025-12-31: 2 of 2 communities have households below the standard of "
            "1 vacancy within 3,000 m, the most in"
        ),
        f"    {WEST} 西山社区: 2 of 2",
        f"    {EAST} 东风社区: 1 of 2",
        "  1 of 3 located households (33.3%) reach 1 vacancy or more",
        "  3 of 4 households (75.0%) have a place",
        "  3 below the standard: 1 without a place, 2 with nothing in the circle",
        "  in the circle of the median household: 0 vacancies, enough of them 7,027 m away",
        "  to be reached: 3 vacancies; 0 of 2 rows without a place",
        "written to o.csv: community",
    ]
    assert there() == ["c.ndjson", "h.ndjson", "j.ndjson", "o.csv"]


def test_it_is_told_in_chinese(capsys):
    assert run("coverage", *FILES, *ON, "--language", "zh", "--out", "o.csv") == 0
    assert told(capsys) == [
        "家庭：h.ndjson，读入4行，采用4行",
        "  提示（不影响统计）：",
        (
            "    lon, lat：应有坐标才能定位，共1行。已保留，但此处没有位置；"
            "用 geo-match import 导入数据库，可按地址或社区定位。"
        ),
        "招聘信息：j.ndjson，读入3行，采用3行",
        "社区：c.ndjson，读入2行，采用2行",
        "内部资料（2025-12-31）：2个社区中，2个有家庭未达标准（3,000米内1个岗位），最多的是：",
        f"    {WEST} 西山社区：2户中2户",
        f"    {EAST} 东风社区：2户中1户",
        "  有位置的3户家庭中，1户（33.3%）可达1个岗位及以上",
        "  4户家庭中，3户（75.0%）有位置",
        "  未达标准的3户：没有位置1户，范围内没有2户",
        "  居中的一户，范围内有0个岗位，7,027米处数量即足够",
        "  可供到达的共3个岗位；2行中0行没有位置",
        "已写入o.csv：community",
    ]


def test_several_formats_come_of_one_computation(capsys, monkeypatch):
    made = []
    of = gm.Coverage.of
    monkeypatch.setattr(gm.Coverage, "of", lambda self, people: made.append(1) or of(self, people))
    by = ("--by", "street", "--by", "community by hukou")
    out = ("--out", "o.gpkg", "--out", "o.parquet", "--out", "o.xlsx")
    assert run("coverage", *FILES, *ON, *by, *out) == 0
    assert len(made) == 1
    layers = pyogrio.list_layers("o.gpkg")[:, 0].tolist()
    assert layers == ["street", "community by hukou", "supply", "columns"]
    parted = gpd.read_file("o.gpkg", layer="community by hukou")
    assert parted[parted.code == WEST].set_index("hukou").people.to_dict() == {
        "rural": 1,
        "urban": 1,
    }
    assert gpd.read_parquet("o.parquet").kind.tolist() == ["street", "outside"]
    assert told(capsys)[-3:] == [
        "written to o.gpkg: street, community by hukou",
        "written to o.parquet: street",
        "written to o.xlsx: street, community by hukou",
    ]


def test_the_options_are_those_of_the_library(shipped_city):
    people, supply, communities = (
        shipped_city / f"{name}.parquet" for name in ("seekers", "stations", "communities")
    )
    options = gm.CoverageOptions(
        radius_m=1_500,
        at_least=2,
        count="places",
        standard=0.25,
        competition=gm.coverage.Gaussian(800),
        edge_effect=False,
    )
    asked = ("--radius-m", 1500, "--at-least", 2, "--standard", 0.25)
    asked += ("--competition", "gaussian:800", "--of", "seekers", "--supply-kind", "stations")
    files = ("--people", people, "--supply", supply, "--communities", communities)
    assert (
        run("coverage", *files, *asked, *ON, "--by", "district by veteran", "--out", "o.csv") == 0
    )
    stations = gpd.read_parquet(supply)
    day = pd.Timestamp(DAY)
    stations = stations[(stations.opened_on <= day) & ~(stations.closed_on <= day)]
    made = gm.Coverage(stations, gpd.read_parquet(communities), options)
    expected = made.of(gpd.read_parquet(people)).by("district", "veteran")
    found = pd.read_csv("o.csv", dtype={"code": str, "veteran": str})
    assert len(found) == len(expected) > 10
    for name in ("code", "veteran", "people", "reached", "below", "in_reach_p90"):
        mine, theirs = found[name].astype(object), expected[name].astype(object)
        mine, theirs = mine.where(mine.notna(), None), theirs.where(theirs.notna(), None)
        assert mine.tolist() == theirs.tolist(), name
    for name in ("availability_median", "fgt_depth"):
        assert found[name].fillna(-1).tolist() == pytest.approx(expected[name].fillna(-1).tolist())


def test_each_person_is_written_only_where_it_is_asked_for(capsys):
    assert run("coverage", *FILES, *ON, "--people-out", "p.csv", "--out", "o.csv") == 0
    found = pd.read_csv("p.csv")
    assert found["id"].tolist() == ["H1", "H2", "H3", "H4"]
    assert found["reason"].astype(object).where(found["reason"].notna(), None).tolist() == [
        None,
        "none_in_circle",
        "none_in_circle",
        "no_location",
    ]
    assert told(capsys)[-1] == (
        "written to p.csv: a row a household, by id; keep it as safe as the list"
    )


def test_rejected_rows_are_listed_and_said(capsys):
    write_ndjson("j.ndjson", [*JOBS, {"id": "J4", "title": "x", "vacancies": -1}])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 3
    assert "1 fault listed in o.csv.rejected.csv" in told(capsys)
    assert "jobs,j.ndjson,4,vacancies,-1," in Path("o.csv.rejected.csv").read_text("utf-8-sig")
    write_ndjson("j.ndjson", JOBS)
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 0
    assert not Path("o.csv.rejected.csv").exists()


def test_competition_is_said_a_head(capsys):
    assert run("coverage", *FILES, *ON, "--competition", "binary", "--out", "o.csv") == 0
    text = "\n".join(told(capsys))
    assert "below the standard of 1 vacancy a head within 3,000 m" in text
    assert (
        run(
            "coverage",
            *FILES,
            *ON,
            "--competition",
            "binary",
            "--edge-effect",
            "--language",
            "zh",
            "--out",
            "o.csv",
        )
        == 0
    )
    assert "3,000米内人均1个岗位" in "\n".join(told(capsys))
    assert read_csv("o.csv").loc[WEST, "outside_data_share"] > 0.5


def test_gap_areas_are_a_layer_of_their_own():
    assert run("coverage", *FILES, *ON, "--gap-areas", "--out", "o.gpkg") == 0
    areas = gpd.read_file("o.gpkg", layer="gap_areas")
    assert areas["people"].sum() == 2
    assert set(areas["release"]) == {"internal"}


def many_households():
    """Return forty households in one community, and three in the other."""
    east = [{"id": f"E{n}", "lon": 117.3901, "lat": 32.9401, "community": EAST} for n in range(40)]
    west = [{"id": f"W{n}", "lon": 117.3101, "lat": 32.9401, "community": WEST} for n in range(3)]
    return east + west


def test_what_is_published_says_so_and_keeps_small_groups_back(capsys):
    write_ndjson("h.ndjson", many_households())
    publish = ("--publish", "--key-file", "key.txt")
    assert run("coverage", *FILES, *ON, *publish, "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    assert set(frame["release"]) == {"published"}
    assert frame.loc[WEST, "people"] is None
    assert Path("key.txt").stat().st_mode & 0o777 == 0o600
    key = bytes.fromhex(Path("key.txt").read_text("ascii"))
    assert len(key) == 32
    lines = told(capsys)
    (first,) = [line for line in lines if line.startswith("published, 2025-12-31:")]
    assert first.startswith("published, 2025-12-31: 0 of 2 communities have households below")
    assert first.endswith("within 3,000 m, of 2 it is kept back")
    assert "in the circle of the median" not in "\n".join(lines)
    assert lines[-2:] == [
        "written to o.csv: community",
        "the key is in key.txt: keep it secret, and give it again next time",
    ]
    before = Path("o.csv").read_bytes()
    assert run("coverage", *FILES, *ON, *publish, "--language", "zh", "--out", "o.csv") == 0
    assert Path("o.csv").read_bytes() == before
    assert told(capsys)[-1] == "密钥在key.txt：请保密，下次发布仍用同一密钥"


def test_groups_are_published_with_the_rest():
    rows = [{**one, "hukou": "urban"} for one in many_households()]
    write_ndjson("h.ndjson", rows)
    publish = ("--publish", "--key-file", "key.txt", "--by", "hukou", "--by", "city by hukou")
    assert run("coverage", *FILES, *ON, *publish, "--out", "o.gpkg") == 0
    assert pyogrio.list_layers("o.gpkg")[:, 0].tolist() == ["hukou", "city by hukou", "columns"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("nonsense", "must hold a key in hexadecimal"), ("00ff", "must hold 16 to 64 bytes")],
)
def test_a_key_file_that_is_none_is_refused_and_stays(capsys, text, message):
    Path("key.txt").write_text(text, encoding="ascii")
    publish = ("--publish", "--key-file", "key.txt")
    assert run("coverage", *FILES, *ON, *publish, "--out", "o.csv") == 1
    assert message in capsys.readouterr().err
    assert Path("key.txt").read_text("ascii") == text
    assert not Path("o.csv").exists()


def test_nothing_is_written_when_a_file_fails(monkeypatch, capsys):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo_match.exchange.coverage.write.write_csv", fail)
    more = ("--publish", "--key-file", "key.txt", "--out", "o.gpkg", "--out", "o.csv")
    write_ndjson("h.ndjson", many_households())
    assert run("coverage", *FILES, *ON, *more) == 1
    assert "`o.csv` must be written, got No space left on device" in capsys.readouterr().err
    assert there() == ["c.ndjson", "h.ndjson", "j.ndjson"]


def test_a_store_gives_the_same_and_notes_who_read_it(store, capsys):
    run("coverage", *FILES, *ON, "--by", "community by hukou", "--out", "files.csv")
    expected = told(capsys)[-9:-1]
    who = ("--store", store, "--who", "社区-07", "--purpose", "缺口分析")
    assert run("coverage", *who, *ON, "--by", "community by hukou", "--out", "o.csv") == 0
    assert Path("o.csv").read_bytes() == Path("files.csv").read_bytes()
    lines = told(capsys)
    assert re.fullmatch(r"4 households of s\.db as of cursor \S+", lines[0])
    assert lines[1] == "  the read of the households is noted in s.db.audit"
    assert lines[-9:-1] == expected
    with AuditLog.open(store) as audit:
        entries = audit.read().select(["who", "purpose", "scope", "count"]).to_pylist()
    assert entries == [
        {"who": "社区-07", "purpose": "缺口分析", "scope": "persons:read", "count": 4}
    ]


def test_a_store_is_told_in_chinese_where_it_is_asked(store, capsys):
    who = ("--store", store, "--who", "社区-07", "--purpose", "缺口分析", "--language", "zh")
    assert run("coverage", *who, *ON, "--out", "o.csv") == 0
    lines = told(capsys)
    assert lines[0].startswith("s.db：4户家庭，截至变更位置 ")
    assert lines[1] == "  本次读取已记入 s.db.audit"


def test_a_store_without_what_is_asked_is_refused_before_anybody_is_read(store, capsys):
    who = ("--store", store, "--who", "a", "--purpose", "b", "--supply-kind", "stations")
    assert run("coverage", *who, *ON, "--out", "o.csv") == 1
    assert "`s.db` must hold stations, got none. Import a list of them first." in (
        capsys.readouterr().err
    )
    with AuditLog.open(store) as audit:
        assert len(audit.read()) == 0
    assert not Path("o.csv").exists()


def test_a_read_that_cannot_be_noted_is_not_answered(store, capsys):
    Path("s.db.audit").write_text("not an audit", encoding="utf-8")
    who = ("--store", store, "--who", "a", "--purpose", "b")
    assert run("coverage", *who, *ON, "--out", "o.csv") == 1
    assert "s.db.audit" in capsys.readouterr().err
    assert not Path("o.csv").exists()


def test_a_store_that_is_not_there_is_not_made(capsys):
    who = ("--store", "none.db", "--who", "a", "--purpose", "b")
    assert run("coverage", *who, "--out", "o.csv") == 1
    assert "`none.db` must be a store" in capsys.readouterr().err
    assert "none.db" not in there()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--people", "h.ndjson"), "--supply: must be given, as must the other lists"),
        ((*FILES, "--who", "a"), "--who: must not be given without --store."),
        (("--store", "s.db", "--who", "a"), "--purpose: must be given with --store"),
        (("--store", "s.db", *FILES), "--people: must not be given with --store"),
        ((*FILES, "--out", "o.shp"), "--out: must end in one of .parquet"),
        ((*FILES, "--out", "./o.csv"), "--out: must be another file than that of --out"),
        ((*FILES, "--people-out", "o.csv"), "--people-out: must be another file than that"),
        ((*FILES, "--people-out", "p.gpkg"), "--people-out: must end in one of .csv"),
        ((*FILES, "--rejects", "r.txt"), "--rejects: must end in one of .csv"),
        ((*FILES, "--publish"), "--key-file: must be given with --publish"),
        ((*FILES, "--key-file", "k"), "--key-file: must not be given without --publish"),
        (
            (*FILES, "--publish", "--key-file", "k", "--gap-areas"),
            "--gap-areas: must not be given with --publish: it is internal.",
        ),
        (
            (*FILES, "--supply-kind", "stations", "--count", "vacancies"),
            "--count: must be places for stations",
        ),
        ((*FILES, "--of", "jobs"), "--of: must be one of households, seekers, got jobs"),
        ((*FILES, "--at-least", "0"), "--at-least: must be a whole number of at least 1"),
        ((*FILES, "--standard", "-1"), "--standard: must be a number of at least 0"),
        ((*FILES, "--competition", "some"), "--competition: must be binary, stepped:"),
    ],
)
def test_a_wrong_command_line_is_named(capsys, arguments, message):
    assert run("coverage", *arguments, "--out", "o.csv") == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()


def test_a_name_that_is_no_level_and_no_group_is_named(capsys):
    assert run("coverage", *FILES, *ON, "--by", "id", "--out", "o.csv") == 1
    assert "`by` must name columns of which people share the values" in capsys.readouterr().err
    assert run("coverage", *FILES, *ON, "--by", "address", "--out", "o.csv") == 1
    assert "`by` must name a column of the people" in capsys.readouterr().err
    assert not Path("o.csv").exists()


def test_an_output_that_is_an_input_is_refused(capsys):
    assert run("coverage", *FILES, "--out", "o.csv", "--people-out", "h.ndjson") == 1
    assert "`h.ndjson` must not be an input" in capsys.readouterr().err


def test_it_says_what_it_does(capsys):
    assert run("coverage", "--help") == 0
    text = plain(capsys.readouterr().out)
    for words in ("--people", "--store", "--publish", "没有位置 no_location", "Exit status: 0"):
        assert words in text
