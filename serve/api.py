"""The HTTP API: everything that lexray does, as routes over one service. No Ray."""

from fastapi import FastAPI

from serve.access import Access
from serve.descriptions import describe, name_of
from serve.mcp_server import create_routes as mcp_routes
from serve.openai_face import router as openai_face
from serve.page import router as page
from serve.problems import install_problems
from serve.routes import batches, drafts, law, status, texts
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
    app = FastAPI(
        title="lexray", version=VERSION, docs_url=None, redoc_url=None, generate_unique_id_function=name_of
    )
    app.state.service, app.state.access = service, access
    install_problems(app)
    for routes in (drafts, texts, law, batches, status, openai_face, page):
        app.include_router(routes.create_router())
    app.router.routes.extend(mcp_routes(service, access))
    describe(app)
    return app
