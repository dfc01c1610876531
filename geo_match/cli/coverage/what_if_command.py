"""The commands `what-if` and `rank`: what they are asked to do, read from their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli import on_foot, options, parsers
from geo_match.cli.coverage.asking import options as words
from geo_match.cli.coverage.asking import parsers as coverage_parsers
from geo_match.cli.coverage.asking import what_if_options as more
from geo_match.cli.coverage.asking.common import asked_by, source_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LISTS: Final = (
    "Give the lists, or the store, as for `coverage`; jobs count as there, but not by what people "
    "are eligible for. Figures are exact, and internal: the column release says so in each file."
)
WHAT_IF_HELP: Final = (
    "Tell what would change if places were added, moved or closed, the radius another, or, on "
    "foot, a bridge opened.\n\n"
    f"{_LISTS} Nothing of what is given is changed. Rows that would be there count on the day, as "
    "those of the supply do: others are left out, and told.\n\n"
    "One row a community in which anything changes, and the same by street, district, city, H3 "
    "cell or group: people and located; reached and below, each before, after and the change; and "
    "the change by reason. Only those are counted anew whose circles it touches."
)
RANK_HELP: Final = (
    "Rank candidate places by how many more people each would serve.\n\n"
    f"{_LISTS} Candidates that are not open on the day are left out, and told.\n\n"
    "One row a candidate: id, lon, lat (WGS-84), rank, alone (how many more are reached if it "
    "alone is added), added (after those ranked before it), reached_total. The first adds most, "
    "the next most after it, and so on.\n\n"
    "With --invite-people or --invite-employers the people and the employers' sites around a place "
    "are named, to be invited to a station or a job fair; each row names the place and the day. "
    "That is personal data: for those alone "
    "who may see it. No other file names persons."
)


def what_if(
    *,
    out: more.Out,
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
    add: more.Add = None,
    move: more.Move = None,
    close: more.Close = None,
    new_radius_m: more.NewRadiusM = None,
    open_street: more.OpenStreet = None,
    add_datum: more.AddDatum = None,
    move_datum: more.MoveDatum = None,
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
    without: words.Without = None,
    on: words.On = None,
    former_too: words.FormerToo = False,
    repair: words.Repair = False,
    accept_suspicions: words.AcceptSuspicions = False,
    people_out: more.ChangedOut = None,
    rejects: options.Rejects = None,
    language: options.ToldIn = None,
) -> None:
    """Tell what would change if places were added, moved or closed, or a bridge opened."""
    coverage_parsers.check_unparted(by or ())
    coverage_parsers.check_tables(out)
    listed = coverage_parsers.check_files(out, {"--people-out": people_out}, rejects)
    edits = {"--add": add, "--move": move, "--close": close, "--new-radius-m": new_radius_m}
    if open_street is not None:
        others = {name: one is not None for name, one in edits.items()}
        parsers.check_unused(others, "with --open-street, which is asked alone.")
        why = "without --basis walking: a street changes no straight line."
        parsers.check_unused({"--open-street": basis != "walking"}, why)
    if open_street is None and all(one is None for one in edits.values()):
        message = f"must be given, or another of {', '.join([*edits, '--open-street'])}."
        raise typer.BadParameter(message, param_hint="--add")
    for name, path, own in (("--add", add, add_datum), ("--move", move, move_datum)):
        if path is None:
            parsers.check_unused({f"{name}-datum": own is not None}, f"without {name}.")
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
        network=on_foot.network_of(basis, network),
    )
    source = source_of(
        people=people,
        supply=supply,
        communities=communities,
        employers=employers,
        # Places that are added have one too, where the rest is a store.
        datum=None if store is not None and (add or move) else datum,
        people_datum=people_datum,
        supply_datum=supply_datum,
        communities_datum=communities_datum,
        store=store,
        who=who,
        purpose=purpose,
        supply_kind=supply_kind,
        of_lists={
            "--repair": repair or None,
            "--accept-suspicions": (accept_suspicions and not (add or move)) or None,
        },
    )

    from geo_match.cli.coverage import what_if as changing  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.coverage.asking.edits import Edits  # noqa: PLC0415 - as above
    from geo_match.cli.coverage.asking.lists import AList  # noqa: PLC0415 - as above
    from geo_match.cli.coverage.target import Target  # noqa: PLC0415 - as above

    wanted = Edits(
        add=None if add is None else AList(add, add_datum or supply_datum, datum, "--add-datum"),
        move=None
        if move is None
        else AList(move, move_datum or supply_datum, datum, "--move-datum"),
        close=tuple(close or ()),
        radius_m=new_radius_m,
        street=None if open_street is None else coverage_parsers.street_of(open_street),
    )
    target = Target(tuple(out), people_out, listed, None)
    raise typer.Exit(
        changing.change(
            source, target, asked, wanted, language=language, accept_suspicions=accept_suspicions
        )
    )


def rank(
    *,
    out: more.Out,
    candidates: more.Candidates,
    people: words.People = None,
    supply: words.Supply = None,
    communities: words.Communities = None,
    employers: words.Employers = None,
    datum: words.Datum = None,
    people_datum: words.PeopleDatum = None,
    supply_datum: words.SupplyDatum = None,
    communities_datum: words.CommunitiesDatum = None,
    candidates_datum: more.CandidatesDatum = None,
    store: words.AStore = None,
    who: words.Who = None,
    purpose: words.Purpose = None,
    choose: more.Choose = None,
    of: words.Of = None,
    supply_kind: words.SupplyKind = "jobs",
    radius_m: words.RadiusM = 3000.0,
    basis: on_foot.Basis = "geodesic",
    network: on_foot.Streets = None,
    at_least: words.AtLeast = 1,
    count: words.Count = None,
    standard: words.Standard = None,
    competition: words.Competition = None,
    without: words.Without = None,
    on: words.On = None,
    former_too: words.FormerToo = False,
    repair: words.Repair = False,
    accept_suspicions: words.AcceptSuspicions = False,
    invite_people: more.InvitePeople = None,
    invite_employers: more.InviteEmployers = None,
    sites: more.Sites = None,
    sites_datum: more.SitesDatum = None,
    invite_to: more.InviteTo = None,
    only: more.Only = "below",
    fair_on: more.FairOn = None,
    rejects: options.Rejects = None,
    language: options.ToldIn = None,
) -> None:
    """Rank candidate places by how many more people each would serve."""
    coverage_parsers.check_tables(out)
    persons = {"--invite-people": invite_people, "--invite-employers": invite_employers}
    listed = coverage_parsers.check_files(out, persons, rejects)
    _check_inviting(
        persons,
        {"--invite-to": invite_to, "--fair-on": fair_on},
        {"--sites": sites, "--sites-datum": sites_datum},
        is_there=store is not None or supply_kind == "sites",
    )
    asked = asked_by(
        of=of,
        supply_kind=supply_kind,
        by=None,
        radius_m=radius_m,
        at_least=at_least,
        count=count,
        standard=standard,
        competition=competition,
        without=without,
        on=on,
        former_too=former_too,
        repair=repair,
        network=on_foot.network_of(basis, network),
    )
    source = source_of(
        people=people,
        supply=supply,
        communities=communities,
        employers=employers,
        # The candidates have one too, where the rest is a store.
        datum=datum if store is None else None,
        people_datum=people_datum,
        supply_datum=supply_datum,
        communities_datum=communities_datum,
        store=store,
        who=who,
        purpose=purpose,
        supply_kind=supply_kind,
        of_lists={"--repair": repair or None},
    )

    from geo_match.cli.coverage import what_if as ranking  # noqa: PLC0415 - help must not wait for it
    from geo_match.cli.coverage.asking.asked import day_of  # noqa: PLC0415 - as above
    from geo_match.cli.coverage.asking.invite import Invite  # noqa: PLC0415 - as above
    from geo_match.cli.coverage.asking.lists import AList  # noqa: PLC0415 - as above
    from geo_match.cli.coverage.target import Target  # noqa: PLC0415 - as above

    invite = Invite(
        people_out=invite_people,
        employers_out=invite_employers,
        to=invite_to,
        only=only,
        sites=None if sites is None else AList(sites, sites_datum, datum),
        on=asked.on if fair_on is None else day_of(fair_on),
    )
    target = Target(tuple(out), None, listed, None, tuple(invite.outs))
    read = AList(candidates, candidates_datum or supply_datum, datum)
    raise typer.Exit(
        ranking.rank(
            source,
            target,
            asked,
            read,
            invite,
            n=choose,
            language=language,
            accept_suspicions=accept_suspicions,
        )
    )


def _check_inviting(
    outs: Mapping[str, Path | None],
    about: Mapping[str, str | None],
    sites: Mapping[str, object],
    *,
    is_there: bool,
) -> None:
    """Check that whom to invite is asked as a whole, or not at all.

    Parameters
    ----------
    outs, about, sites
        Options, and what each was given: the lists of names, what they are of, and the list of
        sites with its datum; None each of what was not given.
    is_there
        Whether sites are there without a list of them.

    Raises
    ------
    typer.BadParameter
        If something is missing, or means nothing.
    """
    if all(one is None for one in outs.values()):
        given = {name: one is not None for name, one in about.items()}
        parsers.check_unused(given, f"without {' or '.join(outs)}.")
    if outs["--invite-employers"] is None:
        given = {name: one is not None for name, one in sites.items()}
        parsers.check_unused(given, "without --invite-employers.")
    elif sites["--sites"] is None:
        parsers.check_unused(
            {"--sites-datum": sites["--sites-datum"] is not None}, "without --sites."
        )
        if not is_there:
            message = "must be given with --invite-employers: who is to be invited."
            raise typer.BadParameter(message, param_hint="--sites")
