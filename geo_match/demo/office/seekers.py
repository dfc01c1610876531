"""求职人员.csv: the people who look for a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.demo.office._text import TEXT, Text, as_text, as_words, join, pick
from geo_match.demo.office.days import spoil_days
from geo_match.demo.office.draft import Draft
from geo_match.demo.office.occupations import OCCUPATION, put_occupations, spoil_occupations
from geo_match.demo.office.places import (
    Change,
    put_points,
    put_updates,
    spoil_rows,
    touch_cells,
)
from geo_match.demo.office.register import CODE, put_communities
from geo_match.demo.office.rows import UPDATED
from geo_match.demo.office.words import DIFFICULTY, EDUCATION, GROUPS, JOB_TYPE, SEX, SHIFT, STATUS
from geo_match.demo.vocabulary import OPEN_WAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geo_match.demo.office.register import Register
    from geo_match.demo.people import People

FILE: Final = "求职人员.csv"
NAME: Final = "示例求职者"
_AND: Final = "、"
_FIRST_ASKED: Final = "3500元/月"
_ID_BEGINS: Final = len("S340302001001-")
"""Behind the community's code, the household's own number."""
_SHARES: Final = (0.66, 0.15, 0.15, 0.04)


def draft_seekers(people: People, register: Register, *, seed: int) -> Draft:
    """Write the list of jobseekers.

    Parameters
    ----------
    people
        Whose seekers.
    register
        The communities, among them all of theirs.
    seed
        The city's.
    """
    seekers = people.seekers
    row = register.rows_of(seekers["community"])
    draft = Draft(FILE, "求职编号", seekers["id"], seed=seed)
    draft.put("姓名", join(NAME, pc.utf8_slice_codeunits(as_text(seekers["id"]), _ID_BEGINS)))
    draft.put("性别", as_words(seekers["sex"], SEX))
    draft.put("出生年份", as_text(seekers["birth_year"]))
    draft.put("家庭编号", as_text(seekers["household"]))
    areas = register.areas
    draft.put("户籍地", pick((areas["district_name"] + areas["street_name"]).tolist(), row))
    put_communities(draft, register, row)
    draft.put("文化程度", as_words(seekers["education"], EDUCATION))
    draft.put("就业状态", as_words(seekers["status"], STATUS))
    draft.put("重点群体", _list(seekers, GROUPS))
    draft.put("就业困难类型", as_words(seekers["difficulty"], DIFFICULTY))
    put_occupations(draft, seekers["occupation"])
    wage = as_text(seekers["wage_floor_cny"])
    draft.put("期望月薪", pc.if_else(pc.equal(wage, ""), OPEN_WAGE, join(wage, "元/月")))
    draft.put("班次", as_words(seekers["shift"], SHIFT))
    accepts = {f"accepts_{name}": word for name, word in JOB_TYPE.items()}
    draft.put("可接受岗位类型", _list(seekers, accepts))
    points = put_points(draft, seekers.geometry, row, _SHARES)
    day = put_updates(draft)

    spoil_rows(draft, points, register, day, Change("期望月薪", _once))
    spoil_days(draft, UPDATED, day)
    spoil_occupations(draft)
    touch_cells(
        draft,
        signs="户籍地",
        wide=("出生年份", "期望月薪", UPDATED),
        blanks=("求职编号", "姓名", CODE, OCCUPATION),
    )
    return draft


def _list(seekers: pd.DataFrame, words: Mapping[str, str]) -> Text:
    """Return the words of all that hold of each seeker, one after the other; empty for unknown."""
    held = np.column_stack([seekers[name].to_numpy(bool, na_value=False) for name in words])
    # Few combinations occur: each is written once.
    code = held @ (1 << np.arange(len(words)))
    table = [
        _AND.join(word for bit, word in enumerate(words.values()) if combination >> bit & 1)
        for combination in range(1 << len(words))
    ]
    return pa.array(table, type=TEXT).take(pa.array(code))


def _once(wage: str) -> str:
    """Return the wage that was asked for before."""
    return OPEN_WAGE if wage != OPEN_WAGE else _FIRST_ASKED
