"""社区.csv: the communities, by the national list of 2022: some codes are no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo.office._text import as_text
from geo_match.demo.office.cells import add_blanks
from geo_match.demo.office.draft import Draft
from geo_match.demo.office.names import label_shared_names
from geo_match.demo.office.register import CODE, NAME

if TYPE_CHECKING:
    from geo_match.demo.office.register import Register

FILE: Final = "社区.csv"


def draft_communities(register: Register, *, seed: int) -> Draft:
    """Write the list of communities.

    Parameters
    ----------
    register
        The communities.
    seed
        The city's.
    """
    areas = register.areas
    draft = Draft(FILE, CODE, areas["code"], seed=seed)
    draft.put(NAME, as_text(areas["name"]))
    draft.put("类别", as_text(areas["kind"]))
    draft.put("街道名称", as_text(areas["street_name"]))
    draft.put("区县名称", as_text(areas["district_name"]))
    draft.put("常住人口", as_text(areas["population"]))

    rows = np.flatnonzero(register.old_code != "")
    draft.take(rows, CODE)
    draft.spoil("renumbered_code", rows, {CODE: register.old_code[rows]})
    label_shared_names(draft, NAME)
    add_blanks(draft, CODE, NAME)
    draft.add_copies()
    return draft
