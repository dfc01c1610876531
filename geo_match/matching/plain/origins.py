"""Jobs around other places than the homes of seekers, and around places alone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from geo_match.matching.plain.answers import match
from geo_match.matching.plain.conditions import CONDITIONS, is_registered
from geo_match.matching.plain.judge import judge
from geo_match.matching.plain.options import DEFAULT_WEIGHTS
from geo_match.matching.plain.shortfall import LADDER_M, shortfall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo_match.matching.plain.options import PlainOptions

    Record = Mapping[str, Any]

OF_THE_JOB: Final = ("open", "vacancies", "employer")
"""What is asked of a job where nobody seeks it."""
OF_A_PLACE: Final = ("closeness", "freshness")
"""What its score is made of."""


def match_from(
    seekers: Sequence[Record],
    origins: Sequence[Record],
    jobs: Sequence[Record],
    options: PlainOptions,
    *,
    by: str,
) -> list[dict[str, Any]]:
    """Return each seeker's jobs around the origin that the seeker names.

    Parameters
    ----------
    seekers
        Records with different ids.
    origins
        Each with an `id`, and `lon` and `lat` in degrees, or `area`, a shapely polygon in degrees.
    jobs
        Records with different ids.
    options
        What is asked.
    by
        The field of the seekers that names an origin.

    Returns
    -------
    list of dict
        As `answers.match` gives them, with `origin_id`, which is what the seeker names. Who names
        none of the origins has the `reason` "no_origin", unless they are not registered.
    """
    known = {origin["id"]: origin for origin in origins}
    rows = []
    for seeker in seekers:
        named = seeker.get(by)
        found = match([_moved(seeker, known.get(named, {}))], jobs, options)
        if named not in known and is_registered(seeker, options):
            found = [row | {"reason": "no_origin"} for row in found]
        told = {"origin_id": named, "basis": _basis(found[0], known.get(named))}
        rows += [row | told for row in found]
    return rows


def match_alone(
    origins: Sequence[Record], jobs: Sequence[Record], options: PlainOptions
) -> list[dict[str, Any]]:
    """Return the jobs around each origin, nobody seeking them.

    Parameters
    ----------
    origins, jobs, options
        As in `match_from`.

    Returns
    -------
    list of dict
        As `answers.match` gives them, with `origin_id` in the place of `seeker_id`. Only the
        conditions of the job alone are asked, and the score has two parts, whose weights are
        divided by the sum of the two.
    """
    asked = dataclasses.replace(
        options,
        conditions=[name for name in CONDITIONS if name in OF_THE_JOB and options.asks(name)],
        weights=dict.fromkeys(DEFAULT_WEIGHTS, 0.0)
        | {part: {**DEFAULT_WEIGHTS, **options.weights}[part] for part in OF_A_PLACE},
    )
    rows = []
    for origin in origins:
        for row in match([_moved({"id": origin["id"]}, origin)], jobs, asked):
            row["origin_id"] = row.pop("seeker_id")
            rows.append(row | {"basis": _basis(row, origin)})
    return rows


def judge_from(
    seeker: Record, origins: Sequence[Record], job: Record, options: PlainOptions, *, by: str
) -> dict[str, Any]:
    """Judge a pair around the origin that the seeker names, as `judge.judge` does.

    Parameters
    ----------
    seeker, job
        The two records.
    origins, options, by
        As in `match_from`.
    """
    known = {origin["id"]: origin for origin in origins}
    return judge(_moved(seeker, known.get(seeker.get(by), {})), job, options)


def shortfall_from(
    seekers: Sequence[Record],
    origins: Sequence[Record],
    jobs: Sequence[Record],
    options: PlainOptions,
    *,
    by: str,
    ladder_m: Sequence[float] = LADDER_M,
) -> list[dict[str, Any]]:
    """Return what each seeker has and misses around the origin that the seeker names.

    Parameters
    ----------
    seekers, origins, jobs, options, by
        As in `match_from`.
    ladder_m
        As in `shortfall.shortfall`.

    Returns
    -------
    list of dict
        As `shortfall.shortfall` gives them, with `origin_id`, and the `reason` "no_origin" of who
        names none of the origins.
    """
    known = {origin["id"]: origin for origin in origins}
    moved = [_moved(seeker, known.get(seeker.get(by), {})) for seeker in seekers]
    rows = shortfall(moved, jobs, options, ladder_m=ladder_m)
    for seeker, row in zip(seekers, rows, strict=True):
        row["origin_id"] = seeker.get(by)
        if row["origin_id"] not in known and is_registered(seeker, options):
            row["reason"] = "no_origin"
    return rows


def _moved(seeker: Record, origin: Record) -> dict[str, Any]:
    """Return a seeker who lives at an origin, known as well as it is."""
    accuracy = origin.get("location_accuracy_m")
    is_area = origin.get("area") is not None
    return {
        **seeker,
        "lon": origin.get("lon"),
        "lat": origin.get("lat"),
        "area": origin.get("area"),
        "location_accuracy_m": 0.0 if is_area and accuracy is None else accuracy,
    }


def _basis(row: Record, origin: Record | None) -> str | None:
    """Return what the distance of a row is, None where there is none."""
    is_of_area = origin is not None and origin.get("area") is not None
    return "area_edge" if row["basis"] is not None and is_of_area else row["basis"]
