"""A copy of a store on which a dry run of several files is carried out."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from geo_match.store import Store, StoreError, path_of
from geo_match.store.database.driver import sqlite_module

if TYPE_CHECKING:
    from pathlib import Path


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
