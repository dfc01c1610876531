"""Who may read figures about the server where there are no keys: who is on its machine."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from api.access.refusals import key_needed

if TYPE_CHECKING:
    from fastapi import Request

    from api.access.caller import Caller


def admit_reader(request: Request, caller: Caller) -> None:
    """Let a caller go on who has a key, or is on this machine.

    Where a proxy is expected, nobody is: all come from it.

    Raises
    ------
    ProblemError
        If they may not.
    """
    if caller.by == "nothing" and (request.app.state.settings.forwarded or not _is_local(request)):
        raise key_needed("metrics:read")


def _is_local(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False  # no address, such as a socket's name
