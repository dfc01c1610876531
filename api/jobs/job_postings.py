"""Jobs as schema.org has them: an ItemList of JobPosting, in JSON-LD.

What a record does not say is left out: schema.org has no null. Those who list postings ask for
`title`, `description`, `datePosted`, `hiringOrganization` and `jobLocation` with an address: the
description is made of what the record says, and a posting lacks `datePosted` or
`hiringOrganization` only where its record lacks the day of opening or the employer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from geo_match.records.types import EDUCATION_WORDS, JOB_TYPE_WORDS

if TYPE_CHECKING:
    from api.jobs.schemas import Hit, Job, Jobs

_CONTEXT: Final = "https://schema.org"
_UNITS: Final = {"month": "MONTH", "day": "DAY", "hour": "HOUR"}
_UNIT_WORDS: Final = {"month": "元/月", "day": "元/天", "hour": "元/小时"}
_MIDNIGHT: Final = "T00:00:00+08:00"


def as_postings(jobs: Jobs) -> str:
    """Return the jobs as the text of an ItemList, in their order."""
    listed = {
        "@context": _CONTEXT,
        "@type": "ItemList",
        "numberOfItems": jobs.total,
        "itemListOrder": "https://schema.org/ItemListOrderAscending",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "item": _posting(hit)}
            for place, hit in enumerate(jobs.jobs, start=1)
        ],
    }
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))


def _posting(hit: Hit) -> dict[str, Any]:
    job, site = hit.job, hit.site
    employer = job.employer or ""
    title = job.title or site.name or job.id
    address = {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "streetAddress": site.address or site.name,
    }
    place = {
        "@type": "Place",
        "name": site.name,
        "address": _said(address),
        "geo": {"@type": "GeoCoordinates", "longitude": site.lon, "latitude": site.lat},
    }
    return _said(
        {
            "@type": "JobPosting",
            "identifier": {"@type": "PropertyValue", "name": employer or None, "value": job.id},
            "title": title,
            "description": _description(hit, title),
            "datePosted": None if job.opened_on is None else job.opened_on.isoformat(),
            # Closed from that day on: valid through the midnight with which it begins.
            "validThrough": None
            if job.closed_on is None
            else f"{job.closed_on.isoformat()}{_MIDNIGHT}",
            "hiringOrganization": {"@type": "Organization", "name": employer} if employer else None,
            "jobLocation": _said(place),
            "totalJobOpenings": job.vacancies,
            "occupationalCategory": job.occupation,
            "baseSalary": _salary(job),
        }
    )


def _salary(job: Job) -> dict[str, Any] | None:
    if job.wage_unit is None or (job.wage_low_cny is None and job.wage_high_cny is None):
        return None
    value = {
        "@type": "QuantitativeValue",
        "minValue": job.wage_low_cny,
        "maxValue": job.wage_high_cny,
        "unitText": _UNITS[job.wage_unit],
    }
    return {"@type": "MonetaryAmount", "currency": "CNY", "value": _said(value)}


def _description(hit: Hit, title: str) -> str:
    """Return what the record says, in a sentence: it has no text of its own."""
    job = hit.job
    said = [title, job.employer, hit.site.name, hit.site.address]
    if job.job_type is not None:
        said.append(JOB_TYPE_WORDS[job.job_type].split()[0])
    if job.vacancies is not None:
        said.append(f"招聘{job.vacancies}人")
    if job.education_min is not None:
        said.append(f"学历要求：{EDUCATION_WORDS[job.education_min].split()[0]}及以上")
    ends = [f"{one:g}" for one in (job.wage_low_cny, job.wage_high_cny) if one is not None]
    if ends and job.wage_unit is not None:
        said.append(f"薪资：{'-'.join(dict.fromkeys(ends))}{_UNIT_WORDS[job.wage_unit]}")
    return "，".join(dict.fromkeys(one for one in said if one)) + "。"


def _said(properties: dict[str, Any]) -> dict[str, Any]:
    """Return the properties that are known."""
    return {name: value for name, value in properties.items() if value is not None}
