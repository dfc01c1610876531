"""Lists imported: every row accounted for, told again to whoever asks again, and resumed."""

from __future__ import annotations

import asyncio
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b

import pytest
from test_api.test_records.conftest import ELSEWHERE, HERE

import geo_match as gm
from api.records import importing
from api.records.importers import Importers
from api.records.importing import spool
from api.shared_place import SharedPlace
from geo_match.store import AuditError, AuditLog
from geo_match.store.writing.applying import Applying

PHONE = "13912345678"
KEY = "7b0c9a52-2f3e-4e0e-9d53-5d1f3a4b8a01"


def added_up(report):
    parts = ("accepted", "unchanged", "stale", "duplicate", "rejected")
    assert report["read"] == sum(report[name] for name in parts)
    return {name: report[name] for name in parts if report[name]}


@pytest.fixture(scope="module")
def base(make):
    return make()


@pytest.fixture
def fresh(base):
    """The store of the module, and a prefix of ids that no other test has."""
    base.n = getattr(base, "n", 0) + 1
    return base, f"T{base.n}-"


def test_every_row_of_a_csv_is_accounted_for(fresh):
    records, at = fresh
    records.put("employers", {"id": f"{at}1", "name": "示例厂", "version": 3})
    text = (
        "单位编号,单位名称,版本,内部编码,备注\n"
        f"{at}1,示例厂,3,a,\n{at}2,新厂,1,b,\n{at}2,新厂,1,b,\n{at}3,,1,c,\n{at}1,示例厂,2,d,旧\n"
        f"{at}4,厂,x,e,\n"
    )
    answer = records.load("employers", text)
    report = answer.json()
    assert answer.status_code == 200, answer.text
    assert added_up(report) == {
        "accepted": 1,
        "unchanged": 1,
        "stale": 1,
        "duplicate": 1,
        "rejected": 2,
    }
    first, second = report["rejections"]
    assert (first["row"], first["line"], first["field"]) == (4, 5, "单位名称")
    assert (second["row"], second["field"], second["value"]) == (6, "版本", "x")
    assert second["rule"]
    assert second["remedy"]
    assert report["rejections_more"] == 0
    assert any("内部编码" in one for one in report["warnings"])
    assert report["cursor"] == answer.headers["geo-match-cursor"]
    assert (
        records.get(f"/v1/employers/{at}2?min_cursor={report['cursor']}").json()["name"] == "新厂"
    )


def test_ndjson_is_read_in_the_datum_that_is_said(fresh):
    records, at = fresh
    text = json.dumps({"id": f"{at}1", "lon": 117.38123, "lat": 32.92345}) + "\n"
    unsaid = records.load("sites", text)
    assert unsaid.status_code == 422
    assert unsaid.json()["errors"][0]["parameter"] == "datum"
    assert added_up(records.load("sites", text, query="?datum=gcj02").json()) == {"accepted": 1}
    read = records.get(f"/v1/sites/{at}1").json()
    east, north = gm.to_wgs84(lon=117.38123, lat=32.92345, datum="gcj02")
    assert (read["lon"], read["lat"]) == (float(east), float(north))


def test_a_dry_run_says_what_would_become_and_writes_nothing(fresh):
    records, at = fresh
    text = f"id,name\n{at}1,厂\n{at}2,\n"
    head = records.get("/v1/employers").json()["cursor"]
    report = records.load(
        "employers", text, query="?dry_run=true", Idempotency_Key=f"{at}dry"
    ).json()
    assert added_up(report) == {"accepted": 1, "rejected": 1}
    assert report["dry_run"] is True
    assert records.get("/v1/employers").json()["cursor"] == head
    assert added_up(records.load("employers", text, Idempotency_Key=f"{at}dry").json()) == {
        "accepted": 1,
        "rejected": 1,
    }


def test_rows_that_say_otherwise_are_taken_when_they_correct(fresh):
    records, at = fresh
    records.put("employers", {"id": f"{at}1", "name": "厂", "version": 3})
    text = f"id,name,version\n{at}1,改名,3\n"
    report = records.load("employers", text).json()
    assert added_up(report) == {"rejected": 1}
    assert "`correct=true`" in report["rejections"][0]["remedy"]
    assert added_up(records.load("employers", text, query="?correct=true").json()) == {
        "accepted": 1
    }


def test_no_report_repeats_what_a_list_says_of_persons(fresh):
    records, at = fresh
    text = f"id,name,phone,community\n{at}1,王示例,{PHONE}9,{HERE}\n{at}2,李示例,{PHONE},{HERE}\n"
    answer = records.load("seekers", text)
    assert added_up(answer.json()) == {"accepted": 1, "rejected": 1}
    assert answer.json()["rejections"][0]["value"] is None
    assert PHONE not in answer.text
    assert "示例" not in answer.text


def test_many_faults_are_told_up_to_a_bound(fresh):
    records, at = fresh
    rows = "".join(f"{at}{n},厂,x\n" for n in range(1_003))
    report = records.load("employers", f"id,name,version\n{rows}").json()
    assert added_up(report) == {"rejected": 1_003}
    assert (len(report["rejections"]), report["rejections_more"]) == (1_000, 3)


def test_a_list_that_is_sent_again_is_answered_as_before(fresh):
    records, at = fresh
    text = f"id,name\n{at}1,厂\n{at}2,\n"
    first = records.load("employers", text, Idempotency_Key=KEY + at)
    records.put("employers", {"id": f"{at}1", "name": "新名"})
    again = records.load("employers", text, Idempotency_Key=KEY + at)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["geo-match-cursor"] == first.headers["geo-match-cursor"]
    assert "idempotency-replayed" not in first.headers
    assert records.get(f"/v1/employers/{at}1").json()["name"] == "新名"  # it was not taken again
    for other, query in ((text.replace("厂", "店"), ""), (text, "?correct=true")):
        reused = records.load("employers", other, query=query, Idempotency_Key=KEY + at)
        assert reused.status_code == 422
        assert reused.json()["type"] == "urn:geo-match:problem:idempotency-key-reused"
    another = records.load("employers", text, "integration", Idempotency_Key=KEY + at)
    assert "idempotency-replayed" not in another.headers  # another's key is another key
    for wrong in ("", "x" * 201, "a b"):
        assert records.load("employers", text, Idempotency_Key=wrong).status_code == 422


def cut_off(monkeypatch, *, after):
    """Let the import fail as if it were killed once it has written some transactions."""
    take, done = Applying._take_part, []

    def take_some(self, *given):
        if len(done) == after:
            raise SystemExit
        done.append(take(self, *given))
        return done[-1]

    monkeypatch.setattr(Applying, "_take_part", take_some)


@pytest.mark.parametrize("key", [KEY, None])
def test_one_that_was_cut_off_goes_on_and_adds_up(make, monkeypatch, key):
    records = make()
    rows = "".join(f"T{n:04},厂,\n" for n in range(1_200))
    text = f"id,name,version\n{rows}T9999,,\n"
    headers = {} if key is None else {"Idempotency_Key": key}
    with monkeypatch.context() as cut:
        cut_off(cut, after=2)
        with pytest.raises(SystemExit):
            records.load("employers", text, **headers)
    with records.store() as store:
        (unfinished,) = store.status().unfinished
        assert unfinished.accepted == 1_000
        assert store.count("employers") == 1_001
    if key is not None:
        other = records.load("employers", text.replace("厂", "店"), **headers)
        assert other.status_code == 422
    report = records.load("employers", text, **headers).json()
    assert added_up(report) == {"accepted": 1_200, "rejected": 1}
    with records.store() as store:
        assert store.status().unfinished == ()
        assert store.count("employers") == 1_201
        changes = list(store.changes(kinds={"employers"}))
    assert len(changes) == 1_201  # none was written twice
    if key is not None:
        assert records.load("employers", text, **headers).json() == report


def test_one_that_was_begun_without_a_key_is_none_of_one_with_a_key(make, monkeypatch):
    records = make()
    text = "id,name\n" + "".join(f"T{n:04},厂\n" for n in range(600))
    with monkeypatch.context() as cut:
        cut_off(cut, after=1)
        with pytest.raises(SystemExit):
            records.load("employers", text)
    first = records.load("employers", text, Idempotency_Key=KEY)
    assert added_up(first.json()) == {"accepted": 100, "unchanged": 500}
    again = records.load("employers", text, Idempotency_Key=KEY)
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")


def test_a_key_that_comes_again_while_its_list_is_taken_in_is_told_to_wait(fresh, monkeypatch):
    records, at = fresh
    text = f"id,name\n{at}1,厂\n"
    judge, meanwhile = importing.judge_file, []

    def judge_and_ask(*given, **named):
        with monkeypatch.context() as patch:
            patch.setattr(importing, "judge_file", judge)
            meanwhile.extend(
                records.load("employers", other, Idempotency_Key=at)
                for other in (text, text.replace("厂", "店"))
            )
            more = records.load("employers", f"id,name\n{at}2,厂\n", Idempotency_Key=f"{at}b")
            assert more.json()["accepted"] == 1
        return judge(*given, **named)

    monkeypatch.setattr(importing, "judge_file", judge_and_ask)
    first = records.load("employers", text, Idempotency_Key=at)
    for one in meanwhile:
        assert (one.status_code, one.headers["retry-after"]) == (409, "5")
        assert one.json()["type"] == "urn:geo-match:problem:import-under-way"
    again = records.load("employers", text, Idempotency_Key=at)
    assert (again.content, again.headers["idempotency-replayed"]) == (first.content, "true")


def test_what_was_told_is_forgotten_with_an_erasure(fresh):
    records, at = fresh
    text = f"id,community\n{at}1,{HERE}\n"
    assert records.load("seekers", text, Idempotency_Key=at).json()["accepted"] == 1
    assert records.delete(f"/v1/seekers/{at}1?reason=erasure&request=1").status_code == 200
    again = records.load("seekers", text, Idempotency_Key=at).json()
    assert added_up(again) == {"rejected": 1}
    assert "`erased_too=true`" in again["rejections"][0]["remedy"]
    with records.store() as store:
        kept = store.imports_from("seekers", "api ")
        assert f"{at}1" not in "".join(f"{one.source}{one.report}" for one in kept)


def test_an_office_imports_persons_of_its_own_area_alone(fresh):
    records, at = fresh
    records.put("seekers", {"id": f"{at}3", "community": ELSEWHERE})
    text = f"id,community\n{at}1,{HERE}\n{at}2,{ELSEWHERE}\n{at}3,{HERE}\n{at}4,\n"
    report = records.load("seekers", text, "community").json()
    assert added_up(report) == {"accepted": 1, "rejected": 3}
    assert [one["row"] for one in report["rejections"]] == [2, 3, 4]
    assert records.get(f"/v1/seekers/{at}3").json()["community"] == ELSEWHERE
    spells = "id,person,status,start\n" + "".join(
        f"{at}L{n},{at}{n},employed,2025-01-02\n" for n in (1, 3, 9)
    )
    assert added_up(records.load("spells", spells, "community").json()) == {
        "accepted": 1,
        "rejected": 2,
    }


@pytest.mark.parametrize("query", ["?dry_run=true", ""])
def test_how_many_persons_an_offices_list_asks_after_is_noted_before_it_hears_whose_they_are(
    fresh, query
):
    records, at = fresh
    records.put("seekers", {"id": f"{at}1", "community": ELSEWHERE})
    text = f"id,community\n{at}1,{HERE}\n{at}2,{HERE}\n{at}3,x\n"
    before = len(records.audited())
    report = records.load("seekers", text, "community", query=query).json()
    assert [one["row"] for one in report["rejections"]] == [1, 3]
    (entry,) = records.audited()[before:]
    assert (entry["scope"], entry["count"]) == ("persons:write", 3)
    assert entry["purpose"] == ("dry run of an import" if query else "import")
    with records.store() as store:
        (key,) = [one for one in store.api_keys.list() if one.role == "community"]
    assert entry["who"] == f"community {key.id}"


def test_nothing_of_an_offices_list_is_taken_in_or_told_that_cannot_be_noted(fresh, monkeypatch):
    records, at = fresh

    def fail(*_):
        raise AuditError("audit", "take an entry", "a full disk")

    monkeypatch.setattr(AuditLog, "note", fail)
    for query in ("?dry_run=true", ""):
        text = f"id,community\n{at}1,{HERE}\n"
        answer = records.load("seekers", text, "community", query=query, Idempotency_Key=at)
        assert (answer.status_code, "rejections" in answer.json()) == (503, False)
    with records.store() as store:
        assert not len(store.find("seekers", [f"{at}1"], fields=("id",)).records)


def test_a_list_that_tells_of_no_other_office_is_no_read_of_persons(fresh):
    records, at = fresh
    before = len(records.audited())
    assert records.load("seekers", f"id,community\n{at}1,{HERE}\n").json()["accepted"] == 1
    assert len(records.audited()) == before


def test_a_list_of_members_is_taken_whole_or_not_at_all(fresh):
    records, at = fresh
    for n, community in ((1, HERE), (2, ELSEWHERE)):
        records.put("households", {"id": f"{at}{n}", "community": community})
    rows = "".join(f"{at}{n},{m},{1980 + m}\n" for n in (1, 2) for m in (1, 2))
    report = records.load("households", f"家庭编号,成员序号,出生年份\n{rows}", "community").json()
    assert added_up(report) == {"accepted": 2, "rejected": 2}
    assert records.get(f"/v1/households/{at}1").json()["members"][1]["birth_year"] == 1982
    assert records.get(f"/v1/households/{at}2").json()["members"] is None


def test_every_column_of_a_list_of_members_that_is_read_is_named_where_a_cell_is_at_fault(fresh):
    records, at = fresh
    headers = ["家庭编号", "成员序号", "与户主关系", "出生年份", "就业状态"]
    row = f"{at}1, x, 子, 19800, y, z"
    report = records.load("households", f"{','.join(headers)},张三\n{row}\n").json()
    assert {one["field"] for one in report["rejections"]} == {"成员序号", "出生年份", "就业状态"}
    assert "(a column that is not used)" not in {one["field"] for one in report["rejections"]}
    assert "not used: 1 column" in report["warnings"]


def test_what_is_no_list_is_refused_without_a_path_of_the_machine(fresh):
    records, at = fresh
    target = "/v1/employers:import"
    for media in ("application/json", "text/plain", None):
        headers = {} if media is None else {"Content-Type": media}
        answer = records("POST", target, "operator", content=b"id,name\n", headers=headers)
        assert answer.status_code == 415
    for text in (
        "",
        "id,name\n",
        f"id\n{at}1\n",
        "id,name,名称,单位名称\n1,2,3,4\n",
        '{"id":1\n',
        "PK\x03\x04",
    ):
        answer = records.load("employers", text)
        assert answer.status_code in {200, 422}, answer.text
        if answer.status_code == 422:
            assert answer.json()["type"] == "urn:geo-match:problem:list-refused"
        else:
            assert answer.json()["accepted"] == 0
        assert tempfile.gettempdir() not in answer.text
        assert "list.csv" not in answer.text


def test_the_store_keeps_who_sent_a_list_and_no_path(fresh):
    records, at = fresh
    records.load("stations", f"id\n{at}1\n")
    with records.store() as store:
        (source,) = store.sources("stations")
        (version,) = store.history("stations", f"{at}1")
        (key,) = [one for one in store.api_keys.list() if one.role == "operator"]
    assert source.startswith(f"api {key.id} ")
    assert (version.actor, version.cause.partition(": ")[2]) == (key.id, source)


def test_two_imports_at_once_both_come_to_their_end(fresh):
    records, at = fresh

    def load(n):
        rows = "".join(f"{at}{n}-{row},厂\n" for row in range(700))
        return records.load("employers", f"id,name\n{rows}").json()

    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(load, range(3)))
    assert [added_up(one) for one in reports] == [{"accepted": 700}] * 3


def test_a_body_is_written_to_its_file_as_it_comes(tmp_path):
    block = bytes(range(256)) * 1_024

    async def parts():
        for at in range(9):
            yield block[at:]
            yield b""

    spooled = asyncio.run(spool(parts(), tmp_path / "list.csv"))
    whole = b"".join(block[at:] for at in range(9))
    assert spooled.path.read_bytes() == whole
    assert spooled.digest == blake2b(whole, digest_size=32).digest()


def test_what_a_worker_that_died_left_of_lists_is_gone_with_the_next_of_its_number(tmp_path):
    place = SharedPlace(tmp_path, worker=2, is_own=False)
    for name in ("import-2-x", "import-1-x"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "list.csv").write_text("id\n", encoding="utf-8")
    importers = Importers(place)
    assert [one.name for one in tmp_path.iterdir()] == ["import-1-x"]
    with importers.folder() as folder:
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.parent == tmp_path
    assert not folder.exists()
    importers.close()


def test_only_an_operator_s_list_says_that_a_site_was_seen(records):
    text = "id,lon,lat,verified\nSEEN-1,117.38123,32.92345,是\n"
    assert records.load("sites", text, "integration", query="?datum=wgs84").json()["rejected"] == 1
    assert records.load("sites", text, query="?datum=wgs84").json()["accepted"] == 1
