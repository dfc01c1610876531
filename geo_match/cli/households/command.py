"""The commands of `households`: what they are asked to do, read from their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli import options as shared  # noqa: TC001 - Typer reads annotations as it runs
from geo_match.cli.households import options
from geo_match.cli.parsers import day_of

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

_HELP: Final = "Zero-employment households (零就业家庭): suspected, open, and what can help them."
_STATUS: Final = (
    "Exit status: 0 done; 1 refused, and nothing written; 2 the command line is wrong; 128 + n "
    "stopped by the signal n, and nothing written."
)
_SUSPECTED: Final = (
    "List the households that are suspected of zero employment (疑似零就业) on a day.\n\n"
    "Suspected is an urban household of which a member of working age is unemployed and none "
    "works. Members who study, are incapable, retired or do not seek are neither; a traineeship "
    "(就业见习) is no employment. The store's spells decide where there are any, else the status "
    "that is recorded.\n\n"
    "The list has those suspected (pass) and those of which too little is known (unknown), with "
    "what is missing: hukou 户口, members 成员名单, status 就业状态, age 年龄, belonging 归属. "
    "With --all it has every household. Detection confirms nothing: application and the "
    "community's verification do."
)
_OPEN: Final = (
    "List the open cases on a day, the most urgent first, with the limit's clock.\n\n"
    "The limit is a dated rule: one month from the verification, unless --clock-from says applied. "
    "A case that was closed as cleared counts as cleared if the person named is a member of the "
    "household (by --store) and was hired that day (by --employments); a traineeship clears none, "
    "and its case is open still. With --all the list has the ended cases too: cleared within the "
    "limit or not, and how often a household came back. Contradictory days are told, and decided "
    "by nobody."
)
_HELP_WITH: Final = (
    "Rank households for help, with the jobs in reach of all their members.\n\n"
    "Of each household all members who are registered seekers are matched with the jobs of the "
    "store, in a straight line and with --network on foot. Traineeships are left out. "
    "Public-welfare posts (公益性岗位) are sought only where the market offers none (托底安置); "
    "they need not meet wishes for occupation, pay, hours and shift, and those that they do not "
    "meet are told. Whom no job can help is named with the reason, and the nearest job that would "
    "fit.\n\n"
    "Without --cases the suspected households of the day are ranked."
)

households = typer.Typer(help=_HELP, epilog=_STATUS, no_args_is_help=True)


def _moment(text: str | None) -> dt.datetime | None:
    import datetime as dt  # noqa: PLC0415 - as above

    return None if text is None else dt.datetime.fromisoformat(text)


@households.command(help=_SUSPECTED, epilog=_STATUS)
def suspected(
    *,
    store: options.AStore,
    who: options.Who,
    purpose: options.Purpose,
    out: options.Out,
    employments: options.Employments = None,
    on: options.On = None,
    as_of: options.AsOf = None,
    every: options.All = False,
    language: shared.ToldIn = None,
) -> None:
    """List the suspected households."""
    options.check_suffix(out, "--out")
    from geo_match.cli.audited_store import Records  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.households import suspecting  # noqa: PLC0415 - as above

    asked = suspecting.Asked(
        Records(store, who, purpose), day_of(on), _moment(as_of), language or "en"
    )
    suspecting.list_suspected(asked, out, employments=employments, every=every)


@households.command("open", help=_OPEN, epilog=_STATUS)
def open_(
    *,
    cases: options.Cases,
    out: options.Out,
    employments: options.Employments = None,
    store: options.PerhapsAStore = None,
    who: options.PerhapsWho = None,
    purpose: options.PerhapsPurpose = None,
    on: options.On = None,
    as_of: options.AsOf = None,
    clock_from: options.ClockFrom = "verified",
    every: options.All = False,
    language: shared.ToldIn = None,
) -> None:
    """List the open cases."""
    options.check_suffix(out, "--out")
    given = {"--store": store, "--who": who, "--purpose": purpose}
    if len({value is None for value in given.values()}) > 1:
        name = next(name for name, value in given.items() if value is None)
        message = "must be given with the other two of --store, --who and --purpose."
        raise typer.BadParameter(message, param_hint=name)
    if as_of is not None and store is None:
        message = "must not be given without --store."
        raise typer.BadParameter(message, param_hint="--as-of")
    from geo_match.cli.audited_store import Records  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.households import opening  # noqa: PLC0415 - as above
    from geo_match.cli.households.suspecting import Asked  # noqa: PLC0415 - as above

    asked = None
    if store is not None:
        records = Records(store, str(who), str(purpose))
        asked = Asked(records, day_of(on), _moment(as_of), language or "en")
    opening.list_open(
        cases,
        out,
        on=day_of(on),
        store=asked,
        employments=employments,
        clock_from=clock_from,
        every=every,
        language=language or "en",
    )


@households.command("help", help=_HELP_WITH, epilog=_STATUS)
def help_(
    *,
    store: options.AStore,
    who: options.Who,
    purpose: options.Purpose,
    out: options.Out,
    jobs_out: options.JobsOut = None,
    cases: options.PerhapsCases = None,
    employments: options.Employments = None,
    on: options.On = None,
    as_of: options.AsOf = None,
    clock_from: options.ClockFrom = "verified",
    radius_m: options.RadiusM = 3000.0,
    network: options.Network = None,
    decided_by: options.DecidedBy = "geodesic",
    jobs_each: options.JobsEach = 3,
    language: shared.ToldIn = None,
) -> None:
    """Rank households for help."""
    _check_help(out, jobs_out, network, decided_by)
    from geo_match.cli.audited_store import Records  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.households import helping  # noqa: PLC0415 - as above
    from geo_match.cli.households.suspecting import Asked  # noqa: PLC0415 - as above

    asked = Asked(Records(store, who, purpose), day_of(on), _moment(as_of), language or "en")
    files = helping.Files(out, jobs_out, cases, employments, network)
    helping.list_help(
        asked,
        files,
        radius_m=radius_m,
        decided_by=decided_by,
        jobs_each=jobs_each,
        clock_from=clock_from,
    )


def _check_help(out: Path, jobs_out: Path | None, network: Path | None, decided_by: str) -> None:
    """Check the options of `help` beside each other.

    Raises
    ------
    typer.BadParameter
        If one breaks its rule.
    """
    options.check_suffix(out, "--out")
    options.check_suffix(jobs_out, "--jobs-out")
    if jobs_out is not None and jobs_out.resolve() == out.resolve():
        message = f"must be another file than --out, got {str(out)!r} for both."
        raise typer.BadParameter(message, param_hint="--jobs-out")
    bases = ("geodesic", "walking")
    if decided_by not in bases:
        message = f"must be one of {', '.join(bases)}, got {decided_by!r}."
        raise typer.BadParameter(message, param_hint="--decided-by")
    if decided_by == "walking" and network is None:
        message = "must be geodesic without --network."
        raise typer.BadParameter(message, param_hint="--decided-by")
