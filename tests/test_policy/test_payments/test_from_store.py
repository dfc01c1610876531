"""A store's people as evidence: what it holds of them decides, and each read is noted."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments import from_store
from geo_match.store import Cursor, Store

AS_OF = dt.date(2025, 6, 30)
DAYS = {"start": dt.date(2023, 11, 1), "end": dt.date(2023, 12, 31)}
SERVICE = {"id": "SV1", "person": "S1", "on": dt.date(2023, 12, 20), "kind": "introduction"}
RECORDS = {
    "households": [{"id": "H1", "hukou": "urban"}],
    "seekers": [
        {
            "id": "S1",
            "household": "H1",
            "birth_year": 1990,
            "sex": "male",
            "groups": [],
            "difficulty": "none",
        },
        {"id": "S2"},
    ],
    "spells": [{"id": "SP1", "person": "S1", "status": "registered_unemployed", **DAYS}],
    "services": [
        {**SERVICE, "operator_id": "OP1", "result": "willing"},
        {**SERVICE, "id": "SV2", "person": "S2", "operator_id": "OP1"},
    ],
}


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "people.db") as opened:
        for kind, records in RECORDS.items():
            opened.put(kind, records)
        yield opened


@pytest.fixture
def noted():
    """Give what runs reads and notes how many records each had."""

    class Noted(list):
        def __call__(self, read):
            found = read()
            self.append(found.num_rows)
            return found

    return Noted()


def test_people_of_a_store_are_decided_on_with_hires_from_elsewhere(sound, store, noted):
    own = sound.evidence([{}, {"id": "EM2", "person": "S2"}], insured=[{}, {"employment": "EM2"}])
    given = {"employments": own.employments, "insurance": own.insurance}
    evidence = from_store(store, audited=noted, **given)
    told = sound.decide("stable_employment", evidence, registered_unemployed_is_key_group=True)
    assert told["EM1"].word == "pass"
    assert "SP1" in told["EM1"].evidence
    assert told["EM2"].named(2) == ("key_group",)  # nothing is known of groups
    assert noted == [2, 1, 1, 2]
    (head, other) = sound.decide("operation", evidence)
    assert (head.word, other.word) == ("pass", "unknown")


def test_what_a_store_knew_before_a_correction_can_be_asked_again(sound, store, noted):
    before = store.read("seekers").schema.metadata[b"cursor"].decode()
    store.put("seekers", [{**RECORDS["seekers"][0], "groups": ["veteran"]}])
    given = {"employments": sound.evidence([{}]).employments, "audited": noted}
    then = from_store(store, known=Cursor.parse(before), **given)
    for evidence, expected in ((then, "fail"), (from_store(store, **given), "pass")):
        one = sound.decide("stable_employment", evidence)["EM1"]
        assert sound.outcomes(one)["key_group"] == expected


def test_spells_of_a_store_that_overlap_count_as_in_the_ledger(sound, store, noted):
    work = {"id": "SP2", "person": "S1", "status": "employed", "start": dt.date(2023, 12, 15)}
    store.put("spells", [work])
    given = {"employments": sound.evidence([{}]).employments, "audited": noted}
    evidence = from_store(store, **given)
    one = sound.decide("stable_employment", evidence, registered_unemployed_is_key_group=True)[
        "EM1"
    ]
    assert sound.outcomes(one)["key_group"] == "fail"  # employed on the eve of the hire


def test_what_notes_no_read_is_refused(store):
    with pytest.raises(ArgumentError, match="`audited` must be what notes a read of persons"):
        from_store(store, audited=None)
