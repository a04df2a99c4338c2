"""An agent whose dependency is down."""

from typing import Any, NoReturn

from actors.errors import SearchUnavailableError
from actors.research import ResearchAgent


class FailingResearch(ResearchAgent):
    async def search(self, *args: Any) -> NoReturn:
        raise SearchUnavailableError("down")
