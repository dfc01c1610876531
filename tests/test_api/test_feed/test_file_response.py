"""A file without a name is sent whole, in blocks, and closed whatever comes."""

from __future__ import annotations

import asyncio
import tempfile
import threading

import pytest

from api.feed import file_response
from api.feed.file_response import FileResponse


def sent(response, fail_at=None):
    """Return the messages that a response sends; a server may fail at one of them."""
    messages = []

    async def send(message):
        if len(messages) == fail_at:
            message = "gone"
            raise OSError(message)
        messages.append(message)

    asyncio.run(response({"type": "http"}, None, send))
    return messages


@pytest.fixture
def response(monkeypatch, ended):
    monkeypatch.setattr(file_response, "_BLOCK", 4)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - what is tested closes it
    file.write(b"0123456789")
    file.seek(0)
    return FileResponse(
        file, 10, media_type="application/x-ndjson", headers={"A": "b"}, ended=ended.set
    )


@pytest.fixture
def ended():
    return threading.Event()


def test_it_is_sent_in_blocks_and_its_length_ahead(response, ended):
    start, *blocks = sent(response)
    assert start["status"] == 200
    assert dict(start["headers"]) == {
        b"a": b"b",
        b"content-length": b"10",
        b"content-type": b"application/x-ndjson",
    }
    assert [(one["body"], one["more_body"]) for one in blocks] == [
        (b"0123", True),
        (b"4567", True),
        (b"89", True),
        (b"", False),
    ]
    assert response.file.closed
    assert ended.is_set()


@pytest.mark.parametrize("at", [0, 2])
def test_it_is_closed_if_it_cannot_be_sent(response, ended, at):
    with pytest.raises(OSError, match="gone"):
        sent(response, fail_at=at)
    assert response.file.closed
    assert ended.is_set()
