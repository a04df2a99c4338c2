"""Language models out of the environment: chains, nonsense, and keys that nobody sees."""

import pickle

import pytest

from actors.config import Settings
from actors.errors import InvalidInputError
from actors.model_settings import ModelSettings

SERVER = {"BASE_URL": "https://models.test/v1", "MODEL": "large"}


def settings(monkeypatch: pytest.MonkeyPatch, **variables: str) -> ModelSettings:
    for name, value in variables.items():
        monkeypatch.setenv(f"LEXRAY_LLM_{name}", value)
    return Settings().llm


def names(found: ModelSettings, agent: str) -> list[tuple[str, str]]:
    return [(endpoint.base_url, endpoint.model) for endpoint in found.chain(agent)]


def test_without_a_server_nobody_uses_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch)
    assert found.chain("draft") == ()
    with pytest.raises(InvalidInputError, match="LEXRAY_LLM_BASE_URL"):
        found.endpoints()


def test_openais_own_variables_configure_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-theirs")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://theirs.test/v1")
    assert settings(monkeypatch).chain("draft") == ()
    assert settings(monkeypatch, **SERVER).chain("draft")[0].api_key is None


def test_agents_have_models_of_their_own_or_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, **SERVER, INTAKE_MODEL="small")

    assert names(found, "intake") == [("https://models.test/v1", "small")]
    assert names(found, "draft") == [("https://models.test/v1", "large")]
    assert names(found, "citations") == []
    assert [endpoint.model for endpoint in found.endpoints()] == ["small", "large"]


def test_the_agents_that_use_a_model_are_listed_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, **SERVER, AGENTS=" draft, citations ,draft")
    assert found.agents == ("draft", "citations")
    assert (names(found, "intake"), len(names(found, "citations"))) == ([], 1)


def test_a_fallback_is_another_model_or_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    same = settings(monkeypatch, **SERVER, API_KEY="sk-1", FALLBACK_MODEL="small")
    assert names(same, "draft")[1] == ("https://models.test/v1", "small")
    assert same.chain("draft")[1].api_key == same.api_key

    other = settings(monkeypatch, FALLBACK_BASE_URL="https://other.test/v1")
    assert names(other, "draft")[1] == ("https://other.test/v1", "small")
    assert other.chain("draft")[1].api_key is None


def test_a_fallback_that_is_the_first_choice_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, **SERVER, DRAFT_MODEL="small", FALLBACK_MODEL="small")
    assert (len(found.chain("draft")), len(found.chain("intake"))) == (1, 2)


def test_prices_are_those_of_the_common_model_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(
        monkeypatch,
        **SERVER,
        INTAKE_MODEL="small",
        INPUT_PRICE="3",
        OUTPUT_PRICE="15",
        FALLBACK_MODEL="other",
    )
    first, second = found.chain("draft")
    assert first.cost(1_000_000, 100_000) == 4.5
    assert second.cost(1, 1) is None
    assert found.chain("intake")[0].cost(1, 1) is None


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MODEL": "large"}, "MODEL"),
        ({"API_KEY": "sk-1"}, "API_KEY"),
        ({"FALLBACK_MODEL": "small"}, "FALLBACK_MODEL"),
        ({"BASE_URL": "https://models.test/v1"}, "MODEL"),
        ({**SERVER, "BASE_URL": "models.test/v1"}, "BASE_URL"),
        ({**SERVER, "BASE_URL": "ftp://models.test"}, "BASE_URL"),
        ({**SERVER, "BASE_URL": "https://models.test:99999/v1"}, "BASE_URL"),
        ({**SERVER, "BASE_URL": "https://[::1/v1"}, "BASE_URL"),
        ({**SERVER, "BASE_URL": "https://models.test/v1?key=1"}, "BASE_URL"),
        ({**SERVER, "BASE_URL": "https://models.test/v 1"}, "BASE_URL"),
        ({**SERVER, "FALLBACK_BASE_URL": "nowhere"}, "FALLBACK_BASE_URL"),
        ({**SERVER, "FALLBACK_API_KEY": "sk-2"}, "FALLBACK_API_KEY"),
        ({**SERVER, "CITATIONS_MODEL": "small"}, "CITATIONS_MODEL"),
        ({**SERVER, "AGENTS": "draft,notary"}, "AGENTS"),
        ({**SERVER, "AGENTS": ","}, "AGENTS"),
        ({**SERVER, "INPUT_PRICE": "3"}, "OUTPUT_PRICE"),
        ({**SERVER, "INPUT_PRICE": "-3", "OUTPUT_PRICE": "1"}, "INPUT_PRICE"),
        ({**SERVER, "STRUCTURED": "xml"}, "STRUCTURED"),
        ({**SERVER, "STREAM_BATCH_MS": "1001"}, "STREAM_BATCH_MS"),
        ({**SERVER, "FIRST_TOKEN_S": "0"}, "FIRST_TOKEN_S"),
        ({**SERVER, "API_KEY": "sk-1\nsk-2"}, "API_KEY"),
    ],
)
def test_nonsense_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        settings(monkeypatch, **variables)
    assert caught.value.field == f"LEXRAY_LLM_{named}"
    assert "sk-" not in str(caught.value)


def test_keys_and_passwords_are_in_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(
        monkeypatch,
        BASE_URL="https://clerk:hush@models.test/v1",
        MODEL="large",
        API_KEY="sk-secret",
        FALLBACK_BASE_URL="https://clerk:hush@other.test/v1",
        FALLBACK_API_KEY="sk-secret",
    )
    chain = found.chain("draft")

    told = [
        repr(found),
        str(found),
        repr(Settings()),
        repr(chain),
        str(chain),
        *(link.name for link in chain),
    ]
    assert not [text for text in told if "hush" in text or "secret" in text]
    assert chain[0].name == "large at https://models.test/v1"
    assert chain[0].login == ("clerk", "hush")


def test_settings_cross_a_process_border_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(monkeypatch, **SERVER, API_KEY="sk-1")
    assert pickle.loads(pickle.dumps(found)).chain("draft") == found.chain("draft")  # noqa: S301 (our own bytes)
