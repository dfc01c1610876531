"""The errors of the store: each names the store, the rule, what was found and the remedy."""

from __future__ import annotations

from geo_match.errors import GeoMatchError


class StoreError(GeoMatchError, RuntimeError):
    """The store cannot do what was asked; what it holds is as it was, unless the error says else.

    Parameters
    ----------
    store
        Path of the store, as the caller wrote it.
    rule
        What must hold, as the end of the sentence "`store` must …".
    found
        What was there instead.
    remedy
        What the caller can do about it; empty where the rule says it all.
    """

    def __init__(self, store: object, rule: str, found: str, remedy: str = "") -> None:
        self.store = str(store)
        self.rule = rule
        self.found = found
        self.remedy = remedy
        super().__init__(self.store, rule, found, remedy)  # a copy is made from these: pickle

    def __str__(self) -> str:
        """Say it in one sentence, and the remedy in another."""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"`{self.store}` must {self.rule}, got {self.found}.{remedy}"


class StoreBusyError(StoreError):
    """Others held the store, or all connections to it, for longer than the busy timeout."""


def of_full_pool(store: object) -> StoreBusyError:
    """Return the error that all of this process's connections to a store are in use."""
    return StoreBusyError(
        store,
        "have a connection to spare",
        "none that came free within the busy timeout",
        "End what reads in other threads, or let fewer of them ask at once.",
    )


class StoreFullError(StoreError):
    """The store's disk has no room left."""


class StoreReadOnlyError(StoreError):
    """The store's file, or its folder, may not be written to."""


class StoreCorruptError(StoreError):
    """The file is damaged, or no database at all."""


class StoreClockError(StoreError):
    """The clock is behind the store's last commit by more than it can be off."""


class OvertakenError(StoreError):
    """A record is not what its writer knows: somebody else has written it since."""


class ErasedIdError(StoreError):
    """Records arrive of persons or households who were erased, which nobody said is meant."""


class SqliteVersionError(StoreError):
    """The SQLite at hand has a defect that can damage a store."""


class HorizonError(StoreError):
    """What is asked lies before the moment from which the store knows the past."""


class EpochError(StoreError):
    """A cursor belongs to the store's life before it was restored from a backup, or to another."""


class CursorError(StoreError):
    """A cursor is beyond the store's last change, or no cursor at all."""
