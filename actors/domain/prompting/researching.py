"""Research by a model: which further legal issues to look up. It is told nothing of the matter's people and facts."""

from collections.abc import Sequence

from actors.domain.authority import ResearchQuery
from actors.domain.corpus import the_corpus
from actors.domain.jurisdictions import jurisdictions
from actors.domain.library import load_type
from actors.domain.matter import Value
from actors.domain.prompting.prompt import Prompt
from actors.domain.prompting.texts import prompt_of

MOST_FURTHER_ISSUES = 8


class ResearchAnswer(Value):
    """Which issues a model would look up."""

    issues: tuple[str, ...]


def research_prompt(query: ResearchQuery, options: Sequence[str] = ()) -> Prompt:
    """Return the question for further issues.

    Every word of it is this project's own: what is no id that the library knows is left out, so that no name, amount or
    sentence of a matter can slip in.

    Args:
        query: What research would look up without a model; its free words are not put.
        options: Ids of the options that the request asks for.

    Raises:
        UnknownDocumentTypeError: The query's type is none of the library.
        LibraryError: A prompt file is wrong.
    """
    document_type, places, topics = load_type(query.task_type), jurisdictions(), the_corpus().topics
    labels = [option.label for option in document_type.options if option.id in options]
    slots = {
        "title": document_type.title,
        "law": places[query.jurisdiction].name if query.jurisdiction in places else "not known",
        "options": ", ".join(labels) or "nothing",
        "chosen": ", ".join(issue for issue in query.issues if issue in topics) or "none",
        "vocabulary": "\n".join(f"{issue}: {topic.label}" for issue, topic in topics.items()),
    }
    return prompt_of("research", slots, ResearchAnswer, max_output_tokens=500)


def expanded(query: ResearchQuery, answer: ResearchAnswer) -> ResearchQuery:
    """Return the query with a model's issues behind its own: those of the vocabulary, eight at the most."""
    topics = the_corpus().topics
    known = (issue.strip() for issue in answer.issues)
    further = [issue for issue in dict.fromkeys(known) if issue in topics and issue not in query.issues]
    return query.model_copy(update={"issues": (*query.issues, *further[:MOST_FURTHER_ISSUES])})
