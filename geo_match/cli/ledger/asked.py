"""What the commands of `ledger` have in common: a store that is read with its audit, and a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from geo_match.cli.audited_store import Records
from geo_match.cli.parsers import day_of
from geo_match.cli.terminal import progress
from geo_match.policy.ledger import LedgerRead, read_ledger

if TYPE_CHECKING:
    from geo_match.cli.audited_store import Opened


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a store.

    Parameters
    ----------
    records
        The store, who reads it and why.
    on
        The day.
    as_of
        The moment of which it is asked what was known; None for now.
    language
        In which it is told, `zh` or `en`.
    """

    records: Records
    on: dt.date
    as_of: dt.datetime | None
    language: str

    @classmethod
    def of(
        cls,
        store: str,
        who: str,
        purpose: str,
        *,
        on: str | None,
        as_of: str | None,
        language: str | None,
    ) -> Self:
        """Make it of what the command line says, which is checked."""
        moment = None if as_of is None else dt.datetime.fromisoformat(as_of)
        return cls(Records(store, who, purpose), day_of(on), moment, language or "en")

    def read(self, there: Opened, *, registered: bool = False) -> LedgerRead:
        """Read the ledger, noted in the audit; of those alone who are registered, if asked."""
        with progress(f"reading {there.store.name}"):
            return read_ledger(
                there.store,
                audited=there.noted,
                as_of=self.as_of,
                registered_on=self.on if registered else None,
            )

    def told(self, zh: str, en: str) -> str:
        """Return one of two texts, by the language."""
        return zh if self.language == "zh" else en
