"""Servers in processes of their own, for the tests."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PATIENCE_S = 120


@contextlib.contextmanager
def started(*arguments, **environment):
    """Run a module of Python's until the block ends; its output goes to one pipe."""
    process = subprocess.Popen(  # noqa: S603 - the test's own interpreter and words
        [sys.executable, "-u", "-m", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def lines_until(process, sign):
    """Read lines up to the first that holds the sign; a process that ends before it fails."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if sign in line:
            return "".join(lines)
    pytest.fail(f"ended without saying {sign!r}:\n{''.join(lines)}")


def read_on(process):
    """Read what a server says from now on, and forget it: one whose pipe is full stands still."""

    def read():
        with contextlib.suppress(ValueError):  # closed at the end, by whoever ended the process
            for _ in process.stdout:
                pass

    threading.Thread(target=read, daemon=True).start()


def of_file(path):
    """Return what sets that a file of WGS-84 columns is served."""
    return {"GEO_MATCH_SITES": str(path), "GEO_MATCH_SITES_DATUM": "wgs84"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
