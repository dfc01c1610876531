"""Jobs as GeoJSON (RFC 7946): a feature a job, at its site."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from api.jobs.schemas import Job

if TYPE_CHECKING:
    from api.jobs.schemas import Hit, Jobs

_JOB: Final = TypeAdapter(Job)


def as_features(jobs: Jobs) -> str:
    """Return the jobs as the text of a FeatureCollection; figures and links stand beside."""
    told = jobs.model_dump(mode="json", exclude={"jobs", "next"})
    links = [{"rel": "next", "href": jobs.next, "type": "application/geo+json"}]
    collection = {
        "type": "FeatureCollection",
        "numberMatched": jobs.total,
        "numberReturned": len(jobs.jobs),
        "links": [] if jobs.next is None else links,
        **told,
        "features": [_feature(hit) for hit in jobs.jobs],
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def _feature(hit: Hit) -> dict[str, Any]:
    job = _JOB.dump_python(hit.job, mode="json", exclude={"id"})
    return {
        "type": "Feature",
        "id": hit.job.id,
        "geometry": {"type": "Point", "coordinates": [hit.site.lon, hit.site.lat]},
        "properties": {
            **job,
            "site_id": hit.site.id,
            "site_name": hit.site.name,
            "address": hit.site.address,
            "distance_m": hit.distance_m,
            "basis": hit.basis,
            "on_foot": None if hit.on_foot is None else hit.on_foot.model_dump(),
        },
    }
