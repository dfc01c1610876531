"""JSON that can be read in one way alone, and the faults of what is none.

Of two values under one name the last would count, `NaN` is no JSON, `1e999` becomes infinite, and
neither half a surrogate pair nor a NUL is text that every database keeps. What is nested too deep,
or has too many values, is found by its brackets and commas: no parser, which goes down by calling
itself, sees it.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DEPTH: Final = 32
"""How deep lists and objects may stand in each other; a body that is none has depth 0."""
MOST_VALUES: Final = 200_000
"""How many values a body may have, lists and objects among them."""
MOST_FAULTS: Final = 20
"""After how many faults the search ends."""
_NO_BRACKET: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")
_OPENING: Final = np.isin(np.arange(256), list(b"[{"))
_NO_TEXT: Final = (
    (re.compile("[\ud800-\udfff]"), "half a surrogate pair"),
    (re.compile("\0"), "a NUL character"),
)
_ESCAPED: Final = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")  # as they can come in UTF-8 alone
_MOST_WHOLE: Final = 2**63
_MOST_DIGITS: Final = 20  # a longer whole number is beyond 64 bits, and slow to read

_Fault = tuple[str, str]
_Path = tuple["_Path", "str | int"] | None


def faults_of(body: bytes) -> list[_Fault]:
    """Return what is wrong with a body of JSON.

    Parameters
    ----------
    body
        As it came.

    Returns
    -------
    list
        Where it is, as a JSON pointer (RFC 6901), and the rule, at most `MOST_FAULTS` of them; the
        pointer is empty for the whole body.
    """
    whole = _fault_of_size(body)
    if whole is not None:
        return [("", whole)]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return [("", f"must be UTF-8, which it is not from byte {error.start + 1} on")]
    hooks = _Hooks()
    try:
        value = json.loads(
            text,
            object_pairs_hook=hooks.fields,
            parse_float=hooks.number,
            parse_int=hooks.whole,
            parse_constant=hooks.constant,
        )
    except json.JSONDecodeError as error:
        return [("", f"must be JSON, which it is not from character {error.pos + 1} on")]
    if hooks.are_faulty or _ESCAPED.search(body):
        found = _faults_in(value)
        return [fault for fault, _ in zip(found, range(MOST_FAULTS), strict=False)]
    return []


def _fault_of_size(body: bytes) -> str | None:
    """Return why a body is not to be parsed: it is nested too deep, or has too many values."""
    openings = body.count(b"[") + body.count(b"{")
    if openings <= MOST_DEPTH and body.count(b",") < MOST_VALUES - openings:
        return None  # also if all of them stand outside of strings
    # Of backslashes in a row each second one is escaped. Behind one that is left, a quote is no
    # end; without these, each second part between quotes is a string. That holds up to the first
    # fault of the syntax, and no parser goes beyond it.
    quotes = body.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
    outside = b" ".join(quotes[::2])
    brackets = np.frombuffer(outside.translate(None, _NO_BRACKET), np.uint8)
    opens = _OPENING[brackets]
    # Each value but the first follows a comma, or what opened the list or the object that it is in.
    if outside.count(b",") + int(opens.sum()) + 1 > MOST_VALUES:
        return f"must not have more than {MOST_VALUES:,} values"
    if np.cumsum(np.where(opens, 1, -1)).max(initial=0) > MOST_DEPTH:
        return f"must not be nested deeper than {MOST_DEPTH}"
    return None


class _Broken:
    """What stands in the place of a value that breaks a rule."""

    def __init__(self, rule: str) -> None:
        self.rule = rule


class _Repeating(dict[str, object]):
    """An object that gives names more than once."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _ in pairs)
        self.repeated = [name for name, count in times.items() if count > 1]


class _Hooks:
    """What the parser asks of each object and number; whether any was faulty is kept."""

    def __init__(self) -> None:
        self.are_faulty = False

    def _broken(self, rule: str) -> _Broken:
        self.are_faulty = True
        return _Broken(rule)

    def fields(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        fields = dict(pairs)
        if len(fields) == len(pairs):
            return fields
        self.are_faulty = True
        return _Repeating(pairs)

    def number(self, text: str) -> float | _Broken:
        number = float(text)
        return number if math.isfinite(number) else self._broken("must be a finite number")

    def whole(self, text: str) -> int | _Broken:
        if len(text) <= _MOST_DIGITS and -_MOST_WHOLE <= (number := int(text)) < _MOST_WHOLE:
            return number
        return self._broken(f"must be a whole number from {-_MOST_WHOLE} to {_MOST_WHOLE - 1}")

    def constant(self, name: str) -> _Broken:
        return self._broken(f"must be JSON, which has no {name}")


def _faults_in(value: object) -> Iterator[_Fault]:
    """Yield the faults of what was parsed, in the order in which they stand."""
    left: list[tuple[object, _Path]] = [(value, None)]
    while left:
        one, path = left.pop()
        yield from ((_pointer(where), rule) for where, rule in _faults_at(one, path))
        if isinstance(one, list):
            left.extend([(item, (path, n)) for n, item in enumerate(one)][::-1])
        elif isinstance(one, dict):
            left.extend((one[name], (path, name)) for name in reversed(one))


def _faults_at(one: object, path: _Path) -> Iterator[tuple[_Path, str]]:
    """Yield the faults of a value, without those of the values in it."""
    if isinstance(one, _Broken):
        yield path, one.rule
    elif isinstance(one, str):
        for sign, what in _NO_TEXT:
            if sign.search(one):
                yield path, f"must be text, which {what} is not"
    elif isinstance(one, dict):
        for sign, what in _NO_TEXT:
            if any(map(sign.search, one)):
                yield path, f"must have text as names, which {what} is not"
        for name in one.repeated if isinstance(one, _Repeating) else ():
            yield (path, name), "must be given once"


def _pointer(path: _Path) -> str:
    """Return the JSON pointer of a path, which is given from its end."""
    parts = []
    while path is not None:
        path, part = path
        parts.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in reversed(parts))
