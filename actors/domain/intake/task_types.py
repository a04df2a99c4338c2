"""Document types named by an option or a facts file."""

from collections.abc import Sequence

from actors.domain.library import DocumentType, nearest_types
from actors.errors import UnknownDocumentTypeError


def parse_task_type(given: str, types: Sequence[DocumentType]) -> str:
    """Return the id of the type that `given` names: its id in any spelling ("NDA-mutual"), or one of its names.

    Raises:
        UnknownDocumentTypeError: No type has this id or name.
    """
    wanted = _folded(given)
    for document_type in types:
        if wanted == _folded(document_type.id):
            return document_type.id
    for document_type in types:
        if wanted in {_folded(name) for name in (document_type.title, *document_type.names)}:
            return document_type.id
    raise UnknownDocumentTypeError(given[:80], nearest_types(given[:80]))


def _folded(words: str) -> str:
    return " ".join(words.casefold().replace("-", " ").replace("_", " ").split())
