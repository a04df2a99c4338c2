"""API keys: what is kept of them, and callers told by them."""

import datetime
import hashlib
import hmac
import logging
import secrets
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, ValidationError

from actors.errors import ResourceMissingError, UnauthorisedError
from actors.messages import Message
from serve.access import Caller, OpenAccess, Role

logger = logging.getLogger(__name__)

PREFIX = "lxr"
SECRET_BYTES = 32
LONGEST_KEY = 200
"""Characters; ours have 61."""
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_NOBODYS = "0" * 64


class KeyRecord(Message):
    """One key, without its secret.

    A plain SHA-256 is enough of a hash here: slow and salted ones protect words that people choose, and 256 random bits
    can be neither guessed nor looked up, however fast the guessing.
    """

    id: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    """Public: names the key in lists and logs."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    """Of the whole key."""
    tenant: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,64}$")]
    """Whose drafts it reaches."""
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None

    def state(self, now: datetime.datetime) -> str:
        """Return whether it counts: `active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


class KeyRing(Message):
    """All keys of a server: what the key file holds."""

    version: Annotated[int, Field(ge=1, le=1)] = 1
    keys: tuple[KeyRecord, ...] = ()

    @classmethod
    def parse(cls, content: str | bytes, where: str) -> Self:
        """Read a key file's content.

        Raises:
            ResourceMissingError: It is none.
        """
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "the whole"
            raise ResourceMissingError(
                f"{where} does not hold keys ({place}: {first['msg'].lower()})",
                "mend it, or move it away and make new ones with `lexray keys add`",
            ) from None

    def with_key(self, record: KeyRecord) -> Self:
        """Return the ring with one key more."""
        return self.model_copy(update={"keys": (*self.keys, record)})

    def without_key(self, key_id: str, now: datetime.datetime) -> Self:
        """Return the ring with a key revoked; one that is revoked stays so."""
        gone = {"revoked_at": now}
        keys = [
            key.model_copy(update=gone) if key.id == key_id and key.revoked_at is None else key
            for key in self.keys
        ]
        return self.model_copy(update={"keys": tuple(keys)})


def new_key(
    tenant: str, roles: tuple[Role, ...], now: datetime.datetime, lasts: datetime.timedelta | None = None
) -> tuple[str, KeyRecord]:
    """Make a key.

    Returns:
        The key itself, which is nowhere kept, and what is kept of it.
    """
    key_id = secrets.token_hex(6)
    key = f"{PREFIX}_{key_id}_{secrets.token_urlsafe(SECRET_BYTES)}"
    expires_at = None if lasts is None else now + lasts
    return key, KeyRecord(
        id=key_id, sha256=hashed(key), tenant=tenant, roles=roles, created_at=now, expires_at=expires_at
    )


def hashed(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_in(headers: Mapping[str, str]) -> str:
    """Return the key that a request brings, as `Authorization: Bearer …` or `X-Api-Key`; empty where it brings none.

    Raises:
        UnauthorisedError: It brings two that differ.
    """
    scheme, _, bearer = headers.get("authorization", "").strip().partition(" ")
    keys = {bearer.strip()} if scheme.lower() == "bearer" else set[str]()
    keys = {key for key in (*keys, headers.get("x-api-key", "").strip()) if key}
    if len(keys) > 1:
        raise UnauthorisedError("two keys were sent that differ")
    return keys.pop() if keys else ""


class KeyFile:
    """A key file, read again whenever it has changed: a key that is revoked stops working with the next request."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._ring = KeyRing()

    @property
    def exists(self) -> bool:
        """Whether there is such a file."""
        return self._path.exists()

    def ring(self) -> KeyRing:
        """Return the keys.

        Raises:
            ResourceMissingError: The file is gone, unreadable, no key file, or somebody else may write it.
        """
        try:
            about = self._path.stat()
            seen = (about.st_mtime_ns, about.st_ino, about.st_size)
            if seen != self._seen:
                if about.st_mode & _WRITABLE_BY_OTHERS:
                    raise ResourceMissingError(f"{self._path} may be written by others", "chmod 600 it")
                self._ring = KeyRing.parse(self._path.read_bytes(), str(self._path))
                self._seen = seen
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ResourceMissingError(
                f"{self._path} cannot be read ({reason})", "make it with `lexray keys add`"
            ) from error
        return self._ring


class KeyAccess:
    """Tells callers by their keys.

    Args:
        ring: Returns the keys that there are now.
        now: The time of day, for keys that expire.
    """

    def __init__(
        self,
        ring: Callable[[], KeyRing],
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    ) -> None:
        self._ring, self._now = ring, now

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Return who calls.

        Raises:
            UnauthorisedError: No key, or one that is not known, has expired or was revoked.
            ResourceMissingError: The keys cannot be read: then nobody is let in.
        """
        key = key_in(headers)
        if not key:
            raise UnauthorisedError("send a key, as Authorization: Bearer … or X-Api-Key")
        record = self._record(key)
        if record is None:
            raise UnauthorisedError("this key is not known")
        if (state := record.state(self._now())) != "active":
            raise UnauthorisedError(f"this key is {state}")
        return Caller(record.tenant, frozenset(record.roles), record.id)

    def _record(self, key: str) -> KeyRecord | None:
        """Return what is kept of a key. Takes as long for an id that is known as for one that is not."""
        given = hashed(key[:LONGEST_KEY])
        key_id = key.split("_", 2)[1] if key.count("_") > 1 else ""
        record = next((one for one in self._keys() if one.id == key_id), None)
        same = hmac.compare_digest(given, record.sha256 if record else _NOBODYS)
        return record if same else None

    def _keys(self) -> tuple[KeyRecord, ...]:
        try:
            return self._ring().keys
        except ResourceMissingError as error:
            logger.error("nobody is let in: %s", error)  # noqa: TRY400 (the sentence is all there is)
            raise ResourceMissingError("the server's keys cannot be read", "its log says why") from None


class OpenUntilKeyed(OpenAccess):
    """Open while there is no key file: for a server that only its own machine can reach.

    The first `lexray keys add` closes it, and a file that goes away does not open it again.
    """

    def __init__(self, file: KeyFile) -> None:
        self._file = file
        self._closed: KeyAccess | None = None

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in."""
        if self._closed is None and self._file.exists:
            logger.warning("keys are on: there is a key file now")
            self._closed = KeyAccess(self._file.ring)
        return self._closed is None

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Return who calls, as the file has it; else the one tenant there is."""
        if self.is_open or self._closed is None:
            return super().caller(headers)
        return self._closed.caller(headers)
