"""Routes of one-time addresses that are used without a password: with a passkey, with a login provider."""

import asyncio
import hashlib
import hmac

from fastapi import APIRouter, Request
from starlette.responses import Response

from unabridged.archive.records.accounts import LONGEST_NAME
from unabridged.errors import ArchiveError, LoginRefused
from unabridged.serve.context import AppContext, Form
from unabridged.serve.logins.ceremonies import TOO_LATE
from unabridged.serve.logins.passkey_site import passkey_site
from unabridged.serve.routes.accounts import AnyContext, device_of, enter, show_invitation
from unabridged.serve.routes.logins.passkeys import begin_passkey, check_site, end_passkey, refusal
from unabridged.serve.routes.logins.provider import leave

router = APIRouter()


@router.post("/invitation/{secret}/passkey/options")
def passkey_options(request: Request, context: AnyContext, secret: str, form: Form) -> Response:
    """Return the options for the first passkey of an account, or for one more."""
    accounts, name = context.archive.accounts, _name(form)
    try:
        check_site(passkey_site(request, context.settings.serve))
        found = accounts.check_name(secret, name, now=context.clock())
    except ArchiveError as exc:
        return refusal(exc)
    if found.kind == "password" and found.user is not None:
        name = accounts.get(found.user).name
    return begin_passkey(
        request, context, "passkey-invited", found.user, name, name=name, invitation=_digest(secret)
    )


@router.post("/invitation/{secret}/passkey")
def accept_passkey(request: Request, context: AnyContext, secret: str, form: Form) -> Response:
    """Make the account with a passkey, or add one to it, and log the person in."""
    try:
        answer = _accept_passkey(request, context, secret, form.get("credential", ""))
    except ArchiveError as exc:
        answer = show_invitation(request, context, secret, name=_name(form), error=str(exc))
    context.ceremonies.forget(answer, request, "passkey-invited")
    return answer


def _accept_passkey(request: Request, context: AppContext, secret: str, credential: str) -> Response:
    new, chosen = end_passkey(request, context, "passkey-invited", credential, "")
    if not hmac.compare_digest(chosen["invitation"], _digest(secret)):
        raise LoginRefused(TOO_LATE)
    made = context.archive.accounts.accept_passkey(
        secret, chosen["name"], new, device_of(request, context), now=context.clock()
    )
    return enter(request, context, made, "/")


@router.post("/invitation/{secret}/provider")
async def go_to_provider(request: Request, context: AnyContext, secret: str, form: Form) -> Response:
    """Lead the browser to the provider's login, to make the account with it, or to link it."""
    accounts, name = context.archive.accounts, _name(form)
    try:
        if name.strip():
            await asyncio.to_thread(lambda: accounts.check_name(secret, name, now=context.clock()))
        elif await asyncio.to_thread(lambda: accounts.invitation(secret, now=context.clock())) is None:
            return await asyncio.to_thread(show_invitation, request, context, secret)
        return await leave(request, context, "invitation", "/", secret=secret, name=name)
    except ArchiveError as exc:
        told = str(exc)
        return await asyncio.to_thread(
            lambda: show_invitation(request, context, secret, name=name, error=told)
        )


def _name(form: Form) -> str:
    return form.get("name", "")[: 2 * LONGEST_NAME]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
