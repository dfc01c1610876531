"""The command line as a user meets it: help, exit statuses, messages, silence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo_match import __version__
from geo_match.cli import app, circles, main

SITES = "id,lon,lat,jobs\nS1,117.36,32.93,3\nS2,117.38,32.93,4\nS3,117.60,32.93,5\n"
ORIGINS = "id,lon,lat\nO1,117.36,32.93\nO2,117.37,32.93\nO3,118.50,32.93\n"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder with `sites.csv` and `origins.csv`; give status and messages."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "sites.csv").write_text(SITES)
    (tmp_path / "origins.csv").write_text(ORIGINS)

    def call(*arguments):
        with pytest.raises(SystemExit, match=r"\d") as stop:
            main(list(arguments))
        output = capsys.readouterr()
        return stop.value.code, output.err, output.out

    return call


FILES = ("--sites", "sites.csv", "--origins", "origins.csv", "--datum", "wgs84")


def test_within_lists_pairs_and_says_what_it_did(run):
    status, err, out = run("within", *FILES, "--out", "pairs.csv")
    assert (status, out) == (0, "")
    pairs = pd.read_csv("pairs.csv")
    assert list(pairs) == ["origin_id", "site_id", "distance_m"]
    assert list(zip(pairs.origin_id, pairs.site_id, strict=True)) == [
        ("O1", "S1"), ("O1", "S2"), ("O2", "S1"), ("O2", "S2"),
    ]  # fmt: skip
    assert pairs.distance_m.tolist()[0] == 0
    assert err.splitlines() == [
        "sites: 3 rows of sites.csv, 3 used",
        "origins: 3 rows of origins.csv, 3 used",
        "3 origins answered: 4 pairs within 3,000 m, written to pairs.csv",
    ]
    assert sorted(path.name for path in Path().iterdir()) == [
        "origins.csv",
        "pairs.csv",
        "sites.csv",
    ]


def test_limit_keeps_the_nearest_and_ranks_them(run):
    status, err, _ = run(
        "within", *FILES, "--radius-m", "30000", "--limit", "2", "--out", "p.ndjson"
    )
    pairs = pd.DataFrame([json.loads(line) for line in Path("p.ndjson").read_text().splitlines()])
    assert status == 0
    assert "at most the nearest 2 of each origin" in err
    assert pairs.groupby("origin_id")["rank"].apply(list).to_dict() == {"O1": [1, 2], "O2": [1, 2]}
    assert pairs[pairs.origin_id == "O1"].site_id.tolist() == ["S1", "S2"]


def test_count_writes_a_row_an_origin_with_zero_where_nothing_is_in_reach(run):
    assert run("count", *FILES, "--out", "counts.csv")[0] == 0
    counts = pd.read_csv("counts.csv")
    assert list(counts) == ["id", "lon", "lat", "count"]
    assert counts["count"].tolist() == [2, 2, 0]
    assert counts["lon"].tolist() == [117.36, 117.37, 118.5]


def test_weights_are_added_up_under_their_own_names(run):
    Path("sites.csv").write_text(
        "id,lon,lat,jobs,pay\nS1,117.36,32.93,3,0.5\nS2,117.38,32.93,4,1\n"
    )
    status, err, _ = run("count", *FILES, "--weight", "pay", "--weight", "jobs", "--out", "c.csv")
    counts = pd.read_csv("c.csv")
    assert status == 0
    assert list(counts) == ["id", "lon", "lat", "pay", "jobs"]
    assert counts.jobs.tolist() == [7, 7, 0]
    assert counts.pay.tolist() == [1.5, 1.5, 0]
    assert "sums of pay, jobs" in err


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_geographic_formats_show_the_site_of_a_pair_and_the_origin_of_a_count(run, suffix):
    read = gpd.read_parquet if suffix == "parquet" else gpd.read_file
    assert run("within", *FILES, "--out", f"pairs.{suffix}")[0] == 0
    assert read(f"pairs.{suffix}").geometry.x.tolist() == [117.36, 117.38, 117.36, 117.38]
    assert run("count", *FILES, "--out", f"counts.{suffix}")[0] == 0
    assert read(f"counts.{suffix}").geometry.x.tolist() == [117.36, 117.37, 118.5]


def test_rejected_rows_are_listed_and_the_status_says_so(run):
    Path("sites.csv").write_text(SITES + "S4,,32.9,1\n=S5,117.4,x,1\n")
    status, err, _ = run("count", *FILES, "--out", "c.csv")
    assert status == 3
    assert "sites: 5 rows of sites.csv, 3 used, 2 rejected" in err
    assert "row 4, lon (empty): must be given where lat is. Find the place's coordinates" in err
    assert "2 faults listed in c.csv.rejected.csv" in err
    assert pd.read_csv("c.csv")["count"].tolist() == [2, 2, 0]
    raw = Path("c.csv.rejected.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfinput,file,row,field,value,rule,remedy\n")
    listed = pd.read_csv("c.csv.rejected.csv", keep_default_na=False)
    assert listed[["input", "file", "row", "field", "value"]].to_numpy().tolist() == [
        ["sites", "sites.csv", 4, "lon", ""],
        ["sites", "sites.csv", 5, "lat", "x"],
    ]


def test_only_the_first_faults_are_shown(run):
    Path("sites.csv").write_text(SITES + "".join(f"X{i},,,\n" for i in range(9)))
    _, err, _ = run("count", *FILES, "--out", "c.csv", "--rejects", "mend.csv")
    assert err.count("must hold a longitude") == 5
    assert "… and 4 more" in err
    assert len(pd.read_csv("mend.csv")) == 9


def test_a_list_of_an_earlier_run_does_not_outlive_its_faults(run):
    Path("sites.csv").write_text(SITES + "S4,,,\n")
    assert run("count", *FILES, "--out", "c.csv")[0] == 3
    Path("sites.csv").write_text(SITES)
    status, err, _ = run("count", *FILES, "--out", "c.csv")
    assert status == 0
    assert "removed c.csv.rejected.csv" in err
    assert not Path("c.csv.rejected.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--sites", "none.csv", "--origins", "origins.csv", "--out", "o.csv"), "must exist"),
        ((*FILES, "--out", "none/o.csv"), "a folder that exists"),
        ((*FILES, "--out", "sites.csv"), "not be an input"),
        ((*FILES, "--out", "o.csv", "--rejects", "origins.csv"), "not be an input"),
        ((*FILES, "--out", "o.csv", "--site-id", "nr"), "have the column 'nr'"),
        (
            (*FILES, "--out", "o.csv", "--site-lon", "lat", "--site-lat", "lon"),
            "Exchange the columns",
        ),
        ((*FILES, "--out", "o.csv", "--service-area", "1,2,3,4"), "3 places outside it"),
    ],
)
@pytest.mark.parametrize("command", ["within", "count"])
def test_what_is_refused_says_why_writes_nothing_and_exits_with_1(run, command, arguments, message):
    before = {path: path.read_bytes() for path in Path().iterdir()}
    status, err, out = run(command, *arguments)
    assert (status, out) == (1, "")
    assert err.startswith("geo-match: ")
    assert message in err
    assert "Traceback" not in err
    assert {path: path.read_bytes() for path in Path().iterdir()} == before


NOTES = "note\nbuy milk\n"


def test_a_file_that_is_no_list_of_rejected_rows_is_left_alone(run):
    for name in ("notes.csv", "c.csv.rejected.csv"):
        Path(name).write_text(NOTES)
    status, err, _ = run("count", *FILES, "--out", "c.csv", "--rejects", "notes.csv")
    assert (status, "notes" in err) == (0, False)
    status, err, _ = run("count", *FILES, "--out", "c.csv")
    assert (status, "rejected" in err) == (0, False)
    assert Path("notes.csv").read_text() == Path("c.csv.rejected.csv").read_text() == NOTES


@pytest.mark.parametrize("command", ["within", "count"])
@pytest.mark.parametrize("more", [(), ("--rejects", "notes.csv")])
def test_a_file_that_is_no_list_of_rejected_rows_is_never_overwritten(
    *, run, monkeypatch, command, more
):
    name = more[-1] if more else "c.csv.rejected.csv"
    Path(name).write_text(NOTES)
    Path("sites.csv").write_text(SITES + "S4,,,\n")
    monkeypatch.setattr(circles, "_index", None)  # refused before the work
    status, err, _ = run(command, *FILES, "--out", "c.csv", *more)
    assert status == 1
    assert f"`{name}` must be an older list of rejected rows or not exist yet" in err
    assert "--rejects" in err
    assert Path(name).read_text() == NOTES
    assert not Path("c.csv").exists()


def test_an_older_list_is_replaced(run):
    Path("sites.csv").write_text(SITES + "S4,,,\nS5,,,\n")
    assert run("count", *FILES, "--out", "c.csv")[0] == 3
    Path("sites.csv").write_text(SITES + "S4,,,\n")
    assert run("count", *FILES, "--out", "c.csv")[0] == 3
    assert len(pd.read_csv("c.csv.rejected.csv")) == 1


def test_without_room_for_the_list_of_rejected_rows_there_is_no_answer_either(run, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo_match.exchange.write.write_rejections", full)
    Path("sites.csv").write_text(SITES + "S4,,,\n")
    status, err, _ = run("count", *FILES, "--out", "c.csv")
    assert status == 1
    assert err == (
        "geo-match: `c.csv.rejected.csv` must be written, got No space left on device. Free space "
        "on its disk, or write to another one.\n"
    )
    assert sorted(path.name for path in Path().iterdir()) == ["origins.csv", "sites.csv"]


@pytest.mark.parametrize(
    "arguments", [("within",), ("within", "--limit", "3"), ("count",)], ids=" ".join
)
def test_an_answer_without_any_pair_asks_what_may_be_the_reason(run, arguments):
    Path("origins.csv").write_text("id,lon,lat\nO1,118,32.93\n")
    status, err, _ = run(*arguments, *FILES, "--out", "o.csv")
    assert status == 0
    assert "no site lies within 3,000 m of any origin: are both files in the datum given" in err


def test_one_is_not_many(run):
    Path("origins.csv").write_text("id,lon,lat\nO1,117.6,32.93\n\n")
    _, err, _ = run("within", *FILES, "--out", "o.csv")
    assert "origins: 1 row of origins.csv, 1 used" in err
    assert "warning: passed over 1 blank row" in err
    assert "1 origin answered: 1 pair within" in err


def test_a_weight_of_text_is_refused_with_the_columns_of_numbers(run):
    Path("sites.csv").write_text("id,lon,lat,title,jobs\nS1,117.36,32.93,cook,3\n")
    status, err, _ = run("count", *FILES, "--weight", "title", "--out", "o.csv")
    assert status == 1
    assert "got text such as 'cook'. Was another column meant? Numbers stand in: jobs." in err


def test_a_file_whose_rows_are_all_bad_is_refused(run):
    Path("sites.csv").write_text("id,lon,lat\nA,,\nB,x,y\n")
    status, err, _ = run("count", *FILES, "--out", "o.csv")
    assert status == 1
    assert "2 rows read and none used (row 1, lon, lat: must hold a longitude" in err
    assert not Path("o.csv").exists()


def test_a_weight_too_large_to_add_is_refused(run):
    Path("sites.csv").write_text(f"id,lon,lat,w\nA,1,2,{2**62}\nB,1,2,{2**62}\nC,1,2,{2**62}\n")
    status, err, _ = run("count", *FILES, "--weight", "w", "--out", "o.csv")
    assert status == 1
    assert "weights" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("within", *FILES), "Missing option '--out'"),
        (
            ("within", *FILES, "--out", "o.csv", "--limit", "0"),
            "'--limit': must be a whole number of sites, 1 or more, got '0'.",
        ),
        (("within", *FILES, "--out", "o.csv", "--limit", "x"), "'--limit': must be a whole number"),
        (("within", *FILES, "--out", "o.csv", "--weight", "w"), "No such option"),
        (
            ("count", *FILES, "--out", "o.csv", "--radius-m", "3km"),
            "'--radius-m': must be a number of metres from 0 to 200000, got '3km'.",
        ),
        *(
            (("count", *FILES, "--out", "o.csv", "--radius-m", bad), f"200000, got '{bad}'.")
            for bad in ("nan", "-1", "200001", "inf")
        ),
        (
            ("count", *FILES, "--out", "o.csv", "--datum", "xian80"),
            "'--datum': must be one of 'wgs84', 'cgcs2000', 'gcj02', 'bd09', got 'xian80'. Have",
        ),
        (
            ("count", *FILES, "--out", "o.csv", "--origins-datum", "mars"),
            "'--origins-datum': must be one of",
        ),
        (("count", *FILES, "--out", "o.txt"), "--out: must end in one of .csv"),
        (("count", *FILES, "--out", "o"), "--out: must end in one of .csv"),
        (("count", *FILES, "--out", "o.csv", "--rejects", "r.txt"), "--rejects: must end in .csv"),
        (
            ("count", *FILES, "--out", "o.csv", "--rejects", "./o.csv"),
            "--rejects: must be another file than --out, got 'o.csv' for both.",
        ),
        (
            ("count", *FILES, "--out", "o.csv", "--weight", "a", "--weight", "a"),
            "'--weight': must name a column once, got 'a' 2 times.",
        ),
        (("count", *FILES, "--out", "o.csv", "--service-area", "1,2,3"), "west,south,east,north"),
        (("count", *FILES, "--out", "o.csv", "--service-area", "a,b,c,d"), "west,south,east,north"),
        (("near",), "No such command"),
    ],
)
def test_a_wrong_command_line_exits_with_2(run, arguments, message):
    status, err, _ = run(*arguments)
    assert status == 2
    assert message in plain(err)
    assert not Path("o.csv").exists()


def test_a_service_area_with_negative_edges_is_understood(run):
    Path("sites.csv").write_text("id,lon,lat\nA,-51.2,-30.0\n")
    Path("origins.csv").write_text("id,lon,lat\nA,-51.2,-30.0\nB,117,32\n")
    status, err, _ = run("count", *FILES, "--service-area", "-52,-31,-51,-29", "--out", "o.csv")
    assert status == 0
    assert "warning: 1 of 2 places lies outside the service area -52,-31,-51,-29" in err


def test_each_file_may_have_a_datum_of_its_own(run):
    run("within", *FILES, "--out", "same.csv")
    run("within", *FILES, "--datum", "gcj02", "--out", "shifted.csv")
    run("within", *FILES, "--sites-datum", "gcj02", "--out", "sites_only.csv")
    same, shifted, sites_only = (
        pd.read_csv(f"{name}.csv").distance_m for name in ("same", "shifted", "sites_only")
    )
    assert shifted.to_numpy() == pytest.approx(same.to_numpy(), abs=5)
    assert 400 < sites_only[0] < 700


def plain(text):
    """Return help without the boxes and line breaks that rich draws."""
    return " ".join(re.sub(r"[│╭╮╰╯─*]", " ", text).split())


@pytest.mark.parametrize("command", ["within", "count"])
def test_files_that_state_no_crs_are_refused_without_a_datum(run, command):
    pd.read_csv("sites.csv").to_parquet("sites.parquet")
    for sites, origins in (("sites.csv", "origins.csv"), ("sites.parquet", "origins.csv")):
        status, err, _ = run(command, "--sites", sites, "--origins", origins, "--out", "o.csv")
        assert status == 1
        assert f"`{sites}` must say the datum of its coordinates, got neither a CRS nor" in err
        assert "give --datum wgs84 (GPS)" in err
    assert not Path("o.csv").exists()


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_files_that_state_their_crs_need_no_datum(run, suffix):
    frame = pd.read_csv("sites.csv")
    places = gpd.points_from_xy(frame.pop("lon"), frame.pop("lat"), crs=4326)
    sites = gpd.GeoDataFrame(frame, geometry=places)
    if suffix == "parquet":
        sites.to_parquet("sites.parquet")
    else:
        sites.to_file(f"sites.{suffix}")
    files = ("--sites", f"sites.{suffix}", "--origins", "origins.csv", "--out", "o.csv")
    status, err, _ = run("count", *files, "--origins-datum", "wgs84")
    assert (status, pd.read_csv("o.csv")["count"].tolist()) == (0, [2, 2, 0]), err
    status, err, _ = run("count", *files)
    assert status == 1
    assert "`origins.csv` must say the datum" in err


@pytest.mark.parametrize("command", ["within", "count"])
def test_help_names_every_option_and_the_exit_statuses(run, command):
    status, _, out = run(command, "--help")
    assert status == 0
    for option in (
        *("--sites", "--origins", "--radius-m", "--datum", "--sites-datum", "--origins-datum"),
        *("--service-area", "--site-id", "--site-lon", "--site-lat", "--origin-id"),
        *("--origin-lon", "--origin-lat", "--out", "--rejects"),
        *(("--limit",) if command == "within" else ("--weight",)),
    ):
        assert option in out
    assert "Exit status: 0 all rows were used; 1 refused, and nothing written; 2" in plain(out)


def test_the_version_is_told(run):
    assert run("--version") == (0, "", f"geo-match {__version__}\n")


def test_every_command_has_help(run):
    names = [
        command.name or command.callback.__name__.replace("_", "-")
        for command in app.registered_commands
    ]
    assert names[:5] == ["within", "count", "match", "coverage", "what-if"]
    status, _, out = run("--help")
    assert status == 0
    assert all(name in out for name in names)


def geo_match(*arguments, **options):
    return subprocess.run(  # noqa: S603 - this interpreter, on our own command
        [sys.executable, "-m", "geo_match", *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_as_a_process_it_is_silent_but_for_the_summary(tmp_path):
    (tmp_path / "sites.csv").write_text(SITES)
    (tmp_path / "origins.csv").write_text(ORIGINS)
    done = geo_match("count", *FILES, "--out", "c.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert len(done.stderr.splitlines()) == 3
    assert "\x1b" not in done.stderr
    assert "\r" not in done.stderr


def test_as_a_process_it_refuses_without_a_trace(tmp_path):
    done = geo_match("count", *FILES, "--out", "c.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "geo-match: `sites.csv` must exist, got no such file. Check the path.\n"


def test_help_imports_none_of_the_heavy_libraries():
    program = (
        "import sys\n"
        "from geo_match.cli import main\n"
        "try:\n"
        "    main(['within', '--help'])\n"
        "except SystemExit as stop:\n"
        "    assert stop.code == 0\n"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'numba', 'pyproj'} & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
