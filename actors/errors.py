"""The error tree.

    LexrayError
    ├── UnauthorisedError          no key, or one that is not known (HTTP 401)
    ├── ForbiddenError             a known key without the role that this needs (HTTP 403)
    ├── RequestError               the caller's input is wrong: refused, never retried (exit code 2, HTTP 4xx)
    │   ├── InvalidFieldsError
    │   ├── InvalidInputError
    │   │   └── UnclearRequestError    its words name no document that code knows; a model may
    │   ├── DraftNotFoundError     nobody of this tenant has such a draft (HTTP 404)
    │   ├── DraftConflictError     an idempotency key was used for another order (HTTP 422)
    │   ├── DraftUnfinishedError   its document was asked for, and there is none (HTTP 409)
    │   ├── BatchNotFoundError     nobody of this tenant has such a batch (HTTP 404)
    │   ├── BatchConflictError     an idempotency key was used for another batch (HTTP 422)
    │   ├── RowNotFoundError       a batch has no such row (HTTP 404)
    │   ├── RowUnfinishedError     a row's document was asked for, and there is none (HTTP 409)
    │   ├── UnknownDocumentTypeError
    │   └── UnknownJurisdictionError
    ├── TransientError             may work if tried again: retried, then a failed step (HTTP 503)
    │   ├── AttemptTimeoutError
    │   ├── AgentUnavailableError
    │   ├── ServerLeavingError     this replica of the HTTP server is being replaced
    │   ├── SearchUnavailableError
    │   ├── ModelUnavailableError  a provider refused the connection, failed, or cut its answer
    │   └── ThrottledError         says nothing about health: breakers ignore it
    ├── ModelAnswerError           a model answered, but not usefully: repaired a bounded number of times
    ├── ModelRefusedError          a model will not do it, or cannot (its context is too small): never retried
    ├── ModelPausedError           a provider's quota is spent: not asked for a while
    ├── ModelEndpointError         address, key or model name is wrong: the draft fails, nothing stands in
    ├── OverloadedError            refused at once, nothing was done
    ├── TooManyBatchesError        a tenant has as many batches under way as it may (HTTP 429)
    ├── BreakerOpenError           refused at once, the dependency is resting
    ├── DeadlineExceededError      the budget of the draft is spent
    ├── StepFailedError            a step gave up after all its attempts
    ├── ResourceMissingError       the machine or the installation lacks something
    └── LibraryError               our own data is wrong: a bug, never the caller's fault

Every class hands all of its fields, in order, to `super().__init__`: that is what lets an error cross a process
border with its type and fields. `tests/unit/test_errors.py` holds every class to it.
"""

from collections.abc import Sequence


class LexrayError(Exception):
    """Anything that lexray raises on purpose."""


class UnauthorisedError(LexrayError):
    """Nobody known asked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"not authorised: {self.reason}"


class ForbiddenError(LexrayError):
    """Somebody known asked for what its role does not cover."""

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self.role = role

    def __str__(self) -> str:
        return f"this needs a key with the role {self.role}"


class RequestError(LexrayError):
    """The caller's input is wrong; the same input will always be refused."""


class InvalidInputError(RequestError):
    """One field of the input is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field, self.reason = field, reason

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


class InvalidFieldsError(RequestError):
    """Several fields of the input are wrong."""

    def __init__(self, fields: Sequence[str], reasons: Sequence[str], where: str = "request") -> None:
        super().__init__(fields, reasons, where)
        self.fields, self.reasons, self.where = fields, reasons, where

    def __str__(self) -> str:
        told = (f"{field}: {reason}" for field, reason in zip(self.fields, self.reasons, strict=True))
        return f"{self.where}: {'; '.join(told)}"


class UnclearRequestError(InvalidInputError):
    """The message names no document type that code knows."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)


class DraftNotFoundError(RequestError):
    """There is no such draft, or it is another tenant's."""

    def __init__(self, draft_id: str) -> None:
        super().__init__(draft_id)
        self.draft_id = draft_id

    def __str__(self) -> str:
        return f"there is no draft {self.draft_id}"


class DraftConflictError(RequestError):
    """An idempotency key stands for another order."""

    def __init__(self, draft_id: str) -> None:
        super().__init__(draft_id)
        self.draft_id = draft_id

    def __str__(self) -> str:
        return f"the idempotency key of draft {self.draft_id} was used for another request"


class DraftUnfinishedError(RequestError):
    """A draft has no document: not yet, or for good."""

    def __init__(self, draft_id: str, status: str) -> None:
        super().__init__(draft_id, status)
        self.draft_id, self.status = draft_id, status

    def __str__(self) -> str:
        return f"draft {self.draft_id} has no document: it is {self.status}"


class BatchNotFoundError(RequestError):
    """There is no such batch, or it is another tenant's."""

    def __init__(self, batch_id: str) -> None:
        super().__init__(batch_id)
        self.batch_id = batch_id

    def __str__(self) -> str:
        return f"there is no batch {self.batch_id}"


class BatchConflictError(RequestError):
    """An idempotency key stands for another batch."""

    def __init__(self, batch_id: str) -> None:
        super().__init__(batch_id)
        self.batch_id = batch_id

    def __str__(self) -> str:
        return f"the idempotency key of batch {self.batch_id} was used for other rows or options"


class RowNotFoundError(RequestError):
    """A batch has no row of this id, or has not read so far."""

    def __init__(self, row_id: str) -> None:
        super().__init__(row_id)
        self.row_id = row_id

    def __str__(self) -> str:
        return f"the batch has no row {self.row_id}"


class RowUnfinishedError(RequestError):
    """A row has no document: not yet, or for good."""

    def __init__(self, row_id: str, state: str) -> None:
        super().__init__(row_id, state)
        self.row_id, self.state = row_id, state

    def __str__(self) -> str:
        return f"row {self.row_id} has no document: it is {self.state}"


class UnknownDocumentTypeError(RequestError):
    """No document type has this name."""

    def __init__(self, given: str, known: Sequence[str]) -> None:
        super().__init__(given, known)
        self.given, self.known = given, known

    def __str__(self) -> str:
        return f"type: there is no document type {self.given!r}; nearest: {', '.join(self.known)}"


class UnknownJurisdictionError(RequestError):
    """No jurisdiction has this name."""

    def __init__(self, given: str, known: Sequence[str]) -> None:
        super().__init__(given, known)
        self.given, self.known = given, known

    def __str__(self) -> str:
        return f"jurisdiction: {self.given!r} is not known; nearest: {', '.join(self.known)}"


class TransientError(LexrayError):
    """The same call may succeed later."""


class AttemptTimeoutError(TransientError):
    """One attempt took longer than it may."""

    def __init__(self, step: str, limit_s: float) -> None:
        super().__init__(step, limit_s)
        self.step, self.limit_s = step, limit_s

    def __str__(self) -> str:
        return f"{self.step}: no answer within {self.limit_s:g} s"


class AgentUnavailableError(TransientError):
    """An agent's process is gone or restarting; the call may or may not have run."""

    def __init__(self, agent: str, reason: str) -> None:
        super().__init__(agent, reason)
        self.agent, self.reason = agent, reason

    def __str__(self) -> str:
        return f"{self.agent}: unavailable ({self.reason})"


class ServerLeavingError(TransientError):
    """The process that answers is being replaced; the draft goes on, and another process tells the rest of it."""

    def __init__(self, draft_id: str) -> None:
        super().__init__(draft_id)
        self.draft_id = draft_id

    def __str__(self) -> str:
        return f"this server is being replaced; draft {self.draft_id} goes on: reconnect, with the last event's id"


class SearchUnavailableError(TransientError):
    """The corpus could not be searched."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"legal search: {self.reason}"


class ModelUnavailableError(TransientError):
    """A model's provider gave no usable answer; the next attempt may."""

    def __init__(self, endpoint: str, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(endpoint, reason, retry_after_s)
        self.endpoint, self.reason, self.retry_after_s = endpoint, reason, retry_after_s

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.reason}"


class ModelAnswerError(LexrayError):
    """A model's answer is cut off, empty, no JSON, or not of the form asked for."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(endpoint, reason)
        self.endpoint, self.reason = endpoint, reason

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.reason}"


class ModelRefusedError(LexrayError):
    """A model declines, or the question is too long for it; the same question will always fail."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(endpoint, reason)
        self.endpoint, self.reason = endpoint, reason

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.reason}"


class ModelPausedError(LexrayError):
    """A provider's quota is spent; it is left alone for a while."""

    def __init__(self, endpoint: str, retry_after_s: float) -> None:
        super().__init__(endpoint, retry_after_s)
        self.endpoint, self.retry_after_s = endpoint, retry_after_s

    def __str__(self) -> str:
        return f"{self.endpoint}: its quota is spent; asked again in {self.retry_after_s:.0f} s"


class ModelEndpointError(LexrayError):
    """Nothing usable is at the configured address, under the configured key and model name."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(endpoint, reason)
        self.endpoint, self.reason = endpoint, reason

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.reason}"


class ThrottledError(TransientError):
    """A dependency asks for patience."""

    def __init__(self, source: str, retry_after_s: float) -> None:
        super().__init__(source, retry_after_s)
        self.source, self.retry_after_s = source, retry_after_s

    def __str__(self) -> str:
        return f"{self.source}: asks to wait {self.retry_after_s:.1f} s"


class OverloadedError(LexrayError):
    """Too much is in flight; nothing was done."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, limit)
        self.name, self.limit = name, limit

    def __str__(self) -> str:
        return f"{self.name}: {self.limit} calls are already in flight"


class TooManyBatchesError(LexrayError):
    """A tenant has as many batches under way as it may."""

    def __init__(self, tenant: str, limit: int, retry_after_s: float) -> None:
        super().__init__(tenant, limit, retry_after_s)
        self.tenant, self.limit, self.retry_after_s = tenant, limit, retry_after_s

    def __str__(self) -> str:
        return f"{self.tenant}: a tenant may have {self.limit} batches under way; wait for one to end, or cancel one"


class BreakerOpenError(LexrayError):
    """A circuit breaker is open; the call was not made."""

    def __init__(self, name: str, retry_after_s: float) -> None:
        super().__init__(name, retry_after_s)
        self.name, self.retry_after_s = name, retry_after_s

    def __str__(self) -> str:
        return f"{self.name}: circuit open, next try in {self.retry_after_s:.1f} s"


class DeadlineExceededError(LexrayError):
    """The time budget is spent."""

    def __init__(self, step: str, budget_s: float) -> None:
        super().__init__(step, budget_s)
        self.step, self.budget_s = step, budget_s

    def __str__(self) -> str:
        return f"{self.step}: the budget of {self.budget_s:g} s is spent"


class StepFailedError(LexrayError):
    """A step gave up."""

    def __init__(self, step: str, attempts: int, reason: str) -> None:
        super().__init__(step, attempts, reason)
        self.step, self.attempts, self.reason = step, attempts, reason

    def __str__(self) -> str:
        tries = "attempt" if self.attempts == 1 else "attempts"
        return f"{self.step}: gave up after {self.attempts} {tries}: {self.reason}"


class ResourceMissingError(LexrayError):
    """The machine or the installation lacks something that lexray needs."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


class LibraryError(LexrayError):
    """A data file of the clause library or the rule pack is wrong."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(file, reason)
        self.file, self.reason = file, reason

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"
