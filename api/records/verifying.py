"""That a site was seen where it is: an operator says so, and nobody else who writes records.

By it employers are told how many seekers are near. Who has not the scope may leave it as it is said
already, and may take it back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from api.access.refusals import scope_missing
from api.problems import Fault, ProblemError
from geo_match import codes
from geo_match.intake.faults import Rejection, counted
from geo_match.intake.findings import Findings
from geo_match.intake.known import known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.access.caller import Caller
    from api.access.scopes import Scope
    from api.records.kinds import Kind
    from geo_match.intake.judging import JudgedList
    from geo_match.store import One, Store

_SCOPE: Final[Scope] = "sites:verify"
_KIND: Final = "sites"
_FIELD: Final = "verified"
RULE: Final = f"must not be true, unless it is so already: that takes the scope {_SCOPE}"
"""What a record breaks that says so for who may not."""
_REMEDY: Final = "Leave it out or say no; an operator who has seen the site there says yes."
_RULE_BESIDE: Final = "must not be true in a list that takes it back of other sites"
_REMEDY_BESIDE: Final = "Send the row once more: the others are in by then."
_UNSAID: Final = (
    "of {} it is not kept that the site was not seen, since other rows say yes, as the store does "
    "already; a site of which nothing is said counts as not seen"
)


def check_verified(kind: Kind, body: Mapping[str, Any], kept: One | None, caller: Caller) -> None:
    """Check that a record does not say of a site what its caller may not.

    Parameters
    ----------
    kept
        What it is to replace.

    Raises
    ------
    ProblemError
        If it does.
    """
    if kind.name != _KIND or not body.get(_FIELD) or _SCOPE in caller.scopes:
        return
    if kept is not None and kept.record[_FIELD]:
        return
    fault = Fault(parameter=f"/{_FIELD}", detail=f"{RULE}. {_REMEDY}", value=None)
    missing = scope_missing(caller, _SCOPE).problem
    raise ProblemError(missing.model_copy(update={"errors": [fault]}))


def keep_unverified(judged: JudgedList, store: Store, caller: Caller) -> JudgedList:
    """Return a list of which the rows are rejected that say of a site what its caller may not.

    Of what is left no row says it when the list is written, which is later: an operator may have
    taken it back meanwhile, and a list that repeats it would undo that. So a list with rows that
    say what is so already is taken as one that does not speak of it. One that takes it back of
    other sites must: then those rows are rejected, and are fit once the others are in.

    Parameters
    ----------
    judged
        The list, of any kind.
    store
        Where it goes.
    caller
        Who sends it.
    """
    file = judged.file
    if file.kind != _KIND or _SCOPE in caller.scopes or _FIELD not in judged.fields:
        return judged
    ids = file.records.column("id").to_pylist()
    stored = known(_KIND, file.records.column("id"), store, fields=("id", _FIELD)).to_pylist()
    kept = {one["id"]: one[_FIELD] for one in stored}
    said = file.records.column(_FIELD).to_pylist()
    is_bad = [bool(says) and not kept.get(id_) for id_, says in zip(ids, said, strict=True)]
    judged = _without(judged, is_bad, RULE, _REMEDY)
    repeats = judged.file.records.column(_FIELD).to_pylist()
    if not any(repeats):
        return judged
    if any(kept.get(id_) and not says for id_, says in zip(ids, said, strict=True)):
        return _without(judged, list(map(bool, repeats)), _RULE_BESIDE, _REMEDY_BESIDE)
    return _unsaid(judged, {id_ for id_, was in kept.items() if was is None})


def _unsaid(judged: JudgedList, unknown: set[str]) -> JudgedList:
    """Return a list that does not say any more of sites of the store whether they were seen.

    Parameters
    ----------
    unknown
        Ids of sites of which the store says nothing.
    """
    records = judged.file.records
    at = records.schema.get_field_index(_FIELD)
    ids, said = records.column("id").to_pylist(), records.column(_FIELD).to_pylist()
    # A site that is removed meanwhile would come back as a new one, with all that its row says.
    no_or_nothing = pa.array([None if says else says for says in said], pa.bool_())
    n_unsaid = sum(says is False and id_ in unknown for id_, says in zip(ids, said, strict=True))
    warnings = (_UNSAID.format(counted(n_unsaid, "row")),) if n_unsaid else ()
    return replace(
        judged,
        file=replace(judged.file, records=records.set_column(at, records.field(at), no_or_nothing)),
        fields=judged.fields - {_FIELD},
        warnings=(*judged.warnings, *warnings),
    )


def _without(judged: JudgedList, is_bad: list[bool], rule: str, remedy: str) -> JudgedList:
    """Return a list of which some rows are rejected, which say that a site was seen."""
    if not any(is_bad):
        return judged
    file, bad = judged.file, np.array(is_bad, dtype=np.bool_)
    header = codes.mask_id_cards(file.columns.get(_FIELD, _FIELD))
    rejections = [Rejection(row, header, "true", rule, remedy) for row in file.row[bad].tolist()]
    left = replace(
        file,
        row=file.row[~bad],
        records=file.records.filter(pa.array(~bad)),
        rejections=Findings((), (*file.rejections, *rejections)),
    )
    return replace(judged, file=left)
