"""The HTTP API: everything that lexray does, as routes over one service. No Ray."""

from fastapi import FastAPI

from serve.access import Access
from serve.problems import install_problems
from serve.routes import drafts
from serve.service import DraftService

VERSION = "1"
"""Of the interface; the paths carry it too."""


def create_api(service: DraftService, access: Access) -> FastAPI:
    """Return the app.

    Args:
        service: The drafts of a running fleet, wherever it runs.
        access: Tells callers by their keys.
    """
    # The pages that FastAPI would add load scripts from a stranger's server.
    app = FastAPI(title="lexray", version=VERSION, docs_url=None, redoc_url=None)
    app.state.service, app.state.access = service, access
    install_problems(app)
    app.include_router(drafts.create_router())
    return app
