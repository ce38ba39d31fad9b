"""Failures as stored on a feed's or an article's record: kind, message, advice, and sets of HTTP statuses."""

from collections.abc import Mapping

from unabridged.archive.records.core import Failure
from unabridged.errors import (
    BadStatus,
    ExtractError,
    FeedError,
    FeedFault,
    FeedKilledReader,
    FetchError,
    HeadlineNotFound,
    InvalidURL,
    ListVanished,
    NotAFeed,
    NotAPage,
    UnabridgedError,
)
from unabridged.fetch.client import SILENCING

NOT_FOUND = 404
GONE = 410

BACK_OFF_STATUSES = SILENCING
"""Statuses (429, 503) with which a site asks for fewer requests."""

PERMANENT_STATUSES = frozenset((GONE, 451))
"""Statuses after which a page is not tried again."""

TAKEN_DOWN_STATUSES = frozenset((NOT_FOUND, GONE))
"""Statuses that mean, for an article that was read before, that its publisher took it down."""

NO_IMAGE_STATUSES = frozenset((401, 403, NOT_FOUND)) | PERMANENT_STATUSES
"""Statuses after which an image is not tried again."""

_KINDS: tuple[tuple[type[UnabridgedError], str], ...] = (
    (InvalidURL, "invalid-url"),
    (FeedKilledReader, "feed-too-heavy"),
    (FeedFault, "fault"),
    (NotAFeed, "not-a-feed"),
    (ListVanished, "list-vanished"),
    (HeadlineNotFound, "headline-not-found"),
    (FeedError, "unreadable-feed"),
    (NotAPage, "not-a-page"),
    (ExtractError, "extract"),
)
"""Error class -> kind; the first row that matches counts. A FetchError has its own kind."""

_ADVICE: Mapping[str, str] = {
    "host-not-found": "If this lasts, look for the feed's new address with `unabridged find`.",
    "timeout": "If this lasts, raise `timeout` under [fetch].",
    "refused": "Allow the host under [fetch] allow_private if you meant it.",
    "too-large": "Raise the cap under [fetch] if you trust the site.",
    "redirects": "Open the address in a browser and use the one it ends at.",
    "connection": "Nothing to do unless this lasts.",
    "silent": "Nothing to do: it is asked again when the host allows it.",
    "robots": "Open it in a browser, or set `robots = false` under [fetch] if you read for yourself alone.",
    "status": "Open the address in a browser: the site may have moved the feed, or ask for a login.",
    "not-a-feed": "Look for the feed with `unabridged find`.",
    "list-vanished": 'Name a headline that the page shows now: `unabridged set FEED like="a headline"`.',
    "unreadable-feed": "Tell the publisher; every later version is tried again.",
    "feed-too-heavy": "Tell the publisher; every later version is tried again.",
    "fault": "Report it with the address; it is tried again later.",
    "not-a-page": "The link leads to a file that is not a web page; open it from the article.",
    "extract": "Nothing to do: the page is tried again later, and the feed's own text stays.",
}
"""Kind of failure -> what a person can do."""

_STATUS_ADVICE: Mapping[int, str] = {
    401: "Give a user name and password: `unabridged set FEED user=NAME password=-`.",
    402: "Subscribe at the publisher's.",
    403: "Open it in a browser; if it shows there, the site blocks programs.",
    NOT_FOUND: "Look for the new address with `unabridged find`.",
    GONE: "The publisher ended it; everything saved stays. Remove the subscription or give it a new address.",
    429: "Nothing to do: it is asked less often now.",
}
"""HTTP status -> what a person can do."""


def failure_of(exc: UnabridgedError) -> Failure:
    """Return the record to store for an error."""
    if isinstance(exc, BadStatus):
        advice = _STATUS_ADVICE.get(exc.status, "Nothing to do unless this lasts.")
        return Failure(kind=exc.kind, message=str(exc), advice=advice)
    kind = exc.kind if isinstance(exc, FetchError) else _kind_of(exc)
    return Failure(kind=kind, message=str(exc), advice=advice_for(kind))


def advice_for(kind: str) -> str:
    """Return what a person can do about a failure of a kind, "" if nothing is known."""
    return _ADVICE.get(kind, "")


def _kind_of(exc: UnabridgedError) -> str:
    return next((kind for cls, kind in _KINDS if isinstance(exc, cls)), "error")
