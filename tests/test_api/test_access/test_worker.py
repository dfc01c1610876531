"""A server in a process of its own: who is let in changes while it runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from geo_match.cli import main
from geo_match.store import Store

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def worker(own):
    """Start a server on the store; give it, its first words and its address."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "api", "--port", "0"],
        cwd=CHECKOUT,
        env={**os.environ, "GEO_MATCH_STORE": str(own.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    for line in process.stdout:
        said += line
        if "curl" in line:
            break
    else:
        pytest.fail(said)
    yield process, said
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_key_that_is_revoked_while_a_server_runs_opens_nothing_from_then_on(own, worker, capsys):
    process, said = worker
    assert "ask it with a key (`geo-match keys create` makes one):" in said
    found = re.search(r"curl '(.+)' -H \"Authorization: Bearer \$KEY\"", said)
    url = found[1]
    session = f"{url.partition('/v1')[0]}/v1/session"
    with Store.open(own.path) as store:
        key, secret = store.api_keys.issue(role="planner", label="示例")
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(trust_env=False) as client:
        assert client.get(url).status_code == 401
        assert client.get(url, headers=headers).json()["total"] == 1
        assert client.post(session, json={"key": secret}).status_code == 204
        assert client.get(url).json()["total"] == 1  # by the cookie
        with pytest.raises(SystemExit, match="0"):
            main(["keys", "revoke", key.id, "--store", str(own.path)])
        assert client.get(url, headers=headers).status_code == 401
        assert client.get(url).status_code == 401
    process.terminate()
    rest, _ = process.communicate()
    assert secret not in said + rest
    assert "gms_" not in said + rest
    assert rest.endswith("\nStopped.\n")
    capsys.readouterr()
