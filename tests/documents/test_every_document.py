"""Every document type under every law and under none, through the checks that a user's document goes through."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from actors.config import Settings
from actors.domain.library import load_type, type_ids
from actors.draft_reader import drafted
from actors.messages import DraftRequest
from actors.report import report_of
from cluster.inline import InlineFleet
from tests.unit.scripted_agents import TODAY

PLACES = ("US-DE", "US-NY", "US-CA", "US-TX", "UK-EW", None)
NAMES = ("Acme Robotics, Inc.", "Beta Labs LLC")


PAIRS = [(type_id, place) for type_id in type_ids() for place in PLACES]

Draft = Callable[[str, str, str | None], dict[str, Any]]


@pytest.fixture(scope="module")
def draft() -> Iterator[Draft]:
    """Draft with one fleet on one event loop, as a process does."""
    fleet = InlineFleet(Settings())
    with asyncio.Runner() as runner:
        yield lambda message, type_id, place: report_of(
            runner.run(drafted(fleet.port("coordinator"), request(message, type_id, place)))
        )


def request(message: str, type_id: str, place: str | None) -> DraftRequest:
    return DraftRequest(
        draft_id=f"{type_id}-{place}-{len(message)}",
        message=message,
        task_type=type_id,
        jurisdiction=place,
        as_of=TODAY,
    )


@pytest.mark.parametrize(("type_id", "place"), PAIRS)
@pytest.mark.parametrize("named", [False, True], ids=["nobody", "named"])
def test_a_document_of_ours_is_complete_and_without_error(
    draft: Draft, type_id: str, place: str | None, named: bool
) -> None:
    title = load_type(type_id).title
    message = f"Draft a {title} between {NAMES[0]} and {NAMES[1]}" if named else f"Draft a {title}"
    made = draft(message, type_id, place)

    assert made["status"] == "finished"
    found = [*made["review"]["findings"], *made["validation"]["findings"]]
    assert [finding for finding in found if finding["severity"] == "error"] == []
    assert {citation["state"] for citation in made["citations"]} <= {"verified"}
    markdown = made["document"]["markdown"]
    for place_in_text in found:
        assert markdown[place_in_text["start"] : place_in_text["end"]] == place_in_text["quote"]
    for citation in made["citations"]:
        assert markdown[citation["start"] : citation["end"]] == citation["text"]
    for point in made["open_points"]:
        assert point["kind"] in {"notice", "step"} or f"[{point['label']}]" in markdown
    authorities = made["research"]["authorities"]
    assert len(authorities) >= 8
    assert place is None or [authority["jurisdiction"] for authority in authorities].count(place) >= 2
