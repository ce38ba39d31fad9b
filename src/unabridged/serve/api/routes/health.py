"""Route of the API for the health of feeds."""

from unabridged.api_records import feeds as records
from unabridged.poll.feeds.diagnostics import diagnose
from unabridged.poll.feeds.evidence import collect_evidence, only_own_pages
from unabridged.serve.api.route import api_router
from unabridged.serve.api.views import feeds as views
from unabridged.serve.context import Context

router = api_router("health")


@router.get("/health")
def health(context: Context) -> records.FindingList:
    """List the problems of the person's feeds, broken things first, with what to do."""
    now = context.clock()
    evidence = only_own_pages(collect_evidence(context.archive, context.library, now))
    return records.FindingList(findings=[views.finding(one) for one in diagnose(evidence, now)])
