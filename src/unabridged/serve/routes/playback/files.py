"""Audio and video of articles: files passed on from their publishers, and the viewer's position in them."""

import logging
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from unabridged.errors import FetchError, InvalidURL, InvalidValue
from unabridged.fetch.client import Fetcher
from unabridged.fetch.streams import Stream
from unabridged.serve.context import Context, Form
from unabridged.serve.error_pages import status_of
from unabridged.serve.languages.messages import gettext
from unabridged.serve.load_limits import PersonSlots
from unabridged.serve.routes.media import MAX_URL, STREAM, refusal
from unabridged.serve.routes.pages import Id
from unabridged.serve.routes.playback.byte_ranges import Part, part_of, wanted_range
from unabridged.serve.security import MEDIA_CSP
from unabridged.serve.views.playback import media_type

log = logging.getLogger("unabridged.serve")

router = APIRouter()

MOST_STREAMS, MOST_OF_A_PERSON = 64, 8
"""Files that are passed on at the same time. A browser opens a second one when a person seeks."""


@router.get("/stream")
def stream(
    request: Request,
    context: Context,
    u: Annotated[str, Query(max_length=MAX_URL)],
    s: Annotated[str, Query(max_length=100)],
) -> Response:
    """Pass on an audio or video file of an article: only for signed addresses, only to who is logged in."""
    if not context.signer.accepts(s, STREAM, u):
        return refusal(403, gettext("This address is not valid any more. Reload the article."))
    return PassedOn(u, context.media_fetcher, request.app.state.stream_slots, context.known_viewer.user.id)


class PassedOn(Response):
    """A file of a publisher, passed on as it comes. It ends with the connection of the browser."""

    def __init__(self, url: str, fetcher: Fetcher, slots: PersonSlots, user: int) -> None:
        super().__init__()
        self._url = url
        self._fetcher = fetcher
        self._slots = slots
        self._user = user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._slots.held(self._user) as free:
            if free:
                answer = await self._pass_on(scope, send)
            else:
                answer = refusal(429, gettext("Too many files are played at the same time. Stop one first."))
        if answer is not None:
            await answer(scope, receive, send)

    async def _pass_on(self, scope: Scope, send: Send) -> PlainTextResponse | None:
        """Pass the file on; returns the answer to send instead, if the file cannot be played."""
        wanted = wanted_range(Request(scope).headers.get("range"))
        begun = False
        try:
            async with self._fetcher.stream(self._url, wanted.header if wanted else None) as found:
                kind = media_type(found.headers.get("content-type", ""), found.url)
                part = part_of(found.status, found.headers, wanted)
                if not kind and part.status != 416:
                    return refusal(415, gettext("This is no audio or video file that browsers play."))
                begun = True
                await _begin(send, part, kind)
                if not scope.get("is_head"):
                    await _send_body(send, found, part)
        except (FetchError, InvalidURL) as exc:
            # After the head, the connection ends without the rest: the browser asks for it again.
            log.info("a file was not played to its end: %s", exc)
            return (
                None
                if begun
                else refusal(status_of(exc), gettext("The file could not be fetched from its site."))
            )
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return None


async def _begin(send: Send, part: Part, kind: str) -> None:
    headers = {
        **part.headers,
        **({"content-type": kind} if part.status != 416 else {}),
        "content-security-policy": MEDIA_CSP,
        "content-disposition": "inline",
        "cache-control": "private, no-store",
        "x-accel-buffering": "no",  # a proxy in front must not fetch ahead of its listener
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": part.status, "headers": raw})


async def _send_body(send: Send, found: Stream, part: Part) -> None:
    """Send the wanted bytes of a body. Raises FetchError if it ends before them."""
    skip, left = part.skip, part.length
    if left == 0:
        return
    async for piece in found.pieces:
        wanted = piece[skip:] if skip else piece
        skip = max(0, skip - len(piece))
        wanted = wanted if left is None else wanted[:left]
        if wanted:
            await send({"type": "http.response.body", "body": wanted, "more_body": True})
        left = None if left is None else left - len(wanted)
        if left == 0:
            return
    if left:
        raise FetchError(found.url, f"{found.url} ended {left:,} bytes before the end that it stated.")


@router.post("/a/{article_id}/position")
def set_position(context: Context, article_id: Id, form: Form) -> Response:
    """Store the position of the viewer in a file of an article."""
    seconds, length = _seconds(form, "seconds"), _seconds(form, "length")
    if seconds is None:
        raise InvalidValue(gettext("A position is a number of seconds."))
    context.library.positions.set(
        article_id, form.get("media", ""), seconds, length or None, now=context.clock()
    )
    return Response(status_code=204)


def _seconds(form: Mapping[str, str], name: str) -> int | None:
    """Return whole seconds of a form; None for what is no number, as the length of a live broadcast."""
    try:
        return int(float(form.get(name, "")))
    except (ValueError, OverflowError):
        return None
