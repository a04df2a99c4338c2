"""What the legal search cache stores, as JSON, and what it replies."""

import json
from functools import lru_cache
from typing import Literal

from pydantic import JsonValue, TypeAdapter, ValidationError

from actors.cache_key import SCHEMA_VERSION
from actors.cache_tiers import NearProvenance
from actors.domain.authority import Authority, Hit, ResearchPacket, ResearchQuery
from actors.domain.matter import Value
from actors.errors import InvalidInputError

CacheSource = Literal["exact", "near", "miss"]
CacheTier = Literal["local", "memory", "redis", "flight", "near"]

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class CacheReply(Value):
    """The answer to one look-up: a packet to use, or a lease to compute it."""

    source: CacheSource
    tier: CacheTier | None = None
    """Who had it: `local` the agent's own memory, `flight` another asker who has just computed it. `None` for a
    miss."""
    packet: ResearchPacket | None = None
    """Set unless the source is `miss`."""
    token: str | None = None
    """Set when the source is `miss`: compute the packet and hand it in with the token, or give it back."""
    degraded: bool = False
    """The packet is usable but incomplete; it was shared with those who waited and is not stored."""
    refresh_token: str | None = None
    """Set for one asker of a much used answer that ends soon: compute it anew, beside the draft, and hand it in with
    this token, or give it back."""
    ttl_left_s: float | None = None
    """Life that the answer has left, where the tier knows it."""
    size_bytes: int = 0
    """Of the packet as stored, where it was."""
    near: NearProvenance | None = None
    """Set when the source is `near`: which question the packet was computed for, and what it was held against."""
    generation: int = 0
    """Changes when the cache is cleared: what was received under another one is to be forgotten."""

    def under(self, query: ResearchQuery | None) -> "CacheReply":
        """Return an exact reply under the asker's own query, if given; a near one keeps the query it met."""
        if query is None or self.packet is None or self.source != "exact":
            return self
        if self.packet.query.words == query.words:  # all else is part of the key
            return self
        return self.model_copy(update={"packet": self.packet.model_copy(update={"query": query})})


class Computed(Value):
    """What a computation hands to the cache."""

    packet: ResearchPacket
    degraded: bool = False
    """True for a partial answer (a source was down, time ran out): used once, never stored."""


class _Packet(Value):
    """A packet as stored: each authority as the text of its JSON, so that one that was read before is known by it."""

    query: ResearchQuery
    hits: tuple[tuple[str, float], ...]
    corpus_version: str
    searched: tuple[str, ...] = ()


class _Entry(Value):
    """A stored value. The key is inside as well: a value under a foreign key is no value."""

    schema_version: int
    key: str
    packet: _Packet | None = None
    result: JsonValue = None


def encode_packet(key: str, packet: ResearchPacket) -> bytes:
    """Return the packet as stored, without the query's free words: they are the asker's, not the answer's."""
    stored = _Packet(
        query=packet.query.model_copy(update={"words": ""}),
        hits=tuple((hit.authority.model_dump_json(), hit.score) for hit in packet.hits),
        corpus_version=packet.corpus_version,
        searched=packet.searched,
    )
    return _encode(_Entry(schema_version=SCHEMA_VERSION, key=key, packet=stored))


def encode_result(key: str, result: object) -> bytes:
    """Return any JSON value, or a research packet, as stored.

    Raises:
        InvalidInputError: It is neither (an exception, for one: a failure is never cached), or it is `None`,
            which `get` could not tell from a miss.
    """
    if isinstance(result, ResearchPacket):
        return encode_packet(key, result)
    if result is None:
        raise InvalidInputError("result", "None cannot be cached: it would read as a miss")
    try:
        value = _JSON.validate_python(result)
        json.dumps(value, allow_nan=False)  # pydantic would write NaN as null: another value
        return _encode(_Entry(schema_version=SCHEMA_VERSION, key=key, result=value))
    except ValueError as error:  # pydantic's ValidationError is one, and so is a lone surrogate
        raise InvalidInputError("result", "only JSON values and research packets can be cached") from error


def decode(key: str, raw: bytes) -> ResearchPacket | JsonValue:
    """Return what `raw` holds for this key; `None` where it is corrupt, foreign, or of another schema."""
    try:
        entry = _Entry.model_validate_json(raw)
        if entry.schema_version != SCHEMA_VERSION or entry.key != key:
            return None
        return entry.result if entry.packet is None else _opened(entry.packet)
    except ValidationError:
        return None


def is_empty(result: object) -> bool:
    """Tell whether a result found nothing: such an answer is kept for a short time only."""
    if isinstance(result, ResearchPacket):
        return not result.hits
    return result in ("", [], {})


def _opened(stored: _Packet) -> ResearchPacket:
    hits = tuple(_hit(text, score) for text, score in stored.hits)
    # Validated part by part; `model_construct` would take as long as to do it once more.
    return ResearchPacket(
        query=stored.query, hits=hits, corpus_version=stored.corpus_version, searched=stored.searched
    )


@lru_cache(maxsize=4096)
def _hit(text: str, score: float) -> Hit:
    """Read one hit. Hot answers are read again and again: to recognise a hit takes a tenth of the time."""
    return Hit(authority=_authority(text), score=score)


@lru_cache(maxsize=4096)
def _authority(text: str) -> Authority:
    """Read one authority; many answers share it."""
    return Authority.model_validate_json(text)


def _encode(entry: _Entry) -> bytes:
    # Not exclude_none: a field without a default must be written even where it is None.
    return entry.model_dump_json(exclude_defaults=True).encode()
