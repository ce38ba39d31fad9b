"""View-model of the full-text version of any feed, without a subscription. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from unabridged import urls
from unabridged.poll.poller import FullTextFeed
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting
from unabridged.serve.views.lists import Moment
from unabridged.text.scripts import direction as direction_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedArticle:
    """One full article. body: safe HTML for output."""

    title: str
    url: str
    language: str | None
    direction: str
    byline: str
    body: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyFeedView:
    """A feed with its full articles. url: as requested, to subscribe to."""

    title: str
    url: str
    description: str
    site: str
    articles: tuple[FeedArticle, ...]


def any_feed_view(
    feed: FullTextFeed, url: str, moment: Moment, *, rewrite_body: Callable[[str], str]
) -> AnyFeedView:
    """Build the page of a feed without a subscription. rewrite_body: prepares HTML for output."""
    articles = []
    for item in feed.items:
        article = item.article
        language = formatting.language_of(
            article.language or feed.feed.language, article.text or article.title
        )
        when = formatting.zoned_time(article.published, moment.zone) if article.published else ""
        articles.append(
            FeedArticle(
                title=article.title or formatting.fallback_title(article.text, article.url),
                url=urls.web_address(article.url) or "",
                language=language,
                direction=direction_of(language, article.text or article.title),
                byline=" · ".join(filter(None, (", ".join(article.authors), when))),
                body=rewrite_body(article.html),
                note="; ".join(map(reported, article.warnings)),
            )
        )
    return AnyFeedView(
        title=feed.document.title,
        url=url,
        description=feed.document.description,
        site=urls.host(feed.document.site_url or feed.feed.url),
        articles=tuple(articles),
    )
