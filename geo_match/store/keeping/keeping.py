"""What keeps a store: backups, restoring one, and checks that it is sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo_match.store.keeping import backup as backups
from geo_match.store.keeping import restore as restores
from geo_match.store.keeping import status, verify
from geo_match.store.writing.writer import utc_now

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from geo_match.store.database import Database
    from geo_match.store.keeping.backup import BackedUp
    from geo_match.store.keeping.restore import Restored

_BUSY_TIMEOUT_S: Final = 30.0


class Keeping:
    """The part of a `Store` by which it is kept."""

    database: Database

    def backup(self, out: str | Path) -> BackedUp:
        """Copy the store, as it is at one moment, into one SQLite file; others may write meanwhile.

        The file appears under its name when it is complete and verified, and the copy of the
        audit beside it, named `<out>.audit`. Both hold what the store holds: keep them as safe. A
        backup has the persons who were erased after it: `restore` erases them again.

        Parameters
        ----------
        out
            A new file.

        Raises
        ------
        StoreCorruptError
            If the store is damaged. Records that break the rules of their kind are backed up as
            they are, and told.
        StoreError
            If a file of that name is there, or it cannot be written; `StoreFullError` if its disk
            has no room.
        """
        return backups.back_up(self.database, Path(out))

    @staticmethod
    def restore(
        backup: str | Path,
        target: str | Path,
        *,
        replace: bool = False,
        erased: str | Path | None = None,
        busy_timeout_s: float = _BUSY_TIMEOUT_S,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> Restored:
        """Make a store of a backup; it is in its place when it is complete and verified.

        It has another epoch: cursors from before are an `EpochError`, and followers start anew.
        Whom the replaced store, or that of `erased`, has erased since the backup is erased again.
        If the last store is lost, nothing knows of these: who has asked since is to be erased
        again by hand. An audit that is there already stays as it is.

        It has the keys of the backup. Those that the replaced store, or that of `erased`, knows as
        revoked are revoked again; without these a key that was revoked since opens it once more.
        All sessions have ended.

        Parameters
        ----------
        backup
            The file.
        target
            Path of a new file, or URL of an empty PostgreSQL database.
        replace
            Whether a store may be there, in a file. It is kept aside under a name that is told;
            other programs must have closed it.
        erased
            Path or URL of another store whose erasures are made again; that of the store that is
            replaced is the same as None.
        busy_timeout_s
            How long to wait for another process that is writing, seconds.
        clock
            Returns the moment, UTC, without a zone.

        Raises
        ------
        StoreCorruptError
            If the backup is damaged; or if the store to be replaced is too damaged to tell whom
            it has erased.
        StoreBusyError
            If another program has the store open that is to be replaced.
        StoreError
            If the target is there and may not be replaced, or cannot be written; or if erasures
            cannot be made again, as the backup is from before records had keys.
        """
        return restores.restore(
            Path(backup),
            target,
            replace=replace,
            erased=erased,
            busy_timeout_s=busy_timeout_s,
            clock=clock,
        )

    def verify(self) -> verify.Verified:
        """Check the file, the feed, and the records against it, as `keeping.verify` says."""
        return verify.verify(self.database)

    def status(self) -> status.Status:
        """Return how many records there are, where the feed stands, and what the store is."""
        return status.status(self.database)

    def size_bytes(self) -> int:
        """Return the size of the file with its log, or of the whole database on the server.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        return status.size_bytes(self.database)
