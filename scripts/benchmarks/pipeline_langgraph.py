"""LangGraph, twice: the graph that one would draw first, and one tuned for latency."""

import asyncio
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

from langgraph.cache.memory import InMemoryCache
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import CachePolicy, Send
from pipeline_load import SECTIONS_AT_A_TIME
from pipeline_stages import LOOKS, FirstText, Reading, Stages

from actors.config import Settings
from actors.messages import DraftRequest


class State(TypedDict, total=False):
    """What the nodes share."""

    request: DraftRequest
    reply: Any
    matter: Any
    packet: Any
    planned: Any
    sections: Annotated[Mapping[int, Any], operator.or_]
    spoken: Annotated[Mapping[int, Any], operator.or_]
    index: int


class OneSection(TypedDict, total=False):
    """What the graph of one section gives back."""

    sections: Annotated[Mapping[int, Any], operator.or_]
    spoken: Annotated[Mapping[int, Any], operator.or_]


@dataclass
class Run:
    """What belongs to one run and is no state."""

    reading: Reading
    places: asyncio.Semaphore


class Nodes:
    """The agents as node functions."""

    def __init__(self, settings: Settings) -> None:
        self.stages = Stages(settings)

    async def intake(self, state: State) -> State:
        reply, matter = await self.stages.understand(state["request"])
        return {"reply": reply, "matter": matter}

    async def research(self, state: State) -> State:
        return {"packet": await self.stages.research(state["request"], state["reply"])}

    async def outline(self, state: State, runtime: Runtime[Run]) -> State:
        return {"planned": await self.stages.outline(state["matter"], runtime.context.reading)}

    async def _written(self, state: State, index: int, run: Run) -> Any:
        given = (state["request"], state["planned"], state["matter"], state["packet"])
        return await self.stages.section(*given, index, run.reading)

    async def document(self, state: State, runtime: Runtime[Run]) -> State:
        """Write all sections, one after the other."""
        planned = await self.stages.outline(state["matter"], runtime.context.reading)
        state = {**state, "planned": planned}
        sections = {
            index: await self._written(state, index, runtime.context)
            for index in range(len(planned.sections))
        }
        return {"planned": planned, "sections": sections}

    async def section(self, state: State, runtime: Runtime[Run]) -> State:
        """Write one section, when there is a place."""
        async with runtime.context.places:
            return {"sections": {state["index"]: await self._written(state, state["index"], runtime.context)}}

    def layer(self, name: str) -> Any:
        """Return the node that checks all sections and the whole, one after the other."""

        async def node(state: State) -> State:
            spoken = {}
            for index, section in sorted(state["sections"].items()):
                spoken[index] = await self.stages.look(name, state["request"], state["matter"], section)
            await self._whole(name, state, spoken)
            return {}

        return node

    def look(self, name: str) -> Any:
        """Return the node that checks one section."""

        async def node(state: State) -> State:
            section = state["sections"][state["index"]]
            found = await self.stages.look(name, state["request"], state["matter"], section)
            return {"spoken": {state["index"]: found}} if name == "citations" else {}

        return node

    def whole(self, name: str) -> Any:
        """Return the node that checks the whole."""

        async def node(state: State) -> State:
            await self._whole(name, state, state.get("spoken", {}))
            return {}

        return node

    async def _whole(self, name: str, state: State, spoken: Mapping[int, Any]) -> None:
        sections = [section for _, section in sorted(state["sections"].items())]
        await self.stages.whole(name, state["request"], state["matter"], sections, spoken)


class LangGraphStock:
    """Research, draft, review beside validation, citations: a node each."""

    def __init__(self, settings: Settings) -> None:
        nodes, graph = Nodes(settings), StateGraph(State, context_schema=Run)
        graph.add_node("intake", nodes.intake)
        graph.add_node("research", nodes.research)
        graph.add_node("draft", nodes.document)
        for layer in LOOKS:
            graph.add_node(layer, nodes.layer(layer))
        for before, after in (
            (START, "intake"),
            ("intake", "research"),
            ("research", "draft"),
            ("draft", "review"),
            ("draft", "validation"),
        ):
            graph.add_edge(before, after)
        graph.add_edge(["review", "validation"], "citations")
        graph.add_edge("citations", END)
        self._graph = graph.compile()

    async def draft(self, request: DraftRequest) -> FirstText:
        """Draft one document."""
        return await run(self._graph, request)


class LangGraphTuned:
    """A `Send` per section to a graph of its own, so that no section's checks wait for another section's words.

    Research stands behind the node cache. (One `Send` per section for drafting and then one per check is the flatter
    drawing; its supersteps hold all checks back until the last section is written.)
    """

    def __init__(self, settings: Settings) -> None:
        nodes, graph = Nodes(settings), StateGraph(State, context_schema=Run)
        graph.add_node("intake", nodes.intake)
        graph.add_node("research", nodes.research, cache_policy=CachePolicy(key_func=research_key))
        graph.add_node("outline", nodes.outline)
        graph.add_node("section", section_graph(nodes))
        graph.add_node("written", nothing)
        graph.add_edge(START, "intake")
        graph.add_edge("intake", "research")
        graph.add_edge("research", "outline")
        graph.add_conditional_edges("outline", sections, ["section"])
        graph.add_edge("section", "written")
        for layer in LOOKS:
            graph.add_node(f"whole {layer}", nodes.whole(layer))
            graph.add_edge("written", f"whole {layer}")
            graph.add_edge(f"whole {layer}", END)
        serde = JsonPlusSerializer(allowed_msgpack_modules=[("actors.domain.authority", "ResearchPacket")])
        self._graph = graph.compile(cache=InMemoryCache(serde=serde))

    async def draft(self, request: DraftRequest) -> FirstText:
        """Draft one document."""
        return await run(self._graph, request)


def section_graph(nodes: Nodes) -> Any:
    """Return the graph of one section: write it, then let all checks look at it side by side."""
    graph = StateGraph(State, context_schema=Run, output_schema=OneSection)
    graph.add_node("write", nodes.section)
    graph.add_edge(START, "write")
    for layer in LOOKS:
        graph.add_node(layer, nodes.look(layer))
        graph.add_edge("write", layer)
        graph.add_edge(layer, END)
    return graph.compile()


async def run(graph: Any, request: DraftRequest) -> FirstText:
    """Run a graph once, with a reader of its text."""
    reading = Reading()
    reader = asyncio.create_task(reading.read())
    context = Run(reading, asyncio.Semaphore(SECTIONS_AT_A_TIME))
    await graph.ainvoke({"request": request}, context=context)
    reader.cancel()
    return reading.first


def nothing(_state: State) -> State:
    """Wait for all that was sent: a barrier is what a superstep is."""
    return {}


def sections(state: State) -> list[Send]:
    """Send every section to be written."""
    return [Send("section", {**state, "index": index}) for index in range(len(state["planned"].sections))]


def research_key(state: State) -> str:
    """Return what decides about the packet."""
    return f"{state['request'].tenant} {state['reply'].query.model_dump_json()}"
