"""ClientLogin: an app sends a person's name, and an API token as password; it gets its request token."""

import orjson
from fastapi import Request
from starlette.responses import PlainTextResponse, Response

from unabridged.errors import LoginRefused
from unabridged.serve.context import AppContext
from unabridged.serve.sync.callers import Asked, auth_token
from unabridged.serve.sync.parameters import Parameters

NO_STORE = {"cache-control": "no-store"}


def client_login(request: Request, context: AppContext, asked: Parameters) -> Response:
    """Return the token in three lines, or as JSON; 401 for a wrong password, 429 after too many."""
    name, secret = (asked.last("Email") or "").strip(), (asked.last("Passwd") or "").strip()
    address = context.client_address(request)
    as_json = asked.last("output") == "json"
    try:
        found = context.archive.accounts.apps.log_in(name, secret, address, now=context.clock())
    except LoginRefused as exc:
        return _refusal(exc, as_json=as_json)
    token = auth_token(found.user_name, secret)
    if as_json:
        body = orjson.dumps({"SID": token, "LSID": token, "Auth": token})
        return Response(body, media_type="application/json", headers=NO_STORE)
    return PlainTextResponse(f"SID={token}\nLSID={token}\nAuth={token}\n", headers=NO_STORE)


def _refusal(refused: LoginRefused, *, as_json: bool) -> Response:
    waiting = refused.retry_after
    headers = {**NO_STORE, "google-bad-token": "true", "x-reader-google-bad-token": "true"}
    if waiting is not None:
        headers["retry-after"] = str(max(1, round(waiting.total_seconds())))
    status = 401 if waiting is None else 429
    if as_json:
        body = orjson.dumps({"error_message": str(refused)})
        return Response(body, status, headers, "application/json")
    return PlainTextResponse(f"Error=BadAuthentication\n{refused}\n", status, headers)


def action_token(asked: Asked) -> Response:
    """Return the value of T for forms. It is the token of the request: apps may send it alone."""
    header = asked.request.headers.get("authorization", "")
    value = header.partition("=")[2].strip().strip("\"'")
    return PlainTextResponse(f"{value}\n", headers=NO_STORE)
