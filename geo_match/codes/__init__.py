"""Codes that records carry: each check returns the code as it is kept, or says what is wrong.

What a check raises is the rule alone, "must …"; whoever read the code knows its row and field. Of
each check there is a twin for whole columns, which answers the same, text by text.
"""

from __future__ import annotations

from geo_match.codes._text import narrow
from geo_match.codes.community_code import (
    check_community_code,
    community_code_faults,
    community_codes_kept,
)
from geo_match.codes.credit_code import (
    check_credit_code,
    credit_code_faults,
    credit_codes_kept,
)
from geo_match.codes.id_card import check_id_card, check_no_id_card, has_id_card, mask_id_cards
from geo_match.codes.phone import check_phone, phone_faults, phones_kept

__all__ = [
    "check_community_code",
    "check_credit_code",
    "check_id_card",
    "check_no_id_card",
    "check_phone",
    "community_code_faults",
    "community_codes_kept",
    "credit_code_faults",
    "credit_codes_kept",
    "has_id_card",
    "mask_id_cards",
    "narrow",
    "phone_faults",
    "phones_kept",
]
