"""What the commands about coverage have in common: their options, checked and put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.cli import parsers
from geo_match.cli.coverage.asking import parsers as coverage_parsers
from geo_match.cli.coverage.asking.planned import PLANNED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geo_match.cli.audited_store import Records
    from geo_match.cli.coverage.asking.asked import Asked
    from geo_match.cli.coverage.asking.lists import Lists
    from geo_match.walking import Network


def asked_by(
    *,
    of: str | None,
    supply_kind: str,
    by: Sequence[str] | None,
    radius_m: float,
    at_least: int,
    count: str | None,
    standard: float | None,
    competition: str | None,
    without: Sequence[str] | None,
    on: str | None,
    former_too: bool,
    repair: bool,
    eligible: bool = False,
    edge_effect: bool = False,
    gap_areas: bool = False,
    plan: bool = False,
    map_approval: str | None = None,
    network: Network | None = None,
    jobs_too: bool = False,
    straight_too: bool = False,
) -> Asked:
    """Return what the options ask.

    Parameters
    ----------
    of, supply_kind, by, radius_m, at_least, count, standard, competition, without, on
        As `geo_match.cli.coverage.asking.options` has them.
    former_too, repair, eligible, edge_effect, gap_areas, plan, map_approval
        The same; what a command has no option for is not asked.
    network
        The streets that are walked; None for straight lines.
    jobs_too
        Whether there is a list of jobs, though they are not the supply.
    straight_too
        Whether what is published of walks has what is straight beside it.

    Raises
    ------
    typer.BadParameter
        If two of them contradict each other.
    """
    coverage_parsers.check_counted(supply_kind, counts_vacancies=count == "vacancies")
    people = of or ("seekers" if eligible else "households")
    if eligible:
        coverage_parsers.check_eligible(people, supply_kind, competition)
    if network is not None:
        why = "with --basis walking: they are drawn of straight lines."
        parsers.check_unused({"--gap-areas": gap_areas}, why)
    else:
        why = "without --basis walking: all is straight then."
        parsers.check_unused({"--straight-too": straight_too}, why)
    left_aside = tuple(without or ())
    counted = "jobs" if jobs_too else supply_kind
    coverage_parsers.check_without(left_aside, eligible=eligible, supply_kind=counted)
    if people != "seekers":
        why = f"with {people}: it is for seekers."
        parsers.check_unused({"--former-too": former_too}, why)
    coverage_parsers.check_by(by or (), people)

    from geo_match.cli.coverage.asking import asked as asking  # noqa: PLC0415 - help must not wait for it
    from geo_match.coverage import CoverageOptions  # noqa: PLC0415 - as above
    from geo_match.coverage.plan.options import PlanOptions  # noqa: PLC0415 - as above

    day = asking.day_of(on)
    shared = None if competition is None else coverage_parsers.competition_of(competition)
    return asking.Asked(
        of=people,
        supply_kind=supply_kind,
        by=None if by is None else tuple(by),
        on=day,
        verified="employer" not in left_aside,
        former_too=former_too,
        repair=repair,
        gap_areas=gap_areas,
        options=CoverageOptions(
            radius_m=radius_m,
            basis="geodesic" if network is None else "walking",
            network=network,
            at_least=at_least,
            count=count or ("vacancies" if supply_kind == "jobs" else "places"),  # type: ignore[arg-type]  # as the parser checked
            standard=standard,
            competition=shared,
            eligible=asking.eligible_on(day, left_aside) if eligible else None,
            edge_effect=edge_effect,
            max_distance_m=max(radius_m, CoverageOptions().max_distance_m),
        ),
        plan=PlanOptions(on=day, radius_m=radius_m) if plan else None,
        map_approval=map_approval,
        straight_too=straight_too,
    )


def source_of(
    *,
    people: Path | None,
    supply: Path | None,
    communities: Path | None,
    employers: Path | None,
    datum: str | None,
    people_datum: str | None,
    supply_datum: str | None,
    communities_datum: str | None,
    store: str | None,
    who: str | None,
    purpose: str | None,
    supply_kind: str,
    of_lists: Mapping[str, object],
    planned: Mapping[str, Path | None] | None = None,
) -> Lists | Records:
    """Return the lists, or the store, that the options name.

    Parameters
    ----------
    people, supply, communities, employers, store, who, purpose
        As `geo_match.cli.coverage.asking.options` has them.
    datum, people_datum, supply_datum, communities_datum
        The same: of all lists, and of one.
    supply_kind
        What is to be reached.
    of_lists
        What else means something for lists alone; None each of what was not given.
    planned
        By their options the lists of a service plan alone; None each of what was not given.

    Raises
    ------
    typer.BadParameter
        If a list is missing, or something means nothing there.
    """
    lists_of_plan = planned or {}
    if supply_kind != "jobs" and lists_of_plan.get("--jobs") is None:
        why = f"with {supply_kind}: it is for jobs."
        parsers.check_unused({"--employers": employers is not None}, why)
    lists = {"--people": people, "--supply": supply, "--communities": communities}
    datums = {
        "--people-datum": people_datum,
        "--supply-datum": supply_datum,
        "--communities-datum": communities_datum,
    }
    others = {"--employers": employers, "--datum": datum, **datums, **of_lists, **lists_of_plan}
    persons = {"--who": who, "--purpose": purpose}
    coverage_parsers.check_source(lists, others, persons, store=store)

    from geo_match.cli.audited_store import Records  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.coverage.asking.lists import AList, Lists  # noqa: PLC0415 - as above

    if store is not None:
        return Records(store, str(who), str(purpose))
    read = [
        AList(path, own, datum)
        for path, own in zip(lists.values(), datums.values(), strict=True)
        if path is not None  # none is, as was checked
    ]
    whose = None if employers is None else AList(employers, supply_datum, datum)
    more = {
        PLANNED[name]: AList(path, None, datum)
        for name, path in lists_of_plan.items()
        if path is not None
    }
    return Lists(read[0], read[1], read[2], whose, more)
