"""Names and phone numbers as lists and notices show them to whoever need not have them whole."""

from __future__ import annotations

from typing import Final

_HIDDEN_DIGITS: Final = 6
_SHOWN_FIRST: Final = 3
_STAR: Final = "*"


def mask_name(name: str | None) -> str | None:
    """Return a name of which the first character is shown, or none if it is the only one.

    Examples
    --------
    >>> mask_name("张三"), mask_name("欧阳示例"), mask_name("张")
    ('张*', '欧***', '*')
    """
    if name is None or not name.strip():
        return None
    text = name.strip()
    shown = text[0] if len(text) > 1 else ""
    return shown + _STAR * (len(text) - len(shown))


def mask_phone(phone: str | None) -> str | None:
    """Return a phone number of which at least six digits are hidden, as many as it has if fewer.

    Signs between digits stay. The hidden ones lie in the middle: the first three tell the network
    or the area, and the last ones whom one has reached.

    Examples
    --------
    >>> mask_phone("13800000000"), mask_phone("0552-3000000"), mask_phone("3000000")
    ('138******00', '055*-*****00', '3******')
    """
    if phone is None or not phone.strip():
        return None
    n = sum(one.isdigit() for one in phone)
    shown = max(n - _HIDDEN_DIGITS, 0)
    first = min(_SHOWN_FIRST, shown)
    last_from = n - (shown - first)
    told, at = [], 0
    for one in phone.strip():
        if not one.isdigit():
            told.append(one)
            continue
        told.append(one if at < first or at >= last_from else _STAR)
        at += 1
    return "".join(told)
