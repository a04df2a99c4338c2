"""The document of the benchmark, and what its stages cost at the provider."""

import datetime
import os
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from actors.llm.endpoint import Endpoint
from actors.messages import DraftRequest
from actors.model_settings import ModelSettings
from tests.provider.process import Provider

STAGES_S = {"research": 3.0, "draft": 5.0, "review": 3.0, "validation": 2.0, "citations": 1.0}
"""Model seconds of one document at full scale."""
PLAN_S = 12.0
"""The plan by stage: review beside validation, everything else in a row."""
SECTIONS_AT_A_TIME = 4
EVENTS = 25
"""Server-sent events of a section, whatever its length: 50 tokens a second at full scale."""
FIRST_TOKEN_SHARE = 0.2
"""Of an answer's time."""
WORDING = r"<<<DATA \w+ approved wording[^\n]*\n(.*?)\nDATA \w+>>>"
"""The library's own words for a section, as its prompt gives them: what the model of the benchmark answers."""
TASK = r"Acme (\d{5})"
"""Finds the document in the prompt of a section."""


PATIENCE = {
    "LEXRAY_LLM_FIRST_TOKEN_S": "3600",
    "LEXRAY_LLM_IDLE_S": "3600",
    "LEXRAY_STEP__ATTEMPT_S": "3600",
    "LEXRAY_STEP__STEP_S": "3600",
}
"""A machine that is too small for a load shows it as time: retries and breakers would measure something else."""
CONNECT_S = 600.0
"""For the same reason. It is no setting, so it is put into the endpoints."""


def request(number: int, *, tenant: str, parallel: bool = True) -> DraftRequest:
    """Return document `number`: an employment agreement, which has ten sections that a model writes.

    Research is cached by tenant: a fresh one is a cold cache.
    """
    return DraftRequest(
        draft_id=uuid.uuid4().hex,
        message=(
            f"Create an employment agreement between Acme {number:05d} Robotics, Inc. and Jane Rivera as senior "
            "engineer in California, salary $180,000 a year, starting January 5, 2027"
        ),
        as_of=datetime.date(2026, 11, 22),
        engine="model",
        tenant=tenant,
        use_parallel=parallel,
        budget_s=3600.0,
    )


def environment(base_url: str, **more: str) -> dict[str, str]:
    """Return the environment of a contestant: every agent but intake asks the provider."""
    models = {f"LEXRAY_LLM_{stage.upper()}_MODEL": f"sim-{stage}" for stage in STAGES_S}
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("LEXRAY_LLM_")},
        "LEXRAY_LLM_BASE_URL": base_url,
        "LEXRAY_LLM_API_KEY": "benchmark",
        "LEXRAY_LLM_MODEL": "sim-draft",
        "LEXRAY_LLM_AGENTS": ",".join(STAGES_S),
        **PATIENCE,
        "LEXRAY_LLM_IN_FLIGHT": "4096",
        "LEXRAY_LLM_SECTIONS_IN_FLIGHT": str(SECTIONS_AT_A_TIME),
        "RAY_USAGE_STATS_ENABLED": "0",
        **models,
        **more,
    }


def patient() -> None:
    """Give every endpoint of this process time to connect: a busy event loop opens connections late."""
    chain = ModelSettings.chain

    def patient_chain(settings: ModelSettings, agent: str) -> tuple[Endpoint, ...]:
        return tuple(end.model_copy(update={"connect_s": CONNECT_S}) for end in chain(settings, agent))

    ModelSettings.chain = patient_chain


def calls_by_stage(log: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many calls one document makes, by stage."""
    counted = Counter(entry["model"].removeprefix("sim-") for entry in log)
    return {stage: counted.get(stage, 0) for stage in STAGES_S}


def set_pace(provider: Provider, scale: float, calls: Mapping[str, int]) -> None:
    """Share each stage's cost equally among its calls: the same model seconds for everybody."""
    for stage, cost_s in STAGES_S.items():
        call_s = scale * cost_s / max(1, calls[stage])
        says = (
            {"says": "marked", "pattern": WORDING, "events": EVENTS}
            if stage == "draft"
            else {"says": "schema", "events": 5}
        )
        provider.profile(f"sim-{stage}", first_token_s=FIRST_TOKEN_SHARE * call_s, total_s=call_s, **says)
