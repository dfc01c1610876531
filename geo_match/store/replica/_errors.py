"""What a follower says when it cannot follow its store."""

from __future__ import annotations

from geo_match.errors import GeoMatchError


class ReplicaError(GeoMatchError, RuntimeError):
    """A replica, of points or of jobs, could not follow its store.

    What it shows is right, and as old as its cursor. The cause is the error that stopped it. If
    that may pass, the replica tries on by itself, and this is told once; otherwise it has ended,
    and this is told whenever it is asked.

    Parameters
    ----------
    cursor
        Up to where it has followed.
    found
        What went wrong.
    has_ended
        Whether it tries no more.
    what
        The name of its class.
    """

    def __init__(self, cursor: str, found: str, *, has_ended: bool, what: str = "Replica") -> None:
        self.cursor = cursor
        self.found = found
        self.has_ended = has_ended
        self.what = what
        super().__init__(cursor, found, has_ended, what)

    def __reduce__(self) -> tuple[object, ...]:
        """Return how a copy is made: pickle."""
        return _copied, (self.cursor, self.found, self.has_ended, self.what)

    def __str__(self) -> str:
        """Say where it stands, what went wrong, and what to do."""
        anew = f"Make a new `{self.what}`."
        stop = "" if self.found.endswith(".") else "."
        remedy = anew if self.has_ended else "It tries on by itself: ask again."
        return (
            f"the `{self.what}` at {self.cursor} must be able to follow its store, "
            f"got {self.found}{stop} {remedy}"
        )


def _copied(cursor: str, found: str, has_ended: bool, what: str) -> ReplicaError:  # noqa: FBT001 - called by pickle alone
    return ReplicaError(cursor, found, has_ended=has_ended, what=what)
