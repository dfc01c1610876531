"""What a store holds of the evidence: people, their groups, their spells and services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.matching.given.from_store import check_audited, cursor_of
from geo_match.policy.payments.evidence import Evidence
from geo_match.store.reading.sound import without_broken

if TYPE_CHECKING:
    import datetime as dt

    import pyarrow as pa

    from geo_match.matching.given.from_store import Audited
    from geo_match.store import Cursor, Store

_GROUPS: Final = ("graduate", "migrant_worker", "veteran", "retired_fisherman")
_PERSON: Final = ("id", "household", "birth_year", "sex", "groups", "difficulty")
_KEPT: Final = ("id", "birth_year", "sex", "difficulty", "hukou")
_SPELL: Final = ("id", "person", "status", "start", "end", "source", "verified_by", "verified_on")
_SERVICE: Final = ("id", "person", "on", "kind", "operator_id", "result")


def from_store(
    store: Store,
    *,
    audited: Audited,
    known: dt.datetime | Cursor | int | None = None,
    employments: pd.DataFrame | None = None,
    insurance: pd.DataFrame | None = None,
    incomes: pd.DataFrame | None = None,
    posts: pd.DataFrame | None = None,
    surveys: pd.DataFrame | None = None,
    recognitions: pd.DataFrame | None = None,
    agencies: pd.DataFrame | None = None,
) -> Evidence:
    """Return evidence of a store's people, with the records that no store holds beside it.

    Parameters
    ----------
    store
        Where people, households, spells and services are.
    audited
        `geo_match.store.audited(audit, who=…, purpose=…, scope=…)`: each read of persons is noted,
        with their number, before it has an answer.
    known
        What the store is asked as of, as in `Store.read`; now if None. So a decision as of a day
        can be repeated though its records were corrected since.
    employments, insurance, incomes, posts, surveys, recognitions, agencies
        As in `Evidence`; None where there are none.

    Raises
    ------
    AuditError
        If a read cannot be noted.
    HorizonError, CursorError, EpochError, ArgumentError
        As `Store.read`; also if `audited` is nothing that runs a read.
    """
    check_audited(audited)

    def read(
        kind: str, fields: tuple[str, ...], as_of: dt.datetime | Cursor | int | None
    ) -> pa.Table:
        found = store.read(kind, fields=fields, as_of=as_of)
        return without_broken(kind, found).replace_schema_metadata(found.schema.metadata)

    seekers = audited(lambda: read("seekers", _PERSON, known))
    # Somebody may write in between: the others as they were when the seekers were read.
    place = cursor_of(seekers)
    households = audited(lambda: read("households", ("id", "hukou"), place))
    spells = audited(lambda: read("spells", _SPELL, place))
    services = audited(lambda: read("services", _SERVICE, place))
    hukou = {one["id"]: one["hukou"] for one in households.to_pylist()}
    persons = [_person(one, hukou) for one in seekers.to_pylist()]
    return Evidence(
        persons=pd.DataFrame(persons, columns=[*_KEPT, *_GROUPS], dtype=object),
        spells=pd.DataFrame(spells.to_pylist(), columns=list(_SPELL), dtype=object),
        services=pd.DataFrame(services.to_pylist(), columns=list(_SERVICE), dtype=object),
        employments=employments,
        insurance=insurance,
        incomes=incomes,
        posts=posts,
        surveys=surveys,
        recognitions=recognitions,
        agencies=agencies,
    )


def _person(seeker: dict[str, Any], hukou: dict[str, str | None]) -> dict[str, Any]:
    """Return a person with a column a group: null in all where the groups are not known."""
    groups = seeker["groups"]
    told = {one: None if groups is None else one in groups for one in _GROUPS}
    kept: dict[str, Any] = {name: seeker[name] for name in _KEPT if name in seeker}
    return {**kept, "hukou": hukou.get(seeker["household"]), **told}
