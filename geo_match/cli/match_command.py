"""The command `match`: what it is asked to do, read from its options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli import match_options as words
from geo_match.cli import on_foot, options, parsers

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.cli.match_answer import Target
    from geo_match.matching import MatchOptions
    from geo_match.store import Store

HELP: Final = (
    "Match seekers with jobs: who can and would take which, best first, and why.\n\n"
    "Give two lists with --seekers and --jobs, or a store. Lists are .csv (UTF-8 or GB18030), "
    ".xlsx, .ndjson, .geojson, .gpkg or .parquet, with the headers that `import` knows; their rows "
    "are judged as an import judges them, and rejected ones are listed. Of lists whose coordinates "
    "do not say their datum it must be given with --datum. A job's employer must be "
    "verified: give --employers, or a column employer_licence in the jobs.\n\n"
    "One row a match: seeker_id, job_id, rank, distance_m, basis, certainty, score and its parts, "
    "failed (empty), unknown (conditions of which not enough is stated), reason. A seeker without "
    "a match has one row, with the reason: no_location 没有位置, none_in_circle 范围内没有 or "
    "none_eligible 范围内的都不符合条件. With --for-jobs each job gets its seekers in the same "
    "way, and --shortfall tells of jobs.\n\n"
    "With --basis walking 步行距离 and --network a distance is the shortest way along the "
    "streets. Rows then have straight_m 直线距离, and seeker_snap_m and job_snap_m, how far the "
    "two are from their streets, which is in distance_m; further reasons are not_on_network "
    "附近没有能走到的道路 and none_on_foot 直线范围内有、步行都到不了.\n\n"
    "Seekers who are not registered 求职登记 on the day, as their registration is closed by then "
    "or begins later, are left out and counted, unless --former-too is given.\n\n"
    "Those without a match are added up by the one condition that keeps them from one that fits "
    "otherwise. --shortfall lists it for each: a near-miss fails exactly one condition; by "
    "distance it lies outside the seeker's circle and within twice the radius, up to 200 km.\n\n"
    "Conditions: distance 距离 (always asked), open 在招, vacancies 剩余名额, employer 资质核验, "
    "working_age 劳动年龄, job_type 岗位类型, occupation 职业, education 学历, wage 薪资, "
    "hours 工时, shift 班次, age 年龄, certificates 证书.\n\n"
    "The seekers of a store are read only with --who and --purpose, which are noted in its audit "
    "before anything is answered; of a store it is told in English unless --language is zh. What "
    "is written names persons by their ids: keep it as safe as the lists."
)


def match(
    *,
    out: words.Out,
    seekers: words.Seekers = None,
    jobs: words.Jobs = None,
    employers: words.Employers = None,
    datum: words.Datum = None,
    seekers_datum: words.SeekersDatum = None,
    jobs_datum: words.JobsDatum = None,
    store: words.AStore = None,
    who: words.Who = None,
    purpose: words.Purpose = None,
    for_jobs: words.ForJobs = False,
    radius_m: words.RadiusM = 3000.0,
    limit: words.Limit = 20,
    on: words.On = None,
    former_too: words.FormerToo = False,
    condition: words.Condition = None,
    without: words.Without = None,
    unknown_fails: words.UnknownFails = None,
    occupation_level: words.OccupationLevel = "middle",
    accuracy_m: words.AccuracyM = 0.0,
    basis: on_foot.Basis = "geodesic",
    network: on_foot.Streets = None,
    threads: words.Threads = 1,
    shortfall: words.Shortfall = None,
    rejects: options.Rejects = None,
    language: options.ToldIn = None,
) -> None:
    """Match seekers with jobs."""
    target = _target(out, shortfall, rejects)
    if condition and without:
        message = "must not be given with --condition, which names all that are asked."
        raise typer.BadParameter(message, param_hint="--without")

    if "distance" in (without or ()):
        message = "must not be distance, which is always asked: give a larger --radius-m."
        raise typer.BadParameter(message, param_hint="--without")

    streets = on_foot.network_of(basis, network)

    def asked(opened: Store | None = None) -> MatchOptions:
        import datetime as dt  # noqa: PLC0415 - help must not wait for them

        from geo_match.matching import CONDITIONS, MatchOptions  # noqa: PLC0415 - as above

        names = [one for one in condition or CONDITIONS if one not in (without or ())]
        return MatchOptions(
            radius_m=radius_m,
            limit=limit or None,
            basis=basis,  # type: ignore[arg-type]  # as the parser checked
            network=streets,
            on=None if on is None else dt.date.fromisoformat(on),
            conditions=names,
            unknown_fails=unknown_fails or (),
            former_too=former_too,
            occupation_level=occupation_level,  # type: ignore[arg-type]  # as the parser checked
            occupations=None if opened is None else opened.occupations(),
            default_accuracy_m=accuracy_m,
            threads=threads,
        ).dated()

    if store is not None:
        of_files = {
            "--seekers": seekers is not None,
            "--jobs": jobs is not None,
            "--employers": employers is not None,
            "--datum": datum is not None,
            "--seekers-datum": seekers_datum is not None,
            "--jobs-datum": jobs_datum is not None,
            "--rejects": rejects is not None,
        }
        parsers.check_unused(of_files, "with --store, which holds it all.")
        for name, value in (("--who", who), ("--purpose", purpose)):
            if value is None:
                message = "must be given with --store: reads of persons are noted in its audit."
                raise typer.BadParameter(message, param_hint=name)
        from geo_match.cli import match as matching  # noqa: PLC0415 - help must not wait for it
        from geo_match.cli.audited_store import Records  # noqa: PLC0415 - as above

        records = Records(store, str(who), str(purpose))
        raise typer.Exit(
            matching.match_store(
                records,
                target,
                asked,
                for_jobs=for_jobs,
                language=language,
            )
        )
    parsers.check_unused(
        {"--who": who is not None, "--purpose": purpose is not None}, "without --store."
    )
    if seekers is None or jobs is None:
        name = "--seekers" if seekers is None else "--jobs"
        message = "must be given, as must the other list; or else --store."
        raise typer.BadParameter(message, param_hint=name)
    from geo_match.cli import match as matching  # noqa: PLC0415 - help must not wait for it

    lists = matching.Lists(seekers, jobs, employers, seekers_datum or datum, jobs_datum or datum)
    raise typer.Exit(
        matching.match_lists(lists, target, asked(), for_jobs=for_jobs, language=language)
    )


def _target(out: Path, shortfall: Path | None, rejects: Path | None) -> Target:
    """Return what is to be written.

    Raises
    ------
    typer.BadParameter
        If a suffix is none that can be written, or two of the files are one.
    """
    from geo_match.cli.match_answer import Target  # noqa: PLC0415 - help must not wait for it
    from geo_match.exchange import TABLE_SUFFIXES  # noqa: PLC0415 - as above

    for name, path in (("--out", out), ("--shortfall", shortfall)):
        if path is not None and path.suffix.lower() not in TABLE_SUFFIXES:
            message = f"must end in one of {', '.join(TABLE_SUFFIXES)}, got {str(path)!r}."
            raise typer.BadParameter(message, param_hint=name)
    listed = parsers.check_outputs(out, rejects)
    for name, path in (("--out", out), ("--rejects", listed)):
        if shortfall is not None and shortfall.resolve() == path.resolve():
            message = f"must be another file than {name}, got {str(path)!r} for both."
            raise typer.BadParameter(message, param_hint="--shortfall")
    return Target(out, shortfall, listed)
