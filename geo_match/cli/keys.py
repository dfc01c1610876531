"""What `keys` does: keys are made, listed and revoked."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer

from geo_match.cli.circles import ALL_USED
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import say
from geo_match.errors import ArgumentError
from geo_match.records.clock import CHINA
from geo_match.store.keeping.looking import looking_at
from geo_match.store.keys import Keys
from geo_match.store.writing.writer import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo_match.store.keys import Key

_LASTS: Final = dt.timedelta(days=365)
_NEVER: Final = "never"
_OPTIONS: Final = {
    "role": "--role",
    "label": "--label",
    "community": "--community",
    "expires_at": "--expires",
    "id": "ID",
}
"""What a command line calls the arguments of the library."""


def create_key(
    store: str, *, role: str, label: str, community: str | None, expires: str | None
) -> int:
    """Make a key, and print it on standard output; about it is told beside.

    Raises
    ------
    StoreError
        If there is no such store, or it has an older form, or it cannot be written to; there is no
        such key then.
    typer.BadParameter
        If one of the words breaks its rule.
    """
    expires_at = _expiry(expires)
    with _keys_of(store) as keys:
        key, secret = keys.issue(role=role, label=label, community=community, expires_at=expires_at)
        finish_anyway()  # from here on it is there: it must be shown
    typer.echo(secret)
    area = f" in {key.community}" if key.community else ""
    say(f"key {key.id} made for {key.label}: {key.role}{area}, {_ends(key)}")
    say(
        "the line above is the key, shown this once: hand it over as you would a password, and "
        "keep it out of files that others read"
    )
    return ALL_USED


def list_keys(store: str) -> int:
    """Print what is known of all keys.

    Raises
    ------
    StoreError
        If there is no such store, or it has an older form.
    """
    with looking_at(store) as database:  # as in `_keys_of`
        found, name = Keys(database, utc_now).list(), database.name
    if not found:
        # Its name, since a URL has a password.
        say(f"{name} has no key: `geo-match keys create` makes one")
    now = dt.datetime.now(dt.UTC)
    for key in found:
        made, last = _day(key.created_at), _last_day(key) or _NEVER
        typer.echo(
            f"{key.id}  {key.role:<13}  {key.community or '-':<12}  made {made}  "
            f"last {last:<10}  {_state(key, now):<7}  {key.label}"
        )
    return ALL_USED


def revoke_key(store: str, id_: str) -> int:
    """Let a key open nothing from now on.

    Raises
    ------
    StoreError
        If there is no such store, or it has an older form, or it cannot be written to.
    typer.BadParameter
        If no key has this id.
    """
    with _keys_of(store) as keys:
        key = keys.revoke(id_)
    at = "" if key.revoked_at is None else f", as of {key.revoked_at:%Y-%m-%d %H:%M:%S} UTC"
    say(f"key {key.id} of {key.label} revoked{at}: it opens nothing, and its sessions have ended")
    return ALL_USED


@contextmanager
def _keys_of(store: str) -> Iterator[Keys]:
    """Give the keys of a store that is there, and name options where arguments are refused."""
    with looking_at(store) as database:  # to open it would make one, or change its form
        try:
            yield Keys(database, utc_now)
        except ArgumentError as error:
            remedy = f" {error.remedy}" if error.remedy else ""
            message = f"must {error.rule}, got {error.found}.{remedy}"
            raise typer.BadParameter(message, param_hint=_OPTIONS[error.argument]) from None


def _expiry(expires: str | None) -> dt.datetime | None:
    """Return the moment at which a key ends: the end of its last day in China."""
    if expires == _NEVER:
        return None
    if expires is None:
        day = dt.datetime.now(CHINA).date() + _LASTS
    else:
        try:
            day = dt.date.fromisoformat(expires)
        except ValueError:
            message = f"must be a day such as 2027-03-31, or {_NEVER}, got {expires!r}."
            raise typer.BadParameter(message, param_hint="--expires") from None
    if day >= dt.date.max:
        message = f"must be a day that has one after it, or {_NEVER}, got {expires!r}."
        raise typer.BadParameter(message, param_hint="--expires")
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, CHINA)


def _last_day(key: Key) -> str | None:
    if key.expires_at is None:
        return None
    return _day(key.expires_at - dt.timedelta(microseconds=1))


def _day(moment: dt.datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d}"


def _ends(key: Key) -> str:
    last = _last_day(key)
    return "which does not expire" if last is None else f"valid to the end of {last}"


def _state(key: Key, now: dt.datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "valid" if key.is_valid(now) else "expired"
