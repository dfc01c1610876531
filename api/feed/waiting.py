"""Waiting for a change as long as the client does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.requests import Request


async def unless_gone(request: Request, waiting: Coroutine[object, object, bool]) -> bool | None:
    """Return what is waited for; None if the client closes its connection before."""
    waited, gone = asyncio.ensure_future(waiting), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({waited, gone}, return_when=asyncio.FIRST_COMPLETED)
        return waited.result() if waited.done() else None
    finally:
        waited.cancel()
        gone.cancel()
        await asyncio.gather(waited, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
