"""The form of the logs: a line for each record, as text or as JSON, and what an error may say.

An exception that nobody foresaw may say anything: the value that it choked on, a whole row. So logs
have what kind it was and where it came from, and never its text.
"""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from api import request_id

if TYPE_CHECKING:
    from types import TracebackType

_MOST_LINES: Final = 12  # of an error's way, its end: before it stand those of every request
FIELDS: Final = "fields"
"""The attribute of a record that has what a line of JSON is to have beside its message."""


def trace(error: BaseException) -> str:
    """Return what kind an error is, of what cause, and the last lines it passed; not its text."""
    parts = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        lines = "".join(traceback.format_tb(one.__traceback__, limit=-_MOST_LINES))
        parts.append(f"{lines}{type(one).__module__}.{type(one).__qualname__}")
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return "\nwhile there was\n".join(parts)


class _Discreet(logging.Formatter):
    """Formats records without the texts of exceptions."""

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Return what `trace` does."""
        return "" if ei[1] is None else trace(ei[1])

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, made anew: another formatter may have left its own trace."""
        record.exc_text = None
        return super().format(record)


class JsonLines(_Discreet):
    """Formats records as JSON, one a line: time (UTC), level, logger, request id, message, more."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        moment = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        current = request_id.CURRENT.get()
        if current is not None:
            line["id"] = current
        fields: dict[str, Any] | None = getattr(record, FIELDS, None)
        if fields is None:
            line["message"] = record.getMessage()
        else:
            line |= fields
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def set_up(form: Literal["text", "json"]) -> None:
    """Write the logs of this process to the standard error: all of the API, warnings of others."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else _Discreet("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("api").setLevel(logging.INFO)
