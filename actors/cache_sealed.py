"""What crosses between an agent and the cache actor: few objects, since each costs time to pickle."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from actors.cache_entry import CacheReply, decode, encode_packet
from actors.domain.authority import ResearchPacket, ResearchQuery


class Asking(NamedTuple):
    """One look-up. As one argument: Ray serialises each for itself, which would double the price of the call."""

    key: str
    query: ResearchQuery | None
    """The question, where the cache actor does not know it by its key, or where it has words."""
    tenant: str
    uses: int


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

    def __reduce__(self) -> tuple[Any, ...]:
        # Pydantic pickles every field of a reply, set or not.
        fields = self.reply.model_dump(exclude_defaults=True, exclude={"packet", "near"})
        if self.raw is None and (self.reply.packet is not None or self.reply.near is not None):
            return SealedReply, (self.key, self.reply, None)
        return _unpickled, (self.key, fields, self.raw)

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


def _unpickled(key: str, fields: dict[str, Any], raw: bytes | None) -> SealedReply:
    return SealedReply(key, CacheReply(**fields), raw)
