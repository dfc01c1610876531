"""`geo-match coverage`, `difference`, `what-if` and `rank` on foot, in a town on a river."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from office_desk import run
from test_cli.test_coverage.town import ON, WGS84, plain, told, write_ndjson
from test_coverage.plain_on_foot import person
from test_coverage.river import COMMUNITIES, town
from test_walking.river_town import at

import geo_match as gm
from geo_match.coverage.answers.difference import difference
from geo_match.coverage.publication.publish import count_tables
from geo_match.walking import Network

SOUTH, NORTH = (one["code"] for one in COMMUNITIES[:2])
LISTS = ("--people", "h.ndjson", "--supply", "s.ndjson", "--communities", "c.ndjson", *WGS84)
ASKED = (*LISTS, *ON, "--supply-kind", "stations", "--radius-m", 1250)
WALKED = (*ASKED, "--basis", "walking", "--network", "town.net")
HOMES = [
    person("H1", (-200, -150), community=SOUTH),
    person("H2", (-300, -150), community=SOUTH),
    person("H3", (1000, -140), community=SOUTH),
    person("H4", (-1300, 250), community=NORTH),
]
STATIONS = [person("S1", (-200, 250)), person("S2", (1000, -90))]


@pytest.fixture(autouse=True)
def river(folder):
    """Put the lists and the network of a town on a river into the folder."""
    write_ndjson("h.ndjson", HOMES)
    write_ndjson("s.ndjson", [{**one, "name": one["id"]} for one in STATIONS])
    write_ndjson("c.ndjson", [{**one, "area": one["area"]} for one in COMMUNITIES])
    town("Old Bridge").save(folder / "town.net")


def read_rows(path):
    return pd.read_csv(path, dtype={"code": str}).set_index("code")


def test_straight_stands_beside_what_is_on_foot(capsys):
    assert run("coverage", *WALKED, "--out", "o.csv") == 0
    rows = read_rows("o.csv")
    names = ["reached", "reached_straight", "lost_on_foot", "lost_on_foot_river"]
    assert rows.loc[SOUTH, names].tolist() == [0, 3, 3, 2]
    assert rows.loc[NORTH, names].tolist() == [1, 1, 0, 0]
    said = told(capsys)
    assert "  1 of 4 located households (25.0%) reach 1 station or more on foot" in said
    why = "2 with water between, 1 with too long a detour"
    assert f"  4 of them do straight; not on foot: {why}" in said
    assert "  3 below the standard: 3 with nothing in it on foot" in said


def test_it_is_told_in_chinese(capsys):
    assert run("coverage", *WALKED, "--language", "zh", "--out", "o.csv") == 0
    said = told(capsys)
    assert "  有位置的4户家庭中，1户（25.0%）步行可达1个服务网点及以上" in said
    assert "  直线可达的4户，其中步行不可达：河流阻隔2户，绕行过远1户" in said


def test_without_a_basis_nothing_is_on_foot(capsys):
    assert run("coverage", *ASKED, "--out", "o.csv") == 0
    assert "lost_on_foot" not in read_rows("o.csv")
    assert not [line for line in told(capsys) if "foot" in line or "straight" in line]


FAR = (4000, -4000)
"""Where no street leads."""


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "en",
            "  no street leads to 1 of 5 located households and 1 of 3 rows of what is there",
        ),
        ("zh", "  附近没有能走到的道路：有位置的5户家庭中的1户，供给3行中的1行"),
    ],
)
def test_it_is_told_to_whom_and_to_what_no_street_leads(capsys, language, line):
    write_ndjson("h.ndjson", [*HOMES, person("H9", FAR, community=SOUTH)])
    far = {**person("S9", FAR), "name": "S9"}
    write_ndjson("s.ndjson", [*({**one, "name": one["id"]} for one in STATIONS), far])
    assert run("coverage", *WALKED, "--language", language, "--out", "o.csv") == 0
    assert line in told(capsys)
    assert run("coverage", *ASKED, "--language", language, "--out", "o.csv") == 0
    assert line not in told(capsys)


def test_two_days_are_compared_on_foot_as_the_library_does(capsys):
    days = [("2025-01-01", None), ("2025-10-01", None)]
    rows = [
        {**one, "name": one["id"], "opened_on": opened, "closed_on": closed}
        for one, (opened, closed) in zip(STATIONS, days, strict=True)
    ]
    write_ndjson("s.ndjson", [*rows, {**person("S3", (-280, -200)), "name": "S3",
                                      "closed_on": "2025-10-01"}])  # fmt: skip
    assert run("difference", *WALKED, "--before", "2025-06-30", "--out", "o.csv") == 0
    net = Network.open("town.net")
    options = gm.CoverageOptions(radius_m=1250, count="places", basis="walking", network=net)
    near = {**person("S3", (-280, -200))}
    then, now = (
        gm.Coverage(supply, COMMUNITIES, options).of(HOMES)
        for supply in ([STATIONS[0], near], STATIONS)
    )
    wanted = difference(then, now, labels=("2025-06-30", "2025-12-31")).set_index("code")
    found = read_rows("o.csv")
    for name in ("reached_change", "reached_straight_change", "lost_on_foot_river_after"):
        assert found.loc[[SOUTH, NORTH], name].tolist() == wanted.loc[[SOUTH, NORTH], name].tolist()
    assert found.loc[SOUTH, "reached_change"] == -2
    said = told(capsys)
    assert "  households reached: 3 → 1 (−2)" in said
    assert "  households reached straight: 3 → 4 (+1)" in said


def test_a_bridge_that_opened_between_two_days_is_a_change(capsys):
    town("Old Bridge", "New Bridge").save("later.net")
    walked = (*ASKED, "--basis", "walking", "--network", "later.net", "--before", "2025-06-30")
    write_ndjson("h.ndjson", [*HOMES, person("H5", (1450, 250), community=NORTH)])
    more = ("--network-before", "town.net", "--out", "o.csv", "--out", "o.xlsx")
    assert run("difference", *walked, *more) == 0
    found = read_rows("o.csv")
    names = ["reached_before", "reached_after", "lost_on_foot_river_before"]
    assert found.loc[NORTH, names].tolist() == [1, 2, 1]
    assert "  households reached: 1 → 2 (+1)" in told(capsys)


def test_what_is_straight_goes_out_beside_what_is_on_foot_where_it_is_asked(capsys):
    crowd = [person(f"C{n}", (-1300, 250), community=NORTH) for n in range(60)]
    write_ndjson("h.ndjson", [*HOMES, *crowd])
    publish = ("--publish", "--key-file", "key.txt", "--by", "city", "--out", "o.csv")
    assert run("coverage", *WALKED, *publish) == 0
    assert "reached_straight" not in pd.read_csv("o.csv")
    assert not [line for line in told(capsys) if "do straight" in line]
    assert run("coverage", *WALKED, *publish, "--straight-too") == 0
    found = pd.read_csv("o.csv")
    options = gm.CoverageOptions(
        radius_m=1250, count="places", basis="walking", network=Network.open("town.net")
    )
    report = gm.Coverage(STATIONS, COMMUNITIES, options).of([*HOMES, *crowd])
    tables = count_tables(report, date="2025-12-31", straight=True)
    wanted = gm.publish(*tables, key=bytes.fromhex(Path("key.txt").read_text("ascii")))
    for name in ("people", "reached", "reached_straight"):
        mine = found[name].astype("Int64").tolist()
        assert mine == wanted["city"][name].tolist(), name
    assert [line for line in told(capsys) if line.endswith(" of them do straight")]


def test_a_street_that_would_open_is_told_of(capsys):
    ends = (*at(-300, -90), *at(-300, 190))
    street = ",".join(f"{one:.7f}" for one in ends)
    assert run("what-if", *WALKED, "--open-street", street, "--out", "o.csv") == 0
    row = read_rows("o.csv").loc[SOUTH]
    assert (row["reached_change"], row["lost_on_foot_change"]) == (2, -2)
    said = told(capsys)
    assert "internal, 2025-12-31: with 1 street opened" in said
    assert "  households reached: 3 (2 more than the 1 now)" in said


@pytest.mark.parametrize(
    ("language", "line", "ranked"),
    [
        (
            "en",
            "  no street leads to 2 of the new places: S1, N1",
            "N1: 0 more alone, 0 more after those above, 1 reached then; no street leads to it",
        ),
        (
            "zh",
            "  新地点中有2个附近没有能走到的道路：S1、N1",
            "N1：单独增加0户，在前列之后增加0户，届时可达1户；附近没有能走到的道路",
        ),
    ],
)
def test_a_new_place_that_no_street_leads_to_is_told_of(capsys, language, line, ranked):
    lost = {**person("N1", FAR), "name": "N1"}
    write_ndjson("n.ndjson", [lost, {**person("N2", (-280, -200)), "name": "N2"}])
    write_ndjson("m.ndjson", [{**person("S1", FAR), "name": "S1"}])
    end = ("--language", language, "--out", "o.csv")
    assert run("what-if", *WALKED, "--add", "n.ndjson", "--move", "m.ndjson", *end) == 0
    assert line in told(capsys)
    assert run("what-if", *ASKED, "--add", "n.ndjson", *end) == 0
    assert not [one for one in told(capsys) if "street" in one or "道路" in one]
    write_ndjson("n.ndjson", [lost])
    assert run("rank", *WALKED, "--candidates", "n.ndjson", *end) == 0
    assert f"    1. {ranked}" in told(capsys)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "    no street leads to 1 of the others: N9"),
        ("zh", "    其余地点中有1个附近没有能走到的道路：N9"),
    ],
)
def test_a_candidate_below_those_told_that_no_street_leads_to_is_told_of(capsys, language, line):
    near = [{**person(f"N{at}", (-280, -200)), "name": "N"} for at in range(1, 6)]
    write_ndjson("n.ndjson", [*near, {**person("N9", FAR), "name": "N9"}])
    end = ("--language", language, "--out", "o.csv")
    assert run("rank", *WALKED, "--candidates", "n.ndjson", *end) == 0
    assert line in told(capsys)


def test_candidates_are_ranked_on_foot():
    write_ndjson("n.ndjson", [{**person("N", (900, -130)), "name": "N"}])
    more = ("--candidates", "n.ndjson", "--out", "o.csv")
    assert run("rank", *WALKED, *more) == 0
    # H1 is 1.18 km away on foot, H2 1.28, and H3, 100 m away straight, 1.5.
    assert pd.read_csv("o.csv")["alone"].tolist() == [1]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            ("difference", "--before", "2025-06-30", "--network-before", "town.net"),
            "--network-before: must not be given without --basis walking",
        ),
        (("coverage", "--straight-too"), "--straight-too: must not be given without --publish"),
        (
            ("coverage", "--publish", "--key-file", "k", "--straight-too"),
            "--straight-too: must not be given without --basis walking",
        ),
        (("coverage", "--basis", "driving"), "--basis: must be one of geodesic, walking"),
        (("coverage", "--basis", "walking"), "--network: must be given with --basis walking"),
        (("coverage", "--network", "town.net"), "--network: must not be given without --basis"),
        (
            ("coverage", "--gap-areas", "--out", "o.gpkg", *WALKED[-4:]),
            "--gap-areas: must not be given with --basis walking: they are drawn of straight",
        ),
        (("what-if", "--open-street", "1,2,3"), "--open-street: must be four numbers"),
        (
            ("what-if", "--open-street", "117,32,118,32"),
            "--open-street: must not be given without --basis walking",
        ),
        (
            ("what-if", *WALKED[-4:], "--open-street", "117,32,118,32", "--close", "S1"),
            "--close: must not be given with --open-street",
        ),
    ],
)
def test_a_wrong_command_line_is_named(capsys, command, message):
    name, *more = command
    out = () if "--out" in more else ("--out", "o.csv")
    assert run(name, *ASKED, *more, *out) == 2
    assert message in plain(capsys.readouterr().err)
    assert not Path("o.csv").exists()


def test_a_file_that_is_no_network_is_refused(capsys):
    asked = (*ASKED, "--basis", "walking", "--network", "h.ndjson", "--out", "o.csv")
    assert run("coverage", *asked) == 1
    assert "h.ndjson" in capsys.readouterr().err
    assert not Path("o.csv").exists()
