"""What the page says in one language: `Words`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo_match.exchange.report_page.sentences import SENTENCES

if TYPE_CHECKING:
    from geo_match.intake.chinese import Language


@dataclass(frozen=True, slots=True)
class Words:
    """The page's words in one language.

    Parameters
    ----------
    language
        "zh" or "en".
    """

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its values; they are text, to be escaped with it."""
        return self.pick(SENTENCES[key]).format(**values)

    def has(self, key: str) -> bool:
        """Return whether there is such a sentence."""
        return key in SENTENCES

    def pick(self, pair: tuple[str, str]) -> str:
        """Return the one of two, Chinese and English, that is in the page's language."""
        return pair[0] if self.language == "zh" else pair[1]
