"""The command `coverage`: what it is asked to do, read from its options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli import coverage_options as words
from geo_match.cli import coverage_parsers, options

if TYPE_CHECKING:
    from geo_match.cli.coverage import Asked

HELP: Final = (
    "Tell who of the people can reach something within the radius, who cannot, and why, by "
    "communities.\n\n"
    "Give three lists with --people, --supply and --communities, or a store. Lists are .csv (UTF-8 "
    "or GB18030), .xlsx, .ndjson, .geojson, .gpkg or .parquet, with the headers that `import` "
    "knows; their rows are judged as an import judges them, and rejected ones are listed. Of jobs "
    "the vacancies that are left count, of those that are open on the day and whose employer is "
    "verified: give --employers, or a column employer_licence in the jobs, or --without employer "
    "to count them all. A store knows its employers.\n\n"
    "One row a community, and the same by street, district, city, H3 cell or group: people, "
    "located, reached, below the standard and why (没有位置 no_location, 位置太粗 "
    "coarse_location, 范围内没有 none_in_circle, 范围内都不符合条件 none_eligible, 竞争者过多 "
    "over_subscribed, 数量不足 too_few), "
    "quantiles of what is in reach and of the distance, the gap's share, depth and severity. "
    "People in no community have a row of kind outside. A workbook has Chinese and English "
    "headers, and its first sheet tells what each column means.\n\n"
    "Figures are exact, and internal: the column release says so in each file. With --publish the "
    "files have what may go out instead. No file names persons but that of --people-out.\n\n"
    "The people of a store are read only with --who and --purpose, which are noted in its audit "
    "before anything is answered; of a store it is told in English unless --language is zh."
)


def coverage(
    *,
    out: words.Out,
    people: words.People = None,
    supply: words.Supply = None,
    communities: words.Communities = None,
    employers: words.Employers = None,
    datum: words.Datum = None,
    people_datum: words.PeopleDatum = None,
    supply_datum: words.SupplyDatum = None,
    communities_datum: words.CommunitiesDatum = None,
    store: words.AStore = None,
    who: words.Who = None,
    purpose: words.Purpose = None,
    of: words.Of = None,
    supply_kind: words.SupplyKind = "jobs",
    by: words.By = None,
    radius_m: words.RadiusM = 3000.0,
    at_least: words.AtLeast = 1,
    count: words.Count = None,
    standard: words.Standard = None,
    competition: words.Competition = None,
    eligible: words.Eligible = False,
    without: words.Without = None,
    edge_effect: words.EdgeEffect = False,
    on: words.On = None,
    gap_areas: words.GapAreas = False,
    plan: words.Plan = False,
    map_approval: words.MapApproval = None,
    publish: words.Publish = False,
    key_file: words.KeyFile = None,
    people_out: words.PeopleOut = None,
    rejects: options.Rejects = None,
    language: options.ToldIn = None,
) -> None:
    """Tell who can reach something, who cannot, and why."""
    listed = coverage_parsers.check_files(out, people_out, rejects, key_file)
    coverage_parsers.check_formats(
        out,
        {"--gap-areas": gap_areas, "--plan": plan},
        {"--map-approval": map_approval is not None},
    )
    internal = {
        "--gap-areas": gap_areas,
        "--plan": plan,
        "--people-out": people_out is not None,
    }
    coverage_parsers.check_publishing(internal, key_file, publish=publish)
    coverage_parsers.check_supply(
        supply_kind, {"--employers": employers is not None}, counts_vacancies=count == "vacancies"
    )
    people_kind = of or ("seekers" if eligible else "households")
    if eligible:
        coverage_parsers.check_eligible(people_kind, supply_kind, competition)
    left_aside = tuple(without or ())
    coverage_parsers.check_without(left_aside, eligible=eligible, supply_kind=supply_kind)
    coverage_parsers.check_by(by or (), people_kind)
    lists = {"--people": people, "--supply": supply, "--communities": communities}
    datums = {
        "--people-datum": people_datum,
        "--supply-datum": supply_datum,
        "--communities-datum": communities_datum,
    }
    others = {"--employers": employers, "--datum": datum, **datums, "--rejects": rejects}
    coverage_parsers.check_source(lists, others, {"--who": who, "--purpose": purpose}, store=store)

    import datetime as dt  # noqa: PLC0415 - help must not wait for it

    from geo_match.cli import coverage as answering  # noqa: PLC0415 - as above
    from geo_match.cli.coverage_target import Target  # noqa: PLC0415 - as above
    from geo_match.coverage import CoverageOptions  # noqa: PLC0415 - as above
    from geo_match.coverage.plan.options import PlanOptions  # noqa: PLC0415 - as above
    from geo_match.matching import CONDITIONS, MatchOptions  # noqa: PLC0415 - as above
    from geo_match.records.clock import CHINA  # noqa: PLC0415 - as above

    day = dt.datetime.now(CHINA).date() if on is None else dt.date.fromisoformat(on)
    conditions = [one for one in CONDITIONS if one not in left_aside]
    asked: Asked = answering.Asked(
        of=people_kind,
        supply_kind=supply_kind,
        by=None if by is None else tuple(by),
        on=day,
        gap_areas=gap_areas,
        verified="employer" not in left_aside,
        options=CoverageOptions(
            radius_m=radius_m,
            at_least=at_least,
            count=count or ("vacancies" if supply_kind == "jobs" else "places"),  # type: ignore[arg-type]  # as the parser checked
            standard=standard,
            competition=None
            if competition is None
            else coverage_parsers.competition_of(competition),
            eligible=MatchOptions(on=day, conditions=conditions) if eligible else None,
            edge_effect=edge_effect,
            max_distance_m=max(radius_m, CoverageOptions().max_distance_m),
        ),
        plan=PlanOptions(on=day, radius_m=radius_m) if plan else None,
        map_approval=map_approval,
    )
    target = Target(tuple(out), people_out, listed, key_file)
    if store is not None:
        records = answering.Records(store, str(who), str(purpose))
        raise typer.Exit(answering.cover_store(records, target, asked, language=language))
    read = [
        answering.AList(path, own or datum or "wgs84")  # type: ignore[arg-type]  # as was checked
        for path, own in zip(lists.values(), datums.values(), strict=True)
    ]
    files = answering.Lists(read[0], read[1], read[2], employers)
    raise typer.Exit(answering.cover_lists(files, target, asked, language=language))
