"""Share links: one version of an article, readable by whoever has the address, until it is taken back."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.library import NewShare
from unabridged.errors import NotFound
from unabridged.serve.context import AppContext, Context, Form, get_context
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.routes import media
from unabridged.serve.routes.pages import Id, VersionNumber
from unabridged.serve.views import article as articles
from unabridged.serve.views.evidence import share_line, shared_facts
from unabridged.serve.views.facts import incomplete

router = APIRouter()

GONE = later("This link opens nothing: it was taken back, or it is incomplete.")


@router.post("/a/{article_id}/v/{number}/share")
def share(request: Request, context: Context, article_id: Id, number: VersionNumber, form: Form) -> Response:
    """Make a link to a version and show it, once."""
    made = context.library.shares.add(article_id, number, now=context.clock())
    return _shares_page(request, context, made)


@router.get("/shares")
def shares(request: Request, context: Context) -> Response:
    """Show the person's links."""
    return _shares_page(request, context)


def _shares_page(request: Request, context: AppContext, made: NewShare | None = None) -> Response:
    moment = context.moment()
    return context.render(
        request,
        "shares.html",
        title=gettext("Share links"),
        sidebar=context.sidebar(),
        made=context.address(request, f"/s/{made.secret}") if made else "",
        shares=[share_line(one, moment) for one in context.library.shares.all()],
    )


@router.post("/shares/{share_id}/remove")
def remove(context: Context, share_id: Id, form: Form) -> Response:
    """Take a link back."""
    context.library.shares.remove(share_id)
    return RedirectResponse("/shares", 303)


@router.get("/s/{secret}")
def shared(request: Request, context: Annotated[AppContext, Depends(get_context)], secret: str) -> Response:
    """Show the version that a link opens, to everybody, without the library around it."""
    found = context.archive.shared.find(secret)
    if found is None:
        raise NotFound(gettext(GONE))
    library, moment = context.archive.library(found.user).articles, context.moment()
    revision = library.revision(found.article_id, found.number)
    stored = articles.at_version(library.get(found.article_id), revision)
    view = articles.article_view(
        stored,
        moment,
        versions=(),
        proxy_url=lambda url: media.proxy_url(url, context.signer),
        rewrite_body=lambda body: media.rewrite_body(body, context.signer, context.base_path),
    )
    answer = context.render(
        request,
        "shared.html",
        view=replace(view, problem=incomplete(revision.article.completeness)),
        facts=shared_facts(revision, moment),
    )
    answer.headers["cache-control"] = "private, no-store"
    return answer
