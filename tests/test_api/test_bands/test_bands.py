"""Seekers near a verified site: what is told, to whom, and that no attack learns more."""

from __future__ import annotations

import datetime as dt
import fcntl
import random
import threading
import time
from types import SimpleNamespace

import h3.api.basic_str as h3
import pyarrow as pa
import pytest
from pyproj import Geod
from test_api.test_jobs.conftest import table

from api.app import create_app
from api.bands.cells import BAND_ENDS_M, SeekerCells
from api.bands.releases import SeekerReleases
from api.coverage.single_flight import NotReadyError
from api.settings import Settings
from geo_match.store import AuditLog, Store
from geo_match.store.reading.standing import standing_of

GEOD = Geod(ellps="WGS84")
LON, LAT = 117.38, 32.92
DAY = dt.date(2026, 2, 28)
KEY = b"k" * 32
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
HOME = (117.4251, 32.9407)
"""Of somebody whom an attacker looks for."""


def crowd(n=600, seed=5):
    """Give homes about a city's middle, some without a place."""
    lot = random.Random(seed)  # noqa: S311 - invented homes
    homes = [(LON + lot.gauss(0, 0.012), LAT + lot.gauss(0, 0.01)) for _ in range(n)]
    return [*homes, (None, None)]


def cells_of(homes, key=KEY):
    seekers = pa.table(
        {
            "lon": pa.array([lon for lon, _ in homes], pa.float64()),
            "lat": pa.array([lat for _, lat in homes], pa.float64()),
        }
    )
    return SeekerCells.of(seekers, DAY, key=key, made_at=NOW)


def counts_of(homes):
    counts = {}
    for lon, lat in homes:
        if lon is not None:
            name = h3.latlng_to_cell(lat, lon, 8)
            counts[name] = counts.get(name, 0) + 1
    return counts


@pytest.fixture(scope="module")
def served(tmp_path_factory, asker):
    """A store of jobs at verified sites and others, and who asks about them with two keys."""
    path = tmp_path_factory.mktemp("bands") / "city.db"
    with Store.open(path) as store:
        store.put(
            "employers", table("employers", [{"id": "E", "name": "示例", "licence": "verified"}])
        )
        sites = [
            {"id": "SEEN", "lon": LON, "lat": LAT, "verified": True},
            {"id": "NOT", "lon": LON, "lat": LAT},
            {"id": "NO", "lon": LON, "lat": LAT, "verified": False},
            {"id": "MOVED", "lon": LON, "lat": LAT, "verified": True},
            {"id": "RESTLESS", "lon": LON, "lat": LAT, "verified": True},
            {"id": "LEFT", "lon": LON, "lat": LAT, "verified": True},
        ]
        store.put("sites", table("sites", sites))
        names = [site["id"] for site in sites] + ["NOWHERE", None]
        jobs = [
            {"id": f"J-{name}", "title": "收银员", "employer_id": "E", "site_id": name}
            | {"lon": LON, "lat": LAT}
            for name in names
        ]
        full = {"id": "J-FULL", "title": "收银员", "employer_id": "E", "site_id": "SEEN"}
        store.put(
            "jobs",
            table("jobs", [*jobs, full | {"lon": LON, "lat": LAT, "vacancies": 1, "filled": 1}]),
        )
        seekers = [
            {"id": f"S{n:04}", "lon": lon, "lat": lat} for n, (lon, lat) in enumerate(crowd(480))
        ]
        store.put("seekers", table("seekers", seekers))
        keys = {
            role: store.api_keys.issue(role=role, label="示例")[1]
            for role in ("employer", "operator")
        }
    app = create_app(Settings(store=str(path)))
    ask = {role: asker(app, {"Authorization": f"Bearer {key}"}) for role, key in keys.items()}
    yield SimpleNamespace(path=path, ask=ask["employer"], operator=ask["operator"], app=app)
    app.state.opened.close()


def near(job="J-SEEN"):
    return f"/v1/jobs/{job}/seekers"


def test_the_bands_are_the_published_cells_by_the_distance_of_their_centres(served):
    told = served.ask(near()).json()
    cells = served.app.state.seekers.last(None)
    here = h3.cell_to_latlng(h3.latlng_to_cell(LAT, LON, 8))
    expected = [[], [], []]
    for name, figure in cells.figures.items():
        lat, lon = h3.cell_to_latlng(name)
        metres = GEOD.inv(here[1], here[0], lon, lat)[2]
        for band, end in enumerate(BAND_ENDS_M):
            if metres <= end:
                expected[band].append(figure)
                break
    assert [band["seekers"] for band in told["bands"]] == [sum(one) or None for one in expected]
    assert [(band["over_m"], band["to_m"]) for band in told["bands"]] == [
        (None, 1000.0),
        (1000.0, 2000.0),
        (2000.0, 3000.0),
    ]
    assert told["cell"] == h3.latlng_to_cell(LAT, LON, 8)
    assert (told["min_count"], told["round_to"]) == (10, 5)
    assert dt.date.fromisoformat(told["on"]).replace(day=28) < dt.datetime.now(dt.UTC).date()


def test_no_cell_below_ten_is_in_a_figure_and_the_others_are_near_their_counts():
    homes = crowd()
    counts, figures = counts_of(homes), cells_of(homes).figures
    assert set(figures) == {name for name, n in counts.items() if n >= 10}
    for name, figure in figures.items():
        assert figure % 5 == 0
        assert figure >= 10
        assert abs(figure - counts[name]) <= 5
    assert cells_of([]).bands(h3.latlng_to_cell(LAT, LON, 8)) == [None, None, None]


@pytest.mark.parametrize(
    ("job", "status", "kind"),
    [
        ("J-NOT", 409, "site-not-verified"),
        ("J-NO", 409, "site-not-verified"),
        ("J-NOWHERE", 409, "site-not-verified"),
        ("J-None", 409, "site-not-verified"),
        ("J-FULL", 404, "no-such-job"),
        ("J-OTHER", 404, "no-such-job"),
    ],
)
def test_only_served_jobs_at_verified_sites_are_told_of(served, job, status, kind):
    problem = served.ask.problem(near(job))
    assert problem["status"] == status
    assert problem["type"].endswith(kind)


def test_who_has_not_the_scope_is_told_nothing_and_a_radius_is_no_parameter(served):
    assert served.operator.problem(near())["status"] == 403
    for name in ("radius_m", "lon", "limit"):
        problem = served.ask.problem(f"{near()}?{name}=5")
        assert problem["errors"][0]["parameter"] == name


def test_a_move_withdraws_the_verification_until_it_is_said_anew(served):
    def move(name, lon, *, seen):
        with Store.open(served.path) as store:
            row = {"id": name, "lon": lon, "lat": LAT, "verified": seen}
            store.put("sites", table("sites", [row]))

    job = near("J-MOVED")
    assert served.ask(job).status_code == 200
    move("MOVED", LON + 0.02, seen=True)
    assert served.ask.problem(job)["type"].endswith("site-not-verified")
    move("MOVED", LON, seen=True)  # back again
    assert served.ask.problem(job)["type"].endswith("site-not-verified")
    move("MOVED", LON, seen=False)
    move("MOVED", LON, seen=True)
    assert served.ask(job).status_code == 200

    for step in range(1, 4):
        move("RESTLESS", LON + step * 0.01, seen=False)
        move("RESTLESS", LON + step * 0.01, seen=True)
        moved = served.ask(near("J-RESTLESS"))
        assert moved.status_code == (200 if step <= 2 else 409)
    assert moved.json()["type"].endswith("site-moved-often")


def test_a_site_that_is_verified_before_it_has_a_place_is_not_verified_there(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        for row in ({"verified": True}, {"verified": True, "lon": LON, "lat": LAT}):
            store.put("sites", table("sites", [{"id": "W", **row}]))
        standing = standing_of(store.life("sites", "W"))
        assert (standing.place, standing.is_verified, standing.moves) == ((LON, LAT), False, ())


def test_a_site_that_is_removed_and_put_elsewhere_is_not_told_of(served):
    """Removing it and putting it anew is a move like another, and no way about the guards."""
    job = near("J-LEFT")
    assert served.ask(job).status_code == 200
    with Store.open(served.path) as store:
        store.remove("sites", ["LEFT"])
        row = {"id": "LEFT", "lon": LON + 0.02, "lat": LAT, "verified": True}
        store.put("sites", table("sites", [row]))
    assert served.ask.problem(job)["type"].endswith("site-not-verified")


def test_the_read_of_seekers_is_audited_once_for_all_who_ask(served):
    for _ in range(3):
        served.ask(near())
    with AuditLog.open(served.path) as audit:
        entries = audit.read().to_pylist()
    (entry,) = [one for one in entries if one["scope"] == "seekers:bands"]
    assert entry["count"] == 481
    assert entry["who"].startswith("employer ")


# FACTS: the three attacks that worked on a toy city.


def test_two_circles_of_neighbouring_sites_do_not_isolate_a_home():
    """The first attack: whoever is in one circle and not in the other lived in between."""
    others, everybody = crowd(), [*crowd(), HOME]
    without, with_them = cells_of(others), cells_of(everybody)
    lot = random.Random(1)  # noqa: S311 - places to ask about
    theirs = h3.latlng_to_cell(HOME[1], HOME[0], 8)
    assert counts_of(everybody)[theirs] < 10  # alone, or nearly
    for _ in range(200):
        at = h3.latlng_to_cell(LAT + lot.gauss(0, 0.02), LON + lot.gauss(0, 0.02), 8)
        assert without.bands(at) == with_them.bands(at)


def test_one_person_more_in_a_crowd_changes_a_figure_for_few_keys_alone():
    """Where there are ten or more, one more is mostly lost in the rounding."""
    homes = [(LON, LAT)] * 25
    changed = 0
    for seed in range(40):
        key = seed.to_bytes(32)
        changed += cells_of(homes, key).figures != cells_of([*homes, (LON, LAT)], key).figures
    assert changed <= 20  # one in `round_to`, in the mean


def test_many_sites_in_one_cell_are_one_query_point():
    """The second attack: a free query point measures a home. Here a cell is one point."""
    cells = cells_of(crowd())
    lot, told = random.Random(2), {}  # noqa: S311 - places to ask about
    for _ in range(300):
        lon, lat = LON + lot.uniform(-0.01, 0.01), LAT + lot.uniform(-0.01, 0.01)
        name = h3.latlng_to_cell(lat, lon, 8)
        told.setdefault(name, set()).add(tuple(cells.bands(name)))
    assert all(len(answers) == 1 for answers in told.values())
    figures = {value for answers in told.values() for one in answers for value in one if value}
    assert min(figures) >= 10
    assert all(value % 5 == 0 for value in figures)


def test_asking_again_after_writes_by_another_worker_or_after_a_restart_says_the_same(
    served,
):
    """The third attack: masks average out on re-issue. Here they are cut once, of one key."""
    first = served.ask(near()).json()
    with Store.open(served.path) as store:
        more = [{"id": f"N{n}", "lon": LON, "lat": LAT} for n in range(40)]
        store.put("seekers", table("seekers", more))
        again = SeekerReleases(
            store, served.path.with_name("city.db.published"), today=served.app.state.seekers._today
        )
        another = again.last(None)
    assert served.ask(near()).json() == first
    assert another == served.app.state.seekers.last(None)
    assert SeekerCells.parse(another.text()) == another
    with pytest.raises(ValueError, match="another form"):
        SeekerCells.parse('{"form": 9}')


def test_while_figures_are_cut_few_wait_and_what_is_cut_is_read_past_the_lock(served, tmp_path):
    gate, found = threading.Event(), []

    def audited(read):
        gate.wait(30)
        return read()

    today = served.app.state.seekers._today
    with Store.open(served.path) as store:
        seekers = SeekerReleases(store, tmp_path / "p", today=today)
        threads = [
            threading.Thread(target=lambda: found.append(seekers.last(audited))) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        while seekers._flight._waiting < 4:
            time.sleep(0.001)
        with pytest.raises(NotReadyError):
            seekers.last(audited)
        gate.set()
        for thread in threads:
            thread.join()
        assert found == [found[0]] * 4
        with (tmp_path / "p" / ".lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # as somebody has it who cuts coverage
            assert SeekerReleases(store, tmp_path / "p", today=today).last(None) == found[0]
