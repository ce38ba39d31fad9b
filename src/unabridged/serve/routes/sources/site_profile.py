"""Routes of what was learnt about a site of a feed's articles: shown, tried, learnt, pinned, forgotten."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from unabridged.archive.records.core import Subscription
from unabridged.archive.records.library import ReplaySource
from unabridged.archive.records.sites import StoredProfile
from unabridged.errors import ArchiveError, ExtractError, InvalidValue, NotFound
from unabridged.poll.extractor.suspect_pages import suspect_pages
from unabridged.poll.pages.reextract import stored_page
from unabridged.poll.pages.site_learning import learn_site
from unabridged.serve.context import AppContext, Context, Form
from unabridged.serve.diff_child import DiffTask
from unabridged.serve.languages.messages import gettext
from unabridged.serve.routes.pages import Id
from unabridged.serve.routes.sources.jobs import reextraction_of
from unabridged.serve.routes.sources.site_rules import PREVIEW_SECONDS, PREVIEWED
from unabridged.serve.security import safe_next
from unabridged.serve.views import lists
from unabridged.serve.views.sources.site_profile import (
    ProfileTrial,
    hosts_of,
    meanwhile,
    site_view,
    trial_view,
)
from unabridged.serve.views.sources.site_rules import PreviewView, rule_name
from unabridged.urls import host

router = APIRouter()


@router.get("/feeds/{feed_id}/site")
def site_page(request: Request, context: Context, feed_id: Id, site: str = "") -> Response:
    """Show what was learnt about a site of the feed's articles, with its evidence."""
    return _page(request, context, feed_id, site=site)


def _page(
    request: Request,
    context: AppContext,
    feed_id: int,
    *,
    site: str = "",
    preview: PreviewView | None = None,
    done: str = "",
    error: str = "",
) -> Response:
    subscription = context.library.subscriptions.get(feed_id)
    sites = hosts_of([one.article.url for one in _newest(context, feed_id)], _address(subscription))
    chosen = site if site in sites else sites[0]
    stored, moment = context.archive.sites.profile(chosen), context.moment()
    pages = suspect_pages(context.archive, stored, moment.now) if stored is not None else None
    rules = context.archive.feeds.site_rules().get(rule_name(chosen.removeprefix("www.")), "")
    return context.render(
        request,
        "site_profile.html",
        status=422 if error else 200,
        sidebar=context.sidebar(),
        title=gettext("What was learnt about {site}").format(site=chosen),
        line=lists.feed_line(subscription, moment),
        sites=sites,
        site=chosen,
        view=site_view(
            stored, moment, learns=context.poller.context.settings.learn, has_rules=bool(rules.strip())
        ),
        meanwhile=meanwhile(pages),
        may_replay=pages is not None and not pages.replayed and stored is not None and not stored.alarm,
        jobs=reextraction_of(context, feed_id),
        preview=preview,
        done=done,
        error=error,
    )


def _newest(context: AppContext, feed_id: int) -> Sequence[ReplaySource]:
    return context.archive.reextraction.newest_sources(feed_id, limit=5 * PREVIEWED)


def _address(subscription: Subscription) -> str:
    return subscription.feed.site_url or subscription.feed.url


@router.post("/feeds/{feed_id}/site/preview")
async def preview(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Read stored pages of the newest articles by what was learnt; nothing is saved and nothing is
    fetched."""
    await asyncio.to_thread(context.library.subscriptions.get, feed_id)
    site = form.get("site", "")
    stored = await asyncio.to_thread(context.archive.sites.profile, site)
    newest = await asyncio.to_thread(_newest, context, feed_id)
    some = [one for one in newest if host(one.article.url) == site][:PREVIEWED]
    until = asyncio.get_running_loop().time() + PREVIEW_SECONDS
    body = stored.body if stored is not None else ""
    trials = await asyncio.gather(*(_try_on(context, one, body, until) for one in some if body))
    return await asyncio.to_thread(
        _page, request, context, feed_id, site=site, preview=trial_view(trials) if body else None
    )


async def _try_on(context: AppContext, source: ReplaySource, body: str, until: float) -> ProfileTrial:
    before, number = source.article, source.article_id
    try:
        async with asyncio.timeout_at(until):
            page = await stored_page(context.archive, source)
            extractor = context.poller.context.extractor
            trial = await extractor.try_profile(page, body, entry=source.entry, now=page.fetched)
            if trial.part is None:
                return ProfileTrial(article_id=number, before=before, trial=trial)
            made = trial.part.article
            texts = DiffTask(text=(before.text, made.text), title=(before.title, made.title))
            compared = await context.diff_pool.compare(texts)
    except TimeoutError:
        return ProfileTrial(article_id=number, before=before, problem=gettext("It took too long."))
    except (ExtractError, ArchiveError) as exc:
        return ProfileTrial(article_id=number, before=before, problem=str(exc))
    return ProfileTrial(article_id=number, before=before, trial=trial, compared=compared)


@router.post("/feeds/{feed_id}/site")
async def change(request: Request, context: Context, feed_id: Id, form: Form) -> Response:
    """Learn a site, pin what was learnt, let it be learnt again, forget it, or read pages again."""
    site, action = form.get("site", ""), _ACTIONS.get(form.get("do", ""))
    subscription = await asyncio.to_thread(context.library.subscriptions.get, feed_id)
    newest = await asyncio.to_thread(_newest, context, feed_id)
    if site not in hosts_of([one.article.url for one in newest], _address(subscription)):
        raise InvalidValue(gettext("This feed has no article of that site."))
    if action is None:
        raise InvalidValue(gettext("Reload the page: this button is no longer there."))
    error = done = ""
    try:
        done = await action(context, feed_id, site)
    except (NotFound, InvalidValue) as exc:
        error = str(exc)
    await context.poller.refresh_rules()
    if not error and (back := form.get("next", "")):
        return RedirectResponse(safe_next(back, default="/health"), 303)
    return await asyncio.to_thread(_page, request, context, feed_id, site=site, done=done, error=error)


async def _learn(context: AppContext, feed_id: int, site: str) -> str:
    sites = context.archive.sites
    stored = await asyncio.to_thread(sites.profile, site) or StoredProfile(site=site)
    if stored.pinned:
        raise InvalidValue(gettext("It is pinned. Let it be learnt again first."))
    if not await asyncio.to_thread(sites.newest_pages, site, 1):
        raise NotFound(gettext("No page of this site is stored yet."))
    body = await learn_site(context.archive, context.poller.context.extractor, stored, context.clock())
    if not body:
        return gettext("Nothing could be learnt: the pages are too few, or have too little in common.")
    return gettext("The site is learnt.")


async def _pin(context: AppContext, feed_id: int, site: str) -> str:
    await asyncio.to_thread(context.archive.sites.pin, site)
    return gettext("It is pinned.")


async def _unpin(context: AppContext, feed_id: int, site: str) -> str:
    await asyncio.to_thread(context.archive.sites.pin, site, pinned=False)
    return gettext("It is learnt again from new pages.")


async def _forget(context: AppContext, feed_id: int, site: str) -> str:
    await asyncio.to_thread(context.archive.sites.forget, site)
    return gettext("It is forgotten. New pages of the site teach it again.")


async def _replay(context: AppContext, feed_id: int, site: str) -> str:
    stored = await asyncio.to_thread(context.archive.sites.profile, site)
    pages = None
    if stored is not None:
        pages = await asyncio.to_thread(suspect_pages, context.archive, stored, context.clock())
    if pages is None:
        raise NotFound(gettext("There is no article to read again."))
    extractor = context.poller.context.extractor
    context.background.start(context.reextractions.run(extractor, feed_id, pages))
    await asyncio.sleep(0)  # the task begins, so that the page that follows shows it
    return gettext("These articles are being read again. A worse text never replaces a better one.")


_ACTIONS: Mapping[str, Callable[[AppContext, int, str], Awaitable[str]]] = {
    "learn": _learn,
    "pin": _pin,
    "unpin": _unpin,
    "forget": _forget,
    "replay": _replay,
}
