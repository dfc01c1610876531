"""Stores that stand in for one: a copy for a dry run of several files, or an empty one."""

from __future__ import annotations

import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geo_match.store import Store, StoreError, path_of
from geo_match.store.database.driver import sqlite_module

if TYPE_CHECKING:
    from collections.abc import Iterator


def copy_store(store: str, copy: Path) -> None:
    """Copy a store as it is at one moment; others may write to it meanwhile.

    Parameters
    ----------
    store
        Path or URL of a store that is there, in a file.
    copy
        Path of a file that is not there yet.

    Raises
    ------
    StoreError
        If it is no store, or cannot be copied.
    """
    Store.open(store).close()  # which names what is wrong with one that is none
    sqlite = sqlite_module()
    try:
        with (
            closing(sqlite.connect(str(path_of(store)))) as source,
            closing(sqlite.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite.Error as error:
        raise StoreError(
            store,
            "be copied for a dry run of several files",
            str(error),
            "Give the folder of temporary files (TMPDIR) room, or try the files one by one.",
        ) from error


@contextmanager
def known(store: str) -> Iterator[Store]:
    """Give a store to look things up in; where none is yet, an empty one that vanishes."""
    path = path_of(store)
    if path is None or path.exists():
        with Store.open(store) as opened:
            yield opened
        return
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder, "new.db")) as empty:
        yield empty
