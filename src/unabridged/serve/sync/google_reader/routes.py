"""Routes of the Google Reader API: one for all calls, which a table leads to what answers them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from unabridged.errors import UnabridgedError
from unabridged.serve.context import MAX_UPLOAD, AppContext, get_context, read_body
from unabridged.serve.error_pages import status_of
from unabridged.serve.sync.callers import READ_ONLY, Asked, BadToken, bad_token_response, caller_of
from unabridged.serve.sync.google_reader import atom, lists, login, marks, reading, subscriptions
from unabridged.serve.sync.parameters import read_form, read_parameters

router = APIRouter()

Answer = Callable[[Asked], Response]
FetchingAnswer = Callable[[Asked], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the API. writes: needs a POST and a token of the scope write.

    answer: reads the archive, in a thread. fetch: answers instead of it, and asks other sites. raw: the body
    is a document, no form.
    """

    answer: Answer = reading.unknown_stream
    fetch: FetchingAnswer | None = None
    writes: bool = False
    raw: bool = False


CALLS: Mapping[str, Call] = {
    "token": Call(answer=login.action_token),
    "user-info": Call(answer=lists.user_info),
    "subscription/list": Call(answer=lists.subscription_list),
    "subscription/export": Call(answer=subscriptions.export_opml),
    "subscription/import": Call(answer=subscriptions.import_opml, writes=True, raw=True),
    "subscription/quickadd": Call(fetch=subscriptions.quickadd, writes=True),
    "subscription/edit": Call(fetch=subscriptions.edit_subscription, writes=True),
    "tag/list": Call(answer=lists.tag_list),
    "unread-count": Call(answer=lists.unread_count),
    "preference/list": Call(answer=lists.preferences),
    "preference/stream/list": Call(answer=lists.stream_preferences),
    "stream/items/ids": Call(answer=reading.item_ids),
    "stream/items/contents": Call(answer=reading.items_contents),
    "stream/contents": Call(answer=reading.stream_contents),
    "edit-tag": Call(answer=marks.edit_tag, writes=True),
    "mark-all-as-read": Call(answer=marks.mark_all_as_read, writes=True),
    "rename-tag": Call(answer=marks.rename_tag, writes=True),
    "disable-tag": Call(answer=marks.disable_tag, writes=True),
}

CONTENTS = "stream/contents/"
OTHER_FORMATS = frozenset({"xml", "atom"})
"""Values of `output` that were possible once: all answers are JSON now."""


def find_call(path: str) -> tuple[Call, str]:
    """Return the call of a path below /reader/api/0/, and the stream that it names or ""."""
    path = path.strip("/")
    if path in CALLS:
        return CALLS[path], ""
    if path.startswith(CONTENTS):
        return CALLS["stream/contents"], path.removeprefix(CONTENTS)
    if path.startswith("stream/"):
        return Call(), ""
    return Call(answer=lambda _asked: reading.json_response([])), ""


@router.api_route("/reader/api/0/{call:path}", methods=["GET", "POST"])
async def reader_call(request: Request, call: str) -> Response:
    """Answer a call of the API by the table."""
    found, stream = find_call(call)
    return await _answer(request, found, stream)


@router.get("/reader/atom/{stream:path}")
async def reader_atom(request: Request, stream: str) -> Response:
    """Return a stream as Atom."""
    return await _answer(request, Call(answer=atom.atom_stream), stream)


@router.get("/reader")
def reader_root() -> Response:
    """Tell a person, who typed the address of the API, that it is right."""
    return marks.ok()


@router.get("/reader/check/compatibility")
def compatibility(request: Request) -> Response:
    """Say whether proxies in front pass the header Authorization on, as FreshRSS does."""
    if request.headers.get("authorization"):
        return PlainTextResponse("PASS")
    return PlainTextResponse("FAIL: the header Authorization did not arrive. Let the proxy pass it on.")


@router.api_route("/accounts/ClientLogin", methods=["GET", "POST"])
async def client_login(request: Request) -> Response:
    """Log an app in."""
    try:
        parameters = read_parameters(request.url.query, await read_form(request))
    except UnabridgedError as exc:
        return _error(exc)
    return await asyncio.to_thread(login.client_login, request, get_context(request), parameters)


async def _answer(request: Request, call: Call, stream: str) -> Response:
    """Answer a call; errors become lines of text."""
    if call.writes and request.method != "POST":
        return PlainTextResponse("This call changes something: send it as POST.\n", 405, {"allow": "POST"})
    context = get_context(request)
    try:
        body = await (read_body(request, MAX_UPLOAD) if call.raw else read_form(request))
        asked = await asyncio.to_thread(_asked, request, context, call, body)
        asked = replace(asked, stream=stream)
        if call.writes and asked.token.scope == "read":
            return PlainTextResponse(f"{READ_ONLY}\n", 403)
        if asked.parameters.last("output") in OTHER_FORMATS and not stream:
            return PlainTextResponse("Only output=json is possible.\n", 501)
        if call.fetch is not None:
            return await call.fetch(asked)
        return await asyncio.to_thread(call.answer, asked)
    except BadToken:
        return bad_token_response()
    except UnabridgedError as exc:
        return _error(exc)


def _asked(request: Request, context: AppContext, call: Call, body: bytes) -> Asked:
    """Read and authenticate a request. Raises BadToken, InvalidValue."""
    is_form = request.method == "POST" and not call.raw
    parameters = read_parameters(request.url.query, body if is_form else b"")
    action = parameters.last("T") if request.method == "POST" else None
    token = caller_of(
        request.headers.get("authorization"),
        action,
        lambda secret: context.archive.accounts.apps.by_token(secret, now=context.clock()),
    )
    return Asked(request=request, context=context, token=token, parameters=parameters, body=body)


def _error(error: UnabridgedError) -> Response:
    """Return an error as text: 400 for all that a request has wrong."""
    status = status_of(error)
    return PlainTextResponse(f"{error}\n", 400 if status == 422 else status)
