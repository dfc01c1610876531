"""What `store` does: a store is made, looked at, backed up, restored and verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli.circles import ALL_USED
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.intake.faults import counted
from geo_match.store import Store, StoreError
from geo_match.store.keeping.backup import back_up as back_up_database
from geo_match.store.keeping.looking import looking_at
from geo_match.store.keeping.status import status
from geo_match.store.keeping.verify import verify

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geo_match.store import Restored
    from geo_match.store.keeping.status import Status, Unfinished

FAULTS_FOUND: Final = 3
_UNITS: Final = ("bytes", "KiB", "MiB", "GiB", "TiB")
_STEP: Final = 1024
_AUDIT: Final = {
    "kept": "its audit was there and is as it was",
    "copied": "its audit is that of the backup",
    "none": "it has no audit yet",
}


def init_store(store: str) -> int:
    """Make a store, or bring one to today's form, and say what it is."""
    with Store.open(store) as opened:
        finish_anyway()
        stands = opened.status()
    say(f"{stands.name}: {_what(stands)}")
    return ALL_USED


def print_status(store: str) -> int:
    """Print how a store stands.

    Raises
    ------
    StoreError
        If there is none, or it has an older form: it is not changed.
    """
    with looking_at(store) as database:
        stands = status(database)
    head = stands.head
    lines = [
        ("store", stands.name),
        ("database", _what(stands)),
        ("size", _size(stands.size_bytes)),
    ]
    lines += [(kind, f"{n:,}") for kind, n in stands.records.items()]
    lines.append(("last change", f"{head.seq:,}, {_moment(head.committed_at)}"))
    horizon = "none: all changes are known"
    if head.horizon_at is not None:
        horizon = f"{head.horizon:,}, {_moment(head.horizon_at)}: what was known earlier is gone"
    lines.append(("horizon", horizon))
    lines += [("unfinished", _told(one)) for one in stands.unfinished]
    if not stands.unfinished:
        lines.append(("unfinished", "none"))
    width = max(len(name) for name, _ in lines)
    for name, text in lines:
        typer.echo(f"{name:<{width}}  {text}")
    return ALL_USED


def back_up(store: str, out: Path) -> int:
    """Copy a store into a new file.

    Raises
    ------
    StoreError
        If there is no store, or it has an older form, or it cannot be copied; there is no such
        file then.
    """
    with looking_at(store) as database, progress(f"backing up {database.name}"):
        made = back_up_database(database, out)
        finish_anyway()
    audit = "the store has no audit" if made.audit is None else f"its audit in {made.audit}"
    say(
        f"{counted(made.records, 'record')} and {counted(made.changes, 'change')} of "
        f"{database.name} backed up to {made.path}, verified; {audit}"
    )
    _say_broken(made.broken)
    return ALL_USED


def _say_broken(broken: Sequence[str]) -> None:
    """Say that a copy has records that break rules, if it has any."""
    for one in broken:
        say(one.removesuffix("."))
    if broken:
        say("these records are in it as they were: mend them in the store that is used")


def _without(made: Restored) -> str:
    """Say why a restored store has other numbers of records and changes than its backup."""
    if not made.erased:
        return ""
    return f", counted after {counted(made.erased, 'erasure')} made again"


def restore(backup: Path, store: str, *, replace: bool, erased: str | None) -> int:
    """Make a store of a backup.

    Raises
    ------
    StoreError
        If it cannot be done; a store that is there is as it was then.
    """
    with progress(f"restoring {backup.name}"):
        made = Store.restore(backup, store, replace=replace, erased=erased)
        finish_anyway()
    say(
        f"{counted(made.records, 'record')} and {counted(made.changes, 'change')} of {backup} "
        f"restored to {made.name}, verified{_without(made)}; {_AUDIT[made.audit]}"
    )
    _say_broken(made.broken)
    if made.aside is not None:
        say(f"the store that was there is {made.aside}: it has records of persons, as a backup has")
        later = _later(backup, made.aside)
        if later:
            made_later = f"{counted(later, 'change')} made after the backup"
            say(f"{made_later}: kept in {made.aside}, of which {made.name} has the erasures only")
    if made.aside is not None or erased is not None:
        say(f"{counted(made.erased, 'record')} erased since the backup, erased again")
    else:
        say(
            "erasures made since the backup are not known here: make them again, or restore with "
            "--erased and the store that has them"
        )
    for line in _keys(made, knows_newer=made.aside is not None or erased is not None):
        say(line)
    say("cursors from before are of another epoch: what follows the store starts anew")
    return ALL_USED


def _keys(made: Restored, *, knows_newer: bool) -> Iterator[str]:
    """Yield what is to be known of the keys of a restored store, if it has any."""
    if made.keys.revoked:
        n = counted(made.keys.revoked, "key")
        yield f"{n} revoked since the backup, revoked again"
    if made.keys.valid:
        n = counted(made.keys.valid, "key")
        since = "" if knows_newer else "; what was revoked since the backup is not known here"
        yield f"{n} of the backup not revoked: `geo-match keys list` tells whose{since}"


def _later(backup: Path, aside: Path) -> int | None:
    """Return how many changes a replaced store has that the backup has not; None if unknown."""
    try:
        with looking_at(str(backup)) as old, looking_at(str(aside)) as newer:
            before, after = status(old).head, status(newer).head
    except StoreError:  # one of them has an older form, whose feed is not known here
        return None
    return after.seq - before.seq if after.epoch == before.epoch else None


def verify_store(store: str) -> int:
    """Check a store, and print what is wrong; return `ALL_USED` or `FAULTS_FOUND`.

    Raises
    ------
    StoreError
        If there is none, or it has an older form: it is not changed.
    """
    with looking_at(store) as database, progress(f"verifying {database.name}"):
        found = verify(database)
    for fault in found.faults:
        typer.echo(fault)
    held = f"{counted(found.records, 'record')} and {counted(found.changes, 'change')}"
    if found.is_sound:
        typer.echo(f"{database.name} is sound: {held}")
        return ALL_USED
    if found.damage:
        say(f"{database.name} is not sound: restore a backup, and keep this store to look into")
    else:
        say(f"{database.name} is whole, but not all its records keep the rules: mend these")
    return FAULTS_FOUND


def _what(stands: Status) -> str:
    postgis = ""
    if stands.database.startswith("PostgreSQL"):
        postgis = f" with PostGIS {stands.postgis}" if stands.postgis else " without PostGIS"
    return f"{stands.database}{postgis}, form {stands.form}, epoch {stands.head.epoch}"


def _told(one: Unfinished) -> str:
    begun = _moment(one.begun_at)
    return f"import {one.number}, {one.kind}, {one.source}, begun {begun}, {one.accepted:,} taken"


def _size(size: float) -> str:
    unit = 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size /= _STEP
        unit += 1
    return f"{size:,.0f} {_UNITS[unit]}" if unit == 0 else f"{size:,.1f} {_UNITS[unit]}"


def _moment(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
