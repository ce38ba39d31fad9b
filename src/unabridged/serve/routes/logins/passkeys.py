"""Routes of passkeys: log in with one, add, name and remove one's own.

The browser's part is in static/passkeys.js: it asks for options, has the authenticator answer, and sends the
form with the answer.
"""

import secrets
from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from unabridged.archive.records.accounts import NewPasskey, NewSession
from unabridged.errors import ArchiveError, LoginRefused
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.error_pages import status_of
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.logins.ceremonies import Kind
from unabridged.serve.logins.passkey_site import PasskeySite, passkey_site
from unabridged.serve.routes.accounts import AnyContext, device_of, enter, show_account, show_login
from unabridged.serve.routes.pages import Id
from unabridged.serve.security import ForeignRequest, safe_next
from unabridged.serve.viewer import Viewer

router = APIRouter()

CHALLENGE_BYTES = 32
NOT_FRESH = later("Log in again to add another way to log in: your last login was more than 15 minutes ago.")
IN_A_BROWSER = later("This is done in a browser that is logged in.")


# Login


@router.post("/login/passkey/options")
def login_options(request: Request, context: AnyContext, form: Form) -> Response:
    """Return the options for a login with any passkey of this site."""
    from unabridged.serve.logins.authenticator import request_options

    site, challenge = passkey_site(request, context.settings.serve), secrets.token_bytes(CHALLENGE_BYTES)
    try:
        check_site(site)
        context.archive.accounts.check_address(context.client_address(request), now=context.clock())
    except LoginRefused as exc:
        return refusal(exc)
    kept = {"challenge": challenge.hex()}
    return _options(request, context, "passkey-login", request_options(site, challenge), kept)


@router.post("/login/passkey")
def log_in(request: Request, context: AnyContext, form: Form) -> Response:
    """Log in the person to whom a passkey belongs."""
    wanted = safe_next(form.get("next", ""))
    accounts, address = context.archive.accounts, context.client_address(request)
    try:
        accounts.check_address(address, now=context.clock())
    except LoginRefused as exc:
        return show_login(request, context, wanted, error=exc)
    try:
        made = _log_in(request, context, form.get("credential", ""))
    except LoginRefused as exc:
        accounts.record_failure(address, now=context.clock())
        answer = show_login(request, context, wanted, error=exc)
    else:
        answer = enter(request, context, made, wanted)
    context.ceremonies.forget(answer, request, "passkey-login")
    return answer


def _log_in(request: Request, context: AppContext, text: str) -> NewSession:
    site = passkey_site(request, context.settings.serve)
    check_site(site)
    chosen = context.ceremonies.end(request, "passkey-login", now=context.clock())
    challenge = bytes.fromhex(chosen["challenge"])
    from unabridged.serve.logins.authenticator import read_login, verify_login

    answer = read_login(text)
    return context.archive.accounts.passkeys.log_in(
        answer.raw_id,
        lambda known: verify_login(site, answer, challenge, known),
        device_of(request, context),
        now=context.clock(),
    )


# The account


@router.post("/account/passkeys/options")
def new_options(request: Request, context: Context, form: Form) -> Response:
    """Return the options for another passkey of one's own."""
    viewer = browser_viewer(context)
    try:
        check_site(passkey_site(request, context.settings.serve))
        check_fresh(context)
    except LoginRefused as exc:
        return refusal(exc)
    return begin_passkey(request, context, "passkey-new", viewer.user.id, viewer.user.name)


def begin_passkey(
    request: Request, context: AppContext, kind: Kind, user: int | None, account: str, **chosen: str
) -> Response:
    """Return the options for a new passkey. account: the name of the account.

    user: its number, None if it is not made yet. chosen: further things that `end_passkey` gives back.
    """
    from unabridged.serve.logins.authenticator import account_handle, creation_options

    site, challenge = passkey_site(request, context.settings.serve), secrets.token_bytes(CHALLENGE_BYTES)
    known = () if user is None else context.archive.accounts.passkeys.all(user)
    handle = account_handle(site, user, known)
    kept = {"challenge": challenge.hex(), "handle": handle.hex(), **chosen}
    return _options(request, context, kind, creation_options(site, account, handle, known, challenge), kept)


def end_passkey(
    request: Request, context: AppContext, kind: Kind, credential: str, name: str
) -> tuple[NewPasskey, dict[str, str]]:
    """Return the passkey that an authenticator made, and what was chosen. Raises LoginRefused."""
    site = passkey_site(request, context.settings.serve)
    check_site(site)
    chosen = context.ceremonies.end(request, kind, now=context.clock())
    from unabridged.serve.logins.authenticator import verify_new

    challenge, handle = (bytes.fromhex(chosen[part]) for part in ("challenge", "handle"))
    return verify_new(site, credential, challenge, name, handle), chosen


@router.post("/account/passkeys")
def add(request: Request, context: Context, form: Form) -> Response:
    """Add the passkey that an authenticator made."""
    viewer = browser_viewer(context)
    try:
        check_fresh(context)
        _add(request, context, viewer, form)
    except ArchiveError as exc:
        answer = show_account(request, context, status=422, error=str(exc))
    else:
        answer = show_account(
            request, context, done=gettext("The passkey is added. You can log in with it now.")
        )
    context.ceremonies.forget(answer, request, "passkey-new")
    return answer


def _add(request: Request, context: AppContext, viewer: Viewer, form: Form) -> None:
    made, _ = end_passkey(request, context, "passkey-new", form.get("credential", ""), form.get("name", ""))
    context.archive.accounts.passkeys.add(viewer.user.id, made, now=context.clock())


@router.post("/account/passkeys/{passkey}/name")
def rename(context: Context, passkey: Id, form: Form) -> Response:
    """Give a passkey another name."""
    viewer = browser_viewer(context)
    context.archive.accounts.passkeys.rename(viewer.user.id, passkey, form.get("name", ""))
    return RedirectResponse("/account#passkeys", 303)


@router.post("/account/passkeys/{passkey}/remove")
def remove(request: Request, context: Context, passkey: Id, form: Form) -> Response:
    """Remove a passkey."""
    viewer = browser_viewer(context)
    try:
        context.archive.accounts.passkeys.remove(viewer.user.id, passkey)
    except ArchiveError as exc:
        return show_account(request, context, status=status_of(exc), error=str(exc))
    return RedirectResponse("/account#passkeys", 303)


def browser_viewer(context: AppContext) -> Viewer:
    """Return the viewer, whose browser has a session. Raises ForeignRequest for tokens and proxies."""
    if context.known_viewer.way != "session":
        raise ForeignRequest(gettext(IN_A_BROWSER))
    return context.known_viewer


def check_fresh(context: AppContext) -> None:
    """Raise LoginRefused if the viewer's login was too long ago to add another way to log in."""
    if not context.known_viewer.is_fresh(context.clock()):
        raise LoginRefused(gettext(NOT_FRESH))


def check_site(site: PasskeySite) -> None:
    """Raise LoginRefused where there can be no passkeys."""
    if site.obstacle:
        raise LoginRefused(site.obstacle)


def _options(
    request: Request, context: AppContext, kind: Kind, options: str, kept: Mapping[str, str]
) -> Response:
    answer = Response(options, media_type="application/json", headers={"cache-control": "no-store"})
    context.ceremonies.begin(answer, request, kind, kept, now=context.clock())
    return answer


def refusal(exc: ArchiveError) -> Response:
    """Refuse options in words, which static/passkeys.js shows."""
    waits = isinstance(exc, LoginRefused) and exc.retry_after
    return PlainTextResponse(f"{exc}\n", 429 if waits else status_of(exc))
