"""家庭.csv: the households of the people drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from geo_match.demo.office._text import as_text, as_words, join, pick
from geo_match.demo.office.cells import add_blanks, add_signs, widen_digits
from geo_match.demo.office.days import draw_updates, put_days, spoil_days
from geo_match.demo.office.draft import Draft
from geo_match.demo.office.points import Points, spoil_points
from geo_match.demo.office.register import CODE, put_communities, spoil_codes
from geo_match.demo.office.rows import UPDATED, one_more, repeat_older, share_ids
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
    points = Points.draw(draft, households.geometry, row, _SHARES)
    points.put(draft)
    draft.put("是否零就业家庭", pick(["否", "是"], households["zero_employment"].to_numpy(np.int8)))
    day = draw_updates(draft)
    put_days(draft, UPDATED, day)
    remark = np.searchsorted(_REMARKS_UP_TO, draft.marks("remark"), side="right")
    draft.put("备注", pick(list(_REMARKS), remark))

    share_ids(draft, day)
    repeat_older(draft, day, "人口数", one_more)
    spoil_points(draft, points, register)
    spoil_codes(draft, register, row)
    spoil_days(draft, UPDATED, day)
    add_signs(draft, "备注")
    widen_digits(draft, "人口数", UPDATED)
    add_blanks(draft, "家庭编号", "户主姓名", CODE)
    draft.add_copies()
    return draft
