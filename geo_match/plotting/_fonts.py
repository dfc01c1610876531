"""Which text can be drawn: Chinese needs a font that has it, and not every machine has one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

if TYPE_CHECKING:
    from matplotlib.font_manager import FontPath

CHINESE: Final = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("PingFang SC", "Hiragino Sans GB", "Heiti SC", "Microsoft YaHei", "SimHei"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Arial Unicode MS"),
)
"""Families that have simplified Chinese, those looked for first in front: of Linux, macOS, Windows.
"""


@dataclass(frozen=True, slots=True)
class Fonts:
    """The families that text is drawn in, and the characters that they have.

    Parameters
    ----------
    families
        Those that matplotlib is set to, and behind them one with Chinese, if there is one.
    characters
        The code points that one of them has.
    """

    families: tuple[str, ...]
    characters: frozenset[int]

    @classmethod
    def here(cls) -> Fonts:
        """Return those of this machine, as matplotlib is set up now."""
        there = {font.name for font in fontManager.ttflist}
        chinese = next((name for name in CHINESE if name in there), None)
        families = tuple(mpl.rcParams["font.family"])
        paths = [findfont(FontProperties(family=list(families)))]
        if chinese is not None:
            families = (*families, chinese)
            paths.append(findfont(FontProperties(family=chinese)))
        return cls(families, frozenset().union(*map(_characters, paths)))

    def have(self, text: str) -> bool:
        """Return whether every character of a text can be drawn."""
        return all(ord(character) in self.characters for character in text)


@lru_cache(maxsize=8)
def _characters(path: FontPath) -> frozenset[int]:
    # Not `get_char_index`: where a character was drawn by a font of last resort it says yes.
    return frozenset(get_font(path).get_charmap())
