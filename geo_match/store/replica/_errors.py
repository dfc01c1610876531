"""What a replica says when it cannot follow its store."""

from __future__ import annotations

from geo_match.errors import GeoMatchError


class ReplicaError(GeoMatchError, RuntimeError):
    """A replica could not follow its store; what it shows is right, and as old as its cursor.

    Its cause is the error that stopped it. If that may pass, the replica tries on by itself, and
    this is told once; otherwise it has ended, and this is told whenever it is asked.

    Parameters
    ----------
    cursor
        Up to where it has followed.
    found
        What went wrong.
    has_ended
        Whether it tries no more.
    """

    def __init__(self, cursor: str, found: str, *, has_ended: bool) -> None:
        self.cursor = cursor
        self.found = found
        self.has_ended = has_ended
        super().__init__(cursor, found, has_ended)

    def __reduce__(self) -> tuple[object, ...]:
        """Return how a copy is made: pickle."""
        return _copied, (self.cursor, self.found, self.has_ended)

    def __str__(self) -> str:
        """Say where it stands, what went wrong, and what to do."""
        remedy = "Make a new `Replica`." if self.has_ended else "It tries on by itself: ask again."
        return (
            f"the `Replica` at {self.cursor} must be able to follow its store, got {self.found} "
            f"{remedy}"
        )


def _copied(cursor: str, found: str, has_ended: bool) -> ReplicaError:  # noqa: FBT001 - called by pickle alone
    return ReplicaError(cursor, found, has_ended=has_ended)
