"""Who asks, where no key says it: the address of their connection, or what a proxy wrote of it."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from starlette.types import Scope

_NETWORK_BITS: Final = 64  # of an IPv6 address: one customer has them all


def address_of(scope: Scope, *, is_forwarded: bool) -> str:
    """Return the address of who asks, of IPv6 that of their network; "" where it is not known.

    Parameters
    ----------
    scope
        The request.
    is_forwarded
        Whether a proxy stands before the server. The address is then the last that
        `X-Forwarded-For` has: that one the proxy itself wrote.
    """
    client = scope.get("client")
    peer = client[0] if client else ""
    if is_forwarded:
        said = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).rpartition(",")[2].strip()
        return network_of(said) or peer
    return network_of(peer) or peer


@lru_cache(maxsize=4_096)
def network_of(text: str) -> str | None:
    """Return an IPv4 address, or the network of one of IPv6, as text; None for what is neither."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, _NETWORK_BITS), strict=False))
