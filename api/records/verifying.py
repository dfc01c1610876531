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
from geo_match.intake.faults import Rejection
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
    ids = file.records.column("id")
    stored = known(_KIND, ids, store, fields=("id", _FIELD)).to_pylist()
    seen = {one["id"] for one in stored if one[_FIELD]}
    said = file.records.column(_FIELD).to_pylist()
    bad = np.fromiter(
        (bool(says) and id_ not in seen for id_, says in zip(ids.to_pylist(), said, strict=True)),
        dtype=np.bool_,
        count=len(file.records),
    )
    if not bad.any():
        return judged
    header = codes.mask_id_cards(file.columns.get(_FIELD, _FIELD))
    rejections = [Rejection(row, header, "true", RULE, _REMEDY) for row in file.row[bad].tolist()]
    left = replace(
        file,
        row=file.row[~bad],
        records=file.records.filter(pa.array(~bad)),
        rejections=Findings((), (*file.rejections, *rejections)),
    )
    return replace(judged, file=left)
