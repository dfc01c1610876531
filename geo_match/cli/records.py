"""What `records` does: it prints what a record holds, for machines or for people."""

from __future__ import annotations

import json
from typing import Final

import typer

from geo_match.records.dictionary import data_dictionary
from geo_match.records.schema import json_schema, json_schemas

SCHEMA: Final = "schema"
DICTIONARY: Final = "dictionary"
FORMATS: Final = (SCHEMA, DICTIONARY)


def print_records(kind: str | None, form: str) -> None:
    """Print what records hold to the standard output.

    Parameters
    ----------
    kind
        Of the records; None for all kinds.
    form
        One of `FORMATS`: JSON Schema, or the data dictionary in Markdown.
    """
    if form == DICTIONARY:
        typer.echo(data_dictionary(kind), nl=False)
        return
    schema = json_schemas() if kind is None else json_schema(kind)
    typer.echo(json.dumps(schema, ensure_ascii=False, indent=2))
