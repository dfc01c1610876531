"""A phone number of a person turns up nowhere but where a scope opens it."""

from __future__ import annotations

import logging
import re

import pytest
from test_api.test_records.conftest import HERE

from geo_match.cli import main
from geo_match.store.keys import ROLES

PHONE, NAME = "13900139000", "示例甲"
ID_CARD = "11010519491231002X"
"""Of nobody: an example that is printed everywhere."""
MAY = {"integration", "community", "operator", "supervisor"}
"""Whose keys open records of persons."""
ASKED = {
    "/v1/coverage/{code}": {"code": HERE},
    "/v1/jobs/{id}/seekers": {"id": "J1"},
    "/ogc/collections/{collection}": {"collection": "communities"},
    "/ogc/collections/{collection}/items/{feature}": {"collection": "sites", "feature": "J1"},
}
OF_PERSONS = {f"/v1/{kind}:import" for kind in ("households", "seekers", "spells", "services")}
QUERIES = {"/v1/jobs": "?lon=117.38&lat=32.92", "/v1/changes": "?after={epoch}-0&limit=10000"}
BODIES = {
    "/v1/matches": {"seeker": {"id": "S-canary"}, "origin": {"lon": 117.38, "lat": 32.92}},
    "/v1/matches:batch": {"items": [{"seeker": {"id": "S-canary"}}]},
    "/v1/what-if": {"radius_m": 1_000, "add": [{"id": "N", "lon": 117.38, "lat": 32.92}]},
}


def _plant(records):
    """Write a seeker with the number; return the epoch of the store."""
    home = {"id": "H-canary", "community": HERE, "lon": 117.3801, "lat": 32.9203, "version": 1}
    assert records.put("households", home).status_code in {200, 201}
    seeker = {
        "id": "S-canary", "household": "H-canary", "community": HERE, "name": NAME,
        "phone": PHONE, "version": 1,
    }  # fmt: skip
    answer = records.put("seekers", seeker)
    assert answer.status_code in {200, 201}
    assert PHONE in records.get("/v1/seekers/S-canary", "operator").text
    return answer.json()["cursor"].partition("-")[0]


def _everything(records, role, epoch):
    """Yield each operation's answer to a role, with something that is there."""
    described = records.served.ask("/openapi.json").json()["paths"]
    for path, methods in described.items():
        named = ASKED.get(path, {"id": "S-canary", "feature": "x", "code": HERE, "collection": "x"})
        target = re.sub(r"\{(\w+)\}", lambda found, named=named: named[found[1]], path)
        target += QUERIES.get(path, "").format(epoch=epoch)
        for method in methods:
            if method == "delete":  # for a reason that is refused: the canary stays
                asked = "" if path == "/v1/session" else f"?reason={NAME}"
                yield method, path, records("DELETE", target + asked, role)
                continue
            body = BODIES.get(path, {"id": "S-canary", "phone": PHONE, "birth_year": "x"})
            given = {"json": body} if method in {"post", "put"} else {}
            if path in OF_PERSONS:
                rows = f"id,name,phone,community,{NAME}\nS-x,{NAME},{PHONE}x,{PHONE},{PHONE}\n"
                given = {"content": rows.encode(), "headers": {"Content-Type": "text/csv"}}
            yield method, path, records(method.upper(), target, role, **given)


def test_a_phone_number_is_in_no_answer_without_a_scope_and_in_no_log(records, caplog, capfd):
    epoch = _plant(records)
    seen = set()
    with caplog.at_level(logging.DEBUG):
        for role in ROLES:
            for method, path, answer in _everything(records, role, epoch):
                if PHONE in answer.text or NAME in answer.text:
                    seen.add((role, method, path))
                assert PHONE not in str(answer.headers)
    may = {(role, "get", path) for role in MAY for path in ("/v1/seekers", "/v1/seekers/{id}")}
    assert seen == may
    output = capfd.readouterr()
    ours = [one for one in caplog.records if not one.name.startswith("http")]  # the client's own
    told = "\n".join(map(logging.Formatter().format, ours)) + output.out + output.err
    assert PHONE not in told
    assert NAME not in told


def test_a_person_is_in_no_answer_to_a_removal_and_in_nothing_that_is_told_of_it(records):
    epoch = _plant(records)
    for reason in (NAME, PHONE, f"{NAME}（{PHONE}）迁出", "h-canary"):
        answer = records.delete(f"/v1/seekers/S-canary?reason={reason}")
        assert answer.status_code == 422
        assert reason not in answer.text
    words = "迁往示例镇"
    assert records.delete(f"/v1/seekers/S-canary?reason={words}").status_code == 200
    feed = records.get(f"/v1/changes?after={epoch}-0&limit=10000", "integration").text
    assert '"op":"remove"' in feed
    for private in (PHONE, NAME, "S-canary", words):
        assert private not in feed
    with records.store() as store:
        (removed,) = [one for one in store.changes(kinds=["seekers"]) if one.op == "remove"]
    assert (removed.cause, removed.record) == (words, None)  # for who runs the store


def test_a_phone_number_is_in_no_file_that_a_command_writes(records, tmp_path, monkeypatch, capfd):
    _plant(records)
    monkeypatch.chdir(tmp_path)
    read = ["--store", str(records.path), "--who", "me", "--purpose", "R-1"]
    for words in (
        ["match", *read, "--out", "m.csv", "--shortfall", "s.csv"],
        ["match", *read, "--for-jobs", "--out", "j.ndjson"],
        ["coverage", *read, "--of", "seekers", "--out", "c.html", "--people-out", "p.ndjson"],
        ["ledger", "analysis", *read, "--out", "a.csv"],
        *(["store", name, "--store", str(records.path)] for name in ("status", "verify")),
    ):
        with pytest.raises(SystemExit) as end:
            main(words)
        assert end.value.code == 0
    output = capfd.readouterr()
    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert len(written) == 6
    assert "S-canary" in written["m.csv"]  # by whose id the office knows them
    for text in (*written.values(), output.out, output.err):
        assert PHONE not in text
        assert NAME not in text


def test_a_phone_number_is_in_no_error(records):
    for body in (
        {"id": PHONE, "phone": [PHONE]},
        {"id": "S-x", PHONE: PHONE},
        {"id": "S-x", "phone": f"{PHONE}x", "community": PHONE},
        [PHONE],
        PHONE,
    ):
        answer = records("PUT", "/v1/seekers/S-x", "operator", json=body)
        assert answer.status_code == 422
        assert PHONE not in answer.text.replace(f"/{PHONE}", "")  # a field's name is told back
    rows = f"id,phone,community\nS-y,{PHONE}x,{HERE}\n"
    answer = records.load("seekers", rows)
    assert answer.json()["rejected"] + answer.json()["accepted"] == 1
    assert f"{PHONE}x" not in answer.text


def test_a_person_is_in_no_answer_to_a_list_whose_first_line_is_one(records):
    for rows in (
        f"S-z,{NAME},{PHONE},{HERE}\nS-y,示例乙,{PHONE},{HERE}\n",
        f"S-z;{NAME};{PHONE}\nS-y;示例乙;{PHONE}\n",
        f"S-z,{PHONE},{PHONE},{NAME},{NAME}\nS-y,示例乙,,,\n",
        f'id,name\nS-z,"{NAME}{PHONE}\n',
        f'{{"{NAME}": "{PHONE}", "{PHONE}": "S-z"}}\n',
    ):
        answer = records.load("seekers", rows)
        assert answer.status_code == 422, answer.text
        assert "The list must " in answer.json()["detail"]
        assert PHONE not in answer.text
        assert NAME not in answer.text
    told = records.load("seekers", f"S-z,{NAME},{PHONE},{HERE}\nS-y,示例乙,,\n").json()["detail"]
    assert told.endswith("A CSV begins with a line of them. Required: id.")
    rows = f"id,{NAME},{PHONE}\nS-v, x,=1+1\nS-w,,\n"
    answer = records.load("seekers", rows)
    assert answer.json()["read"] == 2
    assert "not used: 2 columns" in answer.json()["warnings"]
    assert PHONE not in answer.text
    assert NAME not in answer.text


def test_a_column_of_an_unknown_header_is_told_of_by_number_though_an_id_card_is_in_the_header(
    records,
):
    header = f"{NAME} {ID_CARD} {PHONE}"
    answer = records.load("seekers", f"id,{header},{PHONE}\nS-u, x,\n合计,1,\n,合计,1\n")
    told = answer.json()
    assert [one["field"] for one in told["notes"]] == ["(a column that is not used)"]
    assert [one["field"] for one in told["rejections"]] == ["id", "(a column that is not used)"]
    assert "not used: 2 columns" in told["warnings"]
    for word in (NAME, PHONE, ID_CARD[:6], ID_CARD[-4:], "****"):
        assert word not in answer.text
