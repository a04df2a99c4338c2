"""Files read side by side, each by a process that may fail without taking the import with it."""

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from actors.corpus_staging import Head, stage
from actors.domain.importing.forms import parse_file
from actors.domain.importing.passage import Origin, Parsed, Skipped
from actors.errors import RequestError


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read, and where to put what comes of it."""

    path: Path
    origin: Origin
    staged: Path
    limit_s: float


class TooSlowError(Exception):
    """Reading one file took too long."""


def read_files(jobs: Sequence[Job], workers: int) -> Iterator[Job]:
    """Read files in processes of their own, and yield each job when its result is staged.

    A file at which its process dies (out of memory, a fault in a library) is tried once more alone, and skipped if it
    dies again.
    """
    suspects: list[Job] = list(jobs)
    if len(jobs) > 1:
        suspects = []
        yield from _together(jobs, workers, suspects)
    for job in suspects:
        fallen: list[Job] = []
        yield from _together([job], 1, fallen)
        if fallen:
            stage(job.staged, _refused(job, "the process that read it died"))
            yield job


def read_one(job: Job) -> Head:
    """Read one file and stage what comes of it: a file that cannot be imported is a skipped one."""
    signal.signal(signal.SIGALRM, _too_slow)
    try:
        signal.setitimer(signal.ITIMER_REAL, job.limit_s)
        parsed = parse_file(job.path, job.origin)
    except RequestError as error:
        parsed = _refused(job, str(error).removeprefix("file: "))
    except TooSlowError:
        parsed = _refused(job, f"reading it took longer than {job.limit_s:g} s")
    except (MemoryError, RecursionError) as error:
        parsed = _refused(job, f"it is too large or too deep to read ({type(error).__name__})")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    stage(job.staged, parsed)
    return Head(
        passages=len(parsed.passages),
        skipped=parsed.skipped,
        remarks=parsed.remarks,
        whole_sources=parsed.whole_sources,
    )


def _together(jobs: Sequence[Job], workers: int, fallen: list[Job]) -> Iterator[Job]:
    """Read files in one pool; when it breaks, those that were not finished are `fallen`."""
    # Spawned, not forked: this process has threads, and its children should share nothing with it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=context, initializer=_begin) as pool:
        futures: dict[Future[Head], Job] = {pool.submit(read_one, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                try:
                    future.result()
                except BrokenProcessPool:
                    fallen.append(futures[future])
                else:
                    yield futures[future]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _refused(job: Job, reason: str) -> Parsed:
    return Parsed(skipped=(Skipped(file=job.origin.file, reason=reason),))


def _begin() -> None:
    """Set a worker up: it ends at Ctrl-C without a word, and with the process that wanted it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _too_slow(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise TooSlowError
