"""Pages and forms of rules that set articles aside: list, preview, add, change, remove."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.rules import RULE_ACTIONS, Rule, RuleDraft
from unabridged.errors import ArchiveError, BadQuery, NotFound
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.actions import parse_number
from unabridged.serve.routes.pages import Id
from unabridged.serve.views import rules as views

router = APIRouter()

FILING_PAUSE = 0.05
"""Seconds between two steps of work on what is there, in which other writers get their turn."""


async def file_the_rest(context: AppContext) -> None:
    """Do what is left to do for rules and saved searches, and tell the person's pages."""
    more = True
    while more:
        more = await asyncio.to_thread(context.archive.filing.some, now=context.clock())
        await asyncio.sleep(FILING_PAUSE if more else 0)
    context.events.publish_change(context.known_viewer.user.id)


@router.get("/rules")
def rules(
    request: Request,
    context: Context,
    edit: Annotated[int | None, Query(ge=1, lt=10**15)] = None,
    feed: Annotated[int | None, Query(ge=1, lt=10**15)] = None,
    query: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Show the rules, and the form of a new one.

    edit: number of the rule to change. feed, query: scope and query of a new one.
    """
    draft: RuleDraft = RuleDraft(action="mute", query=query, feed_id=feed)
    if edit is not None:
        draft = context.library.rules.get(edit)
    return _page(request, context, draft, editing=edit)


@router.get("/rules/preview")
def preview(request: Request, context: Context) -> Response:
    """Show what a rule would set aside, before it is saved.

    The query parameters are the fields of the form. `title` (words of a title) or `author` stand for a query.
    """
    given = dict(list(request.query_params.items())[:20])
    draft, editing = _draft(given), parse_number(given.get("edit"))
    if not given:
        return _page(request, context, draft)
    try:
        shown = context.library.rules.preview(draft, now=context.clock())
    except BadQuery as exc:
        return _page(request, context, draft, editing=editing, problem=exc)
    except ArchiveError as exc:
        return _page(request, context, draft, editing=editing, problem=BadQuery(str(exc)))
    return _page(request, context, draft, editing=editing, preview=views.preview_view(shown))


@router.post("/rules")
async def add(request: Request, context: Context, form: Form) -> Response:
    """Add a rule; it is applied to what is there in the background."""
    draft = _draft(form)
    try:
        await asyncio.to_thread(context.library.rules.add, draft, now=context.clock())
    except (BadQuery, ArchiveError) as exc:
        return await asyncio.to_thread(_refused, request, context, draft, None, exc)
    context.background.start(file_the_rest(context))
    return RedirectResponse("/rules", 303)


@router.post("/rules/{rule_id}")
async def change(request: Request, context: Context, rule_id: Id, form: Form) -> Response:
    """Change a rule; it is applied to what is there in the background."""
    draft = _draft(form)
    try:
        await asyncio.to_thread(context.library.rules.change, rule_id, draft, now=context.clock())
    except (BadQuery, ArchiveError) as exc:
        await asyncio.to_thread(context.library.rules.get, rule_id)
        return await asyncio.to_thread(_refused, request, context, draft, rule_id, exc)
    context.background.start(file_the_rest(context))
    return RedirectResponse("/rules", 303)


@router.post("/rules/{rule_id}/remove")
async def remove(context: Context, rule_id: Id, form: Form) -> Response:
    """Remove a rule; what no other one sets aside comes back in the background."""
    await asyncio.to_thread(context.library.rules.remove, rule_id, now=context.clock())
    context.background.start(file_the_rest(context))
    return RedirectResponse("/rules", 303)


def _draft(given: Mapping[str, str]) -> RuleDraft:
    """Read the fields of a form, in a body or in an address."""
    kind, _, number = given.get("scope", "").partition(":")
    feed = parse_number(number) if kind == "feed" else None
    if given.get("here"):
        feed = parse_number(given.get("feed"))
    return RuleDraft(
        action=next((one for one in RULE_ACTIONS if one == given.get("action")), "mute"),
        query=_phrase("title", given) or _phrase("author", given) or given.get("query", ""),
        feed_id=feed,
        folder_id=parse_number(number) if kind == "folder" else None,
    )


def _phrase(name: str, given: Mapping[str, str]) -> str:
    words = " ".join(given.get(name, "").replace('"', " ").split())
    return f'{name}:"{words}"' if words else ""


def _refused(
    request: Request, context: AppContext, draft: RuleDraft, editing: int | None, exc: BadQuery | ArchiveError
) -> Response:
    problem = exc if isinstance(exc, BadQuery) else BadQuery(str(exc))
    return _page(request, context, draft, editing=editing, problem=problem)


def _page(
    request: Request,
    context: AppContext,
    draft: RuleDraft,
    *,
    editing: int | None = None,
    preview: views.PreviewView | None = None,
    problem: BadQuery | None = None,
) -> Response:
    library = context.library
    folders = library.subscriptions.folder_names()
    shown, _ = library.subscriptions.page(0, views.SHOWN_FEEDS)
    feeds = {one.feed.id: one for one in shown}
    found = library.rules.all()
    for number in {one.feed_id for one in (*found, draft)} - feeds.keys() - {None}:
        with suppress(NotFound):
            feeds[number] = library.subscriptions.get(number)  # type: ignore[index,arg-type]
    names = views.Names(
        feeds={number: one.title for number, one in feeds.items()},
        folders={one.id: one.name for one in folders},
    )
    view = views.RulesView(
        rules=_lines(found, names),
        draft=draft,
        scopes=views.scope_choices(sorted(feeds.values(), key=lambda one: one.title.casefold()), folders),
        scope=views.scope_value(draft),
        editing=editing,
        preview=preview,
        problem=None if problem is None else views.query_problem(str(problem), draft.query, problem.place),
        progress=views.progress_sentence(library.rules.progress()),
    )
    return context.render(
        request,
        "rules.html",
        status=422 if problem else 200,
        sidebar=context.sidebar(),
        title=gettext("Rules"),
        view=view,
    )


def _lines(found: tuple[Rule, ...], names: views.Names) -> tuple[views.RuleLine, ...]:
    return tuple(views.rule_line(one, names) for one in found)
