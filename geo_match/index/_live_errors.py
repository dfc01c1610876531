"""What a live index says when it cannot go on; none of it touches the snapshots already given."""

from __future__ import annotations

from geo_match.errors import GeoMatchError


class StaleIndexError(GeoMatchError, TimeoutError):
    """A live index had not applied a cursor when the time to wait for it was over.

    Parameters
    ----------
    asked
        The cursor that was waited for.
    reached
        The cursor that the index had applied by then.
    timeout_s
        How long it was waited for, seconds.
    """

    def __init__(self, asked: int, reached: int, timeout_s: float) -> None:
        self.asked = asked
        self.reached = reached
        self.timeout_s = timeout_s
        super().__init__(asked, reached, timeout_s)  # a copy is made from these: pickle

    def __str__(self) -> str:
        """Say what was waited for, how far the index is, and what to do."""
        return (
            f"`cursor` must be applied within {self.timeout_s:g} s: waited for {self.asked}, "
            f"got {self.reached}. Wait longer, or see whether its follower still runs."
        )


class RebuildError(GeoMatchError, RuntimeError):
    """A live index could not be built anew in the background; it answers on, from what it has.

    Its cause is the error of the rebuild. It is told once for each failure; what was being
    asked when it was told was not done, and may be asked again.

    Parameters
    ----------
    cursor
        The cursor that the index has applied.
    found
        What went wrong.
    """

    def __init__(self, cursor: int, found: str) -> None:
        self.cursor = cursor
        self.found = found
        super().__init__(cursor, found)  # a copy is made from these: pickle

    def __str__(self) -> str:
        """Say what failed and what still holds."""
        return (
            f"the `LiveIndex` at cursor {self.cursor} must be built anew, got {self.found}. "
            "Nothing is lost: apply the batch again, and the rebuild is tried again."
        )


class ClosedIndexError(GeoMatchError, RuntimeError):
    """A live index, replica or matcher was closed; what it showed last still answers.

    Parameters
    ----------
    cursor
        The last cursor that it applied.
    """

    def __init__(self, cursor: int) -> None:
        self.cursor = cursor
        super().__init__(cursor)  # a copy is made from these: pickle

    def __str__(self) -> str:
        """Say where it stopped."""
        return (
            f"what follows the changes must be open, got one closed at cursor {self.cursor}. "
            "Make a new one to follow further changes."
        )
