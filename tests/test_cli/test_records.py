"""The command `records`: what a record holds, for machines and for people, without a store."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from geo_match.cli import main
from geo_match.records import RECORDS
from geo_match.records.dictionary import data_dictionary
from geo_match.records.schema import json_schema, json_schemas


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in an empty folder; give its status and what it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments):
        with pytest.raises(SystemExit) as caught:
            main(["records", *arguments])
        printed = capsys.readouterr()
        assert list(Path().iterdir()) == []
        return caught.value.code or 0, printed.out, printed.err

    return call


@pytest.mark.parametrize("kind", RECORDS)
def test_the_schema_of_a_kind_is_printed_as_json(run, kind):
    status, out, err = run(kind)
    assert (status, err) == (0, "")
    assert json.loads(out) == json_schema(kind)
    assert RECORDS[kind].chinese in out  # Chinese as it is, not escaped
    assert run(kind, "--format", "schema")[1] == out


def test_all_schemas_are_printed_as_one_document(run):
    status, out, err = run()
    assert (status, err) == (0, "")
    assert json.loads(out) == json_schemas()
    jsonschema.Draft202012Validator.check_schema(json.loads(out))


def test_the_dictionary_is_printed_whole_or_by_its_chapter(run):
    assert run("--format", "dictionary") == (0, data_dictionary(), "")
    assert run("jobs", "--format", "dictionary") == (0, data_dictionary("jobs"), "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("people",), "must be one of households, seekers, "),
        (("jobs", "--format", "xml"), "must be one of schema, dictionary, got 'xml'"),
        (("jobs", "seekers"), "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_is_status_2(run, arguments, told):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert told in err
