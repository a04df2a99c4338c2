"""A reply on its way from the cache actor to an agent: the packet stays in its stored form."""

from dataclasses import dataclass

from actors.cache_entry import CacheReply, decode, encode_packet
from actors.domain.authority import ResearchPacket, ResearchQuery


@dataclass(frozen=True, slots=True)
class SealedReply:
    """A reply whose packet is bytes: to pickle its authorities one by one takes three times as long as to read it.

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
