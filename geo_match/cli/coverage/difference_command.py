"""The command `difference`: what it is asked to do, read from its options."""

from __future__ import annotations

from typing import Final

import typer

from geo_match.cli import on_foot, options, parsers
from geo_match.cli.coverage.asking import options as words
from geo_match.cli.coverage.asking import parsers as coverage_parsers
from geo_match.cli.coverage.asking import plan_options
from geo_match.cli.coverage.asking import what_if_options as more
from geo_match.cli.coverage.asking.common import asked_by, source_of
from geo_match.cli.coverage.asking.planned import check_planned

HELP: Final = (
    "Tell what changed between two days: who is reached, who is not, and why, by communities.\n\n"
    "Both days are asked alike. Of a store, and of one set of lists, the days tell what was open "
    "and who was registered on each; lists of the earlier day are given with --people-before, "
    "--supply-before and --communities-before. Figures are exact, and internal: the column "
    "release says so in each file.\n\n"
    "One row a community, and the same by street, district, city, H3 cell or group: change (both, "
    "new, gone or renumbered), whether the area changed, and each figure before, after and the "
    "change. Where one of the two is not known the change is empty, never 0. With --plan the "
    "service plans are compared as well. With --basis walking both days are on foot, along one "
    "network, or on the earlier day along that of --network-before; what is straight stands "
    "beside, as of coverage.\n\n"
    "With --publish there is what may go out of both days instead: the tables of coverage "
    "--publish with a row a day (date), protected together, for who holds two publications can "
    "take one from the other. Publish two days so, and not each by itself.\n\n"
    "Records of a store are taken as they are known now. Each read of persons is noted in its "
    "audit, one for each day."
)


def difference(
    *,
    out: more.Out,
    before: more.Before,
    people: words.People = None,
    supply: words.Supply = None,
    communities: words.Communities = None,
    people_before: more.PeopleBefore = None,
    supply_before: more.SupplyBefore = None,
    communities_before: more.CommunitiesBefore = None,
    network_before: more.NetworkBefore = None,
    employers: words.Employers = None,
    datum: words.Datum = None,
    people_datum: words.PeopleDatum = None,
    supply_datum: words.SupplyDatum = None,
    communities_datum: words.CommunitiesDatum = None,
    store: words.AStore = None,
    who: words.Who = None,
    purpose: words.Purpose = None,
    renumbered: more.Renumbered = None,
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
    on: words.On = None,
    former_too: words.FormerToo = False,
    repair: words.Repair = False,
    accept_suspicions: words.AcceptSuspicions = False,
    plan: plan_options.PlanToo = False,
    households: plan_options.Households = None,
    members: plan_options.Members = None,
    entities: plan_options.Entities = None,
    seekers: plan_options.Seekers = None,
    jobs: plan_options.Jobs = None,
    stations: plan_options.Stations = None,
    publish: words.Publish = False,
    key_file: words.KeyFile = None,
    straight_too: words.StraightToo = False,
    rejects: options.Rejects = None,
    language: options.ToldIn = None,
) -> None:
    """Tell what changed between two days."""
    coverage_parsers.check_tables(out)
    coverage_parsers.check_formats(out, {"--plan": plan}, {})
    listed = coverage_parsers.check_files(out, {}, rejects, key_file)
    coverage_parsers.check_publishing({"--plan": plan}, key_file, publish=publish)
    if not publish:
        why = "without --publish: it stands beside anyway."
        parsers.check_unused({"--straight-too": straight_too}, why)
    if publish:
        why = "with --publish: each day has its own codes there."
        parsers.check_unused({"--renumbered": renumbered is not None}, why)
    if network_before is not None:
        why = "without --basis walking."
        parsers.check_unused({"--network-before": basis != "walking"}, why)
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
        plan=plan,
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
            "--people-before": people_before,
            "--supply-before": supply_before,
            "--communities-before": communities_before,
            "--repair": repair or None,
            "--rejects": rejects,
            "--accept-suspicions": accept_suspicions or None,
        },
        planned=planned,
    )

    from geo_match.cli.coverage import difference as comparing  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.coverage.asking.asked import day_of  # noqa: PLC0415 - as above
    from geo_match.cli.coverage.target import Target  # noqa: PLC0415 - as above

    day = day_of(before)
    if day >= asked.on:
        message = f"must be before {asked.on}, got {day}."
        raise typer.BadParameter(message, param_hint="--before")
    since = comparing.Earlier(
        on=day,
        people=people_before,
        supply=supply_before,
        communities=communities_before,
        network=on_foot.network_of(basis, network_before) if network_before else None,
        renumbered=renumbered,
    )
    target = Target(tuple(out), None, listed, key_file)
    status = comparing.compare(
        source, target, asked, since, accept_suspicions=accept_suspicions, language=language
    )
    raise typer.Exit(status)
