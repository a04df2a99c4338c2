"""The settings of the HTTP server, and who may ask under them."""

import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from actors.config import Settings
from actors.errors import InvalidInputError, ResourceMissingError
from actors.serve_settings import ServeSettings
from serve.guarded import access_of, is_open, notice
from serve.key_writing import change_keys
from serve.keys import KeyRing, new_key

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
ACME, ACMES = new_key("acme", ("draft",), NOW)
RING = KeyRing(keys=(ACMES,))
BEARER = {"authorization": f"Bearer {ACME}"}


def settings(home: Path, **serve: object) -> Settings:
    return Settings(home=home, serve=ServeSettings(**serve))  # type: ignore[arg-type]


def test_it_listens_on_loopback_unless_told_otherwise() -> None:
    assert ServeSettings().on_loopback
    assert ServeSettings().host == "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("127.8.8.8", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("lexray.example", False),
    ],
)
def test_loopback_is_known_by_address(host: str, loopback: bool) -> None:
    assert ServeSettings(host=host).on_loopback is loopback


def test_beyond_loopback_it_does_not_start_without_keys(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        access_of(settings(tmp_path, host="0.0.0.0"))  # noqa: S104
    assert str(caught.value) == (
        "LEXRAY_SERVE_HOST: 0.0.0.0 is beyond this machine, and there are no keys; make one with `lexray keys add`"
    )


def test_on_loopback_keys_may_be_off_and_that_is_said(tmp_path: Path) -> None:
    access = access_of(settings(tmp_path))
    assert is_open(access)
    assert notice(access).startswith("keys are off")


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_with_a_key_file_keys_are_on_everywhere(tmp_path: Path, host: str) -> None:
    change_keys(tmp_path / "keys.json", lambda _: RING)
    access = access_of(settings(tmp_path, host=host))
    assert not is_open(access)
    assert notice(access) == "keys are on"
    assert access.caller(BEARER).tenant == "acme"


def test_a_file_of_another_place_counts_and_must_be_there(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    with pytest.raises(InvalidInputError, match="LEXRAY_SERVE_KEY_FILE"):
        access_of(settings(tmp_path, key_file=other))
    change_keys(other, lambda _: RING)
    assert access_of(settings(tmp_path, key_file=other)).caller(BEARER).tenant == "acme"


def test_keys_may_come_as_a_secret_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEXRAY_SERVE_KEYS", RING.model_dump_json())
    read = Settings(home=tmp_path)
    assert ACMES.sha256 not in repr(read)
    assert access_of(read).caller(BEARER).tenant == "acme"


def test_keys_that_are_none_are_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ResourceMissingError) as caught:
        access_of(settings(tmp_path, keys=SecretStr("not json " + ACME)))
    assert ACME not in str(caught.value)
    (tmp_path / "keys.json").write_text("{")
    with pytest.raises(ResourceMissingError, match="does not hold keys"):
        access_of(settings(tmp_path))


@pytest.mark.parametrize(
    "origin", ["*", "https://*.example", "desk.example", "https://desk.example/", "ftp://x"]
)
def test_an_origin_that_no_browser_sends_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("LEXRAY_SERVE_CORS_ORIGINS", origin)
    with pytest.raises(InvalidInputError, match="LEXRAY_SERVE_CORS_ORIGINS"):
        Settings()


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "LEXRAY_SERVE_CORS_ORIGINS", "https://a.example, http://localhost:3000,https://a.example"
    )
    assert Settings().serve.cors_origins == ("https://a.example", "http://localhost:3000")


@pytest.mark.parametrize(
    ("name", "value"), [("port", 70_000), ("replicas", 0), ("rate", 0), ("burst", 0), ("body_bytes", 1)]
)
def test_a_figure_that_makes_no_sense_is_refused(name: str, value: int) -> None:
    with pytest.raises(ValidationError):
        ServeSettings(**{name: value})  # type: ignore[arg-type]
