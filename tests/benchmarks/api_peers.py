"""What else could be asked for the jobs within 3 km: PostGIS, and Redis."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from api_city import free_port

sys.path.insert(0, str(Path(__file__).parents[1]))

from system_parts import postgresql_programs
from test_store.clusters import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    Client = Callable[[int], None]

RADIUS_M, NEAREST, CLIENTS = 3_000, 20, 4
REDIS = shutil.which("redis-server")
PATIENCE_S = 10.0


def by_clients(ask: Callable[[int], Client], seconds: float) -> float:
    """Return the answers a second that some clients get, each after its last.

    Parameters
    ----------
    ask
        Makes a client by its number, which asks the question of a number.
    seconds
        How long.
    """
    done = [0] * CLIENTS
    clients = [ask(number) for number in range(CLIENTS)]
    until = time.perf_counter() + seconds

    def run(number: int) -> None:
        while time.perf_counter() < until:
            clients[number](done[number] * CLIENTS + number)
            done[number] += 1

    begun = time.perf_counter()
    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)


@contextlib.contextmanager
def postgis(
    jobs: np.ndarray, asked: Sequence[tuple[float, float]]
) -> Iterator[Callable[[int], Client]]:
    """Give what makes clients of a PostGIS that has the jobs."""
    programs = postgresql_programs()
    if programs is None:
        sys.exit("PostGIS is not there; `make system` brings it.")
    with Cluster.made(programs) as cluster:
        url = cluster.url().replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgis")
            connection.execute("CREATE TABLE jobs (id text, at geography(Point))")
            with connection.cursor().copy("COPY jobs FROM STDIN") as copy:
                for number, (lon, lat) in enumerate(jobs.tolist()):
                    copy.write_row((f"J9{number:05d}", f"SRID=4326;POINT({lon} {lat})"))
            connection.execute("CREATE INDEX ON jobs USING gist (at)")
            connection.execute("VACUUM ANALYZE jobs")

        def client(_: int) -> Client:
            connection = psycopg.connect(url, autocommit=True)

            def ask(turn: int) -> None:
                lon, lat = asked[turn % len(asked)]
                connection.execute(
                    """
                    WITH place AS (SELECT ST_MakePoint(%s, %s)::geography AS at),
                    hits AS MATERIALIZED (
                        SELECT id, ST_Distance(jobs.at, place.at) AS far FROM jobs, place
                        WHERE ST_DWithin(jobs.at, place.at, %s))
                    SELECT (SELECT count(*) FROM hits), array(
                        SELECT (id, far) FROM hits ORDER BY far, id LIMIT %s)
                    """,
                    (lon, lat, RADIUS_M, NEAREST),
                ).fetchone()

            return ask

        yield client


@contextlib.contextmanager
def redis(jobs: np.ndarray, asked: Sequence[Sequence[float]]) -> Iterator[Callable[[int], Client]]:
    """Give what makes clients of a Redis that has the jobs.

    It gives no total: that is the number of what it lists, so it has to list all.
    """
    port = free_port()
    with subprocess.Popen(  # noqa: S603 - the program that was found
        [REDIS, "--port", str(port), "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL
    ) as server:
        try:
            time.sleep(1.0)
            with socket.create_connection(("127.0.0.1", port)) as connection:
                for number, (lon, lat) in enumerate(jobs.tolist()):
                    connection.sendall(f"GEOADD jobs {lon} {lat} J9{number:05d}\r\n".encode())
                    _reply(connection)

            def client(_: int) -> Client:
                connection = socket.create_connection(("127.0.0.1", port))

                def ask(turn: int) -> None:
                    lon, lat = asked[turn % len(asked)]
                    connection.sendall(
                        f"GEOSEARCH jobs FROMLONLAT {lon} {lat} BYRADIUS {RADIUS_M} m ASC WITHDIST"
                        "\r\n".encode()
                    )
                    _reply(connection)

                return ask

            yield client
        finally:
            server.terminate()


def _reply(connection: socket.socket) -> bytes:
    """Return a reply as it stands: it ends where that of another question begins."""
    connection.sendall(b"PING\r\n")
    got = bytearray()
    while not got.endswith(b"+PONG\r\n"):
        got += connection.recv(1 << 20)
    if got.startswith(b"-"):
        raise ValueError(got.decode())
    return bytes(got)
