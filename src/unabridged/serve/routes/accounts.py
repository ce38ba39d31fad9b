"""Routes of one's own account: login, logout, one-time addresses, password, devices, tokens."""

import asyncio
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.accounts import (
    LONGEST_NAME,
    LONGEST_PASSKEY_NAME,
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    Device,
    NewSession,
)
from unabridged.archive.records.library import TOKEN_SCOPES, NewToken, TokenScope
from unabridged.errors import ArchiveError, LoginRefused, NotFound, UnabridgedError
from unabridged.serve.authentication import set_session_cookie
from unabridged.serve.context import AppContext, Context, Form, get_context
from unabridged.serve.languages.messages import gettext
from unabridged.serve.logins.passkey_site import passkey_site
from unabridged.serve.routes.pages import Id
from unabridged.serve.security import safe_next
from unabridged.serve.viewer import viewer_of
from unabridged.serve.views.accounts import device_line, identity_line, passkey_line, token_line

router = APIRouter()

AnyContext = Annotated[AppContext, Depends(get_context)]
"""The context on pages that answer everybody, whoever is logged in."""

Next = Annotated[str, Query(alias="next", max_length=4000)]
LIMITS = {
    "longest_name": LONGEST_NAME,
    "longest_passkey_name": LONGEST_PASSKEY_NAME,
    "shortest": SHORTEST_PASSWORD,
    "longest": LONGEST_PASSWORD,
}


# Login


@router.get("/login")
def login_page(
    request: Request, context: AnyContext, wanted: Next = "/", again: Annotated[bool, Query()] = False
) -> Response:
    """Show the login; whoever is logged in goes on, unless they are to log in again."""
    target = safe_next(wanted)
    if viewer_of(request) is not None and not again:
        return RedirectResponse(target, 303)
    return show_login(request, context, target)


def show_login(
    request: Request, context: AppContext, wanted: str, *, name: str = "", error: ArchiveError | None = None
) -> Response:
    """Show the login, with the reason why the last one was refused."""
    retry_after = error.retry_after if isinstance(error, LoginRefused) else None
    answer = context.render(
        request,
        "login.html",
        status=200 if error is None else 429 if retry_after else 401,
        wanted=wanted,
        name=name,
        error=error,
        claimed=context.archive.accounts.is_claimed(),
        site=passkey_site(request, context.settings.serve),
        provider=context.provider.name if context.provider else "",
        **LIMITS,
    )
    if retry_after:
        answer.headers["retry-after"] = str(max(1, round(retry_after.total_seconds())))
    return answer


@router.post("/login")
async def log_in(request: Request, context: AnyContext, form: Form) -> Response:
    """Log somebody in with name and password, and send the browser where it wanted to go."""
    wanted = safe_next(form.get("next", ""))
    name, password = form.get("name", "")[: 2 * LONGEST_NAME], form.get("password", "")
    try:
        made = await asyncio.to_thread(
            lambda: context.archive.accounts.log_in(
                name, password, device_of(request, context), now=context.clock()
            )
        )
    except LoginRefused as exc:
        return await asyncio.to_thread(show_login, request, context, wanted, name=name, error=exc)
    return await asyncio.to_thread(enter, request, context, made, wanted)


def device_of(request: Request, context: AppContext) -> Device:
    """Return the device that sent a request."""
    return Device(
        agent=request.headers.get("user-agent", ""),
        address=context.client_address(request),
    )


def enter(request: Request, context: AppContext, made: NewSession, wanted: str) -> Response:
    """Send the browser where it wanted to go, with its new session. The one that it had before ends."""
    return open_session(request, context, made, RedirectResponse(wanted, 303))


def open_session(request: Request, context: AppContext, made: NewSession, answer: Response) -> Response:
    """Send a new session with an answer, and end the one that the browser had before."""
    before = viewer_of(request)
    if before is not None and before.session is not None:
        with suppress(NotFound):
            context.archive.accounts.end_session(before.user.id, before.session)
    set_session_cookie(answer, request, context.settings.serve, made.secret)
    return answer


@router.post("/logout")
def log_out(request: Request, context: Context, form: Form) -> Response:
    """End the session of this browser."""
    viewer = context.known_viewer
    if viewer.session is not None:
        context.archive.accounts.end_session(viewer.user.id, viewer.session)
    answer = RedirectResponse("/login", 303)
    answer.headers["clear-site-data"] = '"cache", "storage"'
    set_session_cookie(answer, request, context.settings.serve, "")
    return answer


# One-time addresses


@router.get("/invitation/{secret}")
def invitation_page(request: Request, context: AnyContext, secret: str) -> Response:
    """Show the form of a one-time address."""
    return show_invitation(request, context, secret)


def show_invitation(
    request: Request, context: AppContext, secret: str, *, name: str = "", error: str = ""
) -> Response:
    """Show the ways in which a one-time address can be used, with the reason why the last try failed."""
    accounts = context.archive.accounts
    found = accounts.invitation(secret, now=context.clock())
    known = accounts.get(found.user).name if found and found.user and found.kind == "password" else ""
    answer = context.render(
        request,
        "invitation.html",
        status=404 if found is None else 422 if error else 200,
        kind=found.kind if found else "",
        secret=secret,
        known=known,
        name=name,
        error=error,
        site=passkey_site(request, context.settings.serve),
        provider=context.provider.name if context.provider else "",
        **LIMITS,
    )
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


@router.post("/invitation/{secret}")
async def accept_invitation(request: Request, context: AnyContext, secret: str, form: Form) -> Response:
    """Make the account, or set the password, and log the person in."""
    name, password = form.get("name", ""), form.get("password", "")
    if password != form.get("again", ""):
        error = gettext("The two passwords are not the same.")
        return await asyncio.to_thread(show_invitation, request, context, secret, name=name, error=error)
    try:
        made = await asyncio.to_thread(
            lambda: context.archive.accounts.accept(
                secret, name, password, device_of(request, context), now=context.clock()
            )
        )
    except ArchiveError as exc:
        return await asyncio.to_thread(show_invitation, request, context, secret, name=name, error=str(exc))
    return await asyncio.to_thread(enter, request, context, made, "/")


# The account


@router.get("/account")
def account(request: Request, context: Context) -> Response:
    """Show the account: password, devices, tokens."""
    return show_account(request, context)


def show_account(
    request: Request,
    context: AppContext,
    *,
    status: int = 200,
    error: str = "",
    done: str = "",
    made: NewToken | None = None,
) -> Response:
    """Show the account, with what was done, or the reason why it was not."""
    viewer, moment = context.known_viewer, context.moment()
    accounts = context.archive.accounts
    return context.render(
        request,
        "account.html",
        status=status,
        title=gettext("Account"),
        sidebar=context.sidebar(),
        person=accounts.get(viewer.user.id),
        devices=[
            device_line(one, moment, is_here=one.id == viewer.session)
            for one in accounts.sessions(viewer.user.id, now=moment.now)
        ],
        passkeys=[passkey_line(one, moment) for one in accounts.passkeys.all(viewer.user.id)],
        site=passkey_site(request, context.settings.serve),
        identities=[identity_line(one) for one in accounts.identities.all(viewer.user.id)],
        provider=context.provider.name if context.provider else "",
        fresh=viewer.is_fresh(moment.now),
        tokens=[token_line(one, moment) for one in context.library.tokens.all()],
        scopes=TOKEN_SCOPES,
        error=error,
        done=done,
        made=made,
        **LIMITS,
    )


@router.post("/account/password")
async def change_password(request: Request, context: Context, form: Form) -> Response:
    """Change the password and end the other sessions."""
    if form.get("password", "") != form.get("again", ""):
        return await asyncio.to_thread(
            lambda: show_account(
                request, context, status=422, error=gettext("The two passwords are not the same.")
            )
        )
    try:
        await asyncio.to_thread(_change_password, request, context, form)
    except ArchiveError as exc:
        told = str(exc)
        return await asyncio.to_thread(lambda: show_account(request, context, status=422, error=told))
    told = gettext("The password is changed. The other devices are logged out.")
    return await asyncio.to_thread(lambda: show_account(request, context, done=told))


def _change_password(request: Request, context: AppContext, form: Form) -> None:
    viewer = context.known_viewer
    context.archive.accounts.change_password(
        viewer.user.id,
        form.get("old", ""),
        form.get("password", ""),
        kept=viewer.session,
        address=context.client_address(request),
        now=context.clock(),
    )


@router.post("/account/devices/{session}/end")
def end_device(context: Context, session: Id, form: Form) -> Response:
    """Log out on another device."""
    context.archive.accounts.end_session(context.known_viewer.user.id, session)
    return RedirectResponse("/account", 303)


@router.post("/account/devices/end-others")
def end_other_devices(context: Context, form: Form) -> Response:
    """Log out on all other devices."""
    viewer = context.known_viewer
    context.archive.accounts.end_other_sessions(viewer.user.id, viewer.session)
    return RedirectResponse("/account", 303)


@router.post("/account/tokens")
def add_token(request: Request, context: Context, form: Form) -> Response:
    """Make a token for a program and show it, once."""
    scope: TokenScope = next((one for one in TOKEN_SCOPES if one == form.get("scope")), "read")
    try:
        made = context.library.tokens.add(form.get("name", ""), scope, now=context.clock())
    except UnabridgedError as exc:
        return show_account(request, context, status=422, error=str(exc))
    return show_account(request, context, made=made)


@router.post("/account/tokens/{token_id}/remove")
def remove_token(context: Context, token_id: Id, form: Form) -> Response:
    """Revoke a token."""
    context.library.tokens.remove(token_id)
    return RedirectResponse("/account", 303)
