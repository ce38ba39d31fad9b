"""The door for WebSub hubs: `/hub/TOKEN` answers their questions and takes their deliveries."""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import PlainTextResponse, Response

from unabridged.archive.records.polling import HubSubscription
from unabridged.errors import UnabridgedError
from unabridged.poll.feeds.websub_delivery import process_delivery
from unabridged.poll.websub import denied, is_signed, verify
from unabridged.serve.context import Here, Reader

log = logging.getLogger("unabridged.serve")
router = APIRouter()

MAX_CHALLENGE = 4096


@router.get("/hub/{token}", include_in_schema=False)
def question(
    token: str,
    reader: Here,
    mode: Annotated[str, Query(alias="hub.mode")] = "",
    topic: Annotated[str, Query(alias="hub.topic")] = "",
    challenge: Annotated[str, Query(alias="hub.challenge", max_length=MAX_CHALLENGE)] = "",
    lease_seconds: Annotated[str | None, Query(alias="hub.lease_seconds")] = None,
    reason: Annotated[str, Query(alias="hub.reason")] = "",
) -> Response:
    """Answer a hub that verifies a subscription, or says that it is denied."""
    known = reader.archive.websub.find(token)
    if known is None:
        return _no()
    if mode == "denied" and topic in ("", known.topic):
        reader.archive.websub.save(denied(known, reason, reader.clock()))
        return PlainTextResponse("noted\n")
    verified = verify(known, mode, topic, lease_seconds, reader.clock())
    if verified is None or not challenge:
        return _no()
    reader.archive.websub.save(verified)
    return PlainTextResponse(challenge, headers={"cache-control": "no-store"})


def _no() -> Response:
    return PlainTextResponse("This was not asked for.\n", 404)


@router.post("/hub/{token}", include_in_schema=False)
async def delivery(token: str, request: Request, reader: Here) -> Response:
    """Take what a hub delivers; an answer of 202 says only that it came."""
    known = await asyncio.to_thread(reader.archive.websub.find, token)
    if known is None or known.state != "active":
        return PlainTextResponse("Nobody here wants this.\n", 410)
    body = await _body(request, reader.settings.fetch.max_feed_bytes)
    if body is None:
        return PlainTextResponse("This is larger than any feed that is read.\n", 413)
    # The answer is the same for a wrong signature: nobody learns how near a guess was.
    if is_signed(known, request.headers.get("x-hub-signature", ""), body):
        reader.errands.start(_take(known, body, request.headers.get("content-type"), reader))
    return PlainTextResponse("received\n", 202)


async def _body(request: Request, most: int) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)


async def _take(known: HubSubscription, body: bytes, content_type: str | None, reader: Reader) -> None:
    try:
        report = await process_delivery(known, body, content_type, reader.poller.context)
        if report is not None and report.new:
            await reader.read_soon(known.topic)
    except UnabridgedError as exc:
        log.warning("A delivery for feed %d was not taken in: %s", known.feed_id, exc)
