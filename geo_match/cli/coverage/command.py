"""The command `coverage`: what it is asked to do, read from its options."""

from __future__ import annotations

from typing import Final

import typer

from geo_match.cli import on_foot, options, parsers
from geo_match.cli.coverage.asking import options as words
from geo_match.cli.coverage.asking import parsers as coverage_parsers
from geo_match.cli.coverage.asking import plan_options
from geo_match.cli.coverage.asking.common import asked_by, source_of
from geo_match.cli.coverage.asking.planned import check_planned

HELP: Final = (
    "Tell who of the people can reach something within the radius, who cannot, and why, by "
    "communities.\n\n"
    "Give three lists with --people, --supply and --communities, or a store. Lists are .csv (UTF-8 "
    "or GB18030), .xlsx, .ndjson, .geojson, .gpkg or .parquet, with the headers that `import` "
    "knows; their rows are judged as an import judges them, and rejected ones are listed. Of lists "
    "whose coordinates do not say their datum it must be given with --datum. A supply may have "
    "headers and no row: then nobody is reached. Of jobs "
    "the vacancies that are left count, of those that are open on the day and whose employer is "
    "verified: give --employers, or a column employer_licence in the jobs, or --without employer "
    "to count them all. A store knows its employers.\n\n"
    "One row a community, and the same by street, district, city, H3 cell or group: people, "
    "located, reached, below the standard and why (没有位置 no_location, 位置太粗 "
    "coarse_location, 范围内没有 none_in_circle, 步行范围内没有 none_on_foot, "
    "范围内都不符合条件 none_eligible, 竞争者过多 "
    "over_subscribed, 数量不足 too_few), "
    "quantiles of what is in reach and of the distance, the gap's share, depth and severity. "
    "People in no community have a row of kind outside. A workbook has Chinese and English "
    "headers, and its first sheet tells what each column means.\n\n"
    "With --basis walking all of that is on foot, along the streets of --network; who is reached "
    "straight stands beside (reached_straight), and how many of them are not on foot, by cause "
    "(lost_on_foot: 河流阻隔 river, 绕行过远 detour, 道路不通 disconnected, 附近没有道路 "
    "snap_failed). The edge effect and a service plan stay straight.\n\n"
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
    basis: on_foot.Basis = "geodesic",
    network: on_foot.Streets = None,
    at_least: words.AtLeast = 1,
    count: words.Count = None,
    standard: words.Standard = None,
    competition: words.Competition = None,
    eligible: words.Eligible = False,
    without: words.Without = None,
    edge_effect: words.EdgeEffect = False,
    on: words.On = None,
    former_too: words.FormerToo = False,
    repair: words.Repair = False,
    accept_suspicions: words.AcceptSuspicions = False,
    gap_areas: words.GapAreas = False,
    plan: plan_options.Plan = False,
    households: plan_options.Households = None,
    members: plan_options.Members = None,
    entities: plan_options.Entities = None,
    seekers: plan_options.Seekers = None,
    jobs: plan_options.Jobs = None,
    stations: plan_options.Stations = None,
    map_approval: words.MapApproval = None,
    publish: words.Publish = False,
    key_file: words.KeyFile = None,
    straight_too: words.StraightToo = False,
    people_out: words.PeopleOut = None,
    rejects: options.Rejects = None,
    language: options.ToldIn = None,
) -> None:
    """Tell who can reach something, who cannot, and why."""
    listed = coverage_parsers.check_files(out, {"--people-out": people_out}, rejects, key_file)
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
    if not publish:
        why = "without --publish: it stands beside anyway."
        parsers.check_unused({"--straight-too": straight_too}, why)
    asked = asked_by(
        of=of,
        supply_kind=supply_kind,
        by=by,
        radius_m=radius_m,
        at_least=at_least,
        count=count,
        standard=standard,
        competition=competition,
        without=without,
        on=on,
        former_too=former_too,
        repair=repair,
        eligible=eligible,
        edge_effect=edge_effect,
        gap_areas=gap_areas,
        plan=plan,
        map_approval=map_approval,
        network=on_foot.network_of(basis, network),
        jobs_too=jobs is not None,
        straight_too=straight_too,
    )
    planned = {
        "--households": households,
        "--members": members,
        "--entities": entities,
        "--seekers": seekers,
        "--jobs": jobs,
        "--stations": stations,
    }
    check_planned(planned, plan=plan, of=asked.of, supply_kind=supply_kind)
    source = source_of(
        people=people,
        supply=supply,
        communities=communities,
        employers=employers,
        datum=datum,
        people_datum=people_datum,
        supply_datum=supply_datum,
        communities_datum=communities_datum,
        store=store,
        who=who,
        purpose=purpose,
        supply_kind=supply_kind,
        of_lists={
            "--repair": repair or None,
            "--rejects": rejects,
            "--accept-suspicions": accept_suspicions or None,
        },
        planned=planned,
    )

    from geo_match.cli.coverage.coverage import cover  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.coverage.target import Target  # noqa: PLC0415 - as above

    target = Target(tuple(out), people_out, listed, key_file)
    status = cover(source, target, asked, accept_suspicions=accept_suspicions, language=language)
    raise typer.Exit(status)
