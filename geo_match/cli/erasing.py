"""What `store erase` does: a person or a household is erased, and told is what that was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from geo_match.cli.circles import ALL_USED
from geo_match.cli.stopping import finish_anyway
from geo_match.cli.terminal import progress, say
from geo_match.intake.faults import counted
from geo_match.store import Store
from geo_match.store.forgetting.erasure import is_known
from geo_match.store.keeping.looking import looking_at
from geo_match.store.schema.images import Forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geo_match.store import Erased

_REFUSED = 1


def erase_from(
    store: str,
    kind: str,
    id_: str,
    *,
    reason: str,
    actor: str,
    is_sure: bool,
    even_if_unknown: bool = False,
) -> int:
    """Erase a person or a household from a store, and say what was blanked and what is kept.

    Parameters
    ----------
    store
        Path or URL of a store that is there.
    kind, id_, reason, actor
        As in `Store.erase`.
    is_sure
        Whether nobody is asked before.
    even_if_unknown
        Whether an id of which nothing is known is barred without asking. It may be a mistyped
        one: then the person stays, and whoever has that id is rejected when they come.

    Returns
    -------
    int
        `ALL_USED`; 1 if whoever was asked does not want it.

    Raises
    ------
    StoreError
        If there is no such store, it has an older form, or it cannot be written to; nothing is
        erased then, unless it says else (`Store.erase`).
    ArgumentError
        If the reason or the actor has anything personal in it.
    typer.BadParameter
        If nothing is known of the id, and nobody is to be asked about it.
    """
    with looking_at(store) as database:  # to open it would make one, or change its form
        name = database.name
        with database.reading() as connection:
            known = is_known(connection, Forms.of(connection), kind, id_)
    if not known and is_sure and not even_if_unknown:
        message = (
            f"nothing is known of this id in {name}: is it right? Nothing was done. To bar it all "
            "the same, so that later rows with it are rejected, give --even-if-unknown."
        )
        raise typer.BadParameter(message, param_hint="ID")
    whom = "this person" if kind == "seekers" else "this household"
    question = f"Erase {whom} from {name}, with all the past? It cannot be undone"
    if not known:
        question = (
            f"Nothing is known of this id in {name}. Bar it all the same, so that later rows with "
            "it are rejected?"
        )
    is_sure = is_sure or (even_if_unknown and not known)
    if not is_sure and not typer.confirm(question, err=True):
        say("nothing was erased")
        return _REFUSED
    with Store.open(store) as opened, progress(f"erasing from {name}"):
        # From here on it is not stopped: what is erased is told, and the files are scrubbed.
        finish_anyway()
        erased = opened.erase(kind, id_, reason=reason, actor=actor)
    for line in _lines(erased, name):
        say(line)
    return ALL_USED


def _lines(done: Erased, name: str) -> Iterator[str]:
    if done.erased:
        n, of = _counts(done.erased)
        yield f"{n} erased from {name}, with all the past: {of}"
    else:
        yield f"{name} has nothing of this id to erase"
    if done.restricted:
        n, of = _counts(done.restricted)
        yield f"{n} of these kept out of sight as evidence, until the day that was set: {of}"
    if done.changed:
        n, of = _counts(done.changed)
        yield f"{n} of others lost what was said of them there: {of}"
    if done.unmatched:
        n = counted(len(done.unmatched), "household")
        yield (
            f"in {n} it could not be told which member it was: see whether the members are still "
            f"right, of the key {', '.join(done.unmatched)}"
        )
    yield "rows with this id in later lists are rejected"
    if done.scrubbed:
        yield f"nothing of it is left in the files of {name}; backups made before still have it"
    else:
        yield (
            f"bytes of it may be left in the files of {name}, as when somebody is using it: give "
            "the same command once more"
        )


def _counts(keys: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return how many records there are, and how many of each kind."""
    n = counted(sum(map(len, keys.values())), "record")
    return n, ", ".join(f"{len(some):,} of {kind}" for kind, some in keys.items())
