"""View-model of somebody's feed made whole without being kept. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from unabridged import urls
from unabridged.poll.poller import FullTextFeed
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.lists import Moment
from unabridged.text.scripts import direction as direction_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article, whole. body: safe HTML for output."""

    title: str
    url: str
    language: str | None
    direction: str
    byline: str
    body: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A feed as its visitor sees it. url: as asked for, to subscribe to."""

    title: str
    url: str
    description: str
    site: str
    pieces: tuple[Piece, ...]


def view(made: FullTextFeed, url: str, moment: Moment, *, rewritten: Callable[[str], str]) -> Outside:
    """Build the page of a feed that is read in passing."""
    pieces = []
    for item in made.items:
        article = item.article
        language = formatting.language_of(
            article.language or made.feed.language, article.text or article.title
        )
        when = formatting.moment(article.published, moment.zone) if article.published else ""
        pieces.append(
            Piece(
                title=article.title or lists.untitled(article.text, article.url),
                url=urls.web_address(article.url) or "",
                language=language,
                direction=direction_of(language),
                byline=" · ".join(filter(None, (", ".join(article.authors), when))),
                body=rewritten(article.body),
                note="; ".join(article.warnings),
            )
        )
    return Outside(
        title=made.document.title,
        url=url,
        description=made.document.description,
        site=urls.host(made.document.site_url or made.feed.url),
        pieces=tuple(pieces),
    )
