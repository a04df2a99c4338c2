"""The folder of a bulk run: documents, lists, and what it needs to go on."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from actors.document_files import Format
from actors.errors import InvalidInputError, ResourceMissingError
from cluster.bulk.plan import BulkPlan
from cluster.output import replace_files

DOCUMENTS = "documents"
RESULTS, FAILURES, MANIFEST = "results.jsonl", "failures.jsonl", "manifest.json"
_OWN = ".lexray"
_NOT_OURS = "name another folder with --out"


class RunFolder:
    """`documents/ID.EXT` and three lists for people; `.lexray/` for the run itself."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._own = self.path / _OWN
        self._staged = self._own / "staged"

    @property
    def ledger(self) -> Path:
        """Where the ledger lies."""
        return self._own / "ledger.sqlite"

    @property
    def spool(self) -> Path:
        """Where rows from stdin are kept."""
        return self._own / "rows.jsonl"

    @property
    def has_run(self) -> bool:
        """Whether a run was begun here."""
        return self._plan.exists()

    @property
    def _plan(self) -> Path:
        return self._own / "run.json"

    def create(self) -> None:
        """Make the folders that a run writes to.

        Raises:
            OSError: They cannot be made.
        """
        for folder in (self._staged, self.path / DOCUMENTS):
            folder.mkdir(parents=True, exist_ok=True)

    def save(self, plan: BulkPlan) -> None:
        """Keep the plan: from then on there is a run here."""
        replace_files(self._own, {self._plan.name: plan.model_dump_json(indent=2).encode() + b"\n"})

    def plan(self) -> BulkPlan:
        """Return what the run was asked to do.

        Raises:
            InvalidInputError: There is no run here.
        """
        try:
            return BulkPlan.model_validate_json(self._plan.read_bytes())
        except FileNotFoundError as error:
            raise InvalidInputError("resume", f"{self.path} holds no bulk run") from error
        except (ValidationError, OSError) as error:
            raise InvalidInputError(
                "resume", f"the run in {self.path} is of another version, or damaged"
            ) from error

    def is_of(self, run_id: str) -> bool:
        """Tell whether this run is the one that this process sees here: a cell on another machine may see none."""
        try:
            return self.plan().run_id == run_id
        except InvalidInputError:
            return False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out of the folder; the lock ends with this process, however that ends.

        Raises:
            InvalidInputError: A run is under way here.
        """
        with (self._own / "lock").open("w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InvalidInputError("out", f"a run is under way in {self.path}") from error
            yield

    def refuse_running(self) -> None:
        """See that no run is under way here, before anything is started.

        Raises:
            InvalidInputError: One is.
        """
        with self.locked():
            return

    def clear_staged(self) -> None:
        """Delete what attempts left that came to nothing."""
        shutil.rmtree(self._staged, ignore_errors=True)
        self._staged.mkdir(parents=True, exist_ok=True)

    def stage(self, row_id: str, fence: int, contents: Mapping[Format, bytes]) -> None:
        """Write a document under fresh names, complete and on disk. No other attempt has these names.

        Raises:
            OSError: It could not be written.
        """
        for form, content in contents.items():
            with self._fresh(row_id, fence, form).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    def publish(self, row_id: str, fence: int, forms: tuple[Format, ...]) -> None:
        """Give a staged document its final names.

        Raises:
            OSError: It is not there, or cannot be moved.
        """
        for form in forms:
            self._fresh(row_id, fence, form).replace(self.path / file_name(row_id, form))

    def write(self, contents: Mapping[str, bytes]) -> None:
        """Write small files of the folder, each whole or not at all."""
        replace_files(self.path, contents)

    def _fresh(self, row_id: str, fence: int, form: Format) -> Path:
        return self._staged / f"{fence}-{row_id}.{form}"


def file_name(row_id: str, form: Format) -> str:
    """Return where a row's document stands, from the run's folder."""
    return f"{DOCUMENTS}/{row_id}.{form}"


def refuse_full(folder: RunFolder) -> None:
    """Refuse a folder in which a new run would mix with something else.

    Raises:
        InvalidInputError: It holds a run already, or files that are not one's.
    """
    if folder.has_run:
        raise InvalidInputError(
            "out", f"{folder.path} holds a run; go on with `--resume {folder.path}`, or {_NOT_OURS}"
        )
    taken = [name for name in (DOCUMENTS, RESULTS, FAILURES, MANIFEST) if (folder.path / name).exists()]
    if taken:
        raise InvalidInputError("out", f"{taken[0]} stands in {folder.path} already; {_NOT_OURS}")


def no_room(folder: RunFolder, error: OSError) -> ResourceMissingError:
    """Return what a full or lost disk means for a run."""
    what = f"{folder.path} cannot be written to ({error.strerror})"
    return ResourceMissingError(
        what, f"make room there, then go on with `lexray bulk --resume {folder.path}`"
    )
