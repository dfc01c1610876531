"""A file without a name as an answer, sent in blocks and closed whatever comes."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Receive, Scope, Send

_BLOCK: Final = 256 * 1_024


class FileResponse(Response):
    """The answer; its reader may be slow.

    Parameters
    ----------
    file
        What is sent, from where it stands. It is closed in the end.
    n_bytes
        How long it is: told ahead, so that who reads it notices when it is cut off.
    media_type
        Of the file.
    headers
        What is said beside.
    ended
        Is called once it is closed.
    """

    def __init__(
        self,
        file: IO[bytes],
        n_bytes: int,
        *,
        media_type: str,
        headers: Mapping[str, str],
        ended: Callable[[], None],
    ) -> None:
        self.file = file
        self._ended = ended
        super().__init__(media_type=media_type, headers={**headers, "Content-Length": str(n_bytes)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's
        """Send it."""
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            while block := await run_in_threadpool(self.file.read, _BLOCK):
                await send({"type": "http.response.body", "body": block, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.file.close()
            self._ended()
