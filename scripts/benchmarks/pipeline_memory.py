"""Memory of the product with many drafts in flight, all of which wait for their first words."""

from collections.abc import Sequence
from typing import Any

from pipeline_contestant import OURS
from pipeline_costs import pss_bytes
from pipeline_load import STAGES_S, environment
from pipeline_run import seat

from tests.provider.process import running_provider

MIB = 1024 * 1024
PATIENT = {
    "LEXRAY_LLM_FIRST_TOKEN_S": "3600",
    "LEXRAY_STEP__ATTEMPT_S": "3600",
    "LEXRAY_STEP__STEP_S": "3600",
}


def memory(counts: Sequence[int], seed: int) -> list[dict[str, Any]]:
    """Return the proportional share of memory of all processes, by the number of drafts in flight.

    Args:
        counts: Drafts in flight, rising; 0 is the warm fleet.
        seed: Of the provider.
    """
    with running_provider(seed=seed) as provider:
        for stage in STAGES_S:
            provider.profile(f"sim-{stage}", says="schema")
        provider.profile("sim-draft", first_token_s=3600.0)
        with seat(OURS, environment(provider.base_url, **PATIENT)) as ours:
            provider.reset(bodies=False)
            held, measured = 0, []
            for count in counts:
                told = ours.ask(
                    documents=count - held,
                    first=1 + held,
                    cold=False,
                    tenant="warm",
                    parallel=True,
                    hold=True,
                )
                held = count
                by_process = pss_bytes(ours.process.pid)
                measured.append(
                    {
                        "in_flight": count,
                        "started": told["writing"],
                        "asked": sum(entry["model"] == "sim-draft" for entry in provider.log()),
                        "pss_bytes": sum(by_process.values()),
                        "by_process": by_process,
                    }
                )
                _say(measured)
    return measured


def _say(measured: Sequence[dict[str, Any]]) -> None:
    last, first = measured[-1], measured[0]
    more = last["in_flight"] - first["in_flight"]
    each = f", {(last['pss_bytes'] - first['pss_bytes']) / more / 1024:.0f} KiB a draft" if more else ""
    print(f"{last['in_flight']:>5} drafts in flight ({last['asked']} sections at the provider): "
          f"{last['pss_bytes'] / MIB:.0f} MiB{each}", flush=True)  # fmt: skip
