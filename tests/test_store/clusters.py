"""A PostgreSQL server of a test's own, which may be killed with all of its processes."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import psycopg
from sqlalchemy import make_url
from test_store.faults import CHANCE

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE_S: Final = 60.0
_ROOM_BYTES: Final = 1_000_000_000
_PROCESSES: Final = Path("/proc")
_SETTINGS: Final = {
    "listen_addresses": "",
    # A commit that the server acknowledged early is lost by a kill: who needs it must ask for it.
    "synchronous_commit": "off",
    "max_wal_size": "64MB",
}


class Cluster:
    """A cluster in a folder of its own, and its server; `made` makes one.

    Parameters
    ----------
    programs
        The folder of PostgreSQL's programs.
    home
        A short path: it has the server's socket.
    user
        Who runs the server; None for whoever runs the tests.
    """

    def __init__(self, programs: Path, home: Path, user: str | None) -> None:
        self._programs = programs
        self._home = home
        self._user = user
        self._data = home / "cluster"
        self._server: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextlib.contextmanager
    def made(cls, programs: Path) -> Iterator[Self]:
        """Give a new cluster whose server runs; remove it."""
        user = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            known = {entry.pw_name for entry in pwd.getpwall()}
            user = "postgres" if "postgres" in known else "nobody"
        memory = Path("/dev/shm")  # noqa: S108 - Linux's; the cluster's own folder in it is private
        has_room = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES
        home = Path(tempfile.mkdtemp(prefix="geo-match-pg-", dir=memory if has_room else None))
        cluster = cls(programs, home, user)
        try:
            if user is not None:
                shutil.chown(home, user)
            cluster._initialise()
            cluster.start()
            yield cluster
        finally:
            cluster._stop()
            shutil.rmtree(home)

    def url(self, template: str | None = None) -> str:
        """Make a database, an empty one or a copy of a URL's; return its URL."""
        name = f"faults_{uuid.uuid4().hex}"
        end = "" if template is None else f" TEMPLATE {make_url(template).database}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}{end}")
        return f"postgresql+psycopg://geo_match@/{name}?host={self._home}"

    def start(self) -> None:
        """Start the server; return when it takes connections."""
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [self._programs / "postgres", "-D", self._data, "-k", self._home, *settings]
        with (self._home / "log").open("ab") as log:
            self._server = subprocess.Popen(  # noqa: S603 - the program that was found
                command, stdout=log, stderr=log, start_new_session=True, cwd="/", **self._as_user()
            )
        self.await_answer()

    def await_answer(self) -> None:
        """Wait until the server takes connections."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                self._connect().close()
                return
            assert time.monotonic() < until, (self._home / "log").read_text()[-2_000:]
            time.sleep(0.02)

    def kill(self) -> None:
        """End all of the server's processes by SIGKILL, in any order; nothing happens if it is."""
        while found := self._processes():
            CHANCE.shuffle(found)
            for process in found:
                with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                    os.kill(process, signal.SIGKILL)
        if self._server is not None:
            self._server.wait()
            self._server = None

    def kill_one(self) -> bool:
        """End one process that serves a client by SIGKILL; return whether there was any.

        The server then ends all others, and starts anew by itself.
        """
        serving = [
            one for one in self._processes() if _title(one).startswith("postgres: geo_match")
        ]
        if not serving:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(CHANCE.choice(serving), signal.SIGKILL)
        return True

    def _stop(self) -> None:
        """End the server in order: one that is killed leaves its shared memory behind."""
        if self._data.is_dir():
            if self._server is None:
                self.start()  # takes over what the killed one has left
            self._server.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.wait(_PATIENCE_S)
        self.kill()

    def _connect(self) -> psycopg.Connection:
        conninfo = f"host={self._home} dbname=postgres user=geo_match"
        return psycopg.connect(conninfo, autocommit=True)

    def _initialise(self) -> None:
        subprocess.run(  # noqa: S603 - the program that was found
            [
                *(self._programs / "initdb", "-D", self._data, "-U", "geo_match", "-A", "trust"),
                *("-E", "UTF8", "--locale=C", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **self._as_user(),
        )

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {}
        group = pwd.getpwnam(self._user).pw_gid
        return {"user": self._user, "group": group, "extra_groups": []}

    def _processes(self) -> list[int]:
        """Return the server's processes: each is a session of its own, and works in the cluster."""
        found = []
        for one in _PROCESSES.iterdir():
            # Others' may not be looked at, and one may end meanwhile.
            with contextlib.suppress(OSError):
                if one.name.isdecimal() and (one / "cwd").readlink() == self._data:
                    found.append(int(one.name))
        return found


def _title(process: int) -> str:
    try:
        return (_PROCESSES / str(process) / "cmdline").read_text(errors="replace")
    except OSError:  # it has ended
        return ""
