"""What `store history` does: what a record was at each of its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli.circles import ALL_USED
from geo_match.cli.terminal import progress, say
from geo_match.store import AuditLog, StoreError, audited
from geo_match.store.keeping.looking import looking_at
from geo_match.store.reading.feed import head
from geo_match.store.reading.history import history
from geo_match.store.schema.images import PERSONS, Forms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.store.reading.history import Version

SCOPE: Final = "persons:read"
"""The right under which a read of a person is noted."""
_LONGEST: Final = 200


def print_history(kind: str, id_: str, store: str, *, who: str | None, purpose: str | None) -> int:
    """Print what a record was, once the read is noted where it speaks of a person.

    Parameters
    ----------
    kind, id_
        Of the record.
    store
        Path or URL of the store; it is not changed.
    who, purpose
        Who reads, and why, where it speaks of a person; None elsewhere.

    Returns
    -------
    int
        `ALL_USED`.

    Raises
    ------
    StoreError
        If there is no such store, it has an older form, or it knows nothing of the record.
    AuditError
        If the read cannot be noted; nothing is printed then.
    typer.BadParameter
        If it is not said who reads a person's record and why, or it is, of something public.
    """
    for option, value in (("--who", who), ("--purpose", purpose)):
        if kind in PERSONS and value is None:
            message = f"must be given for {kind}: reads of persons are noted in the audit."
            raise typer.BadParameter(message, param_hint=option)
        if kind not in PERSONS and value is not None:
            message = f"must not be given for {kind}, which are public."
            raise typer.BadParameter(message, param_hint=option)
    with looking_at(store) as database:
        with database.reading() as connection:
            forms, now = Forms.of(connection), head(connection)

        def read() -> list[list[Version]]:
            """Return one answer if there is any: of one person, however many versions it has."""
            with progress(f"reading {database.name}"):
                found = history(database, forms, kind, id_)
            return [found] if found else []

        if who is None or purpose is None:
            answer = read()
        else:
            with AuditLog.open(store) as audit:
                answer = audited(audit, who=who, purpose=purpose, scope=SCOPE)(read)
    if not answer:
        raise StoreError(
            database.name,
            f"know a record of {kind} by this id, now or in the past",
            "none",
            "Is the id right? Of one that was erased nothing is left.",
        )
    for line in _lines(answer[0]):
        typer.echo(line)
    if now.horizon_at is not None:
        at = f"{now.horizon_at:%Y-%m-%d %H:%M:%S}"
        say(f"what was known before {at} UTC is gone: of earlier changes only the last is there")
    return ALL_USED


def _lines(versions: list[Version]) -> Iterator[str]:
    """Yield a line a change, and one for each field that differs from before."""
    life = versions[0].key
    for one in versions:
        if one.key != life:
            yield "another record, to which the id was given later:"
            life = one.key
        parts = [f"{one.seq:,}", f"{one.committed_at:%Y-%m-%d %H:%M:%S} UTC", one.op]
        yield "  ".join([*parts, *(_shown(text) for text in (one.cause, one.actor) if text)])
        if one.op == "put" and one.record is None:
            yield "  erased since: it was of somebody else then"
        for name, (before, now) in one.changed.items():
            was = "" if before is None else f"{_shown(before)} → "
            yield f"  {name}: {was}{_shown(now)}"
        if one.is_amended:
            yield "  other fields were erased since"


def _shown(value: object) -> str:
    """Return a kept value, or why it changed and by whom, as one short line."""
    if value is None:
        return "(empty)"
    text = str(value)
    if not text.isprintable():
        text = repr(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
