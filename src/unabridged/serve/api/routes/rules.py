"""Routes of the API for rules that set articles aside."""

from unabridged.api_records import library as records
from unabridged.serve.api.route import api_router
from unabridged.serve.api.views import library as views
from unabridged.serve.context import Context

router = api_router("rules")


@router.get("/rules")
def rules(context: Context) -> records.RuleList:
    """List the rules, oldest first."""
    return records.RuleList(rules=[views.rule(one) for one in context.library.rules.all()])
