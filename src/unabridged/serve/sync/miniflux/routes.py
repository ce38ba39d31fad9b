"""Routes of the Miniflux API: one for all calls, which a table leads to what answers them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from unabridged.archive.records.library import Token
from unabridged.errors import ConfigError, UnabridgedError
from unabridged.serve.context import MAX_UPLOAD, AppContext, get_context, read_body
from unabridged.serve.sync.callers import READ_ONLY, BadToken
from unabridged.serve.sync.miniflux import (
    categories,
    content,
    enclosures,
    entries,
    feeds,
    marks,
    subscriptions,
    users,
)
from unabridged.serve.sync.miniflux.answers import (
    NOT_FOUND,
    Refusal,
    error,
    error_of,
    no_such_call,
    unauthorized,
)
from unabridged.serve.sync.miniflux.requests import Sent, caller_of
from unabridged.serve.sync.parameters import MAX_BODY, parse_number, read_parameters

router = APIRouter()

METHODS = ["GET", "POST", "PUT", "DELETE"]

Answer = Callable[[Sent], Response]
FetchingAnswer = Callable[[Sent], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the API. reads: needs no token of the scope write, whatever its method. raw: its body is a
    document.

    answer: reads the archive, in a thread. fetch: answers instead of it, and asks other sites.
    """

    answer: Answer | None = None
    fetch: FetchingAnswer | None = None
    reads: bool = False
    raw: bool = False


CALLS: tuple[tuple[str, str, Call], ...] = (
    # the first match counts; {name} is a number, {name?} a number or a text
    ("GET", "me", Call(answer=users.me)),
    ("GET", "version", Call(answer=users.version)),
    ("GET", "users", Call(answer=users.users)),
    ("POST", "users", Call(answer=users.create_user)),
    ("GET", "users/{user?}", Call(answer=users.user)),
    ("PUT", "users/{user}", Call(answer=users.update_user)),
    ("DELETE", "users/{user}", Call(answer=users.remove_user)),
    ("PUT", "users/{user}/mark-all-as-read", Call(answer=users.mark_user_read)),
    ("GET", "api-keys", Call(answer=users.api_keys)),
    ("POST", "api-keys", Call(answer=users.create_api_key)),
    ("DELETE", "api-keys/{key}", Call(answer=users.remove_api_key)),
    ("GET", "integrations/status", Call(answer=users.integrations)),
    ("GET", "categories", Call(answer=categories.list_categories)),
    ("POST", "categories", Call(answer=categories.create_category)),
    ("PUT", "categories/{category}", Call(answer=categories.rename_category)),
    ("DELETE", "categories/{category}", Call(answer=categories.remove_category)),
    ("PUT", "categories/{category}/mark-all-as-read", Call(answer=categories.mark_category_read)),
    ("GET", "categories/{category}/feeds", Call(answer=feeds.category_feeds)),
    ("PUT", "categories/{category}/refresh", Call(fetch=subscriptions.refresh_category)),
    ("GET", "categories/{category}/entries", Call(answer=entries.category_entries)),
    ("GET", "categories/{category}/entries/{entry}", Call(answer=entries.category_entry)),
    ("POST", "discover", Call(fetch=subscriptions.discover, reads=True)),
    ("GET", "feeds", Call(answer=feeds.list_feeds)),
    ("POST", "feeds", Call(fetch=subscriptions.create_feed)),
    ("GET", "feeds/counters", Call(answer=feeds.counters)),
    ("PUT", "feeds/refresh", Call(fetch=subscriptions.refresh_all)),
    ("GET", "feeds/{feed}", Call(answer=feeds.feed)),
    ("PUT", "feeds/{feed}", Call(answer=subscriptions.update_feed)),
    ("DELETE", "feeds/{feed}", Call(answer=subscriptions.remove_feed)),
    ("GET", "feeds/{feed}/icon", Call(answer=feeds.icon)),
    ("PUT", "feeds/{feed}/refresh", Call(fetch=subscriptions.refresh_feed)),
    ("PUT", "feeds/{feed}/mark-all-as-read", Call(answer=feeds.mark_feed_read)),
    ("GET", "feeds/{feed}/entries", Call(answer=entries.feed_entries)),
    ("POST", "feeds/{feed}/entries/import", Call(answer=content.import_entry)),
    ("GET", "feeds/{feed}/entries/{entry}", Call(answer=entries.feed_entry)),
    ("GET", "icons/{feed}", Call(answer=feeds.icon)),
    ("GET", "entries", Call(answer=entries.list_entries)),
    ("PUT", "entries", Call(answer=marks.update_entries)),
    ("GET", "entries/ids", Call(answer=entries.entry_ids)),
    ("GET", "entries/{entry}", Call(answer=entries.entry)),
    ("PUT", "entries/{entry}", Call(answer=content.update_entry)),
    ("PUT", "entries/{entry}/bookmark", Call(answer=marks.toggle_star)),
    ("PUT", "entries/{entry}/star", Call(answer=marks.toggle_star)),
    ("POST", "entries/{entry}/save", Call(answer=marks.save_entry)),
    ("GET", "entries/{entry}/fetch-content", Call(fetch=content.fetch_content)),
    ("GET", "enclosures/{enclosure}", Call(answer=enclosures.enclosure)),
    ("PUT", "enclosures/{enclosure}", Call(answer=enclosures.update_enclosure)),
    ("PUT", "flush-history", Call(answer=marks.flush_history)),
    ("DELETE", "flush-history", Call(answer=marks.flush_history)),
    ("GET", "export", Call(answer=subscriptions.export_opml)),
    ("POST", "import", Call(answer=subscriptions.import_opml, raw=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A call, and what its path names. is_wrong: a number in the path is none."""

    call: Call
    numbers: Mapping[str, int]
    text: str = ""
    is_wrong: bool = False


def find_call(method: str, path: str) -> Found | None:
    """Return the call of a method and a path below /v1/; None if there is none."""
    given = path.split("/")
    for wanted, pattern, call in CALLS:
        if wanted == method and (found := _match(pattern.split("/"), given, call)) is not None:
            return found
    return None


def _match(pattern: list[str], given: list[str], call: Call) -> Found | None:
    if len(pattern) != len(given):
        return None
    numbers: dict[str, int] = {}
    text, is_wrong = "", False
    for part, value in zip(pattern, given, strict=True):
        if not part.startswith("{"):
            if part != value:
                return None
            continue
        number, name = _number(value), part.strip("{?}")
        if number is not None:
            numbers[name] = number
        elif part.endswith("?}"):
            text = value
        else:
            is_wrong = True
    return Found(call=call, numbers=numbers, text=text, is_wrong=is_wrong)


MAX_ENCLOSURE_DIGITS = 18


def _number(value: str) -> int | None:
    """Return a positive number of a path; None for anything else. Those of enclosures may have 18 digits."""
    if value.isascii() and value.isdigit() and 15 < len(value) <= MAX_ENCLOSURE_DIGITS:
        return int(value)
    return parse_number(value) or None


@router.get("/v1/entries/{entry}/fetch-content")
async def fetch_content(request: Request, entry: str) -> Response:
    """Answer the call that waits for another site; the others do not wait for it."""
    return await miniflux_call(request, f"entries/{entry}/fetch-content")


@router.api_route("/v1/{call:path}", methods=METHODS)
async def miniflux_call(request: Request, call: str) -> Response:
    """Answer a call of the API by the table; errors are JSON."""
    found = find_call(request.method, call)
    if found is None:
        return no_such_call()
    try:
        sent = await _sent(request, get_context(request), found)
        if found.is_wrong:
            return error(404, NOT_FOUND)
        if sent.token.scope == "read" and request.method != "GET" and not found.call.reads:
            return error(403, READ_ONLY)
        sent = replace(sent, body=await read_body(request, MAX_UPLOAD if found.call.raw else MAX_BODY))
        if found.call.fetch is not None:
            return await found.call.fetch(sent)
        assert found.call.answer is not None
        return await asyncio.to_thread(found.call.answer, sent)
    except BadToken:
        return unauthorized(basic="x-auth-token" not in request.headers)
    except Refusal as refused:
        return error(refused.status, refused.text)
    except ConfigError as exc:
        return error(400, str(exc))
    except UnabridgedError as exc:
        return error_of(exc)


async def _sent(request: Request, context: AppContext, found: Found) -> Sent:
    """Authenticate a request, before its body is read. Raises BadToken, InvalidValue."""
    apps = context.archive.accounts.apps

    def find(secret: str) -> Token | None:
        return apps.by_token(secret, now=context.clock())

    return Sent(
        request=request,
        context=context,
        token=await asyncio.to_thread(caller_of, request.headers, find),
        parameters=read_parameters(request.url.query),
        numbers=found.numbers,
        text=found.text,
    )


@router.get("/healthcheck")
def healthcheck(request: Request) -> Response:
    """Say that the program answers and its archive can be read; 503 if not."""
    try:
        get_context(request).archive.accounts.is_claimed()
    except UnabridgedError as exc:
        return PlainTextResponse(f"{exc}\n", 503)
    return PlainTextResponse("OK")


@router.get("/readiness")
def readiness(request: Request) -> Response:
    """Answer as `healthcheck` does."""
    return healthcheck(request)


@router.get("/liveness")
def liveness() -> Response:
    """Say that the program answers."""
    return PlainTextResponse("OK")


@router.get("/version")
def version() -> Response:
    """Return the version of Miniflux that the API is compared with."""
    return PlainTextResponse(users.VERSION)
