"""Servers in processes of their own, as a person or a service manager starts them."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import time

import httpx
import pytest
from test_api.running import PATIENCE_S, free_port, lines_until, of_file, started

from api import server, supervisor
from api.__main__ import HOST, _bind, main
from geo_match.store import Store


def answer_of(process, url):
    """Ask until the server listens, while it lives."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return httpx.get(url, trust_env=False)
        except httpx.ConnectError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_uvicorn_serves_the_factory():
    port = free_port()
    with started("uvicorn", "--factory", "api.app:create_app", "--port", str(port)) as process:
        answer = answer_of(
            process, f"http://127.0.0.1:{port}/v1/jobs?lon=117.385&lat=32.948&limit=1"
        )
    assert answer.status_code == 200
    assert answer.json()["total"] > 0
    assert "示例" in answer.json()["jobs"][0]["job"]["employer"]


def test_uvicorn_shows_a_bad_setting_as_one_message():
    arguments = ("uvicorn", "--factory", "api.app:create_app", "--port", str(free_port()))
    with started(*arguments, GEO_MATCH_SITES="nowhere.csv") as process:
        said, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode != 0
    assert "nowhere.csv" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_printed_curl_line_finds_jobs_and_no_query_is_logged(sign):
    with started("api", "--port", "0") as process:
        said = lines_until(process, "curl")
        url = re.search(r"curl '(.+)'", said).group(1)
        answer = httpx.get(url, trust_env=False)
        process.send_signal(sign)
        rest, _ = process.communicate(timeout=PATIENCE_S)
    assert re.search(r"jobs\.parquet: [\d,]+ rows read, .* withheld .*, 0 rejected", said)
    assert "jobs, employers and addresses are invented" in said
    assert f"Listening on {url.partition('/v1')[0]}" in said
    assert len(answer.json()["jobs"]) == 3
    assert re.fullmatch(r"GET /v1/jobs 200 [\d.]+ ms \d+ B key=None id=\S+\nStopped\.\n", rest)


def test_a_store_is_served_and_its_example_finds_jobs(city_store):
    with started("api", "--port", "0", GEO_MATCH_STORE=str(city_store)) as process:
        said = lines_until(process, "curl")
        url = re.search(r"curl '(.+)'", said).group(1)
        answer = httpx.get(url, trust_env=False)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=PATIENCE_S)
    assert re.search(r"city\.db: 25,374 jobs, [\d,]+ served, [\d,]+ withheld", said)
    assert "city.db: its jobs, employers and addresses are invented." in said
    assert len(answer.json()["jobs"]) == 3
    assert re.fullmatch(r"GET /v1/jobs 200 [\d.]+ ms \d+ B key=None id=\S+\nStopped\.\n", rest)


def test_an_empty_store_is_listened_for_without_an_example(tmp_path):
    Store.open(tmp_path / "new.db").close()
    with started("api", "--port", "0", GEO_MATCH_STORE=str(tmp_path / "new.db")) as process:
        said = lines_until(process, "Listening")
    assert said.endswith("(stop it with Ctrl-C). It has no job to serve yet.\n")


def test_a_port_in_use_is_said_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"^geo_match: port {port} .* is in use\. .*PORT="):
            main(["--port", str(port)])


def test_a_port_that_another_server_was_first_to_listen_on_is_said_in_one_line(monkeypatch):
    port = free_port()
    with socket.socket() as rival:
        rival.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        rival.bind((HOST, port))

        def serve(listener):  # both have the port: neither listens yet
            rival.listen()
            listener.listen()

        monkeypatch.setattr(server, "serve", serve)
        with pytest.raises(SystemExit, match=rf"^geo_match: port {port} .* is in use\. .*PORT="):
            main(["--port", str(port)])


@pytest.mark.parametrize("port", ["", "x", "-1", "65536", "8000.0", "８０００"])
def test_a_port_that_is_none_is_refused(port, capsys):
    with pytest.raises(SystemExit, match="2"):
        main([f"--port={port}"])
    assert "must be a whole number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("workers", ["", "x", "0", "-1", "65", "2.0", "２"])
def test_a_number_of_workers_that_is_none_is_refused(workers, capsys):
    with pytest.raises(SystemExit, match="2"):
        main([f"--workers={workers}"])
    assert "must be a whole number from 1 to 64" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argument", "setting", "started"),
    [(None, None, 1), (None, "3", 3), ("2", "3", 2), ("1", "3", 1), ("2", None, 2)],
)
def test_so_many_workers_are_started_as_is_said_last(monkeypatch, argument, setting, started):
    begun = []
    monkeypatch.setattr(server, "serve", lambda _: begun.append(1))
    monkeypatch.setattr(
        supervisor, "supervise", lambda _, workers, stop_s: begun.append((workers, stop_s))
    )
    monkeypatch.setenv("GEO_MATCH_STOP_S", "7")
    if setting is not None:
        monkeypatch.setenv("GEO_MATCH_WORKERS", setting)
    main(["--port=0", *([] if argument is None else [f"--workers={argument}"])])
    assert begun == [1 if started == 1 else (started, 7)]


def test_a_port_can_be_checked_without_serving(capsys):
    main(["--port", str(free_port()), "--check-port"])
    assert capsys.readouterr().out == ""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"^geo_match: port {port} .* is in use\."):
            main(["--port", str(port), "--check-port"])


def test_what_became_of_the_file_is_said_in_plain_sentences(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(
        "编号,经度,纬度,职位,备注\nA,117.38,32.92,收银员,\nB,,32.92,,\n", encoding="gb18030"
    )
    with started("api", "--port", "0", **of_file(path)) as process:
        said = lines_until(process, "Listening").splitlines()
    assert said[:2] == ["Reading the jobs …", "jobs.csv: 2 rows read, 1 accepted, 1 rejected."]
    assert said[2].startswith("  row 2, 经度 (empty): must be given")
    assert said[3] == (
        "jobs.csv: columns used: 职位 as title; not in the file: vacancies, employer, site_id, "
        "site_name; not used: 备注."
    )
    assert len(said) == 5


def test_a_file_that_cannot_be_used_ends_the_start_with_its_reason(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("id,lon,lat\nA,200,0\n", encoding="utf-8")
    with started("api", "--port", "0", **of_file(path)) as process:
        said, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "must have a row that can be used, got all 1 rejected" in said.splitlines()[-1]
    assert "Traceback" not in said


def test_ctrl_c_before_the_server_listens_ends_with_one_line():
    with started("api", "--port", "0") as process:
        lines_until(process, "Reading")  # its slow imports follow
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert rest == "Stopped before it listened.\n"


@pytest.mark.parametrize("is_workers", [False, True])
def test_answers_leave_at_once(is_workers):
    """The end of an answer does not wait until its head is acknowledged, which takes 40 ms."""
    told = asyncio.Queue()

    async def take(_, writer):
        peer = writer.get_extra_info("socket")
        await told.put(peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def asked(listener):
        async with await asyncio.start_server(take, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            try:
                return await told.get()
            finally:
                writer.close()
                await writer.wait_closed()

    with _bind(0) as bound:
        bound.listen()
        listener = socket.socket(fileno=os.dup(bound.fileno())) if is_workers else bound
        assert asyncio.run(asked(listener)) == 1
