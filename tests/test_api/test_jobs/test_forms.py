"""The forms of an answer, what asks for them, and answers that still hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_api.test_jobs.conftest import CODE, EMPLOYERS, SERVED, table

from api.jobs.forms import MEDIA_TYPES, form_of
from api.problems import ProblemError
from geo_match.store import Store

AT = "/v1/jobs?lon=117.38&lat=32.92"
JSON, GEOJSON, JSON_LD = "application/json", "application/geo+json", "application/ld+json"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (GEOJSON, GEOJSON),
        (JSON_LD, JSON_LD),
        ("Application/LD+JSON ; Q=0.9, application/json;q=0.1", JSON_LD),
        ("application/json;q=0, */*;q=0.1", GEOJSON),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("application/geo+json;q=0.5, application/ld+json;q=0.5", GEOJSON),
        ("application/geo+json;q=x, application/ld+json;q=0.001", JSON_LD),
    ],
)
def test_the_header_names_the_form(ask, accept, kind):
    answer = ask(AT, headers={} if accept is None else {"Accept": accept})
    assert answer.headers["content-type"] == kind
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("accept", ["text/html", "image/*", "*/*;q=0", "application/xml"])
def test_a_header_that_takes_none_of_the_forms_is_a_problem(ask, accept):
    problem = ask.problem(AT, headers={"Accept": accept})
    assert problem["status"] == 406
    assert GEOJSON in problem["detail"]
    assert ask(f"{AT}&f=json", headers={"Accept": accept}).status_code == 200


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_header_is_read_or_refused(accept):
    try:
        form = form_of(None, accept)
    except ProblemError:
        return
    assert form in MEDIA_TYPES


def test_geojson_has_the_jobs_at_their_sites_and_the_figures_beside(city):
    plain = city.ask("/v1/jobs?lon=117.38&lat=32.92&limit=5&facets=distance").json()
    told = city.ask("/v1/jobs?lon=117.38&lat=32.92&limit=5&facets=distance&f=geojson").json()
    assert told["type"] == "FeatureCollection"
    assert (told["numberMatched"], told["numberReturned"]) == (plain["total"], 5)
    assert told["facets"] == plain["facets"]
    for feature, hit in zip(told["features"], plain["jobs"], strict=True):
        assert (feature["type"], feature["id"]) == ("Feature", hit["job"]["id"])
        site = hit["site"]
        assert feature["geometry"] == {"type": "Point", "coordinates": [site["lon"], site["lat"]]}
        said = feature["properties"]
        assert (said["distance_m"], said["title"]) == (hit["distance_m"], hit["job"]["title"])
    (link,) = told["links"]
    assert (link["rel"], link["type"]) == ("next", GEOJSON)
    assert city.ask(link["href"]).headers["content-type"] == GEOJSON


def test_job_postings_have_what_schema_org_and_its_readers_require(city):
    answer = city.ask("/v1/jobs?station=ST1&radius_m=200000&limit=100&f=jobposting").json()
    assert (answer["@context"], answer["@type"]) == ("https://schema.org", "ItemList")
    assert answer["numberOfItems"] == len(SERVED)
    jobs = {job["id"]: job for job in SERVED}
    assert len(answer["itemListElement"]) == 100
    for place, element in enumerate(answer["itemListElement"], start=1):
        assert (element["@type"], element["position"]) == ("ListItem", place)
        posting = element["item"]
        job = jobs[posting["identifier"]["value"]]
        assert posting["@type"] == "JobPosting"
        assert posting["title"] == job["title"]
        assert posting["description"].startswith(job["title"])
        employer = next(one for one in EMPLOYERS if one["id"] == job["employer_id"])
        organization = {"@type": "Organization", "name": employer["name"]}
        assert posting["hiringOrganization"] == organization
        assert posting["jobLocation"]["address"]["addressCountry"] == "CN"
        assert posting["jobLocation"]["geo"]["longitude"] == job["lon"]
        day = job["opened_on"]
        assert posting.get("datePosted") == (None if day is None else day.isoformat())
        assert posting.get("totalJobOpenings") == job["vacancies"]
        pay = posting.get("baseSalary")
        assert (pay is None) == (job["wage_unit"] is None)
        if pay is not None:
            assert pay["currency"] == "CNY"
            assert pay["value"]["unitText"] == job["wage_unit"].upper()
            assert pay["value"].get("minValue") == job["wage_low_cny"]
            assert pay["value"].get("maxValue") == job["wage_high_cny"]
    assert "null" not in json.dumps(answer)


def test_an_answer_that_still_holds_is_not_sent_again(city):
    target = f"/v1/jobs?community={CODE}&limit=3"
    first = city.ask(target)
    tag = first.headers["etag"]
    for held in (tag, f"W/{tag}", f'"x", {tag}'):
        again = city.ask(target, headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    others = (f"{target}&sort=wage", f"{target}&f=geojson", f"{target}&limit=3".replace("3", "4"))
    for other in (*others[:2], target.replace("limit=3", "limit=4")):
        assert city.ask(other, headers={"If-None-Match": tag}).status_code == 200
    with Store.open(city.path) as store:
        store.put("stations", table("stations", [{"id": "ST3", "name": "新站"}]))
    changed = city.ask(target, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.json()["jobs"] == first.json()["jobs"]
    assert changed.json()["cursor"] != first.json()["cursor"]


def test_an_answer_of_a_file_holds_until_it_is_another_file(ask):
    tag = ask(AT).headers["etag"]
    assert ask(AT, headers={"If-None-Match": tag}).status_code == 304
    assert ask(f"{AT}1", headers={"If-None-Match": tag}).status_code == 200


def test_the_next_page_is_linked_in_the_header_too(city):
    answer = city.ask(f"{AT}&limit=1")
    assert answer.headers["link"] == f'<{answer.json()["next"]}>; rel="next"'
    assert "link" not in city.ask(f"{AT}&limit=0").headers


def test_a_job_written_between_two_pages_shifts_none(city):
    """What comes in before the place where a page ended is not listed, and nothing comes twice."""
    first = city.ask(f"{AT}&limit=40&radius_m=1500").json()
    new = {"id": "A-NEW", "title": "新岗", "employer_id": "E1", "lon": 117.38, "lat": 32.92}
    with Store.open(city.path) as store:
        store.put("jobs", table("jobs", [new]))
        listed, link = [hit["job"]["id"] for hit in first["jobs"]], first["next"]
        while link:
            answer = city.ask(link)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            listed += [hit["job"]["id"] for hit in page["jobs"]]
            link = page["next"]
        store.remove("jobs", ["A-NEW"])
    assert len(listed) == len(set(listed)) == first["total"]
    assert page["total"] == first["total"] + 1
