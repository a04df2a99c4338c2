"""API keys: made, kept as hashes, told apart, revoked."""

import datetime
import json
import logging
import os
import threading
from pathlib import Path

import pytest

from actors.errors import ResourceMissingError, UnauthorisedError
from serve.access import Caller
from serve.key_writing import change_keys, read_keys
from serve.keys import KeyAccess, KeyFile, KeyRecord, KeyRing, OpenUntilKeyed, key_in, new_key

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
ACME, ACMES = new_key("acme", ("draft",), NOW)
ZENITH, ZENITHS = new_key("zenith", ("admin", "metrics"), NOW, datetime.timedelta(days=30))


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def access(*records: KeyRecord, now: datetime.datetime = NOW) -> KeyAccess:
    return KeyAccess(lambda: KeyRing(keys=records), lambda: now)


@pytest.mark.parametrize(
    "headers", [bearer(ACME), {"authorization": f"bearer  {ACME} "}, {"x-api-key": ACME}]
)
def test_a_key_says_who_calls(headers: dict[str, str]) -> None:
    assert access(ZENITHS, ACMES).caller(headers) == Caller("acme", frozenset(("draft",)), ACMES.id)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "lxr_",
        ACME[:-1],
        ACME + "0",
        ACME.swapcase(),
        ACME.replace(ACMES.id, ZENITHS.id),
        f"lxr_{ACMES.id}_{'0' * 43}",
        ACMES.sha256,
        ACMES.id,
        "é" * 100,
        "l" * 100_000,
    ],
    ids=lambda key: key[:24],
)
def test_whatever_is_not_the_whole_key_is_nobody(key: str) -> None:
    with pytest.raises(UnauthorisedError) as caught:
        access(ACMES, ZENITHS).caller(bearer(key))
    assert not key or key not in str(caught.value)


def test_a_scheme_that_brings_no_key_is_none() -> None:
    assert key_in({"authorization": f"Basic {ACME}"}) == ""


def test_two_keys_that_differ_are_refused() -> None:
    with pytest.raises(UnauthorisedError, match="differ"):
        key_in({**bearer(ACME), "x-api-key": ZENITH})
    assert key_in({**bearer(ACME), "x-api-key": ACME}) == ACME


def test_a_key_ends_on_its_day() -> None:
    last = NOW + datetime.timedelta(days=30)
    assert access(ZENITHS, now=last - datetime.timedelta(seconds=1)).caller(bearer(ZENITH)).tenant == "zenith"
    with pytest.raises(UnauthorisedError, match="expired"):
        access(ZENITHS, now=last).caller(bearer(ZENITH))


def test_keys_are_never_alike_and_never_kept() -> None:
    made = [new_key("acme", ("draft",), NOW) for _ in range(100)]
    assert len({key for key, _ in made}) == len({record.id for _, record in made}) == 100
    for key, record in made:
        prefix, key_id, secret = key.split("_", 2)
        assert (prefix, key_id, len(secret)) == ("lxr", record.id, 43), "256 bits in base64"
        assert secret not in record.model_dump_json()


# The file.


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "home" / "keys.json"
    change_keys(made, lambda ring: ring.with_key(ACMES))
    return made


def test_the_file_holds_hashes_and_is_its_owners_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert ACME.split("_", 2)[2] not in path.read_text()
    assert read_keys(path) == KeyRing(keys=(ACMES,))
    assert not [file for file in path.parent.iterdir() if file.name not in {"keys.json", "keys.json.lock"}]


def test_a_key_that_is_revoked_stops_working_with_the_next_request(path: Path) -> None:
    known = KeyAccess(KeyFile(path).ring, lambda: NOW)
    assert known.caller(bearer(ACME)).tenant == "acme"

    change_keys(path, lambda ring: ring.without_key(ACMES.id, NOW))

    with pytest.raises(UnauthorisedError, match="revoked"):
        known.caller(bearer(ACME))


def test_a_key_that_is_added_works_with_the_next_request(path: Path) -> None:
    known = KeyAccess(KeyFile(path).ring, lambda: NOW)
    with pytest.raises(UnauthorisedError):
        known.caller(bearer(ZENITH))
    change_keys(path, lambda ring: ring.with_key(ZENITHS))
    assert known.caller(bearer(ZENITH)).tenant == "zenith"


def test_what_is_revoked_first_keeps_its_day() -> None:
    later = NOW + datetime.timedelta(days=1)
    ring = KeyRing(keys=(ACMES, ZENITHS)).without_key(ACMES.id, NOW).without_key(ACMES.id, later)
    assert [key.revoked_at for key in ring.keys] == [NOW, None]


def test_changes_at_the_same_time_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    records = [new_key("acme", ("draft",), NOW)[1] for _ in range(12)]
    threads = [
        threading.Thread(target=lambda record=record: change_keys(path, lambda ring: ring.with_key(record)))
        for record in records
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {key.id for key in read_keys(path).keys} == {record.id for record in records}


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"keys": [{"id": "x"}]}', '{"version": 2, "keys": []}', '{"kyes": []}'],
)
def test_a_file_that_holds_no_keys_lets_nobody_in_and_shows_nothing(
    path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    known = KeyAccess(KeyFile(path).ring, lambda: NOW)
    known.caller(bearer(ACME))
    path.write_text(content)
    os.utime(path, ns=(1, 1))
    with pytest.raises(ResourceMissingError) as caught:
        known.caller(bearer(ACME))
    assert str(path) not in str(caught.value)
    assert str(path) in caplog.text


def test_a_file_that_goes_away_lets_nobody_in(path: Path) -> None:
    known = KeyAccess(KeyFile(path).ring, lambda: NOW)
    known.caller(bearer(ACME))
    path.unlink()
    with pytest.raises(ResourceMissingError):
        known.caller(bearer(ACME))


def test_a_file_that_others_may_write_is_not_believed(path: Path) -> None:
    path.chmod(0o666)
    with pytest.raises(ResourceMissingError, match="chmod 600"):
        KeyFile(path).ring()


def test_an_error_of_a_file_repeats_nothing_of_it() -> None:
    with pytest.raises(ResourceMissingError) as caught:
        KeyRing.parse(json.dumps({"keys": [{"id": "CANARY"}]}), "here")
    assert "CANARY" not in str(caught.value)


# Without keys.


def test_a_server_without_keys_is_closed_by_the_first_and_stays_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    path = tmp_path / "keys.json"
    open_one = OpenUntilKeyed(KeyFile(path))
    assert open_one.is_open
    assert open_one.caller({}).tenant == "public"

    change_keys(path, lambda ring: ring.with_key(ACMES))

    with pytest.raises(UnauthorisedError):
        open_one.caller({})
    assert open_one.caller(bearer(ACME)).tenant == "acme"
    assert "keys are on" in caplog.text
    path.unlink()
    assert not open_one.is_open
    with pytest.raises(ResourceMissingError):
        open_one.caller(bearer(ACME))
