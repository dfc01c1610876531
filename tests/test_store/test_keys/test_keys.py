"""Keys and sessions: who is let in by which, and until when; on both databases."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from geo_match.errors import ArgumentError
from geo_match.store import Store
from geo_match.store.keys import ROLES, Keys
from geo_match.store.keys import secret as secret_module
from geo_match.store.keys.keys import MOST_LASTING_S
from geo_match.store.schema.tables import API_KEYS, SESSIONS

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TICK = dt.timedelta(microseconds=1)


class Clock:
    """A clock that stands until it is set."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now.replace(tzinfo=None)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def keys(store, clock):
    """Give the keys of an empty store, on each of the databases."""
    return Keys(store.database, clock)


def issue(keys, **given):
    return keys.issue(**{"role": "planner", "label": "规划处"} | given)


def test_a_key_is_found_by_its_secret(keys):
    key, secret = issue(keys)
    other, other_secret = issue(keys, role="operator", label="示例运营公司")
    assert keys.find(secret) == key
    assert keys.find(other_secret) == other
    assert (key.role, key.label, key.community) == ("planner", "规划处", None)
    assert (key.created_at, key.expires_at, key.revoked_at) == (NOON, None, None)
    assert secret.startswith(f"gmk_{key.id}_")


def test_the_id_of_one_key_with_the_rest_of_another_is_none(keys):
    _, one = issue(keys)
    _, other = issue(keys)
    assert keys.find(one[:21] + other[21:]) is None
    assert keys.find(other[:21] + one[21:]) is None


def test_a_store_has_a_hash_of_a_secret_and_nothing_more_of_it(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        key, secret = issue(store.api_keys)
        session, opened = store.api_keys.open_session(key, 60)
        with store.database.reading() as connection:
            kept = connection.execute(select(API_KEYS.c.hash)).scalar_one()
            of_session = connection.execute(select(SESSIONS.c.hash)).scalar_one()
        assert kept == hashlib.sha256(secret.encode()).hexdigest()
        assert of_session == hashlib.sha256(opened.encode()).hexdigest()
        written = b"".join(one.read_bytes() for one in tmp_path.iterdir())
        assert key.id.encode() in written
        for one in (secret, opened):
            assert one.encode() not in written
            assert one.rpartition("_")[2].encode() not in written
        assert kept not in repr((key, session, store.api_keys.list()))


def test_each_well_formed_secret_is_compared_once_in_constant_time(keys, monkeypatch):
    compared = []
    real = secret_module.hmac.compare_digest

    def compare(one, other):
        compared.append((len(one), len(other)))
        return real(one, other)

    key, secret = issue(keys)
    _, session = keys.open_session(key, 60)
    monkeypatch.setattr(secret_module.hmac, "compare_digest", compare)
    unknown = secret_module.new_key()[1]
    wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    for n, one in enumerate((secret, wrong, unknown), 1):
        assert (keys.find(one) == key) is (one == secret)
        assert compared == [(64, 64)] * n
    assert keys.find_session(session).key == key
    assert len(compared) == 4


@given(
    at=st.integers(0, 52),
    letter=st.characters(codec="utf-8"),
    how=st.sampled_from(["replace", "insert", "delete"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_nearly_a_key_is_none(keys, at, letter, how):
    key, secret = issue(keys)
    end = at + (how != "insert")
    other = secret[:at] + ("" if how == "delete" else letter) + secret[end:]
    assert keys.find(other) == (key if other == secret else None)


def test_a_key_opens_until_the_moment_at_which_it_expires(keys, clock):
    zoned = (NOON + HOUR).astimezone(dt.timezone(8 * HOUR))
    key, secret = issue(keys, expires_at=zoned)
    assert key.expires_at == NOON + HOUR
    assert key.expires_at.tzinfo is dt.UTC
    for moment, is_open in ((NOON, True), (NOON + HOUR - TICK, True), (NOON + HOUR, False)):
        clock.now = moment
        assert keys.find(secret) == (key if is_open else None)
    assert keys.list() == (key,)


def test_a_key_that_is_revoked_opens_nothing_from_then_on_in_any_process(keys, clock, store):
    url = store.database.engine.url.render_as_string(hide_password=False)
    with Store.open(url, clock=clock) as other:
        key, secret = issue(keys)
        _, session = keys.open_session(key, 60)
        assert other.api_keys.find(secret) == key
        assert other.api_keys.find_session(session).key == key
        clock.now += HOUR / 120
        revoked = keys.revoke(key.id)
        assert other.api_keys.find(secret) is None
        assert other.api_keys.find_session(session) is None
    assert revoked.revoked_at == NOON + HOUR / 120
    clock.now += HOUR
    assert keys.revoke(key.id) == revoked  # a second time changes nothing
    with pytest.raises(ArgumentError, match=r"`key` must be valid, got '\w+', expired or revoked"):
        keys.open_session(key, 60)


def test_no_key_of_an_id_is_told_without_repeating_a_secret(keys):
    _, secret = issue(keys)
    with pytest.raises(ArgumentError, match=r"`id` must be that of a key in the store") as told:
        keys.revoke(secret)
    assert secret[4:] not in str(told.value)
    assert keys.find(secret) is not None


def test_all_keys_are_listed_in_the_order_in_which_they_were_made(keys, clock):
    made = []
    for role in ROLES:
        if role != "community":
            made.append(issue(keys, role=role, label=f"  {role} 处 ")[0])
            clock.now += TICK
    made[2] = keys.revoke(made[2].id)
    assert keys.list() == tuple(made)
    assert [key.label for key in made] == [f"{key.role} 处" for key in made]


def test_keys_and_sessions_are_never_in_the_feed(keys, store):
    before = store.head()
    key, _ = issue(keys)
    _, session = keys.open_session(key, 60)
    keys.close_session(session)
    keys.revoke(key.id)
    assert store.head() == before
    assert list(store.changes()) == []
    assert store.verify().faults == ()


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"role": "boss"}, r"`role` must be one of integration, .*administrator, got 'boss'"),
        ({"role": "Planner"}, r"`role` must be one of"),
        ({"label": "  "}, r"`label` must be a text that is not blank"),
        ({"label": "a\nb"}, r"`label` must be one line of at most 200 characters"),
        ({"label": "x" * 201}, r"got 201 characters"),
        (
            {"label": "王 11010519491231002X"},
            r"hold no ID-card number, got '王 \*{14}002X'\. Name the office",
        ),
        ({"community": "340302"}, r"be given for the role community alone, got '340302' for plan"),
        ({"role": "community"}, r"`community` must be 12 digits.*, got none\. The role community"),
        ({"role": "community", "community": "3403021"}, r"12 digits .* got '3403021'"),
        ({"role": "community", "community": "340302%"}, r"12 digits"),
        (
            {"role": "community", "community": "340303"},
            r"be the code of a community in the store, or begin one, got '340303'\. Is it right",
        ),
        ({"expires_at": NOON}, r"`expires_at` must lie ahead, got 2026-03-01 12:00:00 \+0000"),
        (
            {"expires_at": dt.datetime.max.replace(tzinfo=dt.timezone(-8 * HOUR))},
            r"must lie before the year 10000, in UTC too, got 9999-12-31 23:59:59 -0800\. .*leave",
        ),
        (
            {"expires_at": dt.datetime.min.replace(tzinfo=dt.timezone(8 * HOUR))},
            r"`expires_at` must lie ahead",
        ),
        ({"expires_at": dt.datetime(2027, 1, 1)}, r"must have a time zone"),  # noqa: DTZ001 - meant
    ],
)
def test_a_key_that_breaks_a_rule_is_not_made(keys, store, given_, said):
    community = {"id": ["340302001001"], "name": ["示例社区"]}
    store.put("communities", pa.table(community))
    with pytest.raises(ArgumentError, match=said):
        issue(keys, **given_)
    assert keys.list() == ()


@pytest.mark.parametrize(
    ("written", "area"),
    [
        ("340302001001", "340302001001"),
        ("340302001", "340302001"),
        (" 340302 ", "340302"),
        ("３４０３０２", "340302"),
    ],
)
def test_a_communitys_key_has_an_area_that_is_known(keys, store, written, area):
    store.put("communities", pa.table({"id": ["340302001001"], "name": ["示例社区"]}))
    key, secret = issue(keys, role="community", community=written)
    assert key.community == area
    assert keys.find(secret).community == area


def test_a_session_lasts_as_long_as_it_was_opened_for(keys, clock):
    key, _ = issue(keys)
    session, secret = keys.open_session(key, 3_600)
    assert (session.key, session.expires_at) == (key, NOON + HOUR)
    for moment, is_open in ((NOON, True), (NOON + HOUR - TICK, True), (NOON + HOUR, False)):
        clock.now = moment
        assert keys.find_session(secret) == (session if is_open else None)


def test_a_session_ends_with_its_key(keys, clock):
    key, _ = issue(keys, expires_at=NOON + HOUR / 2)
    session, secret = keys.open_session(key, 3_600)
    assert session.expires_at == NOON + HOUR / 2
    clock.now = NOON + HOUR / 2
    assert keys.find_session(secret) is None


def test_a_session_that_is_closed_is_gone_and_no_other_is(keys):
    key, _ = issue(keys)
    (_, one), (other, other_secret) = (keys.open_session(key, 60) for _ in range(2))
    assert keys.close_session(one) is True
    assert keys.close_session(one) is False
    assert keys.close_session("gms_x") is False
    assert keys.find_session(one) is None
    assert keys.find_session(other_secret) == other


def test_sessions_that_have_ended_are_not_kept_for_ever(keys, clock, store):
    key, _ = issue(keys)
    for _ in range(3):
        keys.open_session(key, 60)
        clock.now += HOUR
    with store.database.reading() as connection:
        assert len(connection.execute(select(SESSIONS)).all()) == 1


def test_the_secret_of_a_key_is_no_session_and_that_of_a_session_no_key(keys):
    key, secret = issue(keys)
    _, session = keys.open_session(key, 60)
    assert keys.find(session) is None
    assert keys.find_session(secret) is None


@pytest.mark.parametrize("lasting_s", [0, -1, float("nan"), float("inf"), MOST_LASTING_S + 1])
def test_a_session_lasts_a_time_above_0_and_up_to_30_days(keys, lasting_s):
    key, _ = issue(keys)
    with pytest.raises(ArgumentError, match=r"`lasting_s` must be a number of seconds above 0"):
        keys.open_session(key, lasting_s)


steps = st.one_of(
    st.tuples(st.just("issue"), st.none() | st.integers(1, 5)),
    st.tuples(st.just("revoke"), st.integers(0, 9)),
    st.tuples(st.just("open"), st.integers(0, 9), st.integers(1, 5)),
    st.tuples(st.just("close"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 3)),
)


@pytest.fixture(scope="module")
def model_store(store_file, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "a.db"
    path.write_bytes(Path(store_file).read_bytes())
    with Store.open(path) as store:
        yield store


@given(script=st.lists(steps, max_size=25))
@settings(max_examples=40)
def test_who_is_let_in_is_as_a_plain_list_of_moments_says(model_store, script):
    """The oracle has hours as whole numbers, and no database."""
    clock = Clock()
    keys = Keys(model_store.database, clock)
    hour, made, ends, opened = 0, [], [], []  # ends: of each key; opened: [key, secret, end]
    for what, *given_ in script:
        if what == "issue":
            (lasts,) = given_
            end = None if lasts is None else NOON + (hour + lasts) * HOUR
            made.append(issue(keys, expires_at=end))
            ends.append(float("inf") if lasts is None else hour + lasts)
        elif what == "wait":
            hour += given_[0]
            clock.now = NOON + hour * HOUR
        elif what == "revoke" and given_[0] < len(made):
            keys.revoke(made[given_[0]][0].id)
            ends[given_[0]] = -1
        elif what == "open" and given_[0] < len(made):
            if hour < ends[given_[0]]:
                secret = keys.open_session(made[given_[0]][0], given_[1] * 3_600)[1]
                opened.append([given_[0], secret, hour + given_[1]])
            else:
                with pytest.raises(ArgumentError, match="be valid"):
                    keys.open_session(made[given_[0]][0], 3_600)
        elif what == "close" and given_[0] < len(opened):
            keys.close_session(opened[given_[0]][1])
            opened[given_[0]][2] = -1
        for (key, secret), end in zip(made, ends, strict=True):
            found = keys.find(secret)
            assert (found.id if found else None) == (key.id if hour < end else None)
        for number, secret, end in opened:
            found = keys.find_session(secret)
            is_open = hour < end and hour < ends[number]
            assert (found.key.id if found else None) == (made[number][0].id if is_open else None)
