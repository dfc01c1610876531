"""经营实体.csv: the employers; one whose licence is not verified is no defect but a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.demo.office._text import as_text, as_words
from geo_match.demo.office.cells import add_blanks, add_signs, widen_digits
from geo_match.demo.office.days import as_days, draw_updates, put_days, spoil_days
from geo_match.demo.office.draft import Draft
from geo_match.demo.office.names import label_shared_names, share_names
from geo_match.demo.office.rows import UPDATED, repeat_older, share_ids
from geo_match.demo.office.words import EMPLOYER_KIND, LICENCE

if TYPE_CHECKING:
    import pandas as pd

FILE: Final = "经营实体.csv"
_NAME, _CREDIT_CODE = "单位名称", "统一社会信用代码"
_VERIFIED_ON, _ENTERED_ON = "核验日期", "入驻日期"
_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Of credit codes, GB 32100: without I, O, S, V and Z."""


def draft_employers(employers: pd.DataFrame, *, seed: int) -> Draft:
    """Write the list of employers.

    Parameters
    ----------
    employers
        Those of `geo_match.demo.work.Work`.
    seed
        The city's.
    """
    draft = Draft(FILE, "单位编号", employers["id"], seed=seed)
    draft.put(_NAME, as_text(employers["name"]))
    draft.put(_CREDIT_CODE, as_text(employers["credit_code"]))
    draft.put("单位类型", as_words(employers["kind"], EMPLOYER_KIND))
    draft.put("行业代码", as_text(employers["industry"]))
    draft.put("营业执照核验", as_words(employers["licence"], LICENCE))
    verified, entered = (as_days(employers[name]) for name in ("licence_verified_on", "entered_on"))
    put_days(draft, _VERIFIED_ON, verified)
    put_days(draft, _ENTERED_ON, entered)
    day = draw_updates(draft)
    put_days(draft, UPDATED, day)

    share_ids(draft, day)
    repeat_older(draft, day, _NAME, lambda now: f"{now}(筹)")
    share_names(draft, _NAME)
    label_shared_names(draft, _NAME)
    rows = draft.choose("bad_credit_code", _CREDIT_CODE)
    draft.spoil(
        "bad_credit_code",
        rows,
        {_CREDIT_CODE: [code[:-1] + _next(code[-1]) for code in draft.clean(_CREDIT_CODE, rows)]},
    )
    spoil_days(draft, _VERIFIED_ON, verified)
    spoil_days(draft, _ENTERED_ON, entered, future=False)  # who has signed up may start later
    add_signs(draft, _NAME)
    widen_digits(draft, "行业代码", _VERIFIED_ON)
    add_blanks(draft, "单位编号", _NAME, _CREDIT_CODE)
    draft.add_copies()
    return draft


def _next(character: str) -> str:
    """Return another character: of those possible only one checks, so this one does not."""
    return _CHARACTERS[(_CHARACTERS.index(character) + 1) % len(_CHARACTERS)]
