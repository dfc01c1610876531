"""Secrets: long enough, told apart by their form, kept as hashes, and never shown."""

from __future__ import annotations

import hashlib
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.store.keys import mask_secrets
from geo_match.store.keys import secret as module
from geo_match.store.keys.secret import (
    hash_of,
    id_in,
    is_same,
    is_session,
    new_key,
    new_session,
)

ID = "kq3v5w2x7yabcdef"
KEY = f"gmk_{ID}_abcdefghijklmnopqrstuvwxyz234567"
SESSION = "gms_abcdefghijklmnopqrstuvwxyz234567"


def test_a_key_is_its_prefix_its_id_and_160_random_bits(monkeypatch):
    drawn, real = [], secrets.token_bytes

    def token_bytes(n):
        drawn.append(real(n))
        return drawn[-1]

    monkeypatch.setattr(module.secrets, "token_bytes", token_bytes)
    id_, key = new_key()
    assert [8 * len(one) for one in drawn] == [80, 160]
    assert key.startswith(f"gmk_{id_}_")
    assert id_in(key) == id_
    session = new_session()
    assert 8 * len(drawn[-1]) == 160
    assert session.startswith("gms_")
    assert is_session(session)


def test_no_two_secrets_are_the_same():
    made = [new_key() for _ in range(2_000)]
    assert len({id_ for id_, _ in made}) == len({key for _, key in made}) == 2_000
    assert len({new_session() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize(
    "other",
    [
        *(f" {KEY}", f"{KEY} ", f"{KEY}\n", f"\t{KEY}", KEY.upper(), KEY.replace("gmk", "GMK")),
        *(KEY[:-1], f"{KEY}a", KEY.replace("_", "-"), KEY.replace("gmk_", "gms_"), SESSION, ID, ""),
        *("gmk_", f"gmk_{ID}_", f"gmk_{ID}_" + "a" * 31 + "1", f"gmk_{ID}_" + "ａ" * 32),
    ],
)
def test_what_has_not_a_keys_form_to_the_letter_is_none(other):
    assert id_in(other) is None


@pytest.mark.parametrize("other", [f" {SESSION}", SESSION.upper(), SESSION[:-1], KEY, ""])
def test_what_has_not_a_sessions_form_to_the_letter_is_none(other):
    assert not is_session(other)


def test_what_is_kept_is_the_sha_256_of_the_whole():
    assert hash_of(KEY) == hashlib.sha256(KEY.encode("ascii")).hexdigest()
    assert is_same(hash_of(KEY), KEY)
    assert not is_same(hash_of(SESSION), KEY)


@given(
    before=st.text(max_size=9), after=st.text(max_size=9), secret=st.sampled_from([KEY, SESSION])
)
def test_a_text_that_is_shown_holds_no_secret_whatever_is_around_it(before, after, secret):
    for written in (secret, secret.upper(), secret[:20]):
        shown = mask_secrets(f"{before}{written}{after}")
        assert written not in shown
        assert written[4:] not in shown


@given(st.text())
def test_a_text_without_a_prefix_is_shown_as_it_is(text):
    if "gm" not in text.lower():
        assert mask_secrets(text) == text
