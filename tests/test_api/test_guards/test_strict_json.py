"""JSON that can be read in one way alone: all else is refused by its place, and quickly."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.guards.strict_json import MOST_DEPTH, MOST_FAULTS, MOST_VALUES, faults_of

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
# What strings, brackets and escapes are made of, so that their ends are found in the wrong places.
SIGNS = st.lists(
    st.sampled_from([b"\\", b'"', b"[", b"]", b"{", b"}", b",", b":", b"1", b"\\u005b", b" "]),
    max_size=60,
).map(b"".join)


def depth_of(value):
    inner = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    )
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


def values_in(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(values_in, inner))


@given(VALUES, st.booleans())
def test_what_is_json_has_no_fault(value, is_ascii):
    assert faults_of(json.dumps(value, ensure_ascii=is_ascii).encode()) == []


@pytest.mark.parametrize(
    ("body", "where", "rule"),
    [
        (b'{"a": 1, "a": 1}', "/a", "must be given once"),
        (b'[{"x": {"a/b": 1, "~": 2, "a/b": 3}}]', "/0/x/a~1b", "must be given once"),
        (b'{"a": 1, "\\u0061": 2}', "/a", "must be given once"),
        (b'{"lat": NaN}', "/lat", "must be JSON, which has no NaN"),
        (b"[0, [Infinity]]", "/1/0", "must be JSON, which has no Infinity"),
        (b"-Infinity", "", "must be JSON, which has no -Infinity"),
        (b'{"a": [1, 1e999]}', "/a/1", "must be a finite number"),
        (b"-1.0e400", "", "must be a finite number"),
        (b"[9223372036854775808]", "/0", "must be a whole number from -9223372036854775808"),
        (b"[" + b"9" * 50_000 + b"]", "/0", "must be a whole number"),
        (b'{"a": "\\ud800"}', "/a", "must be text, which half a surrogate pair is not"),
        (b'["\\udc00\\ud800"]', "/0", "must be text, which half a surrogate pair is not"),
        (b'{"\\uD800": 1}', "", "must have text as names, which half a surrogate"),
        (b'{"a": ["x\\u0000"]}', "/a/0", "must be text, which a NUL character is not"),
        (b'{"\\u0000": 1}', "", "must have text as names, which a NUL character is not"),
        (b'"\0"', "", "must be JSON, which it is not from character 2 on"),
        (b'"\xff"', "", "must be UTF-8, which it is not from byte 2 on"),
        (b'"\xed\xa0\x80"', "", "must be UTF-8, which it is not from byte 2 on"),
        ('{"a": 1}'.encode("utf-16"), "", "must be UTF-8, which it is not from byte 1 on"),
        ('{"a": 1}'.encode("utf-16-le"), "", "must be JSON, which it is not from character 2 on"),
        (b"\xef\xbb\xbf1", "", "must be JSON, which it is not from character 1 on"),
        (b" ", "", "must be JSON"),
        (b"{'a': 1}", "", "must be JSON, which it is not from character 2 on"),
        (b"[1,]", "", "must be JSON"),
        (b"01", "", "must be JSON, which it is not from character 2 on"),
        (b'"a\nb"', "", "must be JSON, which it is not from character 3 on"),
        (b'{"a": 1} {"a": 1}', "", "must be JSON, which it is not from character 10 on"),
    ],
)
def test_what_can_be_read_otherwise_is_refused_where_it_stands(body, where, rule):
    ((found, told),) = faults_of(body)
    assert found == where
    assert told.startswith(rule)


def test_what_only_looks_like_an_escaped_nul_is_text():
    assert faults_of(b'["\\\\u0000", "u0000", "\\u0001"]') == []


def test_faults_come_in_the_order_in_which_they_stand_and_end_somewhere():
    body = b'{"a": NaN, "b": {"c": 1e999, "c": 1, "d": "\\ud800"}, "e": [NaN, NaN]}'
    assert [where for where, _ in faults_of(body)] == ["/a", "/b/c", "/b/d", "/e/0", "/e/1"]
    assert len(faults_of(b"[" + b"NaN," * 1_000 + b"1]")) == MOST_FAULTS


@given(st.integers(MOST_DEPTH - 3, MOST_DEPTH + 3), st.booleans(), TEXT)
def test_depth_is_bounded_exactly(depth, is_object, text):
    opening, closing = (b'{"a":', b"}") if is_object else (b"[", b"]")
    body = opening * depth + json.dumps(text).encode() + closing * depth
    told = [("", f"must not be nested deeper than {MOST_DEPTH}")]
    assert faults_of(body) == (told if depth > MOST_DEPTH else [])


@pytest.mark.parametrize("body", [b"[" * 1_000_000, b'{"a":' * 150_000, b'"[' * 400_001])
def test_what_would_make_a_parser_call_itself_without_end_is_no_error_of_ours(body):
    assert len(faults_of(body)) == 1


@given(st.integers(MOST_VALUES - 2, MOST_VALUES + 2))
def test_values_are_bounded_exactly(many):
    body = b"[" + b",".join([b"0"] * (many - 1)) + b"]"
    told = [("", "must not have more than 200,000 values")]
    assert faults_of(body) == (told if many > MOST_VALUES else [])


@pytest.mark.parametrize(
    "text", ["[" * 50, "{,[" * 100_000, '\\"[' * 40, "\\\\" * 3, '\\\\"[' * 99]
)
def test_brackets_and_commas_in_texts_count_for_nothing(text):
    assert faults_of(json.dumps([text, {text: text}]).encode()) == []


@given(SIGNS, st.integers(0, 3))
def test_whatever_a_parser_would_read_is_bounded_before(signs, deep):
    body = b"[" * (deep * 11) + signs + b"]" * (deep * 11)
    faults = faults_of(body)
    try:
        value = json.loads(body)
    except ValueError:
        assert len(faults) == 1
        return
    if depth_of(value) > MOST_DEPTH:
        assert faults == [("", f"must not be nested deeper than {MOST_DEPTH}")]
    else:
        assert [rule for _, rule in faults if "nested" in rule or "values" in rule] == []
