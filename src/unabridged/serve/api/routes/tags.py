"""Routes of the API for tags. A tag is made when an article gets it."""

from starlette.responses import Response

from unabridged.api_records import library as records
from unabridged.api_records.feeds import NewName
from unabridged.serve.api.route import EMPTY, Number, api_router
from unabridged.serve.api.views import library as views
from unabridged.serve.context import AppContext, Context

router = api_router("tags")


@router.get("/tags")
def tags(context: Context) -> records.TagList:
    """List the tags by name, with counts of articles."""
    return _all(context)


def _all(context: AppContext) -> records.TagList:
    return records.TagList(tags=[views.tag(one) for one in context.library.tags.all()])


@router.patch("/tags/{tag_id}")
def rename_tag(context: Context, tag_id: Number, body: NewName) -> records.TagList:
    """Rename a tag, and return all tags; with the name of another one, the two are merged."""
    context.library.tags.rename(tag_id, body.name)
    context.events.publish_change(context.known_viewer.user.id)
    return _all(context)


@router.delete("/tags/{tag_id}", **EMPTY)
def remove_tag(context: Context, tag_id: Number) -> Response:
    """Remove a tag from all articles."""
    context.library.tags.delete(tag_id)
    context.events.publish_change(context.known_viewer.user.id)
    return Response(status_code=204)
