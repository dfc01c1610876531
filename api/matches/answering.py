"""From what is asked to what is answered: one or many, each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from api.access.admission import admit
from api.matches.faults import fault, faulty, kept, named_in_body, no_seeker
from api.matches.groups import AROUND, Group
from api.matches.jobs_shown import JobsShown
from api.matches.origins import Origins
from api.matches.people import read_people
from api.matches.telling import ids_of, told
from api.timing import engine_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.access.caller import Caller
    from api.matches.asked import ItemAsked
    from api.matches.groups import Lacking
    from api.matches.people import People
    from api.matches.schemas import MatchesOfOne
    from api.matches.service import Service
    from api.problems import Problem
    from geo_match.matching import Answer
    from geo_match.matching.live.live_matcher import MatcherAt

_NOTHING_TO_SAY: Final = frozenset({None, "not_registered", "no_location"})
"""Reasons beside which nothing stands in the way, and None for a match."""


@dataclass(slots=True)
class Known:
    """An item whose place is known.

    Parameters
    ----------
    item
        As it was asked.
    key
        Of a registered seeker; None for a profile.
    row
        Of the frame that is matched.
    answer, lacking
        What came of it.
    """

    item: ItemAsked
    key: str | None
    row: dict[str, Any]
    answer: Answer | None = None
    lacking: Lacking | None = None


def answer(
    items: Sequence[tuple[str, ItemAsked]], service: Service, at: MatcherAt, *, explained: bool
) -> list[MatchesOfOne | Problem]:
    """Answer items, each by itself, in their order.

    Parameters
    ----------
    items
        Each with where it stands in the body, a JSON pointer.
    at
        What they ask.
    explained
        Whether each match says what its conditions compared.

    Raises
    ------
    ProblemError
        If an option breaks its rule on the day.
    StoreError
        If the store cannot be read, or a read of persons cannot be noted.
    """
    problems: dict[str, Problem] = {}
    admitted = []
    for pointer, item in items:
        with kept(problems, pointer):
            _admit(item, service.caller)
            admitted.append((pointer, item))
    asked = [item for _, item in admitted]
    people = read_people(asked, service.store, caller=service.caller, audit=service.audit)
    origins = Origins.read(asked, service.store, service.jobs)
    known: dict[str, Known] = {}
    for pointer, item in admitted:
        with kept(problems, pointer):
            known[pointer] = _known(pointer, item, people, origins, at)
    sees_withheld = "records:read" in service.caller.scopes
    with engine_time(service.request), named_in_body():
        straight = None if sees_withheld else service.straight(at)
        problems |= _match(known, at, origins, straight, explained=explained)
    found = {pointer: one for pointer, one in known.items() if pointer not in problems}
    jobs = JobsShown(service.store, ids_of(found.values()))
    answers = {
        pointer: told(one, at, jobs, sees_withheld=sees_withheld) for pointer, one in found.items()
    }
    return [problems.get(pointer) or answers[pointer] for pointer, _ in items]


def _admit(item: ItemAsked, caller: Caller) -> None:
    """Let a caller ask of a registered seeker; of a profile everybody may who sees jobs."""
    if item.seeker is not None:
        admit(caller, "matches:read")
        admit(caller, "persons:read")


def _known(pointer: str, item: ItemAsked, people: People, origins: Origins, at: MatcherAt) -> Known:
    """Return an item with its place.

    Raises
    ------
    ProblemError
        If there is no such seeker or origin for this caller.
    """
    key = None
    if item.seeker is not None:
        seeker = people.seeker(item.seeker)
        if seeker is None:
            raise no_seeker()
        key, row = seeker.key, dict(seeker.row)
    else:
        row = {"lon": None, "lat": None, "location_accuracy_m": None}
        row |= {} if item.profile is None else item.profile.row()
    row["id"] = pointer or "/"
    if item.origin is not None:
        if item.origin.community is not None and at.options.basis == "walking":
            rule = "must be another origin with walks: none begins at the edge of an area"
            raise fault(rule, at=f"{pointer}/origin/community")
        place = origins.place(item.origin, people, f"{pointer}/origin")
        if item.origin.community is not None:
            place = {AROUND: origins.code(item.origin.community)}
        row |= place or {}
    return Known(item, key, row)


def _match(
    known: dict[str, Known],
    at: MatcherAt,
    origins: Origins,
    straight: MatcherAt | None,
    *,
    explained: bool,
) -> dict[str, Problem]:
    """Match all that are known; return the problems of those that cannot be matched."""
    areas = {name: area for name, area in origins.areas.items() if area is not None}
    groups = Group(at, None, straight), Group(at, areas)  # no walk begins at an area
    by_id = {one.row["id"]: (pointer, one) for pointer, one in known.items()}
    for one in known.values():
        groups[AROUND in one.row].rows.append(one.row)
    problems = {}
    for group in groups:
        for name, error in group.leave_faulty().items():
            pointer, one = by_id[name]
            what = "profile" if one.key is None else "seeker"
            problems[pointer] = faulty(error, at=f"{pointer}/{what}")
        answers = group.answers(explained=explained)
        lacking = group.lacking(
            {one.seeker_id for one in answers if one.reason not in _NOTHING_TO_SAY}
        )
        for told_so in answers:
            _, one = by_id[told_so.seeker_id]
            one.answer, one.lacking = told_so, lacking.get(told_so.seeker_id)
    return problems
