"""Saved searches: their lists and full-text feeds, and the forms that save, change and remove them."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.rules import SavedSearch
from unabridged.errors import BadQuery, InvalidValue
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.publishing.feed_pages import published
from unabridged.serve.routes import feed_documents as feeds
from unabridged.serve.routes.pages import Before, Id, Show, list_page, list_query
from unabridged.serve.routes.rules.rules import file_the_rest
from unabridged.serve.views import lists
from unabridged.serve.views.preferences import order_name
from unabridged.serve.views.rules import QueryProblem, query_problem, search_path

router = APIRouter()


@router.get("/searches")
def searches(request: Request, context: Context) -> Response:
    """Show the saved searches, with the forms that change them."""
    return _page(request, context)


@router.get("/searches/{name}")
def saved_search(
    request: Request, context: Context, name: str, show: Show = "all", before: Before = None
) -> Response:
    """Show a saved search as a list, or return it as a full-text feed (`.rss`, `.atom`, `.json`)."""
    key, format_name = feeds.split_format(name)
    if format_name not in (None, "html"):
        return published(request, context, feeds.saved_search_scope(context, key), format_name)
    number = feeds.feed_number(key)
    found = context.library.searches.get(number)
    scope = context.library.searches.scope(number, now=context.clock())
    listing = lists.Listing(
        title=found.name,
        path=search_path(found),
        stem=search_path(found),
        description=found.query
        if found.complete
        else gettext("{query} (older articles are still being added)").format(query=found.query),
        scope=(("search", str(found.id)),),
    )
    return list_page(request, context, listing, list_query(show, before, search=scope))


@router.post("/searches")
async def add(request: Request, context: Context, form: Form) -> Response:
    """Save a search, and show its list."""
    query = form.get("query", "")
    name = form.get("name", "").strip() or query[:100]
    return await _store(
        request, context, form, partial(context.library.searches.add, name, query), shown=True
    )


@router.post("/searches/{search_id}")
async def change(request: Request, context: Context, search_id: Id, form: Form) -> Response:
    """Change a saved search: its name, its query, what is shown at first, the order."""
    name, query = form.get("name", ""), form.get("query", "")
    write = partial(context.library.searches.change, search_id, name, query)
    return await _store(request, context, form, write, shown=False)


async def _store(
    request: Request,
    context: AppContext,
    form: Mapping[str, str],
    write: Callable[..., SavedSearch],
    *,
    shown: bool,
) -> Response:
    """Store a search with the settings of its form. shown: go on to its list."""
    unread_only = bool(form.get("unread_only"))
    try:
        made = await asyncio.to_thread(write, unread_only=unread_only, now=context.clock())
    except (BadQuery, InvalidValue) as exc:
        return await asyncio.to_thread(_page, request, context, form, exc)
    await asyncio.to_thread(_set_order, context, search_path(made), form)
    context.background.start(file_the_rest(context))
    return RedirectResponse(search_path(made, first=True) if shown else "/searches", 303)


@router.post("/searches/{search_id}/remove")
def remove(context: Context, search_id: Id, form: Form) -> Response:
    """Remove a saved search; its articles stay."""
    context.library.searches.remove(search_id)
    context.library.preferences.set({order_name(f"/searches/{search_id}"): None})
    return RedirectResponse("/searches", 303)


def _set_order(context: AppContext, path: str, form: Mapping[str, str]) -> None:
    """Remember the order of a search's list if the form has one."""
    if "order" in form:
        order = "oldest" if form["order"] == "oldest" else "newest"
        usual = order == context.preferences.order
        context.library.preferences.set({order_name(path): None if usual else order})


NOTHING_SENT: Mapping[str, str] = {}


def _page(
    request: Request,
    context: AppContext,
    form: Mapping[str, str] = NOTHING_SENT,
    exc: BadQuery | InvalidValue | None = None,
) -> Response:
    found = context.searches()
    names = {one.id: order_name(search_path(one)) for one in found}
    orders = context.library.preferences.get(names.values())
    problem: QueryProblem | None = None
    if exc is not None:
        place = exc.place if isinstance(exc, BadQuery) else None
        problem = query_problem(str(exc), form.get("query", ""), place)
    return context.render(
        request,
        "saved_searches.html",
        status=422 if exc else 200,
        sidebar=context.sidebar(),
        title=gettext("Saved searches"),
        searches=[
            (
                one,
                search_path(one, first=True),
                orders.get(order_name(search_path(one)), context.preferences.order),
            )
            for one in found
        ],
        problem=problem,
        form=form,
    )
