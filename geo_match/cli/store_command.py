"""The commands of `store` and their help; what they do stands in modules imported when one runs."""

from __future__ import annotations

import typer

from geo_match.cli import store_options  # noqa: TC001 - Typer reads annotations as it runs

_STORE = "Make, look at, back up, restore and verify a store; what a record was, and erasing one."
_STORE_STATUS = (
    "Exit status: 0 done, or sound; 1 refused, and nothing written; 2 the command line is wrong; "
    "3 verified, and faults were found; 128 + n stopped by the signal n, and nothing written."
)
_INIT = (
    "Make a store, or bring an older one to today's form, and say what it is.\n\n"
    "Other commands that write make a store too, where nothing is there yet."
)
_STORE_STATE = (
    "Print how a store stands: records by kind, last change, horizon, unfinished imports.\n\n"
    "The horizon is the change before which the past is no longer known."
)
_BACKUP = (
    "Copy a store, as it is at one moment, into one new SQLite file, while others write.\n\n"
    "OUT appears when it is complete and verified, and beside it OUT.audit, a copy of the audit of "
    "reads of persons. Both are to be kept as safe as the store. A store in PostgreSQL is copied "
    "into a SQLite file too; either can be restored to either."
)
_RESTORE = (
    "Make a store of a backup; it is in its place when it is complete and verified.\n\n"
    "Without --replace nothing may be there: no file, or a PostgreSQL database without a store. "
    "With it a store in a file is kept aside under a name that is told; servers and imports that "
    "have it open must be stopped before. An audit that is there stays as it is.\n\n"
    "Whom the replaced store, or that of --erased, has erased since the backup is erased again. If "
    "the last store is lost, nobody knows of these any more: erase again who has asked since.\n\n"
    "The store gets another epoch: what follows its changes starts anew."
)
_VERIFY = (
    "Check a store, and print what is wrong with it.\n\n"
    "Its file by SQLite's integrity check; that no number of a change is missing and their moments "
    "never decrease; that each record is as the feed of changes says, and none is missing; that "
    "nothing is left of what was erased. Others may write meanwhile."
)
_HISTORY = (
    "Print what a record was at each of its changes.\n\n"
    "KIND is households, seekers, employers, sites, jobs, stations, communities, spells or "
    "services. A line a change: its number, its moment, put or remove, its cause, and who made it; "
    "below it the fields that differ from before. A record that was removed has its past still, "
    "one that was erased has none.\n\n"
    "Households, seekers, spells and services speak of persons: their past is read only with --who "
    "and --purpose, which are noted in the store's audit before anything is printed."
)
_ERASE = (
    "Erase a person or a household, with all their past; asked once more before.\n\n"
    "A seeker goes with the spells and services, and leaves the household; a household leaves its "
    "seekers. What must be kept as evidence of a paid claim is kept out of sight until its day. "
    "Changes keep their numbers and moments, and say nothing of the person.\n\n"
    "Rows with this id in later lists are rejected, unless these are imported with --erased-too. "
    "So an id of which nothing is known is asked about, and with --yes refused.\n\n"
    "Backups, lists that were read, and files of their rejected rows still have the person."
)

store = typer.Typer(help=_STORE, epilog=_STORE_STATUS, no_args_is_help=True)


@store.command(help=_INIT, epilog=_STORE_STATUS)
def init(*, store: store_options.AStore) -> None:
    """Make a store, or bring an older one to today's form."""
    from geo_match.cli.store import init_store  # noqa: PLC0415 - help must not wait for the store

    raise typer.Exit(init_store(store))


@store.command(help=_STORE_STATE, epilog=_STORE_STATUS)
def status(*, store: store_options.AStore) -> None:
    """Print how a store stands."""
    from geo_match.cli.store import print_status  # noqa: PLC0415 - as above

    raise typer.Exit(print_status(store))


@store.command(help=_BACKUP, epilog=_STORE_STATUS)
def backup(*, out: store_options.BackupOut, store: store_options.AStore) -> None:
    """Copy a store into a new file."""
    from geo_match.cli.store import back_up  # noqa: PLC0415 - as above

    raise typer.Exit(back_up(store, out))


@store.command(help=_RESTORE, epilog=_STORE_STATUS)
def restore(
    *,
    backup: store_options.Backup,
    store: store_options.AStore,
    replace: store_options.Replace = False,
    erased: store_options.ErasedIn = None,
) -> None:
    """Make a store of a backup."""
    from geo_match.cli import store as stores  # noqa: PLC0415 - as above

    raise typer.Exit(stores.restore(backup, store, replace=replace, erased=erased))


@store.command(help=_VERIFY, epilog=_STORE_STATUS)
def verify(*, store: store_options.AStore) -> None:
    """Check a store, and print what is wrong with it."""
    from geo_match.cli.store import verify_store  # noqa: PLC0415 - as above

    raise typer.Exit(verify_store(store))


@store.command(help=_HISTORY, epilog=_STORE_STATUS)
def history(
    *,
    kind: store_options.RecordKind,
    id_: store_options.RecordId,
    store: store_options.AStore,
    who: store_options.Who = None,
    purpose: store_options.Purpose = None,
) -> None:
    """Print what a record was at each of its changes."""
    from geo_match.cli.history import print_history  # noqa: PLC0415 - as above

    raise typer.Exit(print_history(kind, id_, store, who=who, purpose=purpose))


@store.command(help=_ERASE, epilog=_STORE_STATUS)
def erase(
    *,
    kind: store_options.ErasedKind,
    id_: store_options.RecordId,
    store: store_options.AStore,
    reason: store_options.Reason,
    actor: store_options.Eraser = "",
    yes: store_options.Yes = False,
    even_if_unknown: store_options.EvenIfUnknown = False,
) -> None:
    """Erase a person or a household."""
    from geo_match.cli.erasing import erase_from  # noqa: PLC0415 - as above

    raise typer.Exit(
        erase_from(
            store,
            kind,
            id_,
            reason=reason,
            actor=actor,
            is_sure=yes,
            even_if_unknown=even_if_unknown,
        )
    )
