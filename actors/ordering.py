"""What is asked for, checked before anything is started."""

from actors.domain.intake.facts import read_facts
from actors.domain.intake.request_text import check_request_text
from actors.domain.intake.understand import understand
from actors.errors import UnclearRequestError
from actors.messages import DraftRequest


def checked(request: DraftRequest) -> DraftRequest:
    """Return the request with its message cleaned; refuse what intake would refuse.

    Raises:
        RequestError: The message, its facts, its type or its place are wrong.
    """
    message = check_request_text(request.message)
    try:
        understand(
            message,
            task_type=request.task_type,
            jurisdiction=request.jurisdiction,
            facts=None if request.facts_json is None else read_facts(request.facts_json),
            as_of=request.as_of,
        )
    except UnclearRequestError:
        if request.engine == "library":
            raise
    return request.model_copy(update={"message": message})
