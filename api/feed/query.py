"""Which changes, or which records, a request asks for."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.parameters import ChangesLimit, CursorText, WaitS, broken
from geo_match.records import RECORDS
from geo_match.store.schema.images import PERSONS

_ONE: Final = f"({'|'.join(RECORDS)})"


def _kinds(text: object) -> object:
    """Take some of the kinds, each once; kept in their own order."""
    if not isinstance(text, str):
        return text
    given = text.split(",")
    if not set(given) <= RECORDS.keys() or len(set(given)) < len(given):
        rule = f"must be some of {', '.join(RECORDS)}, by commas, each once"
        raise broken(rule, text)
    return ",".join(kind for kind in RECORDS if kind in given)


Kinds = Annotated[
    str | None,
    Field(
        description="Kinds of records, by commas. Those of persons (households, seekers, spells, "
        "services) need the scope feed:persons. Without it, and without this parameter, all others "
        "are told.",
        pattern=f"^{_ONE}(,{_ONE})*$",
        examples=["jobs,sites,employers"],
    ),
    BeforeValidator(_kinds),
]


class SnapshotQuery(BaseModel):
    """Which records are asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: Kinds = None

    @property
    def asked(self) -> tuple[str, ...] | None:
        """The kinds that are asked for by name; None if it is all that may be told."""
        return None if self.kinds is None else tuple(self.kinds.split(","))

    def chosen(self, *, with_persons: bool) -> tuple[str, ...]:
        """Return the kinds to tell of.

        Parameters
        ----------
        with_persons
            Whether those of persons are among them where none are named.
        """
        if self.asked is not None:
            return self.asked
        return tuple(kind for kind in RECORDS if with_persons or kind not in PERSONS)


class ChangesQuery(SnapshotQuery):
    """Which changes are asked for."""

    after: Annotated[
        CursorText | None,
        Field(
            description="Those up to this place have been seen: the header `Geo-Match-Cursor` of "
            "the last answer, or of a snapshot, or the `cursor` of a line. From the very first "
            "change if it is not given."
        ),
    ] = None
    limit: ChangesLimit = 1_000
    wait_s: WaitS = 0.0
