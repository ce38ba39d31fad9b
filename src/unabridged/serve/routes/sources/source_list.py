"""Routes of the list of sources: by pages and folders, with a filter; feeds of a folder for the sidebar."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from unabridged.errors import NotFound, UnabridgedError
from unabridged.serve.context import AppContext, Context
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views import lists
from unabridged.serve.views.sidebar import NO_FOLDER, opened_items
from unabridged.serve.views.sources.bulk_edit import edit_groups, edit_result
from unabridged.serve.views.sources.source_list import folder_links, page_links, sources_path

router = APIRouter()

SHOWN_FOLDERS = 100
"""Folders suggested when feeds are moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDone:
    """Edit of feeds that was just done."""

    action: str
    count: int


FEEDS_PER_PAGE = 50

PageNumber = Annotated[int, Query(ge=1, lt=10**9)]
FolderNumber = Annotated[int | None, Query(ge=0, lt=10**15)]
FolderId = Annotated[int, Path(ge=0, lt=10**15)]
Words = Annotated[str, Query(max_length=200)]
Edited = Annotated[str, Query(max_length=30)]
Count = Annotated[int, Query(ge=0, lt=10**9)]


@router.get("/sources")
def sources(
    request: Request,
    context: Context,
    page: PageNumber = 1,
    folder: FolderNumber = None,
    q: Words = "",
    edited: Edited = "",
    count: Count = 0,
) -> Response:
    """Show the feeds by folder, with their problems. folder: only those of this one, 0: those in none.

    edited, count: what was done a moment ago, with how many feeds.
    """
    done = EditDone(action=edited, count=count) if edited else None
    return sources_page(request, context, page=page, folder=folder, words=q, done=done)


def sources_page(
    request: Request,
    context: AppContext,
    *,
    page: int = 1,
    folder: int | None = None,
    words: str = "",
    error: UnabridgedError | None = None,
    done: EditDone | None = None,
) -> Response:
    """Show the sources; after a failed import of a list with the error (422), after an edit with `done`."""
    library = context.library.subscriptions
    first = (page - 1) * FEEDS_PER_PAGE
    shown, every = library.page(first, FEEDS_PER_PAGE, folder=folder, words=words)
    pages = max(1, -(-every // FEEDS_PER_PAGE))
    if page > pages and done is None:
        raise NotFound(gettext("The list of sources has {pages} pages.").format(pages=number(pages)))
    icons = context.archive.images.icons(one.feed.id for one in shown)
    folders = library.folder_names()
    held = context.library.mark_counts().feeds
    return context.render(
        request,
        "sources.html",
        pages=gettext("Page {page} of {pages}").format(page=number(page), pages=number(pages))
        if pages > 1
        else "",
        page_links=page_links(page, pages, folder, words),
        status=422 if error else 200,
        sidebar=context.sidebar(),
        groups=lists.folder_groups(shown, context.moment(), icons),
        folder_links=folder_links(folders, held, folder, words) if held > FEEDS_PER_PAGE else (),
        held=held,
        folder=folder,
        words=words,
        title=gettext("Sources"),
        here_path=sources_path(page, folder, words),
        every=every,
        edit_groups=edit_groups(is_admin=context.known_viewer.is_admin),
        folder_names=[one.name for one in folders][:SHOWN_FOLDERS],
        done=edit_result(done.action, done.count) if done else "",
        may_restore=done is not None and done.action == "remove",
        error=str(error) if error else "",
    )


@router.get("/sidebar/{folder_id}")
def folder_feeds(request: Request, context: Context, folder_id: FolderId) -> Response:
    """Return the feeds of a folder as a part of the sidebar."""
    names = {one.id for one in context.library.subscriptions.folder_names()}
    if folder_id != NO_FOLDER and folder_id not in names:
        raise NotFound(gettext("There is no such folder."))
    opened = context.open_folder(folder_id)
    icons = context.archive.images.icons(one.feed.id for one in opened.feeds)
    return context.render(request, "folder_feeds.html", items=opened_items(opened, icons))
