"""Open-loop load on a server: requests leave when they are due, whether or not others came back.

What waits for the server waits on the clock of whoever asked: a latency is counted from the moment
at which a request was due, so that a stall is felt by all who come during it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_CONNECTIONS = 256
STALE_S = 3.0
"""After which an idle connection is used no more: a server may be about to close it."""


class Request(NamedTuple):
    """What is sent: a name for its kind, and the bytes."""

    kind: str
    sent: bytes


class Answer(NamedTuple):
    """What came back, and how long after the request was due, seconds."""

    kind: str
    status: int
    seconds: float


@dataclass
class Target:
    """A server, with connections that are kept open.

    Parameters
    ----------
    host, port
        Where it listens.
    """

    host: str
    port: int
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, float]] = field(
        default_factory=list
    )
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_CONNECTIONS))

    async def ask(self, sent: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body of the answer."""
        async with self.room:
            reader, writer = self._idle() or await asyncio.open_connection(self.host, self.port)
            writer.write(sent)
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            if b"connection: close" in head.lower():
                writer.close()
            else:
                self.idle.append((reader, writer, time.monotonic()))
            return int(head[9:12]), body

    def _idle(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Return the connection that was used last; None if that is too long ago."""
        if not self.idle:
            return None
        reader, writer, since = self.idle.pop()
        if time.monotonic() - since < STALE_S:
            return reader, writer
        writer.close()
        self.close()  # the others were used before
        return None

    def close(self) -> None:
        """Let go of the connections."""
        while self.idle:
            self.idle.pop()[1].close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    message = f"An answer without Content-Length: {head[:200]!r}"
    raise ValueError(message)


def request(
    kind: str, target: str, *, method: str = "GET", key: str | None = None, body: bytes = b""
) -> Request:
    """Write a request as its bytes."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1"]
    if key is not None:
        lines.append(f"Authorization: Bearer {key}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return Request(kind, ("\r\n".join(lines) + "\r\n\r\n").encode() + body)


async def drive(
    target: Target,
    draw: Callable[[np.random.Generator], Request],
    *,
    per_second: float,
    seconds: float,
    seed: int = 1,
) -> list[Answer]:
    """Send requests at random moments (Poisson) at a rate; return every answer.

    Parameters
    ----------
    target
        Who is asked.
    draw
        Makes the next request.
    per_second, seconds
        How many a second, and how long.
    seed
        Of moments and requests.
    """
    chance = np.random.default_rng(seed)
    answers: list[Answer] = []
    under_way: set[asyncio.Task[None]] = set()
    begun = time.perf_counter()
    due = 0.0

    async def one(asked: Request, at: float) -> None:
        status, _ = await target.ask(asked.sent)
        answers.append(Answer(asked.kind, status, time.perf_counter() - begun - at))

    while (due := due + chance.exponential(1.0 / per_second)) < seconds:
        asked = draw(chance)
        await asyncio.sleep(max(0.0, due - (time.perf_counter() - begun)))
        task = asyncio.create_task(one(asked, due))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    if under_way:
        await asyncio.gather(*under_way)
    return answers


async def drain(
    target: Target, asked: Sequence[Request], *, clients: int, seconds: float
) -> tuple[int, float]:
    """Ask as fast as some clients can, each after its last answer; return answers and seconds."""
    begun = time.perf_counter()
    done = 0

    async def client(first: int) -> None:
        nonlocal done
        turn = first
        while time.perf_counter() - begun < seconds:
            status, _ = await target.ask(asked[turn % len(asked)].sent)
            if status != 200:
                message = f"{asked[turn % len(asked)].kind} was answered with {status}"
                raise ValueError(message)
            done += 1
            turn += clients

    await asyncio.gather(*(client(number) for number in range(clients)))
    return done, time.perf_counter() - begun


def quantile(answers: Sequence[Answer], share: float, kind: str | None = None) -> float:
    """Return a quantile of the latencies, seconds; of one kind of request, or all."""
    of = sorted(one.seconds for one in answers if kind is None or one.kind == kind)
    return of[min(len(of) - 1, int(share * len(of)))]
