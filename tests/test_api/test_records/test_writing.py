"""Records written one by one: idempotent, in versions, under conditions, within one's area."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from test_api.test_records.conftest import ELSEWHERE, HERE

import geo_match as gm
from api import min_cursor
from api.guards.allowances import allowance_of
from api.records import writing
from geo_match.records import RECORDS

PHONE = "13912345678"
ID_CARD = "11010519491231002X"
SAMPLES = {
    "households": {"id": "H-1", "community": HERE, "member_count": 2, "zero_employment": True,
                   "members": [{"birth_year": 1980, "status": "employed"}]},
    "seekers": {"id": "P-1", "community": HERE, "phone": PHONE, "groups": [],
                "accepts": ["ordinary"],
                "certificates": ["电工证"], "radius_m": 3000.0, "registered_on": "2025-01-02"},
    "employers": {"id": "E-1", "name": "示例厂", "licence": "verified"},
    "sites": {"id": "S-1", "lon": 117.38123, "lat": 32.92345, "verified": True},
    "jobs": {"id": "J-1", "title": "电工", "wage_low_cny": 3000.5, "vacancies": 2},
    "stations": {"id": "W-1", "lon": 117.38123, "lat": 32.92345, "opened_on": "2025-01-02"},
    "communities": {"id": "340302001009", "name": "新社区",
                    "area": "POLYGON ((117 32, 117.01 32, 117.01 32.01, 117 32))"},
    "spells": {"id": "L-1", "person": "P-1", "status": "employed", "start": "2025-01-02"},
    "services": {"id": "V-1", "person": "P-1", "on": "2025-01-02", "kind": "visit"},
}  # fmt: skip
"""A record of each kind, seekers before those that name them."""


@pytest.mark.parametrize("kind", list(RECORDS))
def test_a_record_is_created_read_as_it_was_sent_and_sent_again_unchanged(make_of_all, kind):
    records, sample = make_of_all, SAMPLES[kind]
    created = records.put(kind, sample, headers={"If-None-Match": "*"})
    assert (created.status_code, created.json()["outcome"]) == (201, "created"), created.text
    read = records.get(f"/v1/{kind}/{sample['id']}")
    record = read.json()
    assert {name: record[name] for name in sample} == sample
    assert RECORDS[kind].model_validate_json(read.text).id == sample["id"]  # as it is described
    assert created.headers["etag"] == read.headers["etag"]
    for sent in (sample, record):  # also whole, as it was read
        again = records.put(kind, sent)
        assert (again.status_code, again.json()["outcome"]) == (200, "unchanged"), again.text
        assert again.headers["etag"] == read.headers["etag"]
        assert again.json()["cursor"] == again.headers["geo-match-cursor"]


@pytest.fixture(scope="module")
def make_of_all(make):
    return make()


def faults(answer):
    """Return what a problem of faulty fields says, by pointer."""
    assert answer.status_code == 422, answer.text
    return {one["parameter"]: one["detail"] for one in answer.json()["errors"]}


def test_a_record_in_order_needs_no_list_and_any_other_gets_what_a_list_gets(records, monkeypatch):
    judged = []
    judge = writing.judge_record

    def note_and_judge(record, *given, **named):
        judged.append(record["id"])
        return judge(record, *given, **named)

    monkeypatch.setattr(writing, "judge_record", note_and_judge)
    site = SAMPLES["sites"] | {"id": "S-plain", "name": "示例路"}
    answer = records.put("sites", site)
    assert (answer.status_code, answer.json()["notes"], judged) == (201, [], [])
    moved = records.put("sites", site | {"lon": 117.5, "lat": 32.5})  # which tells no place
    assert moved.status_code == 200
    assert [one["field"] for one in moved.json()["notes"]] == ["/lon", "/lat"]
    assert judged == ["S-plain"]
    read = records.get("/v1/sites/S-plain").json()
    same = records.put("sites", {**site, "lon": 117.5, "lat": 32.5, "version": 3})
    assert (read["location_accuracy_m"], same.json()["outcome"]) == (729.0, "changed")
    records.put("sites", site)  # as it was at first
    later = records.put("sites", site | {"name": "示例路二"}, headers={"If-Match": '"x-1"'})
    assert later.status_code == 412


def test_a_record_in_order_that_others_write_meanwhile_is_looked_at_again(records, monkeypatch):
    site = SAMPLES["sites"] | {"id": "S-raced"}
    tag = records.put("sites", site).headers["etag"]
    judge = writing.judge_plain

    def move_and_judge(*given, **named):
        monkeypatch.setattr(writing, "judge_plain", judge)
        records.put("sites", site | {"name": "别名"})
        return judge(*given, **named)

    monkeypatch.setattr(writing, "judge_plain", move_and_judge)
    late = records.put("sites", site | {"name": "新名"}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert records.get("/v1/sites/S-raced").json()["name"] == "别名"
    monkeypatch.setattr(writing, "judge_plain", move_and_judge)
    assert records.put("sites", site | {"name": "新名"}).status_code == 200
    assert records.get("/v1/sites/S-raced").json()["name"] == "新名"


def test_what_a_record_leaves_out_is_null_afterwards(records):
    records.put("employers", {"id": "E-out", "name": "示例厂", "licence": "verified"})
    before = records.get("/v1/employers/E-out")
    changed = records.put("employers", {"id": "E-out", "name": "示例厂"})
    assert (changed.status_code, changed.json()["outcome"]) == (200, "changed")
    after = records.get("/v1/employers/E-out")
    assert (before.json()["licence"], after.json()["licence"]) == ("verified", None)
    assert before.headers["etag"] != after.headers["etag"] == changed.headers["etag"]


def test_an_older_version_is_refused_with_the_version_held(records):
    one = {"id": "E-7", "name": "示例厂", "version": 7, "updated_at": "2025-03-01T12:00:00"}
    assert records.put("employers", one).status_code == 201
    stale = records.put("employers", one | {"name": "旧名", "version": 6})
    problem = stale.json()
    assert stale.status_code == 409
    assert problem["type"] == "urn:geo-match:problem:older-than-kept"
    assert "version 7" in problem["detail"]
    assert problem["errors"][0]["parameter"] == "/version"
    other = records.put("employers", one | {"name": "另名"})
    assert other.status_code == 409
    assert other.json()["type"] == "urn:geo-match:problem:as-new-as-kept"
    assert records.get("/v1/employers/E-7").json()["name"] == "示例厂"
    assert records.put("employers", one | {"name": "新名", "version": 8}).status_code == 200


def test_one_without_a_version_takes_that_of_the_kept_one(records):
    records.put("employers", {"id": "E-8", "name": "示例厂", "version": 7})
    told = records.put("employers", {"id": "E-8", "name": "新名"}).json()
    assert told["outcome"] == "changed"
    assert "no version or moment to compare" in told["warnings"][0]
    assert records.get("/v1/employers/E-8").json()["version"] == 7


def test_the_path_and_the_body_name_the_same_record(records):
    answer = records("PUT", "/v1/employers/E-a", "operator", json={"id": "E-b", "name": "厂"})
    assert list(faults(answer)) == ["/id"]


@pytest.mark.parametrize(
    ("kind", "wrong", "pointer"),
    [
        ("jobs", {"vacancies": "2"}, "/vacancies"),
        ("jobs", {"vacancies": True}, "/vacancies"),
        ("jobs", {"wage_low_cny": "3000"}, "/wage_low_cny"),
        ("jobs", {"title": 3}, "/title"),
        ("jobs", {"wage_unit": "year"}, "/wage_unit"),
        ("jobs", {"opened_on": "2025-02-30"}, "/opened_on"),
        ("jobs", {"opened_on": 20250201}, "/opened_on"),
        ("jobs", {"key": "x"}, "/key"),
        ("jobs", {"title": None}, "/title"),
        ("sites", {"verified": "true"}, "/verified"),
        ("seekers", {"certificates": "电工证"}, "/certificates"),
        ("seekers", {"groups": ["graduate", 1]}, "/groups/1"),
        ("households", {"members": [{"birth_year": "1980"}]}, "/members/0/birth_year"),
        ("seekers", {"community": "340302001099"}, "/community"),
        ("seekers", {"lon": 117.0}, "body"),
        ("seekers", {"lon": 32.9, "lat": 117.3}, "/lat"),
    ],
)
def test_a_value_of_another_type_or_beyond_its_rule_is_refused_where_it_stands(
    records, kind, wrong, pointer
):
    sample = SAMPLES[kind] | {"id": "X-1"} | wrong
    told = faults(records.put(kind, sample))
    assert pointer in told
    assert records.get(f"/v1/{kind}/X-1").status_code == 404


def test_a_whole_number_is_one_however_json_writes_it(records):
    job = {"id": "J-2", "title": "电工", "vacancies": 2.0, "wage_low_cny": 3000}
    assert records.put("jobs", job).status_code == 201
    assert records.put("jobs", job | {"vacancies": 2}).json()["outcome"] == "unchanged"
    assert list(faults(records.put("jobs", job | {"vacancies": 2.5}))) == ["/vacancies"]


def test_what_only_the_intake_knows_is_refused_with_rule_and_remedy(records):
    one = SAMPLES["seekers"] | {"id": "X-2", "community": "340302001099"}
    told = faults(records.put("seekers", one))
    assert told["/community"].startswith("must be the code of a community; none has it or had it. ")
    assert told["/community"].endswith("Look the code up in the list of communities.")
    late = {"id": "X-3", "title": "电工", "version": 1, "updated_at": "2099-01-01T00:00:00"}
    assert list(faults(records.put("jobs", late))) == ["/updated_at"]


@pytest.mark.parametrize("field", ["id", "name", "remark", "address", "household"])
def test_an_id_card_number_is_refused_and_not_repeated(records, field):
    one = (
        SAMPLES["seekers"]
        | {"id": "X-4"}
        | {field: f"身份证{ID_CARD}" if field != "id" else ID_CARD}
    )
    answer = records("PUT", f"/v1/seekers/{one['id']}", "operator", json=one)
    assert list(faults(answer)) == [f"/{field}"]
    assert ID_CARD not in answer.text


def test_no_problem_repeats_what_was_said_of_a_person(records):
    one = SAMPLES["seekers"] | {"id": "X-5", "phone": PHONE, "name": "王示例"}
    for wrong in (
        {"phone": f"{PHONE}9"},
        {"name": ["王示例"]},
        {"remark": PHONE, "radius_m": "3000"},
        {"registered_on": "2025-03-02", "closed_on": "2025-03-01"},
        {PHONE: "王示例"},
    ):
        answer = records.put("seekers", one | wrong)
        assert answer.status_code == 422
        assert "王示例" not in answer.text
        assert PHONE not in answer.text or PHONE in wrong  # the name of a field is told
        assert "2025-03-01" not in answer.text


def test_a_write_under_a_condition_holds_only_for_the_state_that_was_read(records):
    one = {"id": "E-9", "name": "示例厂"}
    missing = records.put("employers", one, headers={"If-Match": "*"})
    assert missing.status_code == 412
    first = records.put("employers", one).headers["etag"]
    assert records.put("employers", one, headers={"If-None-Match": "*"}).status_code == 412
    second = records.put("employers", one | {"remark": "甲"}, headers={"If-Match": first})
    assert second.status_code == 200
    late = records.put("employers", one | {"remark": "乙"}, headers={"If-Match": first})
    assert late.status_code == 412
    assert late.json()["type"] == "urn:geo-match:problem:condition-failed"
    assert second.headers["etag"] in late.json()["detail"]
    weak = records.put("employers", one, headers={"If-Match": f"W/{second.headers['etag']}"})
    assert weak.status_code == 412
    several = f'"x", {second.headers["etag"]}'
    now = records.put("employers", one, headers={"If-Match": several})
    assert now.status_code == 200
    tag = now.headers["etag"]
    for empty in (f"{tag},", f", ,{tag} ,,", f'"x",, W/"y",{tag}'):  # nothing between two commas
        assert records.put("employers", one, headers={"If-Match": empty}).status_code == 200
    for header, value in (
        *(("If-Match", "abc"), ("If-Match", f'{several} "y"'), ("If-None-Match", '"abc"')),
        ("If-Match", '""' + ' ""' * 128 + " x"),  # to read it in every way would take years
        ("If-Match", '"",' * 128 + '"" x'),
        *(("If-Match", ", ,"), ("If-Match", "," * 398 + "x"), ("If-Match", '"",,' * 99 + "x")),
    ):
        answer = records.put("employers", one, headers={header: value})
        assert list(faults(answer)) == [header]


def test_of_many_writers_with_one_tag_one_writes(records):
    tag = records.put("employers", {"id": "E-10", "name": "示例厂"}).headers["etag"]

    def write(n):
        one = {"id": "E-10", "name": f"示例厂{n}"}
        return records.put("employers", one, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(write, range(8)))
    assert statuses == [200] + [412] * 7
    with records.store() as store:
        assert len(store.history("employers", "E-10")) == 2


def test_writers_without_conditions_all_write_in_turn(records):
    def write(n):
        return records.put("employers", {"id": "E-11", "name": f"示例厂{n}"}).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(write, range(4)))
    assert statuses == [200, 200, 200, 201]


def test_coordinates_are_of_the_datum_that_the_query_says_and_never_moved_twice(records):
    lon, lat = 117.38123, 32.92345
    one = {"id": "S-2", "lon": lon, "lat": lat}
    assert records.put("sites", one, query="?datum=gcj02").status_code == 201
    read = records.get("/v1/sites/S-2").json()
    east, north = gm.to_wgs84(lon=lon, lat=lat, datum="gcj02")
    assert (read["lon"], read["lat"], read["datum"]) == (float(east), float(north), "gcj02")
    assert records.put("sites", read).json()["outcome"] == "unchanged"  # as it was read
    assert records.put("sites", one, query="?datum=gcj02").json()["outcome"] == "unchanged"
    moved = records.put("sites", read | {"lon": read["lon"] + 1e-4})  # of which datum now?
    assert list(faults(moved)) == ["/datum"]
    assert list(faults(records.put("sites", one | {"datum": "gcj02"}))) == ["/datum"]
    assert records.put("sites", one | {"datum": "wgs84"}).json()["outcome"] == "changed"


def test_a_place_that_was_looked_up_is_looked_up_anew(records):
    site = {"id": "S-3", "lon": 117.40123, "lat": 32.90123}
    records.put("sites", site)
    job = {"id": "J-3", "title": "电工", "site_id": "S-3"}
    records.put("jobs", job)
    read = records.get("/v1/jobs/J-3").json()
    assert (read["lon"], read["lat"], read["located_by"]) == (117.40123, 32.90123, "site")
    assert records.put("jobs", read).json()["outcome"] == "unchanged"
    records.put("sites", site | {"lon": 117.41234})
    assert records.put("jobs", read).json()["outcome"] == "changed"
    assert records.get("/v1/jobs/J-3").json()["lon"] == 117.41234


def test_what_a_record_names_and_nobody_knows_is_told(records):
    told = records.put("jobs", {"id": "J-4", "title": "电工", "employer_id": "E-nobody"}).json()
    (warning,) = [one for one in told["warnings"] if "employer" in one]
    assert warning.startswith("employer_id names an employer that the store does not have")


def test_who_wrote_is_kept_with_the_change(records):
    records.put("employers", {"id": "E-12", "name": "示例厂"}, "integration")
    with records.store() as store:
        (version,) = store.history("employers", "E-12")
        (key,) = [one for one in store.api_keys.list() if one.role == "integration"]
    assert (version.actor, version.cause) == (key.id, "put")


@pytest.mark.parametrize("role", ["employer", "planner", "supervisor", "administrator", None])
def test_who_has_not_the_scope_writes_nothing(records, role):
    refused = 401 if role is None else 403
    for kind in ("employers", "seekers"):
        target = f"/v1/{kind}/X-6"
        answer = records("PUT", target, role, json=SAMPLES[kind] | {"id": "X-6"})
        assert answer.status_code == refused
        assert records("DELETE", f"{target}?reason=x", role).status_code == refused
        answer = records("POST", f"/v1/{kind}:import", role, content=b"id,name\nX-6,x\n")
        assert answer.status_code == refused


def test_an_office_writes_and_reads_persons_of_its_own_area_alone(records):
    mine = SAMPLES["seekers"] | {"id": "P-mine"}
    theirs = mine | {"id": "P-theirs", "community": ELSEWHERE}
    assert records.put("seekers", mine, "community").status_code == 201
    assert records.put("seekers", theirs, "community").status_code == 403
    assert records.put("seekers", theirs).status_code == 201
    for wrong in (
        *(mine | {"community": ELSEWHERE}, mine | {"community": None}),  # moves out
        theirs | {"community": HERE},  # takes one over
        theirs,
    ):
        answer = records.put("seekers", wrong, "community")
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:geo-match:problem:outside-area"
    assert records.get("/v1/seekers/P-mine", "community").status_code == 200
    unknown = records.get("/v1/seekers/P-nobody", "community").json()
    hidden = records.get("/v1/seekers/P-theirs", "community").json()
    assert hidden | {"instance": None} == unknown | {"instance": None}
    assert records.delete("/v1/seekers/P-theirs?reason=x", "community").status_code == 404
    assert records.get("/v1/seekers/P-theirs").json()["community"] == ELSEWHERE
    for kind in ("spells", "services"):
        for person, status in (("P-mine", 201), ("P-theirs", 403), ("P-nobody", 403)):
            one = SAMPLES[kind] | {"id": f"X-{person}", "person": person}
            assert records.put(kind, one, "community").status_code == status
        one = SAMPLES[kind] | {"id": "X-P-mine", "person": "P-theirs"}
        assert records.put(kind, one, "community").status_code == 403
        assert records.get(f"/v1/{kind}/X-P-mine", "community").status_code == 200
        records.put(kind, SAMPLES[kind] | {"id": "X-P-theirs", "person": "P-theirs"})
        assert records.get(f"/v1/{kind}/X-P-theirs", "community").status_code == 404


def all_of(answer):
    """Return all that an answer tells, but its own number."""
    return answer.status_code, answer.json() | {"instance": None}


@pytest.mark.parametrize("kind", ["households", "seekers", "spells", "services"])
def test_what_writes_nothing_tells_an_office_of_anothers_persons_what_it_tells_of_nobody(
    records, kind
):
    for person, home in (("P-of-mine", HERE), ("P-of-theirs", ELSEWHERE)):
        records.put("seekers", SAMPLES["seekers"] | {"id": person, "community": home})
    mine, theirs = SAMPLES[kind] | {"person": "P-of-mine"}, {"person": "P-of-theirs"}
    if kind not in {"spells", "services"}:
        mine, theirs = SAMPLES[kind], {"community": ELSEWHERE}
    hidden, nobodys, wide = f"X-{kind}-hidden", f"X-{kind}-nobodys", "Ｘ"
    tag = records.put(kind, mine | theirs | {"id": hidden}).headers["etag"]
    for header in ({"If-Match": "*"}, {"If-Match": '"x"'}, {"If-Match": tag}):
        one, other = (
            records.put(kind, mine | {"id": id_}, "community", headers=header)
            for id_ in (hidden, nobodys)
        )
        assert all_of(one) == all_of(other)
        assert one.status_code == 412
        assert tag not in one.text
        gone = records.delete(f"/v1/{kind}/{hidden}?reason=x", "community", headers=header)
        assert gone.status_code == 404
    for wrong in ({"remark": ID_CARD}, {"version": 1, "updated_at": "2099-01-01T00:00:00"}, theirs):
        one, other = (
            records.put(kind, mine | {"id": id_} | wrong, "community") for id_ in (hidden, nobodys)
        )
        assert all_of(one) == all_of(other)
        assert one.status_code == (403 if wrong is theirs else 422)
    one, other = (
        records.put(kind, mine | {"id": wide + id_[1:]}, "community") for id_ in (hidden, nobodys)
    )
    assert all_of(one) == all_of(other)
    assert list(faults(one)) == ["/id"]


def test_a_write_tells_an_office_that_an_id_is_anothers_and_that_is_noted(records):
    theirs = SAMPLES["seekers"] | {"id": "P-noted", "community": ELSEWHERE}
    tag = records.put("seekers", theirs).headers["etag"]
    before = len(records.audited())
    for header in ({}, {"If-None-Match": "*"}):
        answer = records.put("seekers", theirs | {"community": HERE}, "community", headers=header)
        assert answer.json()["type"] == "urn:geo-match:problem:outside-area"
        assert tag not in answer.text
    entries = records.audited()[before:]
    with records.store() as store:
        (key,) = [one for one in store.api_keys.list() if one.role == "community"]
    assert [(one["who"], one["purpose"], one["scope"], one["count"]) for one in entries] == [
        (f"community {key.id}", "outside the area", "persons:write", 1)
    ] * 2
    assert records.get("/v1/seekers/P-noted").headers["etag"] == tag


def test_no_condition_tells_an_office_of_a_person_who_moves_while_it_writes(records, monkeypatch):
    mine = SAMPLES["seekers"] | {"id": "P-moves-2"}
    tag = records.put("seekers", mine).headers["etag"]
    write = writing._write

    def move_and_write(*given, **named):
        monkeypatch.setattr(writing, "_write", write)
        records.put("seekers", mine | {"community": ELSEWHERE})
        return write(*given, **named)

    monkeypatch.setattr(writing, "_write", move_and_write)
    moved = records.put("seekers", mine, "community", headers={"If-Match": tag})
    nobodys = mine | {"id": "P-moves-nobody"}
    unknown = records.put("seekers", nobodys, "community", headers={"If-Match": tag})
    assert all_of(moved) == all_of(unknown)
    assert moved.status_code == 412


def test_an_area_holds_though_the_person_moves_while_it_is_looked_at(records, monkeypatch):
    mine = SAMPLES["seekers"] | {"id": "P-moves"}
    records.put("seekers", mine)
    judge = writing.judge_record

    def move_and_judge(record, kind, store, **given):
        monkeypatch.setattr(writing, "judge_record", judge)
        records.put("seekers", mine | {"community": ELSEWHERE})
        return judge(record, kind, store, **given)

    monkeypatch.setattr(writing, "judge_record", move_and_judge)
    answer = records.put("seekers", mine | {"remark": "新"}, "community")
    assert answer.status_code == 403
    assert records.get("/v1/seekers/P-moves").json()["community"] == ELSEWHERE


def test_a_record_is_removed_with_a_reason_and_its_past_stays(records):
    records.put("employers", {"id": "E-13", "name": "示例厂"})
    there = records.get("/v1/employers/E-13").headers["geo-match-cursor"]
    assert records.delete("/v1/employers/E-13").status_code == 422
    wrong = records.delete("/v1/employers/E-13?reason=x", headers={"If-Match": '"x"'})
    assert wrong.status_code == 412
    personal = records.delete(f"/v1/employers/E-13?reason={PHONE}")
    assert personal.status_code == 422
    assert PHONE not in personal.text
    removed = records.delete("/v1/employers/E-13?reason=duplicate")
    assert (removed.status_code, removed.json()["outcome"]) == (200, "removed")
    assert removed.headers["geo-match-cursor"] == removed.json()["cursor"]
    assert records.get("/v1/employers/E-13").status_code == 404
    assert records.delete("/v1/employers/E-13?reason=duplicate").status_code == 404
    assert records.get(f"/v1/employers/E-13?as_of={there}").json()["name"] == "示例厂"
    with records.store() as store:
        assert store.history("employers", "E-13")[-1].cause == "duplicate"


@pytest.mark.parametrize(
    ("kind", "id_"), [("seekers", "P-named"), ("spells", "L-named"), ("households", "H-named")]
)
def test_a_reason_that_names_the_person_is_refused_and_nothing_removed(records, kind, id_):
    home = SAMPLES["households"] | {"id": "H-named", "head_name": "示例户主"}
    person = SAMPLES["seekers"] | {"id": "P-named", "name": "示例甲", "household": "H-named"}
    spell = SAMPLES["spells"] | {"id": "L-named", "person": "P-named"}
    for name, one in (("households", home), ("seekers", person), ("spells", spell)):
        assert records.put(name, one).status_code in {200, 201}
    target = f"/v1/{kind}/{id_}"
    for text in ("示例甲", "p-named", *(["示例户主"] if kind != "spells" else [])):
        before = records.get("/v1/employers?limit=1").headers["geo-match-cursor"]
        answer = records.delete(f"{target}?reason={text}迁出")
        told = faults(answer)["reason"]
        assert told.startswith("must say nothing personal, since it is kept for good. Put ")
        assert text not in answer.text
        assert records.get("/v1/employers?limit=1").headers["geo-match-cursor"] == before
    assert records.delete(f"{target}?reason=迁出", "operator").status_code == 200


def test_a_request_for_an_erasure_that_names_the_person_is_refused_by_its_own_name(records):
    records.put("seekers", SAMPLES["seekers"] | {"id": "P-asked", "name": "示例乙"})
    answer = records.delete("/v1/seekers/P-asked?reason=erasure&request=示例乙-1")
    assert list(faults(answer)) == ["request"]
    assert "示例乙" not in answer.text
    assert records.get("/v1/seekers/P-asked").status_code == 200


def test_no_refusal_tells_an_office_what_is_said_of_anothers_person(records):
    theirs = {"id": "P-theirs", "community": ELSEWHERE, "name": "示例丙"}
    records.put("seekers", SAMPLES["seekers"] | theirs)
    named, unknown = (
        records.delete(f"/v1/seekers/{id_}?reason=示例丙", "community")
        for id_ in ("P-theirs", "P-nobody")
    )
    assert named.status_code == unknown.status_code == 404
    assert named.json() | {"instance": None} == unknown.json() | {"instance": None}


def test_a_site_is_said_to_have_been_seen_by_an_operator_alone(records):
    seen = SAMPLES["sites"] | {"id": "S-seen"}
    refused = records.put("sites", seen, "integration")
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:geo-match:problem:scope-missing"
    (told,) = refused.json()["errors"]
    assert told["parameter"] == "/verified"
    assert told["detail"].startswith("must not be true, unless it is so already: that takes the ")
    assert "sites:verify" in refused.json()["detail"]
    for unseen in (False, None):
        assert records.put("sites", seen | {"verified": unseen}, "integration").is_success
    assert records.put("sites", seen, "integration").status_code == 403
    assert records.put("sites", seen).json()["outcome"] == "changed"
    # What an operator has said stands while others write the rest, and they may take it back.
    named = records.put("sites", seen | {"name": "示例路"}, "integration")
    assert named.json()["outcome"] == "changed"
    assert records.get("/v1/sites/S-seen").json()["verified"] is True
    assert records.put("sites", seen | {"verified": False}, "integration").status_code == 200
    assert records.put("sites", seen, "integration").status_code == 403
    # Nor by the way of a new record in its place.
    assert records.put("sites", seen).status_code == 200
    assert records.delete("/v1/sites/S-seen?reason=x", "integration").status_code == 200
    assert records.put("sites", seen, "integration").status_code == 403
    assert records.get("/v1/sites/S-seen").status_code == 404


def test_a_site_that_an_operator_takes_back_meanwhile_is_not_said_to_be_seen(records, monkeypatch):
    seen = SAMPLES["sites"] | {"id": "S-taken"}
    records.put("sites", seen)
    judge = writing.judge_plain

    def take_back_and_judge(*given, **named):
        monkeypatch.setattr(writing, "judge_plain", judge)
        records.put("sites", seen | {"verified": False})
        return judge(*given, **named)

    monkeypatch.setattr(writing, "judge_plain", take_back_and_judge)
    assert records.put("sites", seen | {"name": "示例路"}, "integration").status_code == 403
    assert records.get("/v1/sites/S-taken").json()["verified"] is False


def test_a_person_is_erased_past_and_present_and_comes_back_only_knowingly(records):
    one = SAMPLES["seekers"] | {"id": "P-gone"}
    there = records.put("seekers", one).json()["cursor"]
    records.put("spells", SAMPLES["spells"] | {"id": "L-gone", "person": "P-gone"})
    target = "/v1/seekers/P-gone?reason=erasure"
    assert list(faults(records.delete(target))) == ["request"]
    assert list(faults(records.delete("/v1/seekers/P-gone?reason=x&request=1"))) == ["request"]
    assert list(faults(records.delete("/v1/spells/L-gone?reason=erasure"))) == ["reason"]
    erased = records.delete(f"{target}&request=2025-017").json()
    assert (erased["outcome"], erased["erased"]) == ("erased", {"seekers": 1, "spells": 1})
    assert records.get(f"/v1/seekers/P-gone?as_of={there}").status_code == 404
    assert records.get("/v1/spells/L-gone").status_code == 404
    back = records.put("seekers", one)
    assert "erased_too=true" in faults(back)["/id"]
    assert "--erased-too" not in back.text
    assert records.put("seekers", one, query="?erased_too=true").status_code == 201


def test_who_was_removed_before_is_erased_from_the_past_and_once_more_is_done_already(records):
    one = SAMPLES["seekers"] | {"id": "P-before"}
    there = records.put("seekers", one).json()["cursor"]
    target = "/v1/seekers/P-before?reason"
    assert records.delete(f"{target}=duplicate").status_code == 200
    assert records.get(f"/v1/seekers/P-before?as_of={there}").status_code == 200
    erasure = f"{target}=erasure&request=1"
    assert records.delete(erasure, "community").status_code == 404  # it cannot tell whose it was
    assert records.delete(erasure, headers={"If-Match": '"x"'}).status_code == 412
    assert records.delete(erasure).json()["erased"] == {"seekers": 1}
    assert records.get(f"/v1/seekers/P-before?as_of={there}").status_code == 404
    again = records.delete(erasure)
    assert (again.status_code, again.json()["outcome"], again.json()["erased"]) == (
        *(200, "erased"),
        {},
    )
    assert records.delete(f"{target}=duplicate").status_code == 404
    assert "erased_too=true" in faults(records.put("seekers", one))["/id"]


def test_nobody_is_erased_who_moves_to_anothers_area_meanwhile(records, monkeypatch):
    one = SAMPLES["seekers"] | {"id": "P-moves-3"}
    records.put("seekers", one)
    erase = writing._erase

    def move_and_erase(*given, **named):
        monkeypatch.setattr(writing, "_erase", erase)
        records.put("seekers", one | {"community": ELSEWHERE})
        return erase(*given, **named)

    monkeypatch.setattr(writing, "_erase", move_and_erase)
    target = "/v1/seekers/P-moves-3?reason=erasure&request=1"
    assert records.delete(target, "community").status_code == 404
    assert records.get("/v1/seekers/P-moves-3").json()["community"] == ELSEWHERE
    assert records.delete(target).json()["erased"] == {"seekers": 1}


def test_an_erasure_has_the_time_to_write_a_file_anew():
    scope = {"type": "http", "method": "DELETE", "path": "/v1/seekers/P-1"}
    assert allowance_of(scope).more_s >= 3_600
    assert allowance_of(scope | {"method": "PUT"}).more_s == 0
    assert allowance_of(scope | {"path": "/v1/jobs/J-1"}).more_s == 0


def test_an_unknown_id_is_not_barred_by_a_slip(records):
    target = "/v1/seekers/P-slip?reason=erasure&request=1"
    assert records.delete(target).status_code == 404
    assert records.put("seekers", SAMPLES["seekers"] | {"id": "P-slip"}).status_code == 201


def test_a_read_waits_for_what_was_written_and_not_for_ever(records, monkeypatch):
    cursor = records.put("employers", {"id": "E-14", "name": "示例厂"}).json()["cursor"]
    answer = records.get(f"/v1/employers/E-14?min_cursor={cursor}")
    assert answer.status_code == 200
    epoch, _, seq = cursor.rpartition("-")
    monkeypatch.setattr(min_cursor, "AT_MOST_S", 0.05)
    late = records.get(f"/v1/employers/E-14?min_cursor={epoch}-{int(seq) + 10}")
    assert (late.status_code, late.headers["retry-after"]) == (503, "1")
    assert late.json()["type"] == "urn:geo-match:problem:not-yet"
    other = records.get(f"/v1/employers/E-14?min_cursor={'0' * 32}-1")
    assert other.status_code == 410
    assert records.get("/v1/employers/E-14?min_cursor=x").status_code == 422


def test_what_is_written_by_hand_ends_that_a_store_is_open_to_all(make):
    records = make(invented=True)
    jobs = "/v1/jobs?lon=117.38&lat=32.92"
    assert records.get(jobs, None).status_code == 200
    community = {"id": HERE, "name": "示例社区", "population": 3}
    assert records.put("communities", community).status_code == 200
    unchanged = records.get("/v1/employers/E1").json()
    assert records.put("employers", unchanged).json()["outcome"] == "unchanged"
    assert records.get(jobs, None).status_code == 200
    invented = records.load("employers", "id,name,invented\nE5,示例厂,是\n")
    assert invented.json()["accepted"] == 1
    assert records.get(jobs, None).status_code == 200
    assert records.put("employers", unchanged | {"remark": "x"}).status_code == 200
    assert records.get(jobs, None).status_code == 401
    assert records.load("employers", "id,name,invented\nE1,示例超市,是\n").status_code == 200
    assert records.delete("/v1/employers/E1?reason=x").status_code == 200
    assert records.get(jobs, None).status_code == 200  # nothing real is left
    assert records.load("employers", "id,name\nE6,厂\n").json()["accepted"] == 1
    assert records.get(jobs, None).status_code == 401


def test_who_has_moved_away_is_another_offices_with_all_their_past(records):
    mine = SAMPLES["seekers"] | {"id": "P-went"}
    then = records.put("seekers", mine).json()["cursor"]
    target = f"/v1/seekers/P-went?as_of={then}"
    assert records.get(target, "community").status_code == 200
    records.put("seekers", mine | {"community": ELSEWHERE})
    assert records.get(target, "community").status_code == 404
    assert records.get(target).json()["community"] == HERE
    records.delete("/v1/seekers/P-went?reason=x")
    assert records.get(target, "community").status_code == 404
    assert records.get(target).json()["community"] == HERE


def test_an_office_is_told_of_nobody_who_is_there_no_more(records):
    mine = SAMPLES["seekers"] | {"id": "P-ceased"}
    then = records.put("seekers", mine).json()["cursor"]
    records.delete("/v1/seekers/P-ceased?reason=x")
    told, unknown = (
        records.get(f"/v1/seekers/{id_}?as_of={then}", "community")
        for id_ in ("P-ceased", "P-never")
    )
    assert told.json() | {"instance": None} == unknown.json() | {"instance": None}
    for role in ("operator", "supervisor"):
        assert records.get(f"/v1/seekers/P-ceased?as_of={then}", role).status_code == 200


def test_what_is_public_is_read_of_the_past_by_an_office_too(records):
    then = records.put("employers", {"id": "E-past", "name": "示例厂"}).json()["cursor"]
    records.delete("/v1/employers/E-past?reason=x")
    assert records.get(f"/v1/employers/E-past?as_of={then}", "community").status_code == 200


def test_a_community_that_has_just_come_is_known_to_the_records_after_it(records):
    code = "340302001077"
    one = SAMPLES["seekers"] | {"id": "P-new", "community": code}
    assert list(faults(records.put("seekers", one))) == ["/community"]
    records.put("communities", {"id": code, "name": "新社区"})
    assert records.put("seekers", one).status_code == 201
