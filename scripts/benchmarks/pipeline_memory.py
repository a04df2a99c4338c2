"""Memory of the product with many drafts in flight, all of which wait for their first words."""

import time
from collections.abc import Sequence
from typing import Any

from pipeline_contestant import OURS
from pipeline_costs import pss_bytes
from pipeline_load import SECTIONS_AT_A_TIME, STAGES_S, environment
from pipeline_run import seat

from tests.provider.process import Provider, running_provider

MIB = 1024 * 1024
GROWS_FROM = 10
"""Drafts in flight from which on growth is counted: what the first ones load, all others share."""
POLL_S, STILL_S = 1.0, 15.0
"""How often the provider is looked at, and for how long nothing new must have come."""


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
        with seat(OURS, environment(provider.base_url)) as ours:
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
                asked = _settled(provider, held)
                by_process = pss_bytes(ours.process.pid)
                measured.append(
                    {
                        "in_flight": held,
                        "started_of_these": told["writing"],
                        "sections_asked": asked,
                        "pss_bytes": sum(by_process.values()),
                        "by_process": by_process,
                    }
                )
                print(_said(measured), flush=True)
    return measured


def _settled(provider: Provider, held: int) -> int:
    """Wait until the first sections of all drafts hang at the provider, or no more come; return how many do."""
    asked, since = 0, time.monotonic()
    while asked < SECTIONS_AT_A_TIME * held and time.monotonic() - since < STILL_S:
        now = sum(entry["model"] == "sim-draft" for entry in provider.log())
        if now > asked:
            asked, since = now, time.monotonic()
        time.sleep(POLL_S)  # noqa: TID251 (no event loop here)
    return asked


def _said(measured: Sequence[dict[str, Any]]) -> str:
    last = measured[-1]
    said = (
        f"{last['in_flight']:>5} drafts in flight, {last['sections_asked']} sections at the provider: "
        f"{last['pss_bytes'] / MIB:.0f} MiB"
    )
    few = next((one for one in measured if one["in_flight"] >= GROWS_FROM), last)
    if (more := last["in_flight"] - few["in_flight"]) > 0:
        each = (last["pss_bytes"] - few["pss_bytes"]) / more / 1024
        said += f"; {each:.0f} KiB for each behind the first {few['in_flight']}"
    return said
