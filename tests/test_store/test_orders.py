"""An order is made ready alike wherever that is done, and travels whole."""

from __future__ import annotations

import io

import pyarrow as pa
import pytest
from test_store.readied import lines_of

from geo_match.store import record_schema
from geo_match.store.schema.columns import to_kept, to_rows
from geo_match.store.schema.images import images_of
from geo_match.store.writing.messages import receive, send
from geo_match.store.writing.orders import Order
from geo_match.store.writing.ready import Ready

N = 700
SIZES = (300, 0, 251, 149)
FIELDS = record_schema("stations").names


def order(*, is_file=True, keys=None):
    """Return an order of stations, a slice of a longer list, with holes and words of any script."""
    at = range(2 * N)
    table = pa.table(
        {
            "id": [f"S{one:05}" for one in at],
            "name": [None if one % 5 == 0 else f"驿站“{one % 7}”\n\\\U0001f600" for one in at],
            "version": [None if one % 3 == 0 else one for one in at],
            "lon": [None if one % 4 == 0 else 117.0 + one / 7.0 for one in at],
            "lat": [32.9 for _ in at],
            "remark": ["同" for _ in at],
        }
    )
    taken = to_kept(table, record_schema("stations")).slice(N, N)
    return Order("stations", taken, keys or [None] * N, SIZES, 7, is_file=is_file)


def rows_of(made, column):
    return [line[column] for ready in made for line in lines_of(ready)]


@pytest.mark.parametrize("is_file", [True, False])
def test_what_is_made_has_each_record_once_and_its_image(is_file):
    given = order(is_file=is_file)
    made = list(given.made())
    assert [len(one.keys) for one in made] == list(SIZES)
    assert rows_of(made, "id") == given.taken.column("id").to_pylist()
    assert rows_of(made, "key") == [key for one in made for key in one.keys]
    assert len({key for one in made for key in one.keys}) == N
    assert [image for one in made for image in one.images] == images_of(to_rows(given.taken))
    assert [one.new.alike for one in made] == [{"lat": 32.9, "remark": "同", "import_id": 7}] * len(
        SIZES
    )


@pytest.mark.parametrize("keys", [None, [None, "k" * 32] * (N // 2)])
def test_an_order_arrives_as_it_was_sent_and_without_the_rest_of_its_list(keys):
    given = order(keys=keys)
    told = given.to_bytes()
    arrived = Order.of_bytes(told)
    assert arrived.taken.equals(given.taken)
    assert b"S00000" not in told
    assert list(arrived.keys) == list(given.keys)
    assert [arrived.kind, arrived.import_id, arrived.is_file] == ["stations", 7, True]
    assert list(arrived.sizes) == list(SIZES)


def test_what_was_made_ready_arrives_as_it_was_sent():
    for one in order(keys=[None, "k" * 32] * (N // 2)).made():
        # NaN, which stands for nothing, is not equal to itself.
        assert repr(Ready.of_bytes(one.to_bytes())) == repr(one)


def test_messages_come_one_by_one_and_whole():
    pipe = io.BytesIO()
    for one in (b"", b"a", b"b" * 70_000):
        send(pipe, one)
    pipe.seek(0)
    assert [receive(pipe) for _ in range(3)] == [b"", b"a", b"b" * 70_000]
    with pytest.raises(EOFError, match=r"^$"):
        receive(pipe)


@pytest.mark.parametrize("rest", [b"\0", bytes(7) + b"\5abc", b"\xff" * 20])
def test_what_is_no_whole_message_is_the_end(rest):
    with pytest.raises(EOFError, match=r"^$"):
        receive(io.BytesIO(rest))
