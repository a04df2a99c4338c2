"""The MCP server: lexray's tools for assistants, over streamable HTTP, on the same app as everything else."""

import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from actors.errors import ForbiddenError, LexrayError, UnauthorisedError
from serve.access import Access, Caller
from serve.json_body import LIMIT_BYTES, encoded
from serve.mcp_tools import TOOLS, Answer, Asked, ToolSpec, read_arguments
from serve.problems import contents, kind_of, problem, problem_of, status_of, told
from serve.service import DraftService

logger = logging.getLogger(__name__)

PATH = "/mcp"
VERSION = "1"
INSTRUCTIONS = (
    "Legal documents, drafted and checked. Show the user a draft's open points and say when it is degraded; every "
    "citation carries its own state. A draft is no legal advice."
)
_BY_NAME = {tool.name: tool for tool in TOOLS}
_CALLER = "lexray.caller"

Context = ServerRequestContext[dict[str, Any], Any]


class McpEndpoint:
    """The ASGI app behind the path. Keeps no session: any copy of the server can answer any request."""

    def __init__(self, service: DraftService, access: Access) -> None:
        self._access = access
        self._server: Server[dict[str, Any]] = Server(
            "lexray",
            version=VERSION,
            title="lexray",
            instructions=INSTRUCTIONS,
            on_list_tools=_list,
            on_call_tool=_caller_of_tools(service),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whoever leaves before its end stops the work."""
        try:
            scope[_CALLER] = self._known(Headers(scope=scope))
        except (UnauthorisedError, ForbiddenError) as error:
            await problem_of(error)(scope, receive, send)
            return
        # A manager a request: it ends with its tasks when the client leaves, and needs no start-up of the app's.
        manager = StreamableHTTPSessionManager(
            self._server, stateless=True, max_request_body_size=LIMIT_BYTES
        )
        async with manager.run():
            await manager.handle_request(scope, receive, send)

    def _known(self, headers: Headers) -> Caller:
        caller = self._access.caller(headers)
        if "draft" not in caller.roles:
            raise ForbiddenError("draft")
        return caller


def create_routes(service: DraftService, access: Access) -> list[Route]:
    """Return the routes for an app's router.

    Without a session there is nothing to listen to between requests: only POST is taken.
    """
    return [
        Route(PATH, endpoint=McpEndpoint(service, access), methods=["POST"]),
        Route(PATH, endpoint=_only_post, methods=["GET", "DELETE"]),
    ]


async def _only_post(_: Request) -> Response:
    status = HTTPStatus.METHOD_NOT_ALLOWED
    return problem(
        status, "method-not-allowed", "this server keeps no sessions: POST only", headers={"Allow": "POST"}
    )


async def _list(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
    return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])


def _described(tool: ToolSpec) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(),
        annotations=types.ToolAnnotations(
            read_only_hint=tool.keeps_nothing, destructive_hint=False, open_world_hint=False
        ),
    )


def _caller_of_tools(
    service: DraftService,
) -> Callable[[Context, types.CallToolRequestParams], Awaitable[types.CallToolResult]]:
    async def call(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = _BY_NAME.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"there is no such tool; known are: {', '.join(_BY_NAME)}")
        answer = await _answered(service, tool, context, params.arguments or {})
        first = [types.TextContent(type="text", text=answer.text)] if answer.text else []
        whole = types.TextContent(type="text", text=json.dumps(_beside(answer), ensure_ascii=False))
        return types.CallToolResult(
            content=[*first, whole], structured_content=answer.values, is_error=answer.failed
        )

    return call


async def _answered(
    service: DraftService, tool: ToolSpec, context: Context, arguments: dict[str, Any]
) -> Answer:
    """Return what a tool says; its errors too are answers, which the assistant can read and act on."""

    async def progress(percent: int, layer: str) -> None:
        await context.session.report_progress(percent, 100, layer)

    sent = ""
    try:
        given = read_arguments(arguments)
        sent = encoded(given)
        return await tool.answer(Asked(service, _caller(context), given, progress))
    except LexrayError as error:
        status, detail = status_of(type(error)), told(error, sent)
        kind = kind_of(type(error).__name__)
    except Exception as error:  # noqa: BLE001 (the border)
        # Its text may be the document's: the log gets its kind alone.
        logger.error("tool=%s failed on a defect of lexray: %s", tool.name, type(error).__name__)  # noqa: TRY400
        status, kind, detail = 500, "defect", "lexray has a defect here; its log has the details"
    return Answer(contents(status, kind, detail), detail, failed=True)


def _caller(context: Context) -> Caller:
    if context.request is None:
        raise UnauthorisedError("the call came by no HTTP request")
    caller: Caller = context.request.scope[_CALLER]
    return caller


def _beside(answer: Answer) -> dict[str, Any]:
    """Return the values without what the first text says already."""
    return {name: value for name, value in answer.values.items() if value != answer.text}
