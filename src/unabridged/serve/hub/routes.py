"""Route `/hub`: subscribe to our feeds (WebSub)."""

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from unabridged.errors import ArchiveError, FetchError, InvalidURL, InvalidValue, NotFound
from unabridged.fetch.credentials import keeps_secrets
from unabridged.serve.context import get_context, read_body
from unabridged.serve.hub.publisher import Publisher
from unabridged.serve.hub.requests import read_request
from unabridged.serve.hub.topics import NOT_OURS, owner_of, read_topic

router = APIRouter()

MAX_BODY = 20_000
BUSY = "Too many requests are being verified. Try again in a minute."
OVER_HTTP = (
    "hub.callback must be an https address: the feed is not for everybody. Only addresses of this machine "
    "and of hosts under [fetch] allow_private may be http."
)


@router.post("/hub", include_in_schema=False)
async def request_subscription(request: Request) -> Response:
    """Take a request to subscribe to a feed of ours or to end a subscription; the callback confirms it."""
    context, publisher = get_context(request), hub_of_app(request)
    try:
        asked = read_request(await read_body(request, MAX_BODY))
        base = context.address(request, "")
        owner = await asyncio.to_thread(owner_of, context, asked.topic, base)
        check_callback(publisher, asked.callback)
        document = await read_topic(publisher.app, asked.topic)
    except NotFound as exc:
        return _refusal(404, str(exc))
    except (InvalidValue, InvalidURL, FetchError, ArchiveError) as exc:
        return _refusal(422, str(exc))
    if document.status != 200:
        return _refusal(404 if document.is_gone else 503, NOT_OURS if document.is_gone else BUSY)
    if publisher.is_busy:
        return _refusal(503, BUSY)
    context.background.start(publisher.verify(asked, owner))
    return PlainTextResponse("The callback is asked whether it wants this.\n", 202)


def hub_of_app(request: Request) -> Publisher:
    """Return the hub that the app runs."""
    found: Publisher = request.app.state.hub
    return found


def check_callback(publisher: Publisher, callback: str) -> None:
    """Raise FetchError or InvalidURL for a callback to which nothing may be sent, InvalidValue for http."""
    checked = publisher.fetcher.check_target(callback)
    if not (checked.trusted or keeps_secrets(checked.url)):
        raise InvalidValue(OVER_HTTP)


def _refusal(status: int, reason: str) -> Response:
    headers = {"retry-after": "60"} if status == 503 else {}
    return PlainTextResponse(f"{reason}\n", status, headers)
