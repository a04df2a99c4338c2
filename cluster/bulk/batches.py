"""The batches agent: rows that came over HTTP, drafted as `lexray bulk` drafts them."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Literal

from actors.batches import BatchDocument, BatchOrder, BatchState, RowProblem
from actors.config import Settings
from actors.document_files import Format
from actors.errors import (
    AgentUnavailableError,
    BatchConflictError,
    BatchNotFoundError,
    LexrayError,
    TooManyBatchesError,
)
from actors.ports import AgentPort
from cluster.bulk.batch import Batch
from cluster.bulk.batch_crew import behind_others, inline_crew, ray_crew
from cluster.bulk.batch_home import BatchHome, disk_told
from cluster.bulk.batch_reading import document_of, failures_of, in_pieces, results_of
from cluster.bulk.batch_runner import BatchRunner
from cluster.bulk.batch_upload import Upload
from cluster.bulk.checks import Defaults

logger = logging.getLogger(__name__)

Place = Literal["ray", "inline"]
"""Where cells run."""
AGAIN_S = 10.0
"""When somebody with too many batches may come back."""
LOOK_S = 0.25
"""How often followers are told."""


class Batches:
    """Takes batches, has them drafted in turn, and tells of them.

    A restart loses the rows of uploads under way, whose senders are told. A batch that was taken goes on: it lies on
    the disk of this agent's machine. On a cluster without a shared disk it stays there.

    Args:
        settings: Of the runs, and how much a tenant may have.
        folder: Where the batches lie.
        place: Where cells run.
        cache: The cache of research that the cells share.
    """

    def __init__(self, settings: Settings, folder: Path, place: Place, cache: AgentPort) -> None:
        self._limits, self._home = settings.serve, BatchHome(folder)
        behind = behind_others(settings)
        make_crew = partial(inline_crew, behind) if place == "inline" else partial(ray_crew, behind, cache)
        self._runner = BatchRunner(behind, make_crew)
        self._batches: dict[tuple[str, str], Batch] = {}
        self._uploads: dict[str, Upload] = {}
        try:
            self._take_up()
        except LexrayError as error:
            logger.warning("batches are not taken up: %s", error)

    async def open(self, tenant: str, batch_id: str) -> str:
        """Begin to take a batch; return the name of the upload.

        Raises:
            TooManyBatchesError: The tenant has as many under way as it may, and this is none of them.
        """
        self._take_up()
        for name in [name for name, upload in self._uploads.items() if upload.is_left]:
            await self.drop(name)
        if (tenant, batch_id) not in self._batches:
            self._refuse_many(tenant)
        upload = self._home.upload(tenant, self._limits.batch_rows)
        name = upload.folder.name
        self._uploads[name] = upload
        return name

    async def append(self, name: str, piece: bytes) -> None:
        """Take the next piece of an upload.

        Raises:
            InvalidInputError: There are too many rows.
            AgentUnavailableError: This agent was restarted meanwhile: the rows must be sent again.
        """
        upload = self._upload(name)
        with disk_told():
            await asyncio.to_thread(upload.add, piece)

    async def commit(self, name: str, order: BatchOrder) -> BatchState:
        """End an upload, and have its batch drafted; or find the one that was begun by it before.

        Raises:
            RequestError: No row can be drafted.
            BatchConflictError: The batch of this id has other rows or options.
        """
        upload = self._upload(name)
        try:
            known = self._known(order, upload)
            if known is not None:
                return known.state()
            defaults = Defaults(order.options.type, order.options.jurisdiction)
            with disk_told():
                problems = await asyncio.to_thread(upload.complete, defaults)
                # Somebody else may have sent the same meanwhile.
                batch = self._known(order, upload) or self._begin(order, upload, problems)
            return batch.state()
        finally:
            await self.drop(name)

    async def drop(self, name: str) -> None:
        """Forget an upload."""
        upload = self._uploads.pop(name, None)
        if upload is not None:
            await asyncio.to_thread(upload.drop)

    async def state(self, tenant: str, batch_id: str) -> BatchState:
        """Return how far a batch is.

        Raises:
            BatchNotFoundError: This tenant has none of this id.
        """
        return self._find(tenant, batch_id).state()

    async def recent(self, tenant: str, limit: int) -> list[BatchState]:
        """Return a tenant's batches, the newest first."""
        self._take_up()
        states = [batch.state() for (owner, _), batch in self._batches.items() if owner == tenant]
        return sorted(states, key=lambda state: state.created, reverse=True)[:limit]

    async def cancel(self, tenant: str, batch_id: str) -> BatchState:
        """Hand out no more rows of a batch; those under way are finished, and what is done stays.

        Raises:
            BatchNotFoundError: This tenant has none of this id.
        """
        batch = self._find(tenant, batch_id)
        batch.cancel()
        return batch.state()

    async def follow(self, tenant: str, batch_id: str, seen: str) -> AsyncGenerator[BatchState, None]:
        """Yield a batch's states as they change, to its end.

        Args:
            tenant: Whose it is.
            batch_id: Which.
            seen: Mark of the last state that the follower knows; empty: none.

        Raises:
            BatchNotFoundError: This tenant has none of this id.
        """
        batch = self._find(tenant, batch_id)
        while True:
            state = batch.state()
            if state.mark != seen:
                seen = state.mark
                yield state
            if state.is_over:
                return
            await asyncio.sleep(LOOK_S)

    async def results(self, tenant: str, batch_id: str, place: str) -> AsyncGenerator[bytes, None]:
        """Yield the results so far as JSON Lines, piece by piece.

        Raises:
            BatchNotFoundError: This tenant has none of this id.
        """
        folder = self._find(tenant, batch_id).folder.run
        async with aclosing(in_pieces(lambda: results_of(folder, place))) as pieces:
            async for piece in pieces:
                yield piece

    async def failures(self, tenant: str, batch_id: str) -> AsyncGenerator[bytes, None]:
        """Yield the failed rows so far as JSON Lines, piece by piece.

        Raises:
            BatchNotFoundError: This tenant has none of this id.
        """
        folder = self._find(tenant, batch_id).folder.run
        async with aclosing(in_pieces(lambda: failures_of(folder))) as pieces:
            async for piece in pieces:
                yield piece

    async def document(self, tenant: str, batch_id: str, row_id: str, form: Format) -> BatchDocument:
        """Return a row's document as a file.

        Raises:
            BatchNotFoundError: This tenant has none of this id.
            RequestError: The row has no such document.
        """
        folder = self._find(tenant, batch_id).folder.run
        with disk_told():
            return await asyncio.to_thread(document_of, folder, row_id, form)

    def close(self) -> None:
        """Leave the folder to another agent."""
        self._runner.close()
        self._home.close()

    def _take_up(self) -> None:
        """Go on with what is in the folder, unless that was done before.

        Raises:
            AgentUnavailableError: Another agent has it.
            ResourceMissingError: It cannot be used.
        """
        if self._home.is_ours:
            return
        for batch in self._home.take_up():
            state = batch.record.state
            self._batches[batch.record.tenant, state.batch_id] = batch
            if not state.is_over:
                self._runner.add(batch)

    def _find(self, tenant: str, batch_id: str) -> Batch:
        self._take_up()
        batch = self._batches.get((tenant, batch_id))
        if batch is None:
            raise BatchNotFoundError(batch_id)
        return batch

    def _upload(self, name: str) -> Upload:
        upload = self._uploads.get(name)
        if upload is None:
            raise AgentUnavailableError("batches", "it does not know of these rows any more; send them again")
        return upload

    def _known(self, order: BatchOrder, upload: Upload) -> Batch | None:
        batch = self._batches.get((order.tenant, order.batch_id))
        if batch is not None:
            record = batch.record
            if (record.sha256, record.state.options) != (upload.sha256, order.options):
                raise BatchConflictError(order.batch_id)
        return batch

    def _refuse_many(self, tenant: str) -> None:
        under_way = [one for (owner, _), one in self._batches.items() if owner == tenant]
        uploads = sum(upload.tenant == tenant for upload in self._uploads.values())
        if sum(not one.state().is_over for one in under_way) + uploads >= self._limits.batches:
            raise TooManyBatchesError(tenant, self._limits.batches, AGAIN_S)

    def _begin(self, order: BatchOrder, upload: Upload, problems: tuple[RowProblem, ...]) -> Batch:
        batch = self._home.create(order, upload, problems)
        self._batches[order.tenant, order.batch_id] = batch
        self._runner.add(batch)
        return batch
