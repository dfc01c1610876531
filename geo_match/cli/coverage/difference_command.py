"""The command `difference`: what it is asked to do, read from its options."""

from __future__ import annotations

from typing import Final

import typer

from geo_match.cli import options  # noqa: TC001 - Typer reads annotations as it runs
from geo_match.cli.coverage.asking import options as words
from geo_match.cli.coverage.asking import parsers as coverage_parsers
from geo_match.cli.coverage.asking import what_if_options as more
from geo_match.cli.coverage.asking.common import asked_by, source_of

HELP: Final = (
    "Tell what changed between two days: who is reached, who is not, and why, by communities.\n\n"
    "Both days are asked alike. Of a store, and of one set of lists, the days tell what was open "
    "and who was registered on each; lists of the earlier day are given with --people-before, "
    "--supply-before and --communities-before. Figures are exact, and internal: the column "
    "release says so in each file.\n\n"
    "One row a community, and the same by street, district, city, H3 cell or group: change (both, "
    "new, gone or renumbered), whether the area changed, and each figure before, after and the "
    "change. Where one of the two is not known the change is empty, never 0. With --plan the "
    "service plans are compared as well.\n\n"
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
    at_least: words.AtLeast = 1,
    count: words.Count = None,
    standard: words.Standard = None,
    competition: words.Competition = None,
    eligible: words.Eligible = False,
    without: words.Without = None,
    on: words.On = None,
    former_too: words.FormerToo = False,
    repair: words.Repair = False,
    plan: more.PlanToo = False,
    rejects: options.Rejects = None,
    language: options.ToldIn = None,
) -> None:
    """Tell what changed between two days."""
    coverage_parsers.check_tables(out)
    coverage_parsers.check_formats(out, {"--plan": plan}, {})
    listed = coverage_parsers.check_files(out, {}, rejects)
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
    )
    earlier = {
        "--people-before": people_before,
        "--supply-before": supply_before,
        "--communities-before": communities_before,
    }
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
        of_lists={**earlier, "--repair": repair or None, "--rejects": rejects},
    )

    from geo_match.cli.coverage import difference as comparing  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.coverage.asking.asked import day_of  # noqa: PLC0415 - as above
    from geo_match.cli.coverage.target import Target  # noqa: PLC0415 - as above

    day = day_of(before)
    if day >= asked.on:
        message = f"must be before {asked.on}, got {day}."
        raise typer.BadParameter(message, param_hint="--before")
    since = comparing.Earlier(day, people_before, supply_before, communities_before, renumbered)
    target = Target(tuple(out), None, listed)
    raise typer.Exit(comparing.compare(source, target, asked, since, language=language))
