"""Routes of the API about who asks, and what they have in numbers."""

from unabridged.api_records import library as records
from unabridged.serve.api.route import api_router
from unabridged.serve.api.views import library as views
from unabridged.serve.context import Context

router = api_router("account")


@router.get("/me")
def me(context: Context) -> records.Me:
    """Return the person of the token, and what the token may do."""
    return views.me(context.known_viewer)


@router.get("/counts")
def counts(context: Context) -> records.Counts:
    """Count articles, unread and starred ones, feeds, versions and pages to be fetched."""
    return views.counts(context.library.counts())
