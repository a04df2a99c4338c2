"""Errors over HTTP: one table from type to status, one form, and nothing that was sent comes back."""

import json

import pytest

from actors import errors
from actors.errors import LexrayError
from actors.events import DraftCancelled, DraftFailed
from serve.problems import kind_of, path_of, problem_of, problem_of_draft, status_of, without
from tests.unit.test_errors import ERRORS, fields_of, sample


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("UnauthorisedError", 401),
        ("ForbiddenError", 403),
        ("DraftNotFoundError", 404),
        ("DraftUnfinishedError", 409),
        ("DraftConflictError", 422),
        ("UnclearRequestError", 422),
        ("UnknownDocumentTypeError", 422),
        ("OverloadedError", 429),
        ("ModelEndpointError", 502),
        ("ThrottledError", 503),
        ("AgentUnavailableError", 503),
        ("BreakerOpenError", 503),
        ("LibraryError", 500),
    ],
)
def test_an_error_has_its_status(name: str, status: int) -> None:
    assert status_of(getattr(errors, name)) == status


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if fields_of(kind)], ids=lambda kind: kind.__name__)
def test_every_error_becomes_a_problem(kind: type[LexrayError]) -> None:
    response = problem_of(sample(kind))

    told = json.loads(bytes(response.body))
    assert response.media_type == "application/problem+json"
    assert told["status"] == response.status_code >= 400
    assert told["type"] == f"urn:lexray:problem:{kind_of(kind.__name__)}"
    assert told["detail"]


@pytest.mark.parametrize(
    "error",
    [
        errors.ThrottledError("x", 7.2),
        errors.BreakerOpenError("x", 7.2),
        errors.ModelPausedError("x", 7.2),
        errors.ModelUnavailableError("x", "y", 7.2),
    ],
)
def test_a_wait_that_is_known_is_told_in_whole_seconds(error: LexrayError) -> None:
    assert problem_of(error).headers["retry-after"] == "8"


def test_whoever_is_refused_for_load_is_told_to_come_back_in_a_second() -> None:
    assert problem_of(errors.OverloadedError("drafts", 4)).headers["retry-after"] == "1"


@pytest.mark.parametrize(
    "error",
    [
        errors.UnknownJurisdictionError("CANARY", ("US-DE",)),
        errors.UnknownDocumentTypeError("CANARY", ("nda_mutual",)),
        errors.DraftNotFoundError("CANARY-12345"),
        errors.InvalidInputError("facts.options", "'CANARY' is not known; the nearest is 'residuals'"),
    ],
)
def test_what_was_sent_does_not_come_back(error: LexrayError) -> None:
    assert b"CANARY" not in problem_of(error, "x\nCANARY\ny").body


def test_a_hint_stays_where_the_quoted_value_goes() -> None:
    told = without("'balnced' is not known; the nearest is 'balanced'", "balnced")
    assert told == "the value is not known; the nearest is 'balanced'"


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (DraftFailed(status="refused", step="intake", error="InvalidInputError", message="m"), 422),
        (DraftFailed(status="refused", step="intake", error="DraftNotFoundError", message="m"), 422),
        (DraftFailed(status="failed", step="draft", error="ModelEndpointError", message="m"), 502),
        (DraftFailed(status="failed", step="draft", error="StepFailedError", message="m"), 503),
        (DraftFailed(status="failed", step="draft", error="DeadlineExceededError", message="m"), 503),
        (DraftFailed(status="failed", step="draft", error="KeyError", message="m"), 500),
        (DraftCancelled(reason="it was asked to stop"), 409),
    ],
)
def test_a_draft_without_a_document_has_the_status_of_its_error(
    end: DraftFailed | DraftCancelled, status: int
) -> None:
    response = problem_of_draft("0123456789", end)
    assert response.status_code == status
    assert json.loads(bytes(response.body))["draft_id"] == "0123456789"


def test_a_place_in_a_body_reads_as_a_path() -> None:
    assert path_of(("parties", 2, "name")) == "parties[2].name"
    assert path_of(()) == "body"
