"""The supervision table: which actors there are, and how each runs.

`lexray draft`, `lexray up`, the tests and `--inline` all build from these rows; only the place differs.
"""

from functools import partial
from pathlib import Path
from typing import Literal

from actors.config import Settings
from actors.corpus_store import CorpusStore
from actors.journal import MemoryJournal, SqliteJournal
from actors.messages import LAYERS
from actors.monitor import Metrics
from actors.neighbours import CacheNeighbour, MonitorNeighbour
from actors.ports import ChildSpec, Neighbours
from cluster.versions import versions

Cells = Literal["ray", "inline"]

COMPUTING = 17
"""Niceness of the agents that compute. Whoever answers and passes on goes before them: a server that is asked for more
than it can must still say so at once."""


def fleet(
    settings: Settings, journal: Path | None, metrics: Metrics, cells: Cells | None = None
) -> tuple[ChildSpec, ...]:
    """Return the rows, in the order in which the actors are created.

    Args:
        settings: Policies, cache and budgets.
        journal: File of the event journal; `None` keeps events in memory.
        metrics: Where the monitor mirrors its figures.
        cells: Where batches that come over HTTP are drafted; `None`: nobody takes any.
    """

    def guarded(neighbours: Neighbours) -> dict[str, object]:
        return {"policy": settings.step, "vault": MonitorNeighbour(neighbours.port("monitor"))}

    def modelled(agent: str, neighbours: Neighbours) -> dict[str, object]:
        return {**guarded(neighbours), "chain": settings.llm.chain(agent)}

    batches = ChildSpec(
        "batches",
        "cluster.bulk.batches:Batches",
        lambda n: {
            "settings": settings,
            # Absolute, since an actor runs in a folder of its own.
            "folder": (settings.folder / "batches").absolute(),
            "place": cells,
            "cache": n.port("cache"),
        },
        max_concurrency=512,  # most of it followers, who wait
    )
    # A small machine starts two at a time, in this order: whoever is needed first comes first.
    return (
        ChildSpec("monitor", "actors.monitor_agent:MonitorAgent", lambda _: {"metrics": metrics}),
        ChildSpec(
            "coordinator",
            "actors.coordinator:Coordinator",
            lambda n: {
                "agents": {layer: n.port(layer) for layer in LAYERS},
                "open_journal": partial(SqliteJournal, journal) if journal else MemoryJournal,
                "monitor": MonitorNeighbour(n.port("monitor")),
                "versions": versions,
            },
            # Every reader of a draft holds a call for as long as it stays, and whoever asks for a state must get in.
            max_concurrency=8192,
            num_cpus=0.1,
        ),
        ChildSpec("intake", "actors.intake:IntakeAgent", partial(modelled, "intake"), niceness=COMPUTING),
        ChildSpec(
            "cache",
            "actors.cache_agent:CacheAgent",
            lambda _: {
                "ttl_s": settings.cache_ttl_s,
                "max_bytes": settings.cache_max_bytes,
                "redis_url": settings.redis_url,
                "redis_timeout_s": settings.redis_timeout_s,
                "uses_file": journal.with_name("research_uses.json") if journal else None,
                "near": settings.cache_near,
            },
            # A look-up waits in here while another agent computes, and that agent must get in to hand its packet over.
            max_concurrency=8192,
        ),
        ChildSpec(
            "research",
            "actors.research:ResearchAgent",
            lambda n: {
                **modelled("research", n),
                "cache": CacheNeighbour(n.port("cache")),
                "local_s": min(settings.cache_local_s, settings.cache_ttl_s),
                "local_bytes": settings.cache_local_bytes,
                "corpus": CorpusStore(settings.corpus_folder),
            },
            niceness=COMPUTING,
        ),
        ChildSpec(
            "draft",
            "actors.draft:DraftAgent",
            lambda n: {
                **modelled("draft", n),
                "sections_in_flight": settings.llm.sections_in_flight,
                "batch_s": settings.llm.stream_batch_ms / 1000,
            },
            niceness=COMPUTING,
        ),
        ChildSpec("review", "actors.review:ReviewAgent", partial(modelled, "review"), niceness=COMPUTING),
        ChildSpec(
            "validation",
            "actors.validation:ValidationAgent",
            partial(modelled, "validation"),
            niceness=COMPUTING,
        ),
        ChildSpec(
            "citations",
            "actors.citations:CitationAgent",
            lambda n: {**modelled("citations", n), "corpus": CorpusStore(settings.corpus_folder)},
            niceness=COMPUTING,
        ),
        *([batches] if cells else []),
    )
