"""View-model of a site's feeds before a subscription: a choice, or the reason why not. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from unabridged import urls
from unabridged.errors import UnabridgedError, without_login
from unabridged.feeds.discovery.page_links import FoundFeed
from unabridged.poll.failures import failure_of
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.views.sources.advice import plain_advice, plain_message

FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
"""Format of a feed document -> its name."""

_ADVICE: Mapping[str, str] = {
    "invalid-url": later("Write it as your browser shows it, for example https://example.org."),
    "host-not-found": later("Check the spelling. If it is right, try again later."),
    "timeout": later("Try again later. If a browser shows the site, it may be slow or shut programs out."),
    "connection": later("Try again later. If a browser shows the site, it may shut programs out."),
    "status": later("Open it in a browser to see whether it is there and whether it asks for a login."),
    "not-a-feed": later(
        "Look on the site for a link named RSS, Atom or feed, and paste the address of that link."
    ),
    "unreadable-feed": later("The feed is broken. Look on the site for another one, or tell the publisher."),
}
"""Kind of a failure -> what a person can do who gave an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChoice:
    """A feed that a site has. href: of its preview. known: path of the person's subscription, or ""."""

    url: str
    title: str
    address: str
    format: str
    href: str
    chosen: bool
    known: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProblem:
    """The reason why an address cannot be used, and what to do."""

    what: str
    advice: str


def feed_choices(
    found: Iterable[FoundFeed], given: str, chosen: str, folder: str, known: Mapping[str, str]
) -> tuple[FeedChoice, ...]:
    """Build the choice of feeds. given: as typed; known: address of a feed -> path of its subscription."""
    return tuple(
        FeedChoice(
            url=one.url,
            title=one.title or urls.readable(one.url),
            address=urls.readable(one.url),
            format=FORMATS.get(one.type or "", ""),
            href=f"/add?{urlencode({'url': given, 'feed': one.url, 'folder': folder})}",
            chosen=one.url == chosen,
            known=known.get(one.url, ""),
        )
        for one in found
    )


def add_problem(error: UnabridgedError) -> AddProblem:
    """Describe an error about an address that a person gave."""
    failure = failure_of(error)
    advice = gettext(_ADVICE.get(failure.kind, "")) or plain_advice(failure.kind, failure.advice)
    return AddProblem(what=plain_message(without_login(failure.message)), advice=advice)
