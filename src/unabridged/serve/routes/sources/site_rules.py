"""Routes of the site rules of a feed's articles: the editor, its preview, and re-extraction."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.articles.version_policy import decide_replay
from unabridged.archive.records.core import Subscription
from unabridged.archive.records.library import ReplaySelection, ReplaySource
from unabridged.archive.records.polling import LONGEST_RULES
from unabridged.errors import ArchiveError, ExtractError, InvalidValue
from unabridged.extraction.sites.written import from_json, to_site_config
from unabridged.poll.pages.reextract import reextract_page
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.diff_child import DiffTask
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.pages import Id
from unabridged.serve.routes.sources.jobs import reextraction_of
from unabridged.serve.security import safe_next
from unabridged.serve.views import lists
from unabridged.serve.views.sources.site_rules import (
    EXAMPLE,
    PreviewView,
    TriedPage,
    mistakes_of,
    preview_view,
    rule_name,
    run_lines,
    sites_of,
)
from unabridged.urls import host

router = APIRouter()

PREVIEWED = 8
"""Newest articles on which rules are tried."""
PREVIEW_SECONDS = 30.0
"""Seconds for the whole preview; articles that are not done by then are shown as failed."""


@router.get("/feeds/{feed_id}/rules")
def rules_page(request: Request, context: Context, feed_id: Id, site: str = "", learnt: str = "") -> Response:
    """Show the rules of a site of the feed's articles. learnt: a host; begin with what was learnt about
    it."""
    stored = context.archive.sites.profile(learnt) if learnt else None
    profile = from_json(stored.body) if stored is not None and stored.body else None
    if profile is None:
        return _page(request, context, feed_id, site=site)
    return _page(request, context, feed_id, site=site, text=to_site_config(profile), from_learnt=True)


def _page(
    request: Request,
    context: AppContext,
    feed_id: int,
    *,
    site: str = "",
    text: str | None = None,
    preview: PreviewView | None = None,
    from_learnt: bool = False,
    done: str = "",
    error: str = "",
) -> Response:
    subscription = context.library.subscriptions.get(feed_id)
    sites = _sites(context, subscription)
    chosen = site if site in sites else sites[0]
    stored = context.archive.feeds.site_rules().get(rule_name(chosen), "")
    shown = stored if text is None else text
    running = reextraction_of(context, feed_id)
    moment = context.moment()
    mistakes = mistakes_of(shown)
    return context.render(
        request,
        "site_rules.html",
        status=422 if error else 200,
        sidebar=context.sidebar(),
        title=gettext("Rules for {site}").format(site=chosen),
        line=lists.feed_line(subscription, moment),
        sites=sites,
        site=chosen,
        text=shown,
        example=EXAMPLE,
        from_learnt=from_learnt,
        has_stored=bool(stored),
        mistakes=mistakes,
        preview=preview,
        done=done,
        error=error,
        pages=context.archive.reextraction.count_sources(ReplaySelection(feed=feed_id)),
        jobs=running,
        runs=run_lines(context.reextractions.past_runs(feed_id), moment),
    )


def _sites(context: AppContext, subscription: Subscription) -> tuple[str, ...]:
    newest = context.archive.reextraction.newest_sources(subscription.feed.id, limit=5 * PREVIEWED)
    feed = subscription.feed
    return sites_of([one.article.url for one in newest], feed.site_url or feed.url)


@router.post("/feeds/{feed_id}/rules/preview")
async def preview(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Try rules on stored pages of the newest articles; nothing is saved and nothing is fetched."""
    subscription = await asyncio.to_thread(context.library.subscriptions.get, feed_id)
    site, text = form.get("site", ""), form.get("rules", "")[:LONGEST_RULES]
    newest = await asyncio.to_thread(
        context.archive.reextraction.newest_sources, subscription.feed.id, limit=5 * PREVIEWED
    )
    some = [one for one in newest if host(one.article.url).removeprefix("www.") == site][:PREVIEWED]
    tried = await _try_rules(context, some, site, text)
    return await asyncio.to_thread(
        _page, request, context, feed_id, site=site, text=text, preview=preview_view(tried)
    )


async def _try_rules(
    context: AppContext, sources: Sequence[ReplaySource], site: str, text: str
) -> Sequence[TriedPage]:
    rules = {rule_name(site): text}
    until = asyncio.get_running_loop().time() + PREVIEW_SECONDS
    return await asyncio.gather(*(_try_on(context, one, rules, until) for one in sources))


async def _try_on(
    context: AppContext, source: ReplaySource, rules: dict[str, str], until: float
) -> TriedPage:
    before, number = source.article, source.article_id
    try:
        async with asyncio.timeout_at(until):
            made = await reextract_page(
                context.archive, context.poller.context.extractor, source, tried=rules
            )
            if made is None:
                problem = gettext("It has several pages, of which only the first is stored.")
                return TriedPage(article_id=number, before=before, problem=problem)
            texts = DiffTask(text=(before.text, made.text), title=(before.title, made.title))
            compared = await context.diff_pool.compare(texts)
    except TimeoutError:
        return TriedPage(article_id=number, before=before, problem=gettext("It took too long."))
    except (ExtractError, ArchiveError) as exc:
        return TriedPage(article_id=number, before=before, problem=str(exc))
    verdict = decide_replay(before, made)
    return TriedPage(
        article_id=number,
        before=before,
        article=made,
        verdict=verdict.kind,
        reason=verdict.reason,
        compared=compared,
    )


@router.post("/feeds/{feed_id}/rules")
async def save_rules(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Save the rules of a site, for all feeds and all people; with a mistake in them nothing is saved."""
    site, text = form.get("site", ""), form.get("rules", "")
    return await asyncio.to_thread(_save, request, context, feed_id, site, text)


def _save(request: Request, context: AppContext, feed_id: int, site: str, text: str) -> Response:
    subscription = context.library.subscriptions.get(feed_id)
    if site not in _sites(context, subscription):
        raise InvalidValue(gettext("This feed has no article of that site."))
    if mistakes_of(text):
        error = gettext("These rules were not saved: some lines cannot be used.")
        return _page(request, context, feed_id, site=site, text=text, error=error)
    try:
        context.archive.feeds.set_site_rules(rule_name(site), text, now=context.clock())
    except InvalidValue as exc:
        return _page(request, context, feed_id, site=site, text=text, error=str(exc))
    context.poller.context.extractor.use_rules(context.archive.feeds.site_rules())
    done = gettext("Saved. New articles of {site} are read with these rules.").format(site=site)
    if not text.strip():
        done = gettext("The rules for {site} are deleted.").format(site=site)
    return _page(request, context, feed_id, site=site, done=done)


@router.post("/feeds/{feed_id}/reextract")
async def reextract(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Extract the stored pages of a feed again, in the background; better texts become new versions."""
    await asyncio.to_thread(context.library.subscriptions.get, feed_id)
    context.background.start(context.reextractions.run(context.poller.context.extractor, feed_id))
    await asyncio.sleep(0)  # the task begins, so that the page that follows shows it
    back = safe_next(form.get("next", ""), default=f"/feeds/{feed_id}/rules")
    return RedirectResponse(back, 303)


@router.post("/reextractions/{run}/undo")
def undo_reextraction(request: Request, context: Context, run: Id, form: Form) -> Response:
    """Take the versions of a re-extraction back, except of articles that changed since."""
    context.archive.reextraction.undo(run, now=context.clock())
    return RedirectResponse(safe_next(form.get("next", ""), default="/health"), 303)
