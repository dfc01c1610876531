"""The commands of `ledger`; what they do stands in modules that are imported when one runs."""

from __future__ import annotations

from typing import Final

import typer

from geo_match.cli import on_foot, options, store_options
from geo_match.cli.households import options as homes  # noqa: TC001 - Typer reads annotations as it runs
from geo_match.cli.ledger import options as words

_LEDGER: Final = "Keep the ledger (台账): statuses, faults, the due list and its results."
_STATUS: Final = (
    "Exit status: 0 done; 1 refused, and nothing written; 2 the command line is wrong; 3 done, but "
    "something is wrong in the records; 128 + n stopped by the signal n."
)
_STATUS_OF: Final = (
    "Tell what everybody is on a day: employed, flexible, registered_unemployed, …\n\n"
    "One row a person: person, status, since, until, run_since (first day of all spells in a row "
    "with this status), spell, source, verified_by, verified_on. Where spells overlap, the one "
    "counts that began last; `ledger faults` lists them. With --as-of it is what was known then, "
    "and with --person one person's stretches are printed."
)
_FAULTS: Final = (
    "List what is wrong in the ledger: ids, rule and remedy, in Chinese and English.\n\n"
    "Spells that overlap, have gaps, end before they begin, begin before birth or working age, "
    "lie in the future, change as no rule allows, contradict the person's record or a "
    "deregistration. Nothing is dropped for it.\n\n"
    "The ledger is judged as it stands on the day: what lies after it is told as future, and the "
    "persons' own records are compared with it. For a day that is past give --as-of as well."
)
_DUE: Final = (
    "Make the due list (待办名单): whom to contact today, where, why, and with which jobs.\n\n"
    "Overdue ones first; then by community, 小区 and building. A row has the person, why they are "
    "due, days left, the last contact and its result, and jobs in reach to be read aloud, with "
    "distance and pay. Of a workbook the yellow columns are filled in, and `ledger take` takes it. "
    "What no source says, such as how often to contact whom, is asked only if an option gives it; "
    "the list says what is not asked."
)
_TAKE: Final = (
    "Take a filled due list in: each line that was worked on becomes a service record.\n\n"
    "Lines left empty are passed over. The services are written beside the sheet, as "
    "NAME.services.csv, and imported as `import services` does; the same sheet taken in twice "
    "changes nothing. 未接通 no_answer is no contact."
)
_ANALYSIS: Final = (
    "Count skills and needs by group and community.\n\n"
    "One row a figure: group, community (empty: all together), measure (people, education, "
    "certificate, occupation sought, accepts, wage_floor), value, people, stated (of how many it "
    "is known), unknown, amount_cny of a quantile. Figures are exact and internal: --least keeps "
    "small ones back."
)

ledger = typer.Typer(help=_LEDGER, epilog=_STATUS, no_args_is_help=True)


@ledger.command(help=_STATUS_OF, epilog=_STATUS)
def status(
    *,
    store: store_options.AStore,
    who: words.Who,
    purpose: words.Purpose,
    on: words.On = None,
    as_of: words.AsOf = None,
    person: words.Person = None,
    out: words.TableOut = None,
    language: options.ToldIn = None,
) -> None:
    """Tell what everybody is on a day."""
    words.check_table(out)
    from geo_match.cli.ledger import telling_ledger  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.ledger.asked import Asked  # noqa: PLC0415 - as above

    asked = Asked.of(store, who, purpose, on=on, as_of=as_of, language=language)
    raise typer.Exit(telling_ledger.tell_status(asked, person=person, out=out))


@ledger.command(help=_FAULTS, epilog=_STATUS)
def faults(
    *,
    store: store_options.AStore,
    who: words.Who,
    purpose: words.Purpose,
    on: words.On = None,
    as_of: words.AsOf = None,
    out: words.TableOut = None,
    language: options.ToldIn = None,
) -> None:
    """List what is wrong in the ledger."""
    words.check_table(out)
    from geo_match.cli.ledger import telling_ledger  # noqa: PLC0415 - as above
    from geo_match.cli.ledger.asked import Asked  # noqa: PLC0415 - as above

    asked = Asked.of(store, who, purpose, on=on, as_of=as_of, language=language)
    raise typer.Exit(telling_ledger.tell_faults(asked, out=out))


@ledger.command(help=_ANALYSIS, epilog=_STATUS)
def analysis(
    *,
    store: store_options.AStore,
    who: words.Who,
    purpose: words.Purpose,
    out: words.AnalysisOut,
    on: words.On = None,
    as_of: words.AsOf = None,
    group: words.Groups = None,
    least: words.Least = 1,
    language: options.ToldIn = None,
) -> None:
    """Count skills and needs by group and community."""
    words.check_table(out)
    from geo_match.cli.ledger import telling_ledger  # noqa: PLC0415 - as above
    from geo_match.cli.ledger.asked import Asked  # noqa: PLC0415 - as above

    asked = Asked.of(store, who, purpose, on=on, as_of=as_of, language=language)
    raise typer.Exit(telling_ledger.tell_analysis(asked, out, groups=group, least=least))


@ledger.command(help=_DUE, epilog=_STATUS)
def due(
    *,
    store: store_options.AStore,
    who: words.Who,
    purpose: words.Purpose,
    out: words.DueOut,
    on: words.On = None,
    as_of: words.AsOf = None,
    community: words.Community = None,
    reason: words.Reasons = None,
    interval: words.Interval = None,
    verify_within: words.VerifyWithin = None,
    horizon: words.Horizon = 0,
    limit_notice: words.LimitNotice = 30,
    jobs: words.NJobs = 3,
    radius_m: words.RadiusM = 3000.0,
    basis: on_foot.Basis = "geodesic",
    network: on_foot.Streets = None,
    clocks: words.Clocks = None,
    cases: words.Cases = None,
    employments: homes.Employments = None,
    clock_from: homes.ClockFrom = "verified",
    unmasked: words.Unmasked = False,
    station: words.Station = None,
    operator: words.Operator = None,
    language: options.ToldIn = None,
) -> None:
    """Make the due list."""
    words.check_households(clocks, cases, employments)
    intervals = words.intervals_of(interval)
    streets = on_foot.network_of(basis, network)
    from geo_match.cli.ledger import due as due_lists  # noqa: PLC0415 - as above
    from geo_match.cli.ledger.asked import Asked  # noqa: PLC0415 - as above
    from geo_match.matching import MatchOptions  # noqa: PLC0415 - as above
    from geo_match.policy.due import DueOptions  # noqa: PLC0415 - as above

    due_lists.check_out(out)
    asked = Asked.of(store, who, purpose, on=on, as_of=as_of, language=language)
    wanted = DueOptions(
        on=asked.on,
        interval_days=intervals,
        verify_within_days=verify_within,
        horizon_days=horizon,
        limit_notice_days=limit_notice,
        reasons=reason,
        n_jobs=jobs,
        unmasked=unmasked,
        matching=MatchOptions(
            radius_m=radius_m,
            basis=basis,  # type: ignore[arg-type]  # as the parser checked
            network=streets,
        ),
    )
    households = due_lists.Households(clocks, cases, employments, clock_from)
    served_by = due_lists.ServedBy(station, operator)
    raise typer.Exit(
        due_lists.make_due_list(
            asked, wanted, out, community=community, households=households, served_by=served_by
        )
    )


@ledger.command(help=_TAKE, epilog=_STATUS)
def take(
    *,
    sheet: words.Sheet,
    store: store_options.AStore,
    actor: options.Actor = "",
    correct: options.Correct = False,
    dry_run: options.DryRun = False,
    language: options.ToldIn = None,
) -> None:
    """Take a filled due list in."""
    from geo_match.cli.ledger.taking import take_sheet  # noqa: PLC0415 - as above

    raise typer.Exit(
        take_sheet(sheet, store, actor=actor, correct=correct, dry_run=dry_run, language=language)
    )
