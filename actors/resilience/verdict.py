"""What an error says about the health of the dependency that raised it."""

from typing import Literal

from actors.errors import AttemptTimeoutError, LexrayError, ThrottledError, TransientError

Verdict = Literal["success", "failure", "timeout", "neutral"]
"""`failure` and `timeout` speak against the dependency; `neutral` says nothing, in either direction."""


def judge(error: BaseException) -> Verdict:
    """Judge an error of a call whose errors are ours.

    Throttling, wrong requests, cancellation and bugs are neutral: they occur with a dependency in perfect
    health.
    """
    match error:
        case ThrottledError():
            return "neutral"
        case AttemptTimeoutError() | TimeoutError():
            return "timeout"
        case TransientError() | OSError():
            return "failure"
        case _:
            return "neutral"


def judge_foreign(error: BaseException) -> Verdict:
    """Judge an error of a foreign function: knowing nothing of our types, it fails by any exception."""
    if isinstance(error, LexrayError | OSError):
        return judge(error)
    return "failure" if isinstance(error, Exception) else "neutral"


def is_transient(error: BaseException) -> bool:
    """Tell whether the same call may succeed later."""
    return isinstance(error, TransientError)


def is_transient_foreign(error: BaseException) -> bool:
    """Tell the same of a foreign function: anything may pass, except what our own errors call final."""
    return is_transient(error) or (isinstance(error, Exception) and not isinstance(error, LexrayError))


def reason_of(error: BaseException) -> str:
    """Return the error's type, and its text where it is ours.

    The text of a foreign error may quote what was sent, which is a confidential draft; it is never repeated.
    """
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, LexrayError) else name
