"""`lexray keys`: made once, listed without secrets, revoked for good."""

import json
from pathlib import Path

import pytest

from serve.keys import KeyAccess, KeyFile
from tests.integration.lexray_command import run


def keys(folder: Path, *words: str, **env: str) -> tuple[int, str, str]:
    outcome = run("keys", *words, cwd=folder, env={"LEXRAY_HOME": str(folder / "home"), **env})
    return outcome.code, outcome.out, outcome.err


def file_of(folder: Path) -> Path:
    return folder / "home" / "keys.json"


def test_a_key_is_printed_once_and_lets_its_holder_in(tmp_path: Path) -> None:
    code, key, told = keys(tmp_path, "add", "--tenant", "acme", "--role", "draft", "--role", "metrics")

    assert code == 0
    caller = KeyAccess(KeyFile(file_of(tmp_path)).ring).caller({"x-api-key": key.strip()})
    assert caller.tenant == "acme"
    assert caller.roles == frozenset(("draft", "metrics"))
    assert key.strip() not in told
    assert "shown this once" in told
    assert file_of(tmp_path).stat().st_mode & 0o777 == 0o600
    for _, shown, beside in (keys(tmp_path, "list"), keys(tmp_path, "list", "--json")):
        assert key.strip().split("_", 2)[2] not in shown + beside + file_of(tmp_path).read_text()


def test_without_options_it_is_a_key_for_drafts_of_the_tenant_that_there_was_without_keys(
    tmp_path: Path,
) -> None:
    keys(tmp_path, "add")
    told = json.loads(keys(tmp_path, "list", "--json")[1])["keys"]
    assert [(one["tenant"], one["roles"], one["state"], one["expires_at"]) for one in told] == [
        ("public", ["draft"], "active", None)
    ]


def test_a_list_is_a_line_for_each_key_and_says_what_to_do_without_any(tmp_path: Path) -> None:
    assert keys(tmp_path, "list")[:2] == (
        0,
        "there are no keys; make one with `lexray keys add --tenant NAME`\n",
    )
    for tenant in ("acme", "zenith"):
        keys(tmp_path, "add", "--tenant", tenant, "--days", "30")
    lines = keys(tmp_path, "list")[1].splitlines()
    assert lines[0].split() == ["id", "state", "tenant", "roles", "made", "until"]
    assert [line.split()[1:4] for line in lines[1:]] == [
        ["active", "acme", "draft"],
        ["active", "zenith", "draft"],
    ]


def test_a_revoked_key_stays_in_the_list_and_is_worth_nothing(tmp_path: Path) -> None:
    told = json.loads(keys(tmp_path, "add", "--json")[1])
    assert keys(tmp_path, "revoke", told["id"])[0] == 0
    assert keys(tmp_path, "list")[1].splitlines()[1].split()[:2] == [told["id"], "revoked"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "--role", "admn"), "role: it is none of draft, admin, metrics"),
        (("add", "--tenant", "a b"), "tenant: it must be 1 to 64 letters, digits, - and _"),
        (("add", "--tenant", ""), "tenant: it must be"),
        (("add", "--days", "0"), "days"),
        (("revoke", "0123456789ab"), "id: there is no such key"),
        (("revoke",), "missing argument 'ID'"),
        ((), "missing command"),
    ],
)
def test_a_slip_is_one_sentence_and_makes_no_key(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    code, out, err = keys(tmp_path, *words)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert not file_of(tmp_path).exists()


def test_a_file_that_is_damaged_is_left_as_it_is(tmp_path: Path) -> None:
    file_of(tmp_path).parent.mkdir()
    file_of(tmp_path).write_text('{"keys": [')
    for words in (("add",), ("list",)):
        code, out, err = keys(tmp_path, *words)
        assert (code, out) == (1, "")
        assert "does not hold keys" in err
    assert file_of(tmp_path).read_text() == '{"keys": ['


def test_whoever_sets_the_variable_is_told_that_it_wins(tmp_path: Path) -> None:
    assert "LEXRAY_SERVE_KEYS is set" in keys(tmp_path, "add", LEXRAY_SERVE_KEYS='{"keys": []}')[2]
