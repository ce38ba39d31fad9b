"""Routes of the login provider (OpenID Connect): log in, link, come back, unlink."""

import asyncio
import hmac
import secrets
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.accounts import Person
from unabridged.errors import ArchiveError, LoginRefused, NotFound
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.error_pages import status_of
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.logins.ceremonies import ProviderLogin
from unabridged.serve.routes.accounts import (
    AnyContext,
    device_of,
    open_session,
    show_account,
    show_invitation,
    show_login,
)
from unabridged.serve.routes.logins.passkeys import browser_viewer, check_fresh
from unabridged.serve.routes.pages import Id
from unabridged.serve.security import safe_next
from unabridged.serve.viewer import viewer_of

router = APIRouter()

CALLBACK = "/login/provider/callback"
LONGEST_NEXT = 1000
"""Characters of the page to go on to: it is kept in a cookie, and browsers take 4,096 bytes."""

NO_PROVIDER = later("No login provider is set up here.")
NOT_CONFIRMED = later("The provider did not log you in. Try again, or log in another way.")

Text = Annotated[str, Query(max_length=4000)]


@router.post("/login/provider")
async def log_in(request: Request, context: AnyContext, form: Form) -> Response:
    """Lead the browser to the provider's login."""
    wanted = safe_next(form.get("next", ""))
    try:
        await asyncio.to_thread(_check_address, request, context)
        return await leave(request, context, "login", wanted)
    except LoginRefused as exc:
        return await asyncio.to_thread(show_login, request, context, wanted, error=exc)


@router.post("/account/identities")
async def link(request: Request, context: Context, form: Form) -> Response:
    """Lead the browser to the provider's login, to link it to the viewer's account."""
    browser_viewer(context)
    try:
        check_fresh(context)
        return await leave(request, context, "link", "/account")
    except LoginRefused as exc:
        told = str(exc)
        return await asyncio.to_thread(lambda: show_account(request, context, status=422, error=told))


@router.post("/account/identities/{identity}/remove")
def unlink(request: Request, context: Context, identity: Id, form: Form) -> Response:
    """Unlink a login from the viewer's account."""
    viewer = browser_viewer(context)
    try:
        context.archive.accounts.identities.unlink(viewer.user.id, identity)
    except ArchiveError as exc:
        return show_account(request, context, status=status_of(exc), error=str(exc))
    return RedirectResponse("/account#logins", 303)


async def leave(request: Request, context: AppContext, purpose: str, wanted: str, **further: str) -> Response:
    """Return the page that leads to the provider: a redirect of a form would be stopped by our own CSP.

    further: kept in the browser beside the purpose.
    """
    if context.provider is None:
        raise NotFound(gettext(NO_PROVIDER))
    state = secrets.token_urlsafe(32)
    login = _login(request, context, state)
    address = await context.provider.login_address(login, now=context.clock())
    answer = context.render(request, "leaving.html", address=address, provider=context.provider.name)
    wanted = wanted if len(wanted) <= LONGEST_NEXT else "/"
    chosen = {**further, "state": state, "for": purpose, "next": wanted}
    context.ceremonies.begin(answer, request, "provider", chosen, now=context.clock())
    return answer


@router.get(CALLBACK)
async def come_back(
    request: Request,
    context: Context,
    state: Text = "",
    code: Text = "",
    error: Text = "",
    iss: Annotated[str | None, Query(max_length=4000)] = None,
) -> Response:
    """Log in, or link, the person whom the provider names."""
    answer = await _come_back(request, context, state, "" if error else code, iss)
    context.ceremonies.forget(answer, request, "provider")
    return answer


async def _come_back(
    request: Request, context: AppContext, state: str, code: str, issuer: str | None
) -> Response:
    if context.provider is None:
        raise NotFound(gettext(NO_PROVIDER))
    chosen = {"next": "/", "for": "login"}
    try:
        await asyncio.to_thread(_check_address, request, context)
    except LoginRefused as exc:
        return await asyncio.to_thread(show_login, request, context, "/", error=exc)
    try:
        chosen = context.ceremonies.end(request, "provider", now=context.clock())
        if not code or not hmac.compare_digest(state.encode("utf-8", "replace"), chosen["state"].encode()):
            raise LoginRefused(gettext(NOT_CONFIRMED))
        login = _login(request, context, chosen["state"])
        person = await context.provider.person(login, code, issuer=issuer, now=context.clock())
        return await asyncio.to_thread(_enter, request, context, person, chosen)
    except ArchiveError as exc:
        return await asyncio.to_thread(_refuse, request, context, exc, chosen)


def _enter(request: Request, context: AppContext, person: Person, chosen: Mapping[str, str]) -> Response:
    accounts = context.archive.accounts
    if chosen["for"] == "link":
        accounts.identities.link(browser_viewer(context).user.id, person)
        return RedirectResponse("/account#logins", 303)
    device, now = device_of(request, context), context.clock()
    if chosen["for"] == "invitation":
        made = accounts.accept_identity(chosen["secret"], chosen["name"], person, device, now=now)
    else:
        create = context.settings.serve.oidc_create
        made = accounts.identities.log_in(person, device, create=create, now=now)
    # A redirect would count as the provider's: pages that only our own pages may ask for would be refused.
    answer = context.render(request, "arrived.html", wanted=chosen["next"])
    return open_session(request, context, made, answer)


def _refuse(
    request: Request, context: AppContext, error: ArchiveError, chosen: Mapping[str, str]
) -> Response:
    address = context.client_address(request)
    context.archive.accounts.record_failure(address, now=context.clock())
    if chosen["for"] == "link" and viewer_of(request) is not None:
        return show_account(request, context, status=422, error=str(error))
    if chosen["for"] == "invitation":
        return show_invitation(request, context, chosen["secret"], name=chosen["name"], error=str(error))
    return show_login(request, context, chosen["next"], error=error)


def _check_address(request: Request, context: AppContext) -> None:
    address = context.client_address(request)
    context.archive.accounts.check_address(address, now=context.clock())


def _login(request: Request, context: AppContext, state: str) -> ProviderLogin:
    """Return the login that belongs to a state: nonce and verifier follow from it, and are stored nowhere."""
    return ProviderLogin(
        redirect=context.address(request, CALLBACK),
        state=state,
        nonce=context.ceremonies.secret("nonce", state),
        verifier=context.ceremonies.secret("verifier", state),
    )
