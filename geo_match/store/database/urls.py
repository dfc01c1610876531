"""What names a store: the path of its file, or the URL of a file or a server."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError as UrlError

from geo_match.store.errors import StoreError


def url_of(store: str | Path) -> Path | URL:
    """Return the path of a store's file, or the URL of its server.

    Raises
    ------
    StoreError
        If it is a URL of anything but a SQLite file or PostgreSQL. The message never has its
        password; of a URL that cannot be read it has the scheme only.
    """
    text = str(store)
    if "://" not in text:
        return Path(store)
    try:
        url = make_url(text)
    except (UrlError, ValueError):  # the latter: a port that is no number
        # Where in it the password stands cannot be told, so neither it nor the reason is shown.
        shown = text.partition("://")[0] + "://…"
        raise StoreError(
            shown,
            "be a path or a URL",
            "one that cannot be read",
            "Write %40, %3A, %2F for @, :, / within a name or password.",
        ) from None
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or not url.database or url.database == ":memory:":
        raise StoreError(
            url.render_as_string(hide_password=True),
            "be a file's path, sqlite:///path or postgresql://…",
            f"a URL of {backend}" if url.database else "no path",
            "A store lies in one SQLite file, or in PostgreSQL.",
        )
    return Path(url.database)


def path_of(store: str | Path) -> Path | None:
    """Return the path of a store's file; None for one on a server."""
    url = url_of(store)
    return url if isinstance(url, Path) else None
