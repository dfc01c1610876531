"""The commands of `keys` and their help; what they do stands in a module imported when one runs."""

from __future__ import annotations

from typing import Annotated

import typer

from geo_match.cli import store_options  # noqa: TC001 - Typer reads annotations as it runs

_KEYS = "Keys for those who ask the server: make one, list them, revoke one."
_STATUS = (
    "Exit status: 0 done; 1 refused, and nothing changed; 2 the command line is wrong; 128 + n "
    "stopped by the signal n."
)
_CREATE = (
    "Make a key, and print it this once.\n\n"
    "The key is the only line of standard output. The store keeps a hash of it, so nobody can tell "
    "it again: who loses it gets another. It is sent as `Authorization: Bearer gmk_…`, never in a "
    "URL.\n\n"
    "ROLE is integration (another system of the city 业务系统), employer 经营实体, community 社区 "
    "(which has an area: --community), operator 运营机构, planner 规划, supervisor 监理机构 or "
    "administrator 系统管理员."
)
_LIST = (
    "Print what is known of all keys: id, role, area, when made, last day, state, whose.\n\n"
    "Neither a key nor its hash is ever shown."
)
_REVOKE = (
    "Let a key open nothing from now on, in every server of the store, and end its sessions.\n\n"
    "ID is what stands between gmk_ and the next _ of the key; `geo-match keys list` has all."
)

Role = Annotated[
    str,
    typer.Option("--role", metavar="ROLE", show_default=False, help="For whom it is, as above."),
]
Label = Annotated[
    str,
    typer.Option(
        "--label",
        metavar="TEXT",
        show_default=False,
        help="Whose it is, such as the name of an office or a system: one line, nothing personal.",
    ),
]
Community = Annotated[
    str | None,
    typer.Option(
        "--community",
        metavar="CODE",
        show_default=False,
        help="The area of the role community: the 12 digits of a community in the store, or the "
        "first 9 or 6 of its street's or district's.",
    ),
]
Expires = Annotated[
    str | None,
    typer.Option(
        "--expires",
        metavar="DAY|never",
        show_default=False,
        help="Its last day, in China, such as 2027-03-31; by default a year from now.",
    ),
]
KeyId = Annotated[str, typer.Argument(metavar="ID", show_default=False, help="The key's id.")]

keys = typer.Typer(help=_KEYS, epilog=_STATUS, no_args_is_help=True)


@keys.command(help=_CREATE, epilog=_STATUS)
def create(
    *,
    store: store_options.AStore,
    role: Role,
    label: Label,
    community: Community = None,
    expires: Expires = None,
) -> None:
    """Make a key, and print it this once."""
    from geo_match.cli.keys import create_key  # noqa: PLC0415 - help must not wait for the store

    raise typer.Exit(
        create_key(store, role=role, label=label, community=community, expires=expires)
    )


@keys.command("list", help=_LIST, epilog=_STATUS)
def list_(*, store: store_options.AStore) -> None:
    """Print what is known of all keys."""
    from geo_match.cli.keys import list_keys  # noqa: PLC0415 - as above

    raise typer.Exit(list_keys(store))


@keys.command(help=_REVOKE, epilog=_STATUS)
def revoke(*, id_: KeyId, store: store_options.AStore) -> None:
    """Let a key open nothing from now on."""
    from geo_match.cli.keys import revoke_key  # noqa: PLC0415 - as above

    raise typer.Exit(revoke_key(store, id_))
