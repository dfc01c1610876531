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
WEST_HOME = {"lon": 117.3101, "lat": 32.9401}
EMPLOYERS = [
    {"id": "E1", "name": "甲", "licence": "verified"},
    {"id": "E2", "name": "乙", "licence": "expired"},
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
VERIFIED = [{**one, "employer_licence": "verified"} for one in JOBS]
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
    write_ndjson("j.ndjson", VERIFIED)
    write_ndjson("c.ndjson", COMMUNITIES)
    return tmp_path


@pytest.fixture
def store():
    """Import the lists into a store."""
    with Store.open("s.db") as opened:
        opened.put("households", pa.Table.from_pylist(HOUSEHOLDS))
        days = [
            {**one, "closed_on": _day(one.get("closed_on")), "employer_id": "E1"} for one in JOBS
        ]
        # Nearest to all, and its employer's licence has expired.
        days.append({"id": "J9", "title": "x", **WEST_HOME, "vacancies": 70, "employer_id": "E2"})
        opened.put("jobs", pa.Table.from_pylist(days))
        opened.put("employers", pa.Table.from_pylist(EMPLOYERS))
        named = [
            {"id": one["code"], "name": one["name"], "area": one["area"]} for one in COMMUNITIES
        ]
        opened.put("communities", pa.Table.from_pylist(named))
    return "s.db"


def _day(text):
    return None if text is None else dt.date.fromisoformat(text)


def covered(capsys, *more):
    """Run the command on the three lists; return what it told."""
    assert run("coverage", *FILES, *ON, *more) == 0
    said = capsys.readouterr()
    return said.out + said.err


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
    write_ndjson("j.ndjson", [*VERIFIED, {"id": "J4", "title": "x", "vacancies": -1}])
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 3
    assert "1 fault listed in o.csv.rejected.csv" in told(capsys)
    assert "jobs,j.ndjson,4,vacancies,-1," in Path("o.csv.rejected.csv").read_text("utf-8-sig")
    write_ndjson("j.ndjson", VERIFIED)
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
    expected.append("  not counted: 1 open job of employers not known to be verified")
    who = ("--store", store, "--who", "社区-07", "--purpose", "缺口分析")
    assert run("coverage", *who, *ON, "--by", "community by hukou", "--out", "o.csv") == 0
    assert Path("o.csv").read_bytes() == Path("files.csv").read_bytes()
    lines = told(capsys)
    assert re.fullmatch(r"4 households of s\.db as of cursor \S+", lines[0])
    assert lines[1] == "  the read of the households is noted in s.db.audit"
    assert lines[-10:-1] == expected
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
            (*FILES, "--publish", "--key-file", "k", "--gap-areas", "--out", "o.gpkg"),
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
        ((*FILES, "--by", "city", "--by", "city"), "--by: must name each once, got city"),
        ((*FILES, "--plan"), "--plan: must be given with an --out that ends in .gpkg"),
        ((*FILES, "--gap-areas"), "--gap-areas: must be given with an --out that ends in .gpkg"),
        ((*FILES, "--map-approval", "x"), "--map-approval: must be given with an --out that ends"),
        (
            (*FILES, "--publish", "--key-file", "k", "--plan", "--out", "o.gpkg"),
            "--plan: must not be given with --publish: it is internal.",
        ),
        ((*FILES, "--eligible", "--of", "households"), "--eligible: must be given with seekers"),
        ((*FILES, "--eligible", "--supply-kind", "sites"), "--eligible: must be given with jobs"),
        (
            (*FILES, "--eligible", "--competition", "binary"),
            "--eligible: must not be given with --competition",
        ),
        ((*FILES, "--without", "wage"), "--without: must be employer, got wage"),
        ((*FILES, "--eligible", "--without", "open"), "--without: must be none of distance, open"),
        (
            (*FILES, "--supply-kind", "stations", "--without", "employer"),
            "--without: must not be given with stations",
        ),
        (
            (*FILES, "--supply-kind", "stations", "--employers", "e.ndjson"),
            "--employers: must not be given with stations",
        ),
    ],
)
def test_a_wrong_command_line_is_named(capsys, arguments, message):
    assert run("coverage", *arguments, "--out", "o.csv") == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()


@pytest.mark.parametrize(
    "name", ["id", "address", "village", "community by id", "community by hukou by hukou", "h3 by"]
)
def test_a_name_that_is_no_level_and_no_group_is_named_before_anything_is_read(capsys, name):
    Path("h.ndjson").write_text("nothing that could be read", encoding="utf-8")
    assert run("coverage", *FILES, *ON, "--by", name, "--out", "o.csv") == 2
    text = plain(capsys.readouterr().err)
    assert "--by: must" in text
    assert "got " + name in text
    assert not Path("o.csv").exists()


def test_an_output_that_is_an_input_is_refused(capsys):
    assert run("coverage", *FILES, "--out", "o.csv", "--people-out", "h.ndjson") == 1
    assert "`h.ndjson` must not be an input" in capsys.readouterr().err


def test_it_says_what_it_does(capsys):
    assert run("coverage", "--help") == 0
    text = plain(capsys.readouterr().out)
    for words in (
        "--people",
        "--store",
        "--publish",
        "没有位置 no_location",
        "none_eligible",
        "--without employer",
        "Exit status: 0",
    ):
        assert words in text


def test_jobs_count_only_of_employers_that_are_verified(capsys):
    rows = [{**one, "employer_id": "E1"} for one in JOBS]
    rows.append({"id": "J9", "title": "x", **WEST_HOME, "vacancies": 70, "employer_id": "E2"})
    rows.append({"id": "J8", "title": "x", **WEST_HOME, "vacancies": 70, "employer_id": "E3"})
    write_ndjson("j.ndjson", rows)
    assert run("coverage", *FILES, *ON, "--out", "o.csv") == 1
    err = capsys.readouterr().err
    assert "`j.ndjson` must have the column `employer_licence`, got no such column" in err
    assert "--employers" in err
    assert not Path("o.csv").exists()
    write_ndjson("e.ndjson", EMPLOYERS)
    assert run("coverage", *FILES, *ON, "--employers", "e.ndjson", "--out", "o.csv") == 0
    assert read_csv("o.csv").loc[WEST, "reached"] == 0
    lines = told(capsys)
    assert "employers: 2 rows of e.ndjson, 2 used" in lines
    assert "  not counted: 2 open jobs of employers not known to be verified" in lines
    assert run("coverage", *FILES, *ON, "--without", "employer", "--out", "o.csv") == 0
    assert read_csv("o.csv").loc[WEST, "reached"] == 2
    warning = "  warning: jobs count whether or not their employers are known to be verified"
    assert warning in told(capsys)
    everyone = ("--without", "employer", "--language", "zh", "--out", "o.html")
    assert run("coverage", *FILES, *ON, *everyone) == 0
    assert "  警告：未核对单位资质，所有单位的招聘信息都计入" in told(capsys)
    assert "招聘信息（未核对单位资质）" in Path("o.html").read_text(encoding="utf-8")


def test_an_answer_says_whose_coverage_it_is_and_of_what():
    assert run("coverage", *FILES, *ON, "--map-approval", "示S(2026)001", "--out", "o.html") == 0
    page = Path("o.html").read_text(encoding="utf-8")
    for words in ("households", "jobs of verified employers", "示S(2026)001"):
        assert words in page
    write_ndjson("s.ndjson", [{"id": "S1", "name": "网点", **WEST_HOME}])
    of_stations = ("--supply-kind", "stations", "--language", "zh", "--out", "o.geojson")
    lists = ("--people", "h.ndjson", "--supply", "s.ndjson", "--communities", "c.ndjson")
    assert run("coverage", *lists, *ON, *of_stations) == 0
    asked = json.loads(Path("o.geojson").read_text(encoding="utf-8"))["asked"]
    assert (asked["统计对象"], asked["供给"]) == ("家庭", "服务网点")


def test_filled_jobs_are_no_place_to_go_to():
    assert run("coverage", *FILES, *ON, "--count", "places", "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    assert (frame.loc[EAST, "reached"], frame.loc[WEST, "reached"]) == (1, 0)


SEEKERS = [
    {"id": "P1", "lon": 117.3901, "lat": 32.9401, "community": EAST, "birth_year": 1990},
    {"id": "P2", "lon": 117.3901, "lat": 32.9401, "community": EAST, "birth_year": 1990},
    {"id": "P3", **WEST_HOME, "community": WEST, "birth_year": 1990},
]
WANTS = [{"wage_floor_cny": 3000}, {"wage_floor_cny": 9000}, {}]
OFFER = {"wage_low_cny": 3000, "wage_high_cny": 5000, "wage_unit": "month"}


def write_seekers():
    rows = [{**one, **wants} for one, wants in zip(SEEKERS, WANTS, strict=True)]
    write_ndjson("p.ndjson", rows)
    write_ndjson("j.ndjson", [{**one, **OFFER} for one in VERIFIED])
    return ("--people", "p.ndjson", "--supply", "j.ndjson", "--communities", "c.ndjson")


def test_with_eligible_only_what_fits_a_seeker_counts(capsys):
    files = write_seekers()
    assert run("coverage", *files, *ON, "--eligible", "--out", "o.csv") == 0
    frame = read_csv("o.csv")
    assert frame.loc[EAST, ["people", "reached", "reason_none_eligible"]].tolist() == [2, 1, 1]
    assert frame.loc[EAST, ["eligible_p10", "eligible_p90", "in_reach_median"]].tolist() == [
        0,
        3,
        3,
    ]
    assert frame.loc[EAST, "none_eligible_wage"] == 1
    assert frame.loc[WEST, "reason_none_in_circle"] == 1
    lines = told(capsys)
    assert (
        "  1 of 3 located seekers (33.3%) reach 1 vacancy or more that they could take up" in lines
    )
    assert "    what keeps them most from what is there: 1 by wage" in lines
    without = ("--eligible", "--without", "wage", "--language", "zh", "--out", "o.html")
    assert run("coverage", *files, *ON, *without) == 0
    lines = told(capsys)
    assert "  有位置的3名求职者中，2名（66.7%）可达符合条件的1个岗位及以上" in lines
    assert "薪资" not in Path("o.html").read_text(encoding="utf-8").split("只计符合条件的")[1][:200]


def test_eligibility_in_a_store_is_that_of_its_lists(store):
    files = write_seekers()
    with Store.open(store) as opened:
        rows = [{**one, **wants} for one, wants in zip(SEEKERS, WANTS, strict=True)]
        opened.put("seekers", pa.Table.from_pylist(rows))
        days = [
            {**one, **OFFER, "closed_on": _day(one.get("closed_on")), "employer_id": "E1"}
            for one in JOBS
        ]
        opened.put("jobs", pa.Table.from_pylist(days))
    run("coverage", *files, *ON, "--eligible", "--by", "community by veteran", "--out", "files.csv")
    who = ("--store", store, "--who", "社区-07", "--purpose", "缺口分析", "--eligible")
    assert run("coverage", *who, *ON, "--by", "community by veteran", "--out", "o.csv") == 0
    assert Path("o.csv").read_bytes() == Path("files.csv").read_bytes()
    with AuditLog.open(store) as audit:
        assert audit.read().column("count").to_pylist() == [3]


def test_a_plan_of_a_store_has_all_that_is_in_it(store, capsys):
    members = [{"birth_year": 1990, "status": None}, {"birth_year": 2020, "status": None}]
    with Store.open(store) as opened:
        opened.put("seekers", pa.Table.from_pylist(SEEKERS))
        homes = [
            {**HOUSEHOLDS[0], "members": members, "member_count": 3},
            {**HOUSEHOLDS[1], "members": None, "member_count": 2},
        ]
        schema = pa.Table.from_pylist(homes[:1]).schema
        opened.put("households", pa.Table.from_pylist(homes, schema=schema))
        opened.put("sites", pa.Table.from_pylist([{"id": "W1", **WEST_HOME}]))
    who = ("--store", store, "--who", "社区-07", "--purpose", "服务方案", "--plan")
    out = ("--out", "o.gpkg", "--out", "o.xlsx", "--out", "o.html")
    assert run("coverage", *who, *ON, *out) == 0
    plan = gpd.read_file("o.gpkg", layer="plan").set_index("code")
    names = ["people", "working_age", "working_age_unknown", "seekers", "vacancies", "entities"]
    assert plan.loc[EAST, names].tolist() == [3, 1, 1, 2, 3, 0]
    assert plan.loc[WEST, names].tolist() == [2, 0, 2, 1, 0, 1]
    assert plan.loc[EAST, "not_given"] == "stations"
    layers = pyogrio.list_layers("o.gpkg")[:, 0].tolist()
    assert layers[-4:] == [
        "plan",
        "plan by occupation",
        "plan city by occupation",
        "columns",
    ]
    lines = told(capsys)
    assert lines[:2] == [
        lines[0],
        "  the read of the households and seekers is noted in s.db.audit",
    ]
    assert lines[0].startswith("4 households and 3 seekers of s.db as of cursor ")
    (plan_line,) = [line for line in lines if line.startswith("  service plan: ")]
    nobody = "nobody of 2 households that state no members"
    assert plan_line.endswith(f"; not given: stations; {nobody}")
    with AuditLog.open(store) as audit:
        assert audit.read().column("count").to_pylist() == [4, 3]
    assert "社区服务方案" not in Path("o.html").read_text(encoding="utf-8")
    assert "Service plans" in Path("o.html").read_text(encoding="utf-8")


def test_a_plan_of_lists_has_what_they_have(capsys):
    files = write_seekers()
    more = ("--of", "seekers", "--plan", "--language", "zh", "--out", "o.gpkg")
    assert run("coverage", *files, *ON, *more) == 0
    plan = gpd.read_file("o.gpkg", layer="plan").set_index("code")
    assert plan.loc[EAST, ["seekers", "vacancies", "seekers_reached"]].tolist() == [2, 3, 2]
    assert plan.loc[EAST, "people"] is None or pd.isna(plan.loc[EAST, "people"])
    (line,) = [line for line in told(capsys) if line.startswith("  服务方案：")]
    assert line == "  服务方案：求职者3，招聘人数3；未提供：entities, people, stations"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "1 of 5 households belong to no community here, and 1 live in another than",
        ),
        ("zh", "5户家庭中，1户不属于这里的任何社区，1户的位置不在登记的社区"),
    ],
)
def test_people_whose_places_lie_elsewhere_are_told(language, told, capsys):
    away = {"id": "H5", "lon": 117.50, "lat": 32.94, "hukou": "urban", "community": EAST}
    write_ndjson("h.ndjson", [*HOUSEHOLDS, away])
    out = covered(capsys, "--language", language, "--out", "out.csv")
    assert told in out


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "1 row without a number of vacancies count for 1 each"), ("zh", "1行未写明招聘人数")],
)
def test_postings_without_a_number_of_vacancies_are_told(language, told, capsys):
    write_ndjson("j.ndjson", [*VERIFIED, {**VERIFIED[0], "id": "J4", "vacancies": None}])
    out = covered(capsys, "--language", language, "--out", "out.csv")
    assert told in out


def test_a_published_file_says_what_was_asked(capsys):
    covered(capsys, "--publish", "--key-file", "key", "--language", "en", "--out", "out.html")
    page = Path("out.html").read_text(encoding="utf-8")
    assert "3,000 m" in page
    assert "counts as reached, at least" in page
