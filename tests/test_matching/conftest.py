"""What the tests of matching share: new stores on each of the databases, each there at once."""

from __future__ import annotations

import shutil
import uuid

import pytest
from test_store.conftest import BACKENDS, Server

from geo_match.store import Store


@pytest.fixture(scope="session")
def server(postgis):
    """Give a private PostgreSQL."""
    return Server(postgis)


@pytest.fixture(scope="session")
def store_template(server):
    """Return the name of a database with PostGIS that holds an empty store."""
    url = server.database()
    with server.connect(url) as connection:
        connection.execute("CREATE EXTENSION postgis")
        # Copies are quicker without the 8,500 systems of coordinates that nobody here asks for.
        connection.execute("DELETE FROM spatial_ref_sys WHERE srid <> 4326")
        connection.execute("VACUUM FULL spatial_ref_sys")
    Store.open(url).close()
    return server.keep(url)


@pytest.fixture(scope="session")
def store_file(tmp_path_factory):
    """Return a file that holds an empty store."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    Store.open(path).close()
    return path


@pytest.fixture(params=BACKENDS, scope="module")
def new_url(request, tmp_path_factory):
    """Return what gives the URL of a new empty store: a copy is there at once."""
    if request.param == "sqlite":
        file = request.getfixturevalue("store_file")
        folder = tmp_path_factory.mktemp("stores")

        def copied():
            path = folder / f"{uuid.uuid4().hex}.db"
            shutil.copy(file, path)
            return f"sqlite:///{path}"

        return copied
    server, template = (request.getfixturevalue(name) for name in ("server", "store_template"))
    return lambda: server.database(template)


@pytest.fixture(scope="module")
def new_store(new_url):
    """Return what opens a new empty store, on each of the databases."""
    return lambda: Store.open(new_url())


@pytest.fixture(autouse=True)
def _no_databases_left(request):
    """Drop the databases that a test made."""
    server = request.getfixturevalue("server") if _is_on_server(request) else None
    yield
    if server is not None:
        server.drop_made()


def _is_on_server(request):
    callspec = getattr(request.node, "callspec", None)
    return callspec is not None and callspec.params.get("new_url") == "postgresql"
