"""Offices read Chinese: what is said of their lists, in the language that the lists are in."""

from geo_match.intake.chinese.catalogue import error_in_chinese, in_chinese
from geo_match.intake.chinese.language import LANGUAGES, Language, language_of

__all__ = ["LANGUAGES", "Language", "error_in_chinese", "in_chinese", "language_of"]
