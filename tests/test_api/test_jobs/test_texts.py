"""An answer is written from what was written before, to the byte as it would be anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.jobs import texts
from api.jobs.answering import find
from api.jobs.postings import Posting
from api.jobs.query import JobsQuery
from api.jobs.schemas import Hit, Job, Site
from api.jobs.texts import Texts

QUERIES = (
    {"lon": "117.38", "lat": "32.92"},
    {"lon": "117.38", "lat": "32.92", "limit": "0"},
    {"lon": "117.38", "lat": "32.92", "limit": "1", "radius_m": "20000"},
    {"lon": "117.38", "lat": "32.92", "sort": "wage", "facets": "job_type,distance"},
    {"lon": "0", "lat": "0"},
    {"community": "340302001001"},
)


@pytest.mark.parametrize("asked", QUERIES, ids=str)
def test_json_is_that_of_the_model(city, asked):
    query = JobsQuery.model_validate(asked)
    for _ in range(2):  # written anew, and from what was written
        found = find(query, city.now())
        assert found.json() == found.told().model_dump_json().encode()


def posting(**given):
    of = {"id": "J1", "title": "收银员", "employer_id": "E1", "site_id": None, "site_name": None}
    return Posting(**{**of, "place": (117.38, 32.92), "left": 2, **given})


def hit(job, employer):
    return Hit(
        job=Job(job.id, job.title, job.left, employer),
        site=Site(job.at_site, job.site_name, *job.where),
        distance_m=1.0,
        basis="geodesic",
        on_foot=None,
    )


def test_a_text_is_written_anew_once_the_job_or_its_employer_is_another():
    known, job, made = Texts(), posting(), []

    def of(job, employer):
        def make():
            made.append(employer)
            return hit(job, employer)

        return known.of(job, employer, make)

    first = of(job, "示例店")
    assert of(job, "示例店") is first
    assert of(job, "示例超市") != first
    assert "示例超市".encode() in of(job, "示例超市")
    assert "收银员".encode() not in of(replace(job, title="厨师"), "示例超市")
    assert made == ["示例店", "示例超市", "示例超市"]


def test_no_more_texts_are_kept_than_are_bound(monkeypatch):
    monkeypatch.setattr(texts, "_MOST", 3)
    known = Texts()
    for number in range(10):
        job = posting(id=f"J{number}")
        known.of(job, None, lambda job=job: hit(job, None))
        assert len(known._known) <= 3
