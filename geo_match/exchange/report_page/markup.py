"""Markup that cannot be broken by what is put into it: text is escaped unless it is markup."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID: Final = frozenset({"meta", "col", "br"})
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of pairs, which HTML has no way to write."""


class Markup(str):
    """Text that is markup already; only this module makes it of text."""

    __slots__ = ()


def text(given: object) -> Markup:
    """Return anything as text that is shown and never acted upon; markup as it is."""
    if isinstance(given, Markup):
        return given
    return Markup(html.escape(_UNFIT.sub("\ufffd", str(given)), quote=True))


def together(parts: Iterable[object], between: str = "") -> Markup:
    """Return parts one after another, those that are no markup escaped."""
    return Markup(between.join(map(text, parts)))


def tag(name: str, /, *inside: object, **attributes: object) -> Markup:
    """Return an element.

    Parameters
    ----------
    name
        Its tag.
    inside
        Its content in order: markup, or text that is escaped.
    attributes
        Its attributes in order; `_` in a name becomes `-`, one at the end is left out (`class_`).
        None leaves the attribute out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{together(inside)}</{name}>")


def trusted(written: str) -> Markup:
    """Take text for markup: what stands in this package itself, never what is given."""
    return Markup(written)
