"""What a field of a record is: its meaning in both languages, its kind of value, its bounds.

A field is declared once, in its model. The JSON Schema, the data dictionary, the headers that an
office's list may use and the checks of whole columns are all read off that declaration.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo


class Kind(StrEnum):
    """Kinds of values; a column of each is checked by one parser."""

    ID = "id"  # the record's own
    REFERENCE = "reference"  # another record's id
    TEXT = "text"
    TEXTS = "texts"  # several, by 、 and what else `texts_in` parts at
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"  # several, by 、 or commas
    DAY = "day"
    MOMENT = "moment"
    COMMUNITY = "community"
    CREDIT_CODE = "credit_code"
    OCCUPATION = "occupation"
    INDUSTRY = "industry"
    EDUCATION = "education"
    PHONE = "phone"
    LON = "lon"
    LAT = "lat"
    DATUM = "datum"
    MEMBERS = "members"  # of a household, as a list
    AREA = "area"  # a polygon


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a field beside its type.

    Parameters
    ----------
    kind
        Of its values.
    chinese
        Its name in an office's list, the first of its headers.
    headers
        Other headers that mean it, Chinese and English, by blanks; its own name counts too.
    choices
        For `CHOICE` and `CHOICES`: the words that a list may use for each value, by blanks.
    """

    kind: Kind
    chinese: str
    headers: str = ""
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of a record.

    Parameters
    ----------
    name
        In the model.
    about
        What is said of it.
    meaning
        In English, with its unit.
    required
        Whether a record must have it.
    least, most
        Bounds of a number, inclusive; None for none.
    default
        What stands where a record does not have it: a word, such as the edition of a standard, or
        None for null.
    """

    name: str
    about: About
    meaning: str
    required: bool
    least: float | None = None
    most: float | None = None
    default: str | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers that mean it, its own name and the Chinese one first."""
        return (self.name, self.about.chinese, *self.about.headers.split())


def spec_of(name: str, info: FieldInfo) -> FieldSpec:
    """Return the specification of a model's field, from pydantic's own description of it."""
    about = next(one for one in info.metadata if isinstance(one, About))
    least = next((one.ge for one in info.metadata if hasattr(one, "ge")), None)
    most = next((one.le for one in info.metadata if hasattr(one, "le")), None)
    default = None if info.is_required() else info.default
    return FieldSpec(name, about, info.description or "", info.is_required(), least, most, default)
