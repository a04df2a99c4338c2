"""The intake agent: from plain words to a matter."""

import datetime
from collections.abc import Sequence

from actors.agent_model import AgentModel
from actors.domain.authority import ResearchQuery
from actors.domain.intake.facts import read_facts
from actors.domain.intake.understand import Understanding, understand
from actors.domain.library import DocumentType, load_type
from actors.domain.matter import Matter
from actors.errors import UnclearRequestError
from actors.llm.endpoint import Endpoint
from actors.messages import DraftRequest, Hop, IntakeReply, StepReport
from actors.step import BreakerVault, GuardedStep
from actors.step_policy import StepPolicy


class IntakeAgent:
    """Understands requests. Keeps nothing between them, so a restart loses at most the request in flight."""

    def __init__(self, policy: StepPolicy, vault: BreakerVault, chain: Sequence[Endpoint] = ()) -> None:
        self._step = GuardedStep("intake", policy, vault)
        self._model = AgentModel("intake", chain, policy, vault)

    async def understand(self, hop: Hop, request: DraftRequest) -> tuple[StepReport, IntakeReply, Matter]:
        """Return what the coordinator needs to know, and the matter.

        Raises:
            RequestError: The request or its facts are wrong, or ask for no document.
        """
        if self._model.serves(hop):
            report, understood = await self._with_model(hop, request)
        else:
            report, understood = await self._step.run(hop, self.read, request)
        return report, reply_of(understood), understood.matter

    async def _with_model(self, hop: Hop, request: DraftRequest) -> tuple[StepReport, Understanding]:
        """Read by code first; a model may place a request that names no document, and find what code overlooked."""
        from actors.consulting import placed, understood_better  # noqa: PLC0415 (prompts take time to load)

        try:
            report, understood = await self._step.run(hop, self.read, request)
        except UnclearRequestError:
            report, task_type = await placed(self._model, hop, request.message)
            if task_type is None:
                raise
            typed = request.model_copy(update={"task_type": task_type})
            told, understood = await self._step.run(hop, self.read, typed)
            report = report.joined(told)
        told, understood = await understood_better(self._model, hop, understood, request)
        return report.joined(told), understood

    async def read(self, request: DraftRequest) -> Understanding:
        """Understand one request: the work inside the policies."""
        facts = read_facts(request.facts_json) if request.facts_json else None
        return understand(
            request.message,
            task_type=request.task_type,
            jurisdiction=request.jurisdiction,
            facts=facts,
            as_of=request.as_of,
        )


def reply_of(understood: Understanding) -> IntakeReply:
    """Return the few things that the coordinator needs, and the question for research, which names nobody."""
    matter = understood.matter
    document_type = load_type(matter.task_type)
    asked = [
        option.issue for option in document_type.options if option.id in matter.requests and option.issue
    ]
    return IntakeReply(
        task_type=matter.task_type,
        jurisdiction=matter.jurisdiction,
        jurisdiction_named=matter.jurisdiction_named,
        title=document_type.titles.get(matter.jurisdiction or "", document_type.title),
        query=query_for(document_type, matter.jurisdiction, matter.as_of, asked),
        notices=understood.notices,
    )


def query_for(
    document_type: DocumentType, jurisdiction: str | None, as_of: datetime.date, asked: Sequence[str] = ()
) -> ResearchQuery:
    """Return the question that a document of this type puts to research."""
    return ResearchQuery(
        task_type=document_type.id,
        families=document_type.families,
        issues=tuple(dict.fromkeys((*document_type.issues, *asked))),
        jurisdiction=jurisdiction,
        as_of=as_of,
    )
