"""Limits to how many requests a key may make, and who has none."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Final

from starlette.requests import HTTPConnection

from api.guards.addresses import address_of
from api.guards.allowances import cost_of
from api.guards.refusals import too_many_requests
from api.problems import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.guards.buckets import Buckets, Taken

_AUTHORIZATION: Final = b"authorization"
_KEY: Final = "key"
_ADDRESS: Final = "address"
_MOST_KNOWN: Final = 10_000
_UNAUTHORIZED: Final = 401


class Limits:
    """Middleware that refuses who made too many requests, and tells each how many are left.

    A key has a bucket, which its sessions share; who has none shares that of their address. What
    somebody sends as a key counts as one once it was let in, and no more once it was not: who
    guesses keys, or sends a known one's id, empties the bucket of their own address.

    Parameters
    ----------
    app
        The application behind it, which leaves in the request's state who was let in.
    buckets
        Those of all workers.
    is_forwarded
        Whether a proxy stands before the server. The address is then the last that
        `X-Forwarded-For` has: that one the proxy itself wrote.
    cookie
        Name of the cookie of a session.
    """

    def __init__(self, app: ASGIApp, *, buckets: Buckets, is_forwarded: bool, cookie: str) -> None:
        self._app = app
        self._buckets = buckets
        self._is_forwarded = is_forwarded
        self._cookie = cookie
        # Of secrets that were let in: from their digest to the key's id.
        self._known: dict[bytes, str] = {}
        window_s = math.ceil(buckets.burst / buckets.per_s)
        self._policies = {
            kind: f'"{kind}";q={buckets.burst};w={window_s}' for kind in (_KEY, _ADDRESS)
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        secret = _digest(scope, self._cookie)
        key = None if secret is None else self._known.get(secret)
        cost = cost_of(scope)
        if key is None:
            kind, name = _ADDRESS, f"a {address_of(scope, is_forwarded=self._is_forwarded)}"
        else:
            kind, name = _KEY, f"k {key}"
        taken = self._buckets.take(name.encode(), cost=cost)
        told = self._told(kind, taken)
        if not taken.is_allowed:
            after = {"Retry-After": str(max(1, math.ceil(taken.enough_in_s)))}
            problem = too_many_requests(kind, self._buckets.per_s, self._buckets.burst)
            await answer(problem, told | after)(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                if secret is not None:
                    self._learn(scope, secret, message["status"], is_new=key is None, cost=cost)
                fields = [(name.encode(), text.encode()) for name, text in told.items()]
                message = {**message, "headers": [*message["headers"], *fields]}
            await send(message)

        await self._app(scope, receive, send_told)

    def _told(self, kind: str, taken: Taken) -> dict[str, str]:
        """Return what is said of a bucket: the fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "ratelimit-policy": self._policies[kind],
            "ratelimit": f'"{kind}";r={taken.left};t={math.ceil(taken.full_in_s)}',
        }

    def _learn(self, scope: Scope, secret: bytes, status: int, *, is_new: bool, cost: int) -> None:
        """Note whether a secret was let in, and have the key that it is of pay for it."""
        caller = scope["state"].get("caller")
        key = getattr(caller, "key", None)
        if status == _UNAUTHORIZED:
            self._known.pop(secret, None)
        elif is_new and key is not None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()  # each is learnt again
            self._known[secret] = key
            self._buckets.take(f"k {key}".encode(), cost=cost, by_force=True)


def _digest(scope: Scope, cookie: str) -> bytes | None:
    """Return the digest of what a request has to be let in by; None for nothing.

    That is the key, else the session. Nothing that a caller may put beside it counts: they would
    be somebody new with each request, and never asked for what the key has left.
    """
    given = [value for name, value in scope["headers"] if name == _AUTHORIZATION]
    if given:
        scheme, _, key = b"\n".join(given).partition(b" ")
        secret = scheme.lower() + b" " + key
    else:
        session = HTTPConnection(scope).cookies.get(cookie)
        if session is None:
            return None
        secret = f"{cookie}={session}".encode()
    return hashlib.blake2b(secret, digest_size=16).digest()
