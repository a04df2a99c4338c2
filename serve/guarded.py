"""The API with everything around it that a server beyond one's own hands needs."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from actors.config import Settings
from actors.errors import InvalidInputError
from actors.serve_settings import ServeSettings
from serve.access import Access, OpenAccess
from serve.access_log import AccessLog
from serve.api import create_api
from serve.edge import WithoutOverrides
from serve.keys import KeyAccess, KeyFile, KeyRing, OpenUntilKeyed
from serve.limits import RequestLimits
from serve.origins import OwnPagesOnly
from serve.rate_limit import RateLimit, TokenBuckets
from serve.security_headers import SecurityHeaders
from serve.service import DraftService

CORS_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Prefer", "X-Api-Key")
CORS_SHOWN = ("Location", "Preference-Applied", "Retry-After")


def create_app(service: DraftService, settings: Settings) -> ASGIApp:
    """Return the whole server: the API of a fleet, guarded as the settings say.

    Raises:
        InvalidInputError: It would listen beyond this machine without keys.
        ResourceMissingError: The keys that are given are none.
    """
    access = access_of(settings)
    return guarded(create_api(service, access), access, settings.serve)


def guarded(api: ASGIApp, access: Access, settings: ServeSettings) -> ASGIApp:
    """Return an app that lets pass to the API what keys, limits and origins allow."""
    replicas = settings.replicas
    # Each replica counts for itself, and gets about its share of a key's requests.
    buckets = TokenBuckets(settings.rate / 60 / replicas, max(1.0, settings.burst / replicas))
    app: ASGIApp = RateLimit(api, access, buckets)
    streamed = {"/v1/batches": settings.batch_bytes}
    app = RequestLimits(app, settings.body_bytes, settings.header_bytes, settings.header_fields, streamed)
    if settings.cors_origins:
        app = CORSMiddleware(
            app,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=CORS_HEADERS,
            expose_headers=CORS_SHOWN,
        )
    app = OwnPagesOnly(app, lambda: is_open(access), settings.cors_origins)
    return WithoutOverrides(SecurityHeaders(AccessLog(app, access)))


def access_of(settings: Settings) -> Access:
    """Return who may ask: whoever has a key; without any keys everybody, on loopback only.

    Raises:
        InvalidInputError: It would listen beyond this machine without keys.
        ResourceMissingError: The keys that are given are none.
    """
    serve = settings.serve
    if serve.keys is not None:
        ring = KeyRing.parse(serve.keys.get_secret_value(), "LEXRAY_SERVE_KEYS")
        return KeyAccess(lambda: ring)
    file = KeyFile(serve.file_of_keys(settings.folder))
    if file.exists:
        file.ring()  # says at start what is wrong with it
        return KeyAccess(file.ring)
    if serve.key_file is not None:
        raise InvalidInputError("LEXRAY_SERVE_KEY_FILE", f"there is no file {serve.key_file}")
    if not serve.on_loopback:
        raise InvalidInputError(
            "LEXRAY_SERVE_HOST",
            f"{serve.host} is beyond this machine, and there are no keys; make one with `lexray keys add`",
        )
    return OpenUntilKeyed(file)


def is_open(access: Access) -> bool:
    """Tell whether everybody is let in."""
    return access.is_open if isinstance(access, OpenUntilKeyed) else isinstance(access, OpenAccess)


def notice(access: Access) -> str:
    """Return what a server says of its keys when it starts."""
    if is_open(access):
        return "keys are off: whoever is on this machine may do everything; `lexray keys add` makes the first key"
    return "keys are on"
