"""Settings of a person: theme, order, density, typography. Kept on the server, for all their devices."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from unabridged.errors import NotFound
from unabridged.serve.context import Context, Form
from unabridged.serve.languages.choice import BROWSER, LANGUAGES
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.actions import done
from unabridged.serve.security import safe_next
from unabridged.serve.views.preferences import CHOICES, accepted, order_name, to_store

router = APIRouter()

MAX_PATH = 400
"""Characters of a list's path; a folder name may be long."""


@router.get("/settings")
def settings(request: Request, context: Context, saved: Annotated[bool, Query()] = False) -> Response:
    """Show the settings of the viewer."""
    languages = {BROWSER: gettext("As the browser")} | {one.code: one.name for one in LANGUAGES.values()}
    return context.render(
        request,
        "settings.html",
        languages=languages,
        known_languages=LANGUAGES,
        title=gettext("Settings"),
        sidebar=context.sidebar(),
        choices=CHOICES,
        saved=saved,
    )


@router.post("/settings")
def save(request: Request, context: Context, form: Form) -> Response:
    """Save those settings that the form holds; unknown values are left out."""
    context.library.preferences.set(to_store(accepted(form)))
    return done(request, form, "/settings?saved=1")


@router.post("/settings/order")
def save_order(request: Request, context: Context, form: Form) -> Response:
    """Remember the order of one list, and show it from its start."""
    path = safe_next(form.get("list", ""), default="")
    order = form.get("order", "")
    if not path or "?" in path or len(path) > MAX_PATH or order not in CHOICES["order"]:
        raise NotFound(gettext("There is no such list, or no such order."))
    is_default = order == context.preferences.order
    context.library.preferences.set({order_name(path): None if is_default else order})
    show = form.get("show", "")
    return RedirectResponse(path + (f"?show={show}" if show in ("unread", "starred") else ""), 303)
