"""An error as it is written on a feed's or an article's record: kind, words, advice."""

from unabridged.archive.records.core import Failure
from unabridged.errors import (
    BadStatus,
    ExtractError,
    FeedError,
    FeedFault,
    FeedKilledReader,
    FetchError,
    InvalidURL,
    NotAFeed,
    NotAPage,
    UnabridgedError,
)

_KINDS: tuple[tuple[type[UnabridgedError], str], ...] = (
    (InvalidURL, "invalid-url"),
    (FeedKilledReader, "feed-too-heavy"),
    (FeedFault, "fault"),
    (NotAFeed, "not-a-feed"),
    (FeedError, "unreadable-feed"),
    (NotAPage, "not-a-page"),
    (ExtractError, "extract"),
)
"""First row that fits. Errors of fetching carry their own kind."""

_ADVICE = {
    "host-not-found": "If this lasts, look for the feed's new address with `unabridged find`.",
    "timeout": "If this lasts, raise `timeout` under [fetch].",
    "refused": "Allow the host under [fetch] allow_private if you meant it.",
    "too-large": "Raise the cap under [fetch] if you trust the site.",
    "redirects": "Open the address in a browser and use the one it ends at.",
    "connection": "Nothing is to be done unless this lasts.",
    "silent": "Nothing is to be done: it is asked when the host allows it.",
    "robots": "Open it in a browser, or set `robots = false` under [fetch] if you read for yourself alone.",
    "not-a-feed": "Look for the feed with `unabridged find`.",
    "unreadable-feed": "Tell the publisher; every later version is tried again.",
    "feed-too-heavy": "Tell the publisher; every later version is tried again.",
    "fault": "Report it with the address; it is tried again later.",
    "not-a-page": "The link leads to a file that is no web page; open it from the article.",
    "extract": "The page is tried again later; the feed's own text stays.",
}

_STATUS_ADVICE = {
    401: "Give a user name and password: `unabridged set FEED user=NAME password=-`.",
    402: "Subscribe at the publisher's.",
    403: "Open it in a browser; if it shows there, the site blocks programs.",
    404: "Look for the new address with `unabridged find`.",
    410: "The publisher ended it; everything kept stays. Remove the subscription or give it a new address.",
    429: "Nothing is to be done: it is asked less often now.",
}


def failure_of(exc: UnabridgedError) -> Failure:
    """Return what is written down about an error."""
    if isinstance(exc, BadStatus):
        advice = _STATUS_ADVICE.get(exc.status, "Nothing is to be done unless this lasts.")
        return Failure(kind=exc.kind, message=str(exc), advice=advice)
    kind = exc.kind if isinstance(exc, FetchError) else _kind_of(exc)
    return Failure(kind=kind, message=str(exc), advice=_ADVICE.get(kind, ""))


def _kind_of(exc: UnabridgedError) -> str:
    return next((kind for cls, kind in _KINDS if isinstance(exc, cls)), "error")
