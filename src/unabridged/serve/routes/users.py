"""Routes for administrators: people, their roles, one-time addresses."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.accounts import ROLES, Role
from unabridged.errors import LoginRefused, UnabridgedError
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.admin.overview import check_recent
from unabridged.serve.routes.pages import Id
from unabridged.serve.views.accounts import OneTimeAddress, user_line

router = APIRouter()


@router.get("/users")
def people(request: Request, context: Context) -> Response:
    """Show the people of this archive."""
    return _users_page(request, context)


def _users_page(
    request: Request, context: AppContext, *, made: OneTimeAddress | None = None, error: str = ""
) -> Response:
    viewer, moment = context.known_viewer, context.moment()
    return context.render(
        request,
        "users.html",
        status=422 if error else 200,
        title=gettext("People"),
        sidebar=context.sidebar(),
        people=[
            user_line(one, moment, is_you=one.id == viewer.user.id) for one in context.archive.accounts.all()
        ],
        roles=ROLES,
        made=made,
        error=error,
        fresh=viewer.is_recent(moment.now),
    )


@router.post("/users/invite")
def invite(request: Request, context: Context, form: Form) -> Response:
    """Make a one-time address for a new person."""
    try:
        check_recent(context)
    except LoginRefused as exc:
        return _users_page(request, context, error=str(exc))
    secret = context.archive.accounts.invite(_role(form), now=context.clock())
    made = OneTimeAddress(
        url=context.address(request, f"/invitation/{secret}"), what=gettext("a new account")
    )
    return _users_page(request, context, made=made)


@router.post("/users/{user}/password")
def invite_to_password(request: Request, context: Context, user: Id, form: Form) -> Response:
    """Make a one-time address at which a person gets a new way to log in."""
    try:
        check_recent(context)
    except LoginRefused as exc:
        return _users_page(request, context, error=str(exc))
    name = context.archive.accounts.get(user).name
    secret = context.archive.accounts.invite_to_password(user, now=context.clock())
    made = OneTimeAddress(
        url=context.address(request, f"/invitation/{secret}"),
        what=gettext("a new way to log in for {name}").format(name=name),
    )
    return _users_page(request, context, made=made)


@router.post("/users/{user}/role")
def set_role(request: Request, context: Context, user: Id, form: Form) -> Response:
    """Make somebody an administrator or a reader."""
    try:
        check_recent(context)
        context.archive.accounts.set_role(user, _role(form))
    except UnabridgedError as exc:
        return _users_page(request, context, error=str(exc))
    return RedirectResponse("/users", 303)


@router.post("/users/{user}/remove")
def remove(request: Request, context: Context, user: Id, form: Form) -> Response:
    """Remove a person and what is theirs alone; articles stay."""
    try:
        check_recent(context)
        context.archive.accounts.remove(user)
    except UnabridgedError as exc:
        return _users_page(request, context, error=str(exc))
    return RedirectResponse("/users", 303)


def _role(form: Form) -> Role:
    return next((role for role in ROLES if role == form.get("role")), "reader")
