"""What all tests share: reference data, a private PostGIS, Hypothesis profiles, no silent skips."""

from __future__ import annotations

import gc
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import new_stores
import pytest
from hypothesis import settings
from system_parts import POSTGIS, postgresql_programs

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from _pytest.terminal import TerminalReporter

_ROOM_BYTES = 4_000_000_000
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
_REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference"

# Machines differ too much for a deadline an example; CI repeats the same examples each time.
settings.register_profile("default", max_examples=50, deadline=None, derandomize=IN_CI)
settings.register_profile("soak", max_examples=2_000, deadline=None)
settings.load_profile("default")


def pytest_configure() -> None:
    """Keep the tests' files in memory, and heed Ctrl-C's signal.

    A disk that is waited for until it has each write takes most of the time of a test that writes
    to a store. A folder that is named in PYTEST_DEBUG_TEMPROOT is taken instead.

    A script that started the tests in its background may let them ignore the signal; the programs
    under test, which would inherit that, must not.
    """
    memory = _memory()
    if memory is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)  # xdist's
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give the workers of `--dist loadfile` their files room by room."""
    if config.getvalue("dist") != "loadfile":
        return None
    from rooms import RoomScheduling  # noqa: PLC0415 - only where there are workers

    return RoomScheduling(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage, and never look for it among what was collected.

    Thousands of tests are millions of objects that stay: to go through them takes a second and
    more, each time that a test asks which of its own are still there.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_finish() -> None:
    """Let new stores be there at once, in tests that use stores."""
    new_stores.write_at_once()


@pytest.fixture(scope="session")
def shipped_city() -> Path:
    """Give the folder of the small city that the project ships."""
    return Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="session")
def city_store(shipped_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the small city into a store; give its path, to be read and never written to."""
    from geo_match.demo.importing import import_city  # noqa: PLC0415 - slow, and not for all tests
    from geo_match.store import Store  # noqa: PLC0415 - as above

    path = tmp_path_factory.mktemp("city") / "city.db"
    with Store.open(path) as store:
        for one, report in import_city(shipped_city, store):
            assert report.accepted == report.read, one.table
    return path


@pytest.fixture(scope="session")
def reference() -> Path:
    """Give the folder of real reference data, which lies beside the checkout."""
    if not _REFERENCE.is_dir():
        pytest.skip(f"no reference data. Remedy: put the folder at {_REFERENCE}")
    return _REFERENCE


def _run_as(user: str | None, command: list[str | Path]) -> None:
    """Run a program as another user, and show what it said if it fails."""
    done = subprocess.run(  # noqa: S603 - programs of the PostgreSQL that was found
        command,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if done.returncode != 0:
        pytest.fail(f"{Path(command[0]).name} failed: {done.stderr or done.stdout}")


def _memory() -> str | None:
    """Return a folder in memory with room for what the tests write, None where there is none."""
    folder = Path("/dev/shm")  # noqa: S108 - Linux's; the folders that are made in it are private
    has_room = folder.is_dir() and shutil.disk_usage(folder).free > _ROOM_BYTES
    return str(folder) if has_room else None


@pytest.fixture(scope="session")
def postgis() -> Iterator[str]:
    """Start a private PostgreSQL with PostGIS; give its connection string; remove it at the end."""
    import psycopg  # noqa: PLC0415 - only these tests need it

    programs = postgresql_programs()
    if programs is None:
        pytest.skip(f"no {POSTGIS.name}. Remedy: {POSTGIS.remedy}")
    user = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        users = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in users else "nobody"
    # Not pytest's own folder: only its owner may enter that, and a socket's path must be short.
    home = Path(tempfile.mkdtemp(prefix="geo-match-pg-", dir=_memory()))
    cluster = home / "cluster"
    conninfo = f"host={home} dbname=postgres user=geo_match"
    try:
        if user is not None:
            shutil.chown(home, user)
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        server = f"-k {home} -c listen_addresses='' {quick}"
        _run_as(
            user,
            [
                *(programs / "initdb", "-D", cluster, "-U", "geo_match", "-A", "trust"),
                *("-E", "UTF8", "--locale=C", "--no-sync"),
            ],
        )
        # Without -l the server would keep our pipe open, and pg_ctl would never return.
        log = home / "log"
        _run_as(user, [programs / "pg_ctl", "-D", cluster, "-w", "-l", log, "-o", server, "start"])
        try:
            with psycopg.connect(conninfo, autocommit=True) as connection:
                connection.execute("CREATE EXTENSION postgis")
            yield conninfo
        finally:
            _run_as(user, [programs / "pg_ctl", "-D", cluster, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(home)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why a test was skipped, in its own words."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def _forbid_skip(report: Any) -> None:
    """Turn a skip into a failure in CI, where nobody would read of it."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.longrepr = f"Skipped in CI, where everything must run: {_reason(report)}"
        report.outcome = "failed"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _forbid_skip(report)
    return report


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """List what was not run, once a reason, with the command that would bring it."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reasons[_reason(report)] = reasons.get(_reason(report), 0) + 1
    if not reasons:
        return
    terminalreporter.section("not run")
    for reason, count in reasons.items():
        terminalreporter.line(f"{count} test{'s' if count > 1 else ''}: {reason}")
