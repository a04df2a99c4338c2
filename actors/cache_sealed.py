"""What crosses between an agent and the cache actor: text and bytes, which Ray passes on without pickling.

A pickled question and reply would cost a sixth of the whole call.
"""

from dataclasses import dataclass
from typing import NamedTuple

from actors.cache_entry import CacheReply, decode, encode_packet
from actors.domain.authority import ResearchPacket, ResearchQuery


class Asking(NamedTuple):
    """One look-up."""

    key: str
    query: ResearchQuery | None
    """The question, where the cache actor does not know it by its key, or where it has words."""
    tenant: str
    uses: int

    def packed(self) -> str:
        """Return the look-up as text. Neither keys nor tenants hold a space."""
        question = "" if self.query is None else self.query.model_dump_json()
        return f"{self.key} {self.tenant} {self.uses} {question}"

    @classmethod
    def unpacked(cls, text: str) -> "Asking":
        """Return what `packed` made a text of."""
        key, tenant, uses, question = text.split(" ", 3)
        return cls(key, ResearchQuery.model_validate_json(question) if question else None, tenant, int(uses))


@dataclass(frozen=True, slots=True)
class SealedReply:
    """A reply whose packet is bytes.

    Args:
        key: Under which the packet is stored.
        reply: All but the packet, or all of it where there are no bytes.
        raw: The packet as stored.
    """

    key: str
    reply: CacheReply
    raw: bytes | None = None

    def sealed(self) -> "SealedReply":
        """Return the reply with its packet as bytes. A near one stays whole: it keeps the words that it met."""
        packet = self.reply.packet
        if self.raw is not None or packet is None or self.reply.source != "exact":
            return self
        raw = encode_packet(self.key, packet)
        outline = self.reply.model_copy(update={"packet": None, "size_bytes": len(raw)})
        return SealedReply(self.key, outline, raw)

    def opened(self, query: ResearchQuery | None) -> CacheReply:
        """Return the reply with its packet under the asker's query; a plain miss where the bytes hold no packet."""
        if self.raw is None:
            return self.reply.under(query)
        packet = decode(self.key, self.raw)
        if not isinstance(packet, ResearchPacket):
            return CacheReply(source="miss")
        return self.reply.model_copy(update={"packet": packet}).under(query)

    def packed(self) -> bytes:
        """Return the reply as bytes: a line of JSON, then the packet as stored."""
        sealed = self.sealed()
        outline = sealed.reply.model_dump_json(exclude_defaults=True).encode()
        return outline + b"\n" + (sealed.raw or b"")

    @classmethod
    def unpacked(cls, key: str, packed: bytes) -> "SealedReply":
        """Return what `packed` made bytes of."""
        outline, _, raw = packed.partition(b"\n")
        return cls(key, CacheReply.model_validate_json(outline), raw or None)
