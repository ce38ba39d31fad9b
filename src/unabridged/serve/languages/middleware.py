"""Middleware that sets the language of each request: by Accept-Language, then by the person's preference."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from unabridged.api_records.base import PREFIX, is_api
from unabridged.archive.facade.archive import Archive
from unabridged.serve.languages.choice import accepted_language, chosen_language
from unabridged.serve.languages.messages import language
from unabridged.serve.viewer import Viewer
from unabridged.serve.views.preferences import CHOICES, preferences_of

_WITHOUT_WORDS = ("/static/", "/media", "/icons/", "/healthz", "/metrics", f"{PREFIX}/")
"""Beginnings of the addresses whose answers have no words, or those of programs, which are English."""


class BrowserLanguage:
    """ASGI middleware: set the language that the browser asks for. It is the outermost, for every refusal."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # Code that runs in a thread has a copy of this task's variables. They end with the task.
            header = "" if is_api(scope["path"]) else _header(scope)
            language.set(accepted_language(header))
        await self._app(scope, receive, send)


class ViewerLanguage:
    """ASGI middleware: set the language that the viewer chose, and keep their preferences for the page."""

    def __init__(self, app: ASGIApp, archive: Archive) -> None:
        self._app = app
        self._archive = archive

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.get("state", {})
        viewer: Viewer | None = state.get("viewer")
        if scope["type"] == "http" and viewer is not None and not scope["path"].startswith(_WITHOUT_WORDS):
            stored = self._archive.library(viewer.user.id).preferences
            found = preferences_of(await asyncio.to_thread(stored.get, tuple(CHOICES)))
            state["preferences"] = found
            language.set(chosen_language(found.language, _header(scope)))
        await self._app(scope, receive, send)


def _header(scope: Scope) -> str:
    return ",".join(Headers(scope=scope).getlist("accept-language"))
