"""LangGraph over the same functions: a compiled graph in as many processes as there are cores."""

import multiprocessing
import time
from pathlib import Path
from typing import Any, TypedDict

import bulk_plain
from langgraph.graph import END, START, StateGraph

_graph: Any = None


class State(TypedDict, total=False):
    """What the nodes share."""

    number: int
    reply: Any
    matter: Any
    packet: Any
    title: Any
    sections: Any
    review: Any
    validation: Any
    rules: Any
    citations: Any


def graph() -> Any:
    """Return the graph that one would draw: review, validation and citations side by side."""
    drawn = StateGraph(State)
    # A node may not have the name of a value of the state.
    for name, stage in bulk_plain.STAGES.items():
        drawn.add_node(f"do_{name}", stage)
    drawn.add_edge(START, "do_intake")
    drawn.add_edge("do_intake", "do_research")
    drawn.add_edge("do_research", "do_draft")
    for name in ("review", "validation", "citations"):
        drawn.add_edge("do_draft", f"do_{name}")
        drawn.add_edge(f"do_{name}", END)
    return drawn.compile()


def begin() -> None:
    """Prepare one process."""
    global _graph  # noqa: PLW0603 (what a pool's process has for a constructor)
    _graph = graph()


def document(given: tuple[int, str]) -> str:
    """Draft and write one document."""
    number, folder = given
    return bulk_plain.write(_graph.invoke({"number": number}), Path(folder))


def rate(count: int, warm: int, cores: int, folder: Path) -> float:
    """Return documents a second, warm, of a pool of processes."""
    with multiprocessing.get_context("spawn").Pool(cores, begin) as pool:
        list(pool.imap_unordered(document, ((number, str(folder)) for number in range(warm))))
        begun = time.perf_counter()
        rows = ((number, str(folder)) for number in range(warm, warm + count))
        for _ in pool.imap_unordered(document, rows, chunksize=4):
            pass
        return count / (time.perf_counter() - begun)
