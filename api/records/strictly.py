"""Records in bodies, as strictly as JSON can be read: a number is a number, a day is a text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import ValidationError, WrapValidator
from pydantic_core import InitErrorDetails, PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails

    from geo_match.records import Record

_SHOWING: Final = (", got ", ", and holds one ")
"""Where the library's rules go on to what was found, which is not repeated here."""


def strictly(model: type[Record]) -> Any:  # noqa: ANN401 - a type that is made while the program runs
    """Return the type of a body that is a record.

    The models of the library take what Python has, where a text may be a number; those of bodies
    (`api.bodies`) take no day at all, which JSON has not. Read as JSON once more, and strictly, a
    record is what its schema says.
    """

    def read(value: object, _: Callable[[object], Record]) -> Record:
        try:
            return model.model_validate_json(json.dumps(_whole(value)), strict=True)
        except ValidationError as error:
            found = [_without_values(one) for one in error.errors(include_input=False)]
        raise ValidationError.from_exception_data(model.__name__, found, hide_input=True)

    return Annotated[model, WrapValidator(read)]


def _whole(value: object) -> object:
    """Return JSON with whole numbers written so: 2.0 is one in JSON, and in its schemas."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    return value


def _without_values(error: ErrorDetails) -> InitErrorDetails:
    """Return an error that tells its rule alone."""
    rule = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        for sign in _SHOWING:
            rule = rule.partition(sign)[0]
    kind = error["type"] if error["type"] in {"missing", "extra_forbidden"} else "rule"
    return InitErrorDetails(
        type=PydanticCustomError(kind, "{rule}", {"rule": rule}), loc=error["loc"], input=None
    )
