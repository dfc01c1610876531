"""How near two occupations are to each other."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from geo_match.codes import narrow
from geo_match.matching.plain.outcomes import FAIL, PASS, UNKNOWN
from geo_match.taxonomy import OCCUPATIONS_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo_match.matching.plain.options import PlainOptions
    from geo_match.taxonomy import Occupations

_DIGITS: Final = {"major": 1, "middle": 3, "minor": 5}
"""Digits of a group's code."""


def occupation(seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions) -> str:
    """Return whether the occupation sought and that of the job are near enough.

    Fewer digits than the level needs leave it open, as long as those that are there agree.
    """
    if not _comparable(seeker, job, options):
        return UNKNOWN
    if _listed(seeker, job, options):
        return PASS
    needed = _DIGITS[options.occupation_level]
    one, other = (_known(record, options.table) for record in (seeker, job))
    both = min(len(one), len(other), needed)
    if one[:both] != other[:both]:
        return FAIL
    return PASS if both == needed else UNKNOWN


def nearness(seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions) -> str:
    """Return the narrowest relation: "minor", "middle", "listed", "major", or "" for none."""
    if not _comparable(seeker, job, options):
        return ""
    one, other = (_known(record, options.table) for record in (seeker, job))
    shared = [
        level
        for level, digits in _DIGITS.items()
        if min(len(one), len(other)) >= digits and one[:digits] == other[:digits]
    ]
    narrowest = shared[-1] if shared else ""
    if narrowest in {"", "major"} and _listed(seeker, job, options):
        return "listed"
    return narrowest


def _comparable(seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions) -> bool:
    versions = {record.get("occupation_version") or OCCUPATIONS_VERSION for record in (seeker, job)}
    known = all(_known(record, options.table) for record in (seeker, job))
    return known and len(versions) == 1


def _listed(seeker: Mapping[str, Any], job: Mapping[str, Any], options: PlainOptions) -> bool:
    """Return whether the pair is among those that the options call related."""
    sought, offered = _digits(seeker.get("occupation")), _digits(job.get("occupation"))
    for one, other in options.related_occupations:
        first, second = _digits(one), _digits(other)
        if not first or not second:
            continue
        if sought.startswith(first) and offered.startswith(second):
            return True
        if sought.startswith(second) and offered.startswith(first):
            return True
    return False


def _known(record: Mapping[str, Any], table: Occupations) -> str:
    """Return a code's digits; only its known beginning where no middle group of it is known."""
    digits = _digits(record.get("occupation"))
    known = ""
    for end in range(1, len(digits) + 1):
        if digits[:end] in _groups(table):
            known = digits[:end]
    return digits if len(known) >= _DIGITS["middle"] else known


@lru_cache(maxsize=16)
def _groups(table: Occupations) -> frozenset[str]:
    return frozenset(group.code for group in table)


def _digits(code: str | None) -> str:
    """Return a code's digits; words behind three of them are left aside, other words have none."""
    text = re.sub("[‐‑‒–—−]", "-", narrow(code or "")).strip()
    if re.fullmatch("[0-9-]+", text):
        return text.replace("-", "")
    found = re.match(r"[0-9](?:-?[0-9]{2})*(?!\d)", text)
    digits = "" if found is None else found.group().replace("-", "")
    return digits if len(digits) >= _DIGITS["middle"] else ""
