"""A server that is told to stop while it answers something that takes long."""

from __future__ import annotations

import re
import signal
import socket
import time

import pytest
from test_api.running import PATIENCE_S, lines_until, started


@pytest.fixture
def stuck(request, tmp_path):
    """Start a server that is asked for what takes a minute; give its process."""
    where = {"PYTHONPATH": "tests/test_api", "TMPDIR": str(tmp_path)}
    with started("stuck_server", STOP_S=str(request.param), **where) as process:
        said = lines_until(process, "Listening")
        with socket.create_connection(("127.0.0.1", int(re.search(r"(\d+)\.", said)[1]))) as asking:
            asking.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            lines_until(process, "Asked.")
            yield process


@pytest.mark.parametrize("stuck", [1], indirect=True)
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_what_is_not_done_within_the_bound_is_cut_off(stuck, sign, tmp_path):
    stuck.send_signal(sign)
    rest, _ = stuck.communicate(timeout=PATIENCE_S)
    assert stuck.returncode == 1
    assert rest.endswith("Stopped; what was not done is cut off.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stuck", [600], indirect=True)
def test_the_second_signal_ends_it_at_once(stuck, tmp_path):
    stuck.send_signal(signal.SIGTERM)
    time.sleep(0.3)  # two at once may be one
    stuck.send_signal(signal.SIGTERM)
    rest, _ = stuck.communicate(timeout=PATIENCE_S)
    assert stuck.returncode == 128 + signal.SIGTERM
    assert rest == "Stopped at once.\n"
    assert list(tmp_path.iterdir()) == []
