"""What every record has, and every record with a place.

Texts are the owner's; codes are checked; unknown is null. A place is WGS-84 whatever its source
gave, with its datum of origin, how it was found and how well it is known beside it.
"""

# No postponed annotations here: pydantic, and with it ruff, reads them as they stand.
from dataclasses import dataclass
from functools import cache
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from geo_match.records import types as t
from geo_match.records.fields import About, FieldSpec, Kind, spec_of


@dataclass(frozen=True, slots=True)
class Holds:
    """The fields that say on which days a record holds.

    Parameters
    ----------
    since
        The first day; a record without one has held from the beginning.
    last
        The last day, which is included.
    until
        The day of its end, which is not included; without either it goes on.
    """

    since: str
    last: str | None = None
    until: str | None = None


class Record(BaseModel):
    """What every record has."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        hide_input_in_errors=True,  # a refused text may hold an ID-card number
    )

    chinese: ClassVar[str] = ""
    """What such a record is called in Chinese."""
    composites: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Headers, by blanks, whose cells give several fields at once, such as 3000-4500元/月."""
    units: ClassVar[dict[str, str]] = {}
    """What those of these headers that say it are for, such as 日薪: a wage's `wage_unit`."""
    flags: ClassVar[dict[str, dict[str, str]]] = {}
    """For a field of several choices: columns of yes and no that give one choice each."""
    holds: ClassVar[Holds | None] = None
    """On which days it holds; on all if None."""
    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of fields of which the second must not lie below the first; null is no bound."""
    unlike: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of fields that must not have the same code."""

    id: Annotated[t.Id, About(Kind.ID, "编号", "代码"), Field(description="Its owner's id.")]
    version: t.Version = None
    updated_at: t.UpdatedAt = None

    @classmethod
    def specs(cls) -> dict[str, FieldSpec]:
        """Return the specification of each field, in their order."""
        return dict(_specs_of(cls))

    @model_validator(mode="after")
    def _fields_beside_each_other(self) -> Self:
        for first, second in self.ordered:
            in_order(**{first: getattr(self, first), second: getattr(self, second)})
        for first, second in self.unlike:
            if getattr(self, first) == getattr(self, second):
                message = f"{first} must be another code than {second}"
                raise ValueError(message)
        return self


@cache  # a model's fields never change, and each list, record and table asks for them
def _specs_of(model: type[Record]) -> dict[str, FieldSpec]:
    return {name: spec_of(name, info) for name, info in model.model_fields.items()}


class Placed(Record):
    """What every record with a place has."""

    address: t.Address = None
    community: t.CommunityOf = None
    community_name: t.CommunityName = None
    lon: t.Lon = None
    lat: t.Lat = None
    datum: t.OriginDatum = None
    location_accuracy_m: t.Accuracy = None
    located_by: t.Located = "none"

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        both_or_neither(self.lon, self.lat)
        return self


def both_or_neither(lon: float | None, lat: float | None) -> None:
    """Raise ValueError if one of the two is given without the other."""
    if (lon is None) != (lat is None):
        message = "lon and lat must be given together or not at all"
        raise ValueError(message)


def in_order(**bounds: float | t.Day | None) -> None:
    """Raise ValueError if the second of two named bounds lies below the first; None is no bound."""
    (first, least), (second, most) = bounds.items()
    if least is not None and most is not None and most < least:  # type: ignore[operator] # both are of one type
        side = "before" if isinstance(least, t.Day) else "below"
        message = f"{second} must not lie {side} {first}, got {most} and {least}"
        raise ValueError(message)
