"""Routes of the API for marks: read, starred and tags of many articles, whole lists marked as read."""

from unabridged.api_records import library as records
from unabridged.archive.records import core
from unabridged.archive.records.library import tag_name
from unabridged.serve.api.route import api_router
from unabridged.serve.context import AppContext, Context

router = api_router("marks")


@router.post("/marks")
def mark_articles(context: Context, body: records.MarkChange) -> records.MarkResult:
    """Mark and tag up to 1,000 articles at once."""
    added, removed = _names(body.add_tags), _names(body.remove_tags)
    library, now, numbers = context.library, context.clock(), body.articles
    result = records.MarkResult(
        read=0 if body.read is None else library.marks.set_read(numbers, body.read, now=now),
        starred=0 if body.starred is None else library.marks.set_starred(numbers, body.starred, now=now),
        tagged=library.tags.add(numbers, added, now=now) if added else 0,
        untagged=library.tags.remove(numbers, removed, now=now) if removed else 0,
    )
    context.events.publish_change(context.known_viewer.user.id)
    return result


def _names(given: list[str]) -> list[str]:
    """Return names of tags in their normal form. Raises InvalidValue, before anything is changed."""
    return [tag_name(name) for name in given]


@router.post("/marks/read-all")
def read_all(context: Context, body: records.ReadAll) -> records.ReadAllResult:
    """Mark all articles of a list as read."""
    now = context.clock()
    before = min(body.delivered_until or now, now)
    changed = context.library.marks.set_all_read(_query(context, body), now=now, before=before)
    context.events.publish_change(context.known_viewer.user.id)
    return records.ReadAllResult(changed=changed, at=now)


def _query(context: AppContext, body: records.ReadAll) -> core.Query:
    searches = context.library.searches
    return core.Query(
        feed=body.feed,
        folder=body.folder,
        tag=body.tag,
        search=None if body.search is None else searches.scope(body.search, now=context.clock()),
        starred=body.starred,
        since=body.since,
        until=body.until,
    )


@router.post("/marks/read-all/undo")
def undo_read_all(context: Context, body: records.UndoReadAll) -> records.UndoResult:
    """Mark unread what one marking of a list had marked."""
    restored = context.library.marks.undo_all_read(body.at, now=context.clock())
    context.events.publish_change(context.known_viewer.user.id)
    return records.UndoResult(restored=restored)
