"""Jobs of a store: held against brute force over its records, while other writers change them."""

from __future__ import annotations

import datetime as dt
import itertools
import threading

import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from sqlalchemy import text

from api.app import create_app
from api.jobs.answering import find
from api.jobs.of_file import read_jobs
from api.jobs.of_store import StoredJobs
from api.jobs.query import JobsQuery
from api.settings import Settings
from geo_match.intake.importing import import_file
from geo_match.store import Store, StoreError, record_schema

GEOD = Geod(ellps="WGS84")
DAY = dt.date(2026, 3, 1)
HERE = JobsQuery(lon=117.38, lat=32.92, radius_m=3000, limit=100)
JOB = {"title": "收银员", "employer_id": "E1", "lon": 117.38, "lat": 32.92}
EMPLOYER = {"name": "示例超市", "licence": "verified"}


def records(kind, *rows):
    """Rows as a table of the kind; what they do not say is null."""
    schema = record_schema(kind)
    names = [field.name for field in schema if any(field.name in row for row in rows)]
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], schema.field(name).type) for name in names}
    )


@pytest.fixture
def path(tmp_path):
    """A store with one verified employer."""
    path = tmp_path / "jobs.db"
    with Store.open(path) as store:
        put(store, "employers", {"id": "E1", **EMPLOYER})
    return path


def put(store, kind, *rows):
    whole = [name for name in record_schema(kind).names if name in set().union(*rows)]
    store.put(kind, records(kind, *rows), fields=whole)


def key_of(path):
    """Give the header with a key of the store."""
    with Store.open(path) as store:
        _, secret = store.api_keys.issue(role="operator", label="示例")
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def writer(path):
    """What another process would write with."""
    with Store.open(path) as store:
        yield store


@pytest.fixture
def jobs(path):
    served = StoredJobs(Store.open(path), today=lambda: DAY)
    yield served
    served.close()


def answer_of(jobs, query):
    return find(query, jobs.now()).told()


def ids(jobs, query=HERE):
    return [hit.job.id for hit in answer_of(jobs, query).jobs]


def test_a_job_that_another_one_writes_is_there_at_the_next_question(jobs, writer):
    assert ids(jobs) == []
    put(writer, "jobs", {"id": "J1", **JOB, "site_id": "W1", "site_name": "一店", "vacancies": 3})
    (hit,) = answer_of(jobs, HERE).jobs
    assert (hit.job.id, hit.job.title, hit.job.vacancies) == ("J1", "收银员", 3)
    assert (hit.job.employer, hit.site.id, hit.site.name) == ("示例超市", "W1", "一店")
    put(writer, "jobs", {"id": "J1", "title": "理货员", "vacancies": 2})
    assert answer_of(jobs, HERE).jobs[0].job.title == "理货员"
    writer.remove("jobs", ["J1"])
    assert ids(jobs) == []
    assert answer_of(jobs, HERE).total == 0


@pytest.mark.parametrize(
    "withheld",
    [
        {"employer_id": "E2"},
        {"employer_id": None},
        {"vacancies": 2, "filled": 2},
        {"vacancies": 2, "filled": 5},
        {"closed_on": DAY},
        {"closed_on": DAY - dt.timedelta(days=9)},
        {"opened_on": DAY + dt.timedelta(days=1)},
        {"lon": None, "lat": None},
    ],
    ids=str,
)
def test_a_job_is_withheld_where_nobody_may_or_can_reach_it(jobs, writer, withheld):
    put(writer, "employers", {"id": "E2", "name": "示例物业", "licence": "unverified"})
    put(writer, "jobs", {"id": "J0", **JOB}, {"id": "J1", **JOB, **withheld})
    assert ids(jobs) == ["J0"]
    state = jobs.stored
    assert (state.jobs, state.jobs_served) == (2, 1)
    assert state.jobs_without_place == int("lon" in withheld)
    assert state.jobs_withheld == 1 - int("lon" in withheld)
    put(writer, "jobs", {"id": "J1", **JOB, **dict.fromkeys(withheld), **JOB})
    assert ids(jobs) == ["J0", "J1"]


@pytest.mark.parametrize(
    ("served", "left"),
    [
        ({"vacancies": 3, "filled": 1}, 2),
        ({"vacancies": 3}, 3),
        ({"vacancies": 0}, 0),
        ({"filled": 4}, None),
        ({"closed_on": DAY + dt.timedelta(days=1), "opened_on": DAY}, None),
    ],
    ids=str,
)
def test_what_is_left_of_the_vacancies_is_served(jobs, writer, served, left):
    put(writer, "jobs", {"id": "J1", **JOB, **served})
    found = answer_of(jobs, HERE)
    assert [hit.job.vacancies for hit in found.jobs] == [left]
    assert (found.vacancies_total, found.vacancies_unstated) == (left or 0, left is None)


def test_the_licence_of_an_employer_shows_or_hides_all_its_jobs(jobs, writer):
    put(writer, "jobs", *({"id": f"J{n}", **JOB} for n in range(3)))
    assert ids(jobs) == ["J0", "J1", "J2"]
    put(writer, "employers", {"id": "E1", "licence": "expired"})
    assert ids(jobs) == []
    put(writer, "employers", {"id": "E1", "licence": "verified", "name": "示例新店"})
    assert ids(jobs) == ["J0", "J1", "J2"]
    assert {hit.job.employer for hit in answer_of(jobs, HERE).jobs} == {"示例新店"}
    writer.remove("employers", ["E1"])
    assert ids(jobs) == []


def test_jobs_at_one_distance_stand_by_their_ids_whenever_they_were_written(jobs, writer, path):
    names = [f"J{n:02}" for n in range(12)]
    for name in reversed(names):
        put(writer, "jobs", {"id": name, **JOB})
        jobs.catch_up()
    put(writer, "jobs", {"id": "K", **JOB, "lon": 117.381})
    again = StoredJobs(Store.open(path), today=lambda: DAY)
    for limit in range(14):
        query = HERE.model_copy(update={"limit": limit})
        assert ids(jobs, query) == [*names, "K"][:limit] == ids(again, query)
    again.close()


def test_a_day_that_begins_opens_and_closes_jobs(path, writer):
    day = DAY
    served = StoredJobs(Store.open(path), today=lambda: day)
    put(writer, "jobs", {"id": "J1", **JOB, "closed_on": DAY + dt.timedelta(days=1)})
    put(writer, "jobs", {"id": "J2", **JOB, "opened_on": DAY + dt.timedelta(days=1)})
    assert ids(served) == ["J1"]
    day += dt.timedelta(days=1)
    assert ids(served) == ["J2"]
    served.close()


def test_a_store_of_another_epoch_is_read_anew(jobs, writer):
    put(writer, "jobs", {"id": "J1", **JOB})
    assert ids(jobs) == ["J1"]
    writer.database.write(lambda connection: connection.execute(text("DELETE FROM jobs")))
    assert ids(jobs) == ["J1"]  # what no change tells of is not seen …
    writer.database.write(lambda connection: connection.execute(text("UPDATE feed SET epoch='b'")))
    assert ids(jobs) == []  # … until the store says that it is another one
    assert jobs.catch_up() == str(writer.cursor())


def test_a_feed_that_is_cut_off_is_read_anew(jobs, writer):
    put(writer, "jobs", {"id": "J1", **JOB})
    put(writer, "jobs", {"id": "J2", **JOB})
    seq = writer.head().seq
    writer.database.write(
        lambda connection: connection.execute(text("UPDATE feed SET horizon=:n"), {"n": seq})
    )
    assert ids(jobs) == ["J1", "J2"]


def test_many_changes_are_taken_in_block_by_block(jobs, writer, monkeypatch):
    monkeypatch.setattr("api.jobs.of_store._AT_ONCE", 7)
    put(writer, "jobs", *({"id": f"J{n:03}", **JOB} for n in range(99)))
    writer.remove("jobs", ["J003"])
    assert len(ids(jobs)) == 98
    assert jobs.catch_up() == str(writer.cursor())


def test_a_store_that_fails_half_way_leaves_no_job_behind(jobs, writer, monkeypatch):
    def fail(_self, _kind):
        raise StoreError("jobs.db", "be free", "a lock")

    put(writer, "jobs", {"id": "J1", **JOB}, {"id": "J2", **JOB})
    with monkeypatch.context() as patch:
        patch.setattr(Store, "sources", fail)
        with pytest.raises(StoreError, match="be free"):
            answer_of(jobs, HERE)
    assert jobs.stored.jobs == jobs.stored.jobs_served == 0
    writer.remove("jobs", ["J1"])
    assert ids(jobs) == ["J2"]
    state = jobs.stored
    assert (state.jobs, state.jobs_served, state.jobs_withheld) == (1, 1, 0)


@pytest.mark.parametrize("kind", ["jobs", "employers", "stations"])
def test_a_rebuild_that_failed_is_logged_and_the_question_answered(jobs, writer, caplog, kind):
    put(writer, "jobs", {"id": "J1", **JOB})
    assert ids(jobs) == ["J1"]
    jobs._view.live._failure = MemoryError("no room")
    row = {"jobs": JOB, "employers": EMPLOYER, "stations": {"name": "x"}}[kind]
    put(writer, kind, {"id": "N1", **row})
    assert "J1" in ids(jobs)
    (line,) = caplog.messages
    assert "got MemoryError: no room" in line


def test_readers_are_answered_while_others_write(jobs, path):
    def write():
        with Store.open(path) as store:
            for n in range(40):
                put(store, "jobs", {"id": f"J{n}", **JOB, "vacancies": 1})

    writing = threading.Thread(target=write)
    writing.start()
    totals = []
    while writing.is_alive() or not totals:
        found = answer_of(jobs, HERE)
        assert found.total == found.vacancies_total == len(found.jobs)
        totals.append(found.total)
    writing.join()
    assert totals == sorted(totals)
    assert answer_of(jobs, HERE).total == 40


job_rows = st.fixed_dictionaries(
    {
        "id": st.sampled_from([f"J{n}" for n in range(6)]),
        "title": st.sampled_from(["收银员", "厨师"]),
        "employer_id": st.sampled_from(["E1", "E2", None]),
        "place": st.none() | st.tuples(st.floats(117.35, 117.41), st.floats(32.9, 32.94)),
        "vacancies": st.none() | st.integers(0, 3),
        "filled": st.none() | st.integers(0, 3),
        "closed_on": st.sampled_from([None, DAY, DAY + dt.timedelta(days=1)]),
    }
)
steps = st.one_of(
    st.tuples(st.just("job"), job_rows),
    st.tuples(st.just("remove"), st.sampled_from([f"J{n}" for n in range(6)])),
    st.tuples(
        st.just("employer"),
        st.tuples(st.sampled_from(["E1", "E2"]), st.sampled_from(["verified", "expired", None])),
    ),
    st.tuples(st.just("ask"), st.integers(0, 5)),
)


def expected(store, query):
    """The hits by brute force over the records."""
    employers = {row["id"]: row for row in store.read("employers").to_pylist()}
    hits = []
    for job in store.read("jobs").to_pylist():
        employer = employers.get(job["employer_id"], {"licence": None})
        is_full = (
            job["filled"] and job["vacancies"] is not None and job["filled"] >= job["vacancies"]
        )
        is_closed = job["closed_on"] is not None and job["closed_on"] <= DAY
        if employer["licence"] != "verified" or is_full or is_closed or job["lon"] is None:
            continue
        distance_m = GEOD.inv(query.lon, query.lat, job["lon"], job["lat"])[2]
        if distance_m <= query.radius_m:
            hits.append((distance_m, job["id"], employer["name"]))
    return sorted(hits)


@given(script=st.lists(steps, max_size=20))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=15)
def test_answers_are_those_of_brute_force_whatever_is_written(tmp_path_factory, script):
    path = tmp_path_factory.mktemp("stored") / "jobs.db"
    with Store.open(path) as store:
        put(store, "employers", {"id": "E1", **EMPLOYER}, {"id": "E2", **EMPLOYER})
        jobs = StoredJobs(Store.open(path), today=lambda: DAY)
        for what, given_ in [*script, ("ask", 5)]:
            if what == "job":
                row = dict(given_)
                lon, lat = row.pop("place") or (None, None)
                put(store, "jobs", {**row, "lon": lon, "lat": lat})
            elif what == "remove":
                store.remove("jobs", [given_])
            elif what == "employer":
                put(store, "employers", {"id": given_[0], "licence": given_[1]})
            else:
                query = HERE.model_copy(update={"limit": given_})
                found, hits = answer_of(jobs, query), expected(store, query)
                assert found.total == len(hits)
                assert [(hit.job.id, hit.job.employer) for hit in found.jobs] == [
                    hit[1:] for hit in hits[:given_]
                ]
        jobs.close()


def of_both(hit):
    """Give what a file and a store say alike of a hit."""
    job, site = hit.job, hit.site
    of_job = (job.id, job.title, job.vacancies, job.employer)
    of_site = (site.id, site.name, site.lon, site.lat)
    return of_job, of_site, hit.distance_m, hit.basis


def test_the_citys_store_answers_as_its_file(city_store):
    served, file = StoredJobs.open(str(city_store)), read_jobs(Settings())
    assert served.stored.jobs_served == len(file)
    places = itertools.product((117.30, 117.365, 117.3898, 117.44), (32.90, 32.9167, 32.95))
    for (lon, lat), radius_m in itertools.product(places, (0, 500, 3_000, 50_000)):
        query = JobsQuery(lon=lon, lat=lat, radius_m=radius_m, limit=100)
        mine, its = answer_of(served, query), answer_of(file, query)
        assert [of_both(hit) for hit in mine.jobs] == [of_both(hit) for hit in its.jobs]
        beside = {"jobs", "cursor", "next"}
        assert mine.model_dump(exclude=beside) == its.model_dump(exclude=beside)
    served.close()


def test_the_application_tells_of_its_store(city_store, asker):
    app = create_app(Settings(store=str(city_store)))
    ask = asker(app)
    health, ready = ask("/healthz").json(), ask("/readyz").json()
    assert health["sites"] is None
    assert health["store"]["store"] == "city.db"
    assert health["store"]["invented"] is True
    figures = ("jobs_served", "jobs_withheld", "jobs_without_place")
    assert health["store"]["jobs"] == sum(health["store"][name] for name in figures) == 25_374
    assert ready == {"status": "ready", "cursor": health["store"]["cursor"]}
    assert ask("/v1/jobs?lon=117.3898&lat=32.9167&limit=0").json()["invented"] is True
    app.state.jobs.close()


def test_a_file_is_always_ready(ask):
    assert ask("/readyz").json() == {"status": "ready", "cursor": None}


def test_a_store_of_ones_own_does_not_call_itself_invented(jobs, writer, tmp_path):
    assert jobs.stored.invented is None
    path = tmp_path / "jobs.csv"
    path.write_text("id,title,invented\nJ9,收银员,是\n", encoding="utf-8")
    import_file(path, "jobs", writer)
    assert answer_of(jobs, HERE).invented is True


def test_a_store_that_fails_is_a_problem_of_its_own_and_health_goes_on(path, asker, caplog):
    app = create_app(Settings(store=str(path)))
    ask = asker(app, key_of(path))
    app.state.jobs._store.database.write(
        lambda connection: connection.execute(text("ALTER TABLE feed RENAME TO gone"))
    )
    for target in ("/v1/jobs?lon=117.38&lat=32.92", "/readyz"):
        problem = ask.problem(target)
        assert problem["status"] == 503
        assert "no such table" not in problem["detail"]
    assert "no such table" in caplog.text
    assert ask("/healthz").status_code == 200
    app.state.jobs.close()


def test_an_empty_store_is_served_and_gets_its_first_job(tmp_path, asker, caplog):
    Store.open(tmp_path / "new.db").close()
    app = create_app(Settings(store=str(tmp_path / "new.db")))
    assert "new.db: 0 jobs, 0 served" in caplog.text
    assert app.state.jobs.example_place() is None
    with Store.open(tmp_path / "new.db") as store:
        put(store, "employers", {"id": "E1", **EMPLOYER})
        put(store, "jobs", {"id": "J1", **JOB})
    ask = asker(app, key_of(tmp_path / "new.db"))
    assert ask("/v1/jobs?lon=117.38&lat=32.92").json()["total"] == 1
    assert app.state.jobs.example_place() == (117.38, 32.92)
    app.state.jobs.close()


@pytest.mark.parametrize("name", ["missing.db", "no/jobs.db", "notes.db"])
def test_a_store_that_is_none_is_refused_and_nothing_is_made(tmp_path, name):
    (tmp_path / "notes.db").write_text("my notes\n" * 500, encoding="utf-8")
    with pytest.raises(StoreError, match=name):
        create_app(Settings(store=str(tmp_path / name)))
    assert [one.name for one in tmp_path.iterdir()] == ["notes.db"]


@pytest.mark.postgis
def test_a_store_on_a_server_is_served_alike(postgis):
    with psycopg.connect(postgis, autocommit=True) as connection:
        connection.execute("CREATE DATABASE served_jobs")
        home = connection.info.host
    url = f"postgresql+psycopg://geo_match@/served_jobs?host={home}"
    with Store.open(url) as store:
        put(store, "employers", {"id": "E1", **EMPLOYER})
        jobs = StoredJobs.open(url)
        put(store, "jobs", {"id": "J1", **JOB, "closed_on": dt.date(2999, 1, 1)})
        assert ids(jobs) == ["J1"]
        assert jobs.stored.store == "served_jobs"
        put(store, "jobs", {"id": "J1", "closed_on": dt.date(2020, 1, 1)})
        assert ids(jobs) == []
        jobs.close()
