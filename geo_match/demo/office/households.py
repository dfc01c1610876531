"""家庭.csv: the households of the people drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from geo_match.demo.office._text import as_text, as_words, join, pick
from geo_match.demo.office.days import spoil_days
from geo_match.demo.office.draft import Draft
from geo_match.demo.office.places import (
    Change,
    put_points,
    put_updates,
    spoil_rows,
    touch_cells,
)
from geo_match.demo.office.register import CODE, put_communities
from geo_match.demo.office.rows import UPDATED, one_more
from geo_match.demo.office.words import HUKOU

if TYPE_CHECKING:
    from geo_match.demo.office.register import Register
    from geo_match.demo.people import People

FILE: Final = "家庭.csv"
HEAD: Final = "示例户主"
_ID_BEGINS: Final = len("H340302001001-")
"""Behind the community's code, the household's own number."""
_SHARES: Final = (0.72, 0.16, 0.09, 0.03)
"""Of the datums: surveyed by the office, or found on a map by whoever went there."""
_REMARKS: Final = ("", "已走访", "已走访,待复核", "电话未接通", "人户分离")
_REMARKS_UP_TO: Final = (0.90, 0.96, 0.975, 0.99)


def draft_households(people: People, register: Register, *, seed: int) -> Draft:
    """Write the list of households.

    Parameters
    ----------
    people
        Whose households.
    register
        The communities, among them all of theirs.
    seed
        The city's.
    """
    households = people.households
    row = register.rows_of(households["community"])
    draft = Draft(FILE, "家庭编号", households["id"], seed=seed)
    number = pc.utf8_slice_codeunits(as_text(households["id"]), _ID_BEGINS)
    draft.put("户主姓名", join(HEAD, number))
    draft.put("户口性质", as_words(households["hukou"], HUKOU))
    draft.put("人口数", as_text(households["members"]))
    of_age = people.members["household"][people.members["working_age"]]
    workers = np.bincount(of_age, minlength=len(households))
    draft.put("劳动年龄人数", as_text(pd.Series(workers)))
    put_communities(draft, register, row)
    points = put_points(draft, households.geometry, row, _SHARES)
    draft.put("是否零就业家庭", pick(["否", "是"], households["zero_employment"].to_numpy(np.int8)))
    day = put_updates(draft)
    remark = np.searchsorted(_REMARKS_UP_TO, draft.marks("remark"), side="right")
    draft.put("备注", pick(list(_REMARKS), remark))

    spoil_rows(draft, points, register, day, Change("人口数", one_more))
    spoil_days(draft, UPDATED, day)
    touch_cells(
        draft,
        signs="备注",
        wide=("人口数", UPDATED),
        blanks=("家庭编号", "户主姓名", CODE),
    )
    return draft
