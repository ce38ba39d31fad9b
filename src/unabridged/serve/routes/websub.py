"""WebSub callback `/hub/TOKEN`: answers verification requests and receives deliveries."""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import PlainTextResponse, Response

from unabridged.archive.records.polling import HubSubscription
from unabridged.errors import UnabridgedError
from unabridged.poll.feeds.websub_delivery import process_delivery
from unabridged.poll.websub import denied, is_signed, verify
from unabridged.serve.context import AppContext, Context

log = logging.getLogger("unabridged.serve")
router = APIRouter()

MAX_CHALLENGE = 4096


@router.get("/hub/{token}", include_in_schema=False)
def verify_subscription(
    token: str,
    context: Context,
    mode: Annotated[str, Query(alias="hub.mode")] = "",
    topic: Annotated[str, Query(alias="hub.topic")] = "",
    challenge: Annotated[str, Query(alias="hub.challenge", max_length=MAX_CHALLENGE)] = "",
    lease_seconds: Annotated[str | None, Query(alias="hub.lease_seconds")] = None,
    reason: Annotated[str, Query(alias="hub.reason")] = "",
) -> Response:
    """Answer a hub that verifies or denies a subscription."""
    known = context.archive.websub.find(token)
    if known is None:
        return _not_requested()
    if mode == "denied" and topic in ("", known.topic):
        context.archive.websub.save(denied(known, reason, context.clock()))
        return PlainTextResponse("noted\n")
    verified = verify(known, mode, topic, lease_seconds, context.clock())
    if verified is None or not challenge:
        return _not_requested()
    context.archive.websub.save(verified)
    return PlainTextResponse(challenge, headers={"cache-control": "no-store"})


def _not_requested() -> Response:
    return PlainTextResponse("This subscription was not requested.\n", 404)


@router.post("/hub/{token}", include_in_schema=False)
async def receive_delivery(token: str, request: Request, context: Context) -> Response:
    """Receive a delivery of a hub. The response 202 says only that it arrived."""
    known = await asyncio.to_thread(context.archive.websub.find, token)
    if known is None or known.state != "active":
        return PlainTextResponse("There is no such subscription.\n", 410)
    body = await _read_body(request, context.settings.fetch.max_feed_bytes)
    if body is None:
        return PlainTextResponse("This delivery is too large.\n", 413)
    # A wrong signature gets the same response, so that it reveals nothing to an attacker.
    if is_signed(known, request.headers.get("x-hub-signature", ""), body):
        context.background.start(_process_delivery(known, body, request.headers.get("content-type"), context))
    return PlainTextResponse("received\n", 202)


async def _read_body(request: Request, most: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


async def _process_delivery(
    known: HubSubscription, body: bytes, content_type: str | None, context: AppContext
) -> None:
    try:
        report = await process_delivery(known, body, content_type, context.poller.context)
        if report is not None and report.new:
            await context.read_soon(known.topic)
    except UnabridgedError as exc:
        log.warning("A delivery for feed %d was not saved: %s", known.feed_id, exc)
