"""Routes of the API for saved searches."""

from starlette.responses import Response

from unabridged.api_records import library as records
from unabridged.serve.api.route import EMPTY, Number, api_router
from unabridged.serve.api.views import library as views
from unabridged.serve.context import Context

router = api_router("saved searches")


@router.get("/searches")
def searches(context: Context) -> records.SavedSearchList:
    """List the saved searches by name, with counts of unread articles, which may be some seconds old."""
    return records.SavedSearchList(searches=[views.saved_search(one) for one in context.searches()])


@router.post("/searches", status_code=201)
def add_search(context: Context, body: records.SearchDraft) -> records.SavedSearch:
    """Save a search; its list is GET /articles?search=NUMBER."""
    made = context.library.searches.add(
        body.name, body.query, unread_only=body.unread_only, now=context.clock()
    )
    context.events.publish_change(context.known_viewer.user.id)
    return views.saved_search(made)


@router.put("/searches/{search_id}")
def change_search(context: Context, search_id: Number, body: records.SearchDraft) -> records.SavedSearch:
    """Replace a saved search."""
    made = context.library.searches.change(
        search_id, body.name, body.query, unread_only=body.unread_only, now=context.clock()
    )
    context.events.publish_change(context.known_viewer.user.id)
    return views.saved_search(made)


@router.delete("/searches/{search_id}", **EMPTY)
def remove_search(context: Context, search_id: Number) -> Response:
    """Delete a saved search; its articles stay."""
    context.library.searches.remove(search_id)
    context.events.publish_change(context.known_viewer.user.id)
    return Response(status_code=204)
