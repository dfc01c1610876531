"""An import's own changes: by them it knows whether others have written."""

from __future__ import annotations


class OwnChanges:
    """The changes that one import has made so far, each transaction's with its last number."""

    def __init__(self) -> None:
        self._done: list[tuple[int, int]] = []

    def add(self, last: int, n: int) -> None:
        """Note a transaction that has ended: its last number, and how many changes it made."""
        self._done.append((last, n))

    def since(self, seq: int) -> int:
        """Return how many changes it has made since a number that stood between two commits."""
        count = 0
        for last, n in reversed(self._done):
            if last <= seq:
                break
            count += n
        return count
