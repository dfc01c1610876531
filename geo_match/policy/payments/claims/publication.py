"""The public notice (公示) of claims, with names masked and no id of a person in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geo_match.policy.masking import mask_name
from geo_match.policy.payments.claims.claim import PUBLISHED
from geo_match.policy.payments.rules import RULES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from geo_match.policy.payments.claims.book import Claims

_HIDDEN: Final = "*"


def publication(
    claims: Claims, *, on: dt.date, names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the notice of the claims that are published on a day.

    Parameters
    ----------
    claims
        Those there are.
    on
        The day.
    names
        Names by person; those of whom none is given are shown as `*`.

    Returns
    -------
    pandas.DataFrame
        `number` (序号), `payment` and `zh`, `payee`, `name` (masked; empty where a claim is for no
        person), `amount_cny` (null where none is configured), `until`. Claims and cases bear ids
        made of persons' ids, so that neither is shown; the number is that in this notice.
    """
    rows = []
    shown = [one for one in claims.at(on) if one.state == PUBLISHED and (one.until or on) >= on]
    for number, one in enumerate(sorted(shown, key=lambda one: one.id), start=1):
        name = ""
        if one.person is not None:
            name = mask_name((names or {}).get(one.person)) or _HIDDEN
        amount = one.submission.amount_cny
        zh = RULES[one.payment].entries[-1].value.zh
        cny = None if amount is None else float(amount)
        rows.append((number, one.payment, zh, one.payee, name, cny, one.until))
    columns = ["number", "payment", "zh", "payee", "name", "amount_cny", "until"]
    return pd.DataFrame(rows, columns=columns)
