"""Stores to test with, on both databases; each in PostgreSQL has a database of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from test_store.audits import InPostgres, InSqlite
from test_store.backups import fill

from geo_match.store import Store
from geo_match.store.database import Database
from geo_match.store.schema.tables import FEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from psycopg import Connection

BACKENDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgis)]


class Server:
    """A private PostgreSQL: gives databases, named by URLs."""

    def __init__(self, conninfo: str) -> None:
        import psycopg  # noqa: PLC0415 - only these tests need it

        self._connect = psycopg.connect
        self._conninfo = conninfo
        self._made: list[str] = []
        with psycopg.connect(conninfo) as connection:
            self._home = connection.info.host

    def connect(self, url: str) -> Connection:
        """Connect to a database by its URL; each statement is a transaction."""
        name = url.partition("@/")[2].partition("?")[0]
        return self._connect(f"host={self._home} dbname={name} user=geo_match", autocommit=True)

    def execute(self, statement: str) -> None:
        with self._connect(self._conninfo, autocommit=True) as connection:
            connection.execute(statement)

    def url_of(self, name: str) -> str:
        return f"postgresql+psycopg://geo_match@/{name}?host={self._home}"

    def wait_for_a_lock(self, url: str) -> None:
        """Wait until someone waits for a lock in a database."""
        query = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        plain = url.replace("+psycopg", "", 1)
        with self._connect(plain, autocommit=True) as connection:
            while connection.execute(query).fetchone() == (0,):
                time.sleep(0.005)

    def database(self, template: str | None = None) -> str:
        """Make a database, an empty one or a copy; return its URL."""
        name = f"store_{uuid.uuid4().hex}"
        end = "" if template is None else f" TEMPLATE {template}"
        self.execute(f"CREATE DATABASE {name}{end}")
        self._made.append(name)
        return self.url_of(name)

    def keep(self, url: str) -> str:
        """Keep a database to the end of the session; return its name."""
        name = url.partition("@/")[2].partition("?")[0]
        self._made.remove(name)
        return name

    def drop_made(self) -> None:
        """Drop the databases that were made: hundreds of them would take long at the end."""
        while self._made:
            self.execute(f"DROP DATABASE {self._made.pop()} WITH (FORCE)")


@pytest.fixture(scope="session")
def server(postgis: str) -> Server:
    """Give a private PostgreSQL; a new database of it has no PostGIS until it is created there."""
    return Server(postgis)


@pytest.fixture(autouse=True)
def _no_databases_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop the databases that a test made."""
    yield
    if "server" in request.fixturenames:
        request.getfixturevalue("server").drop_made()


@pytest.fixture(scope="session")
def postgis_template(server: Server) -> str:
    """Return the name of a database that holds PostGIS alone: to create it takes a second."""
    url = server.database()
    with server.connect(url) as connection:
        connection.execute("CREATE EXTENSION postgis")
        # Copies are quicker without the 8,500 systems of coordinates that nobody here asks for.
        connection.execute("DELETE FROM spatial_ref_sys WHERE srid <> 4326")
        connection.execute("VACUUM FULL spatial_ref_sys")
    return server.keep(url)


@pytest.fixture(scope="session")
def store_template(server: Server, postgis_template: str) -> str:
    """Return the name of a database that holds an empty store: a copy is there at once."""
    url = server.database(postgis_template)
    Store.open(url).close()
    return server.keep(url)


@pytest.fixture(scope="session")
def store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file that holds an empty store: a copy is there at once."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    Store.open(path).close()
    return path


@pytest.fixture(params=BACKENDS, scope="session")
def new_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Return what gives the URL of a new empty store, on each of the databases."""
    if request.param == "sqlite":
        file = request.getfixturevalue("store_file")
        folder = tmp_path_factory.mktemp("stores")

        def copied() -> str:
            path = folder / f"{uuid.uuid4().hex}.db"
            shutil.copy(file, path)
            return f"sqlite:///{path}"
    else:
        server = request.getfixturevalue("server")
        template = request.getfixturevalue("store_template")

        def copied() -> str:
            url: str = server.database(template)
            return url

    def renewed() -> str:
        url = copied()
        database = Database.of(url, busy_timeout_s=5)
        epoch = update(FEED).values(epoch=uuid.uuid4().hex)  # a copy is a store of its own
        database.write(lambda connection: connection.execute(epoch))
        database.close()
        return url

    return renewed


@pytest.fixture(params=BACKENDS)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a new database without a store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    url: str = request.getfixturevalue("server").database()
    return url


@pytest.fixture
def where(new_url: Callable[[], str]) -> str:
    """Return the URL of an empty store, on each of the databases."""
    return new_url()


@pytest.fixture
def store(new_url: Callable[[], str]) -> Iterator[Store]:
    """Give an empty store, on each of the databases."""
    with Store.open(new_url()) as opened:
        yield opened


@pytest.fixture
def disk_of(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Return what mounts a disk of a size, such as "1m", and gives the folder."""
    mount, folder = shutil.which("mount"), tmp_path / "disk"

    def mounted(size: str) -> Path:
        folder.mkdir()
        if mount is None or os.getuid() != 0:
            pytest.skip("only root may mount a small disk")
        done = subprocess.run(  # noqa: S603 - a folder of this test's
            [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            pytest.skip("no small disk may be mounted here")
        return folder

    yield mounted
    if folder.is_mount():
        subprocess.run([str(shutil.which("umount")), folder], check=True)  # noqa: S603 - as above


@pytest.fixture
def small_disk(disk_of: Callable[[str], Path]) -> Path:
    """Return a folder on a disk of 1 MiB."""
    return disk_of("1m")


@pytest.fixture(params=BACKENDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> InSqlite | InPostgres:
    """Give where an audit is kept, on each of the databases."""
    if request.param == "sqlite":
        return InSqlite(tmp_path)
    return InPostgres(request.getfixturevalue("postgis"))


@pytest.fixture
def postgres(postgis: str) -> InPostgres:
    """Give where an audit is kept on a server."""
    return InPostgres(postgis)


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory, store_file: Path) -> Path:
    """Return a store's file with something in each table, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "a.db"
    shutil.copy(store_file, path)
    with Store.open(path) as store:
        fill(store)
    return path


@pytest.fixture
def new_target(
    store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[], Path | str]:
    """Return what gives a target to restore to, on the same database as the store."""
    if store.database.is_file:
        return lambda: tmp_path / f"{uuid.uuid4().hex}.db"
    server: Server = request.getfixturevalue("server")
    template: str = request.getfixturevalue("postgis_template")
    return lambda: server.database(template)
