"""Whether a request comes from a page of this server: what a browser says by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.datastructures import Headers

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""Those that change nothing."""


def is_same_origin(headers: Headers, *, is_https: bool) -> bool | None:
    """Return whether a page of this server asks; None where no browser says so.

    `Sec-Fetch-Site` decides where it is sent: no script of a page can set it. Older browsers send
    `Origin` alone, which is held against the name that was asked for.

    Parameters
    ----------
    headers
        Of the request, whose `Host` is one of the server's names.
    is_https
        Whether the server is reached by https alone.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is None:
        return None
    scheme = "https" if is_https else "http"
    return origin.lower() == f"{scheme}://{headers.get('host', '')}".lower()
