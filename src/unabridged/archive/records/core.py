"""Records of feeds, articles and versions: as stored, as queried, and results of writes.

All times are aware; those that the archive makes itself are UTC. Numbers called `id` are assigned by
the archive and never reused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from unabridged.archive.records.query_tree import SearchScope
from unabridged.config import FeedSettings
from unabridged.model import WHOLE_KINDS, Article, Entry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

OWNER = 1
"""The number of the user who owns a private archive: the only one so far."""

FeedStatus = Literal["active", "paused", "gone"]
"""gone: the publisher answered 410; the feed is no longer polled, and its articles stay."""

RevisionSource = Literal["feed", "page", "document", "jsonl", "replay", "archive"]
"""page: the publisher's; document, jsonl: imported; replay: a stored page again; archive: a web archive's."""

VERSION_LABELS: Mapping[RevisionSource, str] = {
    "feed": "the feed’s own text",
    "page": "the whole text, from its page",
    "document": "imported from an archive document",
    "jsonl": "imported from a file",
    "replay": "the same page, read again by a newer extractor",
    "archive": "its page, from a web archive",
}
"""Source of a version that is no edit -> what people call it."""

PageState = Literal["waiting", "read", "failed", "skipped", "none"]
"""waiting: to be fetched; failed: tried without success; skipped: older than what a new subscription
fetches; none: the entry has no URL."""

ChangeKind = Literal["new", "same", "changed", "worse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """HTTP validators of a document, stored byte for byte, with quotes and `W/`.

    body_sha256: hex digest of the decoded feed document, for servers that send no validators.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failure: kind is a word ("timeout"), advice is what the user can do, or ""."""

    kind: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMove:
    """A change of a feed's URL: `status` is that of the redirect (0: changed by the user)."""

    old_url: str
    new_url: str
    status: int
    at: datetime


CONFIRMED_HITS = 3
"""Polls in a row after which a permanent redirect counts as confirmed: hotel networks send some, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRedirect:
    """A permanent redirect that is not confirmed yet. hits: consecutive polls that saw it.

    With CONFIRMED_HITS, it leads to the address of another feed, so that the feed could not be moved.
    """

    to: str
    hits: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFeed:
    """A stored feed. bucket: hash of the registrable domain, 0-255.

    ttl: seconds that the feed asks for between polls; skip_hours (GMT), skip_days: when it asks for none.
    usual_gap: seconds between its bursts of posts, the last of which was at last_post. notes: repairs of
    its last document. failures: number of polls failed in a row, since failing_since. interval: seconds
    between polls that a person chose, None: learned. full_text: the pages of its articles are fetched.
    """

    id: int
    url: str
    title: str
    site_url: str | None
    description: str
    language: str | None
    icon: str | None
    status: FeedStatus
    bucket: int
    added: datetime
    ttl: int | None = None
    hubs: tuple[str, ...] = ()
    validators: Validators = field(default_factory=Validators)
    next_poll_at: datetime | None = None
    last_polled: datetime | None = None
    last_ok: datetime | None = None
    failures: int = 0
    last_failure: Failure | None = None
    redirect: PendingRedirect | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    usual_gap: int | None = None
    last_post: datetime | None = None
    notes: tuple[str, ...] = ()
    failed_at: datetime | None = None
    failing_since: datetime | None = None
    interval: int | None = None
    full_text: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedFeed:
    """A feed leased to a worker until `until`; the token must be passed back with the result.

    own: request settings of this feed. pushed: a hub notifies us of its updates.
    """

    feed: StoredFeed
    token: str
    until: datetime
    own: FeedSettings = field(default_factory=FeedSettings)
    pushed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A user's subscription. title: the user's own, else the feed's, else its URL.

    folder_id: number of its folder, None in none. new: True if this call made it, False if it existed.
    login_origin: origin to which its login belongs, if the feed has moved to another origin and therefore
    gets no login; else None.
    """

    user: int
    feed: StoredFeed
    title: str
    folder: str | None
    added: datetime
    folder_id: int | None = None
    new: bool = False
    articles: int = 0
    unread: int = 0
    login_origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed in an imported list of subscriptions. title: the user's own, None: the feed's.

    paused, user_agent, interval, full_text: its settings, unless somebody has subscribed to it here already.
    """

    url: str
    folder: str | None = None
    title: str | None = None
    paused: bool = False
    user_agent: str | None = None
    interval: int | None = None
    full_text: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A user's folder; its number does not change with its name.

    retain: seconds after which its articles are deleted, None: never.
    """

    id: int
    name: str
    feeds: int = 0
    unread: int = 0
    retain: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Origin of articles in the document tree: `slug` is its permanent folder name.

    feed_id: None for imported documents and pages saved by hand.
    """

    id: int
    slug: str
    title: str
    feed_id: int | None
    articles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPage:
    """A page to be fetched: its URL, the feed's entry as a hint, and the number of attempts.

    held: its text is stored already, and this is a recheck. published: the time that orders the article in
    lists. validators: of the stored page. own: request settings of its feed.
    """

    article_id: int
    url: str
    entry: Entry | None = None
    feed_id: int | None = None
    attempts: int = 0
    held: bool = False
    published: datetime | None = None
    validators: Validators = field(default_factory=Validators)
    own: FeedSettings = field(default_factory=FeedSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Result of saving an article: `reason` explains it in words ("12 of 340 words changed").

    revision: number of the current version after it.
    """

    kind: ChangeKind
    article_id: int
    revision: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """Fetch state of an article's page. next_try_at: None when no fetch is scheduled.

    taken_down: time since which the publisher has removed the page, else None.
    """

    state: PageState
    attempts: int = 0
    tried: datetime | None = None
    next_try_at: datetime | None = None
    failure: Failure | None = None
    taken_down: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article in a list, without its body.

    id: the article's permanent number. item_id: the user's item (None: not delivered to them).
    at: the time that orders lists (published, never after it was first seen).
    feed_id, feed_title: the feed that had it first, None for imports and saved pages.
    source: slug of its folder in the document tree. muted: reason of the mute rule that matched it.
    edits: how often the publisher edited it; edited: when the last edit was noticed, None without one.
    """

    id: int
    item_id: int | None
    url: str
    title: str
    summary: str
    authors: tuple[str, ...]
    lead_image: str | None
    language: str | None
    at: datetime
    published: datetime | None
    first_seen: datetime
    words: int
    feed_id: int | None
    feed_title: str | None
    source: str
    read: bool
    starred: bool
    page_state: PageState
    muted: str | None = None
    edits: int = 0
    edited: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article with its current version, the user's marks and the state of its page.

    revised: when this version was saved. fetched: when its page was fetched, None without a page.
    content_hash: SHA-256 in hex of the version's record. snapshot: hash of the raw page. muted: reason of
    the mute rule that matched it. delivered: when the user got it; changed: when they last marked it.
    same_as: number of the article of which this one is a duplicate, under another URL; lists, search and
    exports show only that one. edits, edited: as in `Headline`.
    """

    id: int
    item_id: int | None
    article: Article
    revision: int
    revision_source: RevisionSource
    revised: datetime
    content_hash: str
    at: datetime
    first_seen: datetime
    feed_id: int | None
    feed_title: str | None
    source: str
    page: PageRecord
    fetched: datetime | None = None
    snapshot: str | None = None
    read: bool = False
    starred: bool = False
    muted: str | None = None
    delivered: datetime | None = None
    changed: datetime | None = None
    same_as: int | None = None
    edits: int = 0
    edited: datetime | None = None

    @property
    def list_cursor(self) -> str:
        """Cursor of a page of any list, not of a search, that begins with this article."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}_{self.id + 1}"

    @property
    def oldest_cursor(self) -> str:
        """Cursor of a page of any list in the order oldest first that begins with this article."""
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}_{self.id - 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Conditions of a list of articles, newest first unless `oldest`. All of them must hold.

    feed: a feed's number; folder: a folder's number; source: a slug; tag: a tag's number; muted: only muted
    articles; search: a saved search. since, until: bounds of the time that orders lists, until excluded;
    came: delivered to the user at this time or later. read_since: an unread list also has what was read at
    this time or later. beyond: an item's number: only items made after it. lately_starred: in the order in
    which articles were starred. before: the `next` of the previous page of results, in the same order.
    limit: 1-1000.
    """

    feed: int | None = None
    folder: int | None = None
    source: str | None = None
    unread: bool = False
    starred: bool = False
    tag: int | None = None
    muted: bool = False
    search: SearchScope | None = None
    since: datetime | None = None
    until: datetime | None = None
    came: datetime | None = None
    read_since: datetime | None = None
    beyond: int | None = None
    oldest: bool = False
    lately_starred: bool = False
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The articles of a list that are newer, or older, than one of them."""

    article_id: int
    side: Literal["newer", "older"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """A page of headlines. next: cursor for the page after it, None at the end."""

    headlines: tuple[Headline, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """A page of whole articles. next: cursor for the page after it, None at the end.

    damaged: a message for each article that cannot be read and is skipped.
    """

    articles: tuple[StoredArticle, ...]
    next: str | None = None
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """One version in an article's history, without its text.

    edit: it is an edit by the publisher. fetched: when its page was fetched, None without a page.
    completeness: as in `Article.completeness`. origin: address at the web archive that its page comes from.
    """

    number: int
    source: RevisionSource
    saved: datetime
    content_hash: str
    snapshot: str | None
    title: str
    words: int
    reason: str
    edit: bool = False
    fetched: datetime | None = None
    completeness: str = "full"
    origin: str | None = None

    @property
    def label(self) -> str:
        """Return in a few words what this version is, for people."""
        if self.edit:
            return "edited by the publisher"
        if self.source == "page" and self.completeness not in WHOLE_KINDS:
            return "its page, not the whole text"
        return VERSION_LABELS[self.source]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """A complete version of an article. entry: the feed's entry that it was made of, if any.

    record: the stored bytes of the article, of which `line.content_hash` is the SHA-256.
    """

    article_id: int
    line: RevisionLine
    article: Article
    entry: Entry | None = None
    record: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One fetch of an article's page, with its result.

    kind "failed": no page was received; "gone": the publisher has removed it.
    """

    at: datetime
    kind: Literal["new", "same", "changed", "worse", "failed", "gone"]
    reason: str
    url: str
    status: int | None = None
    revision: int | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The raw bytes of a page, under the SHA-256 of those bytes (hex).

    url, status, headers, fetched: of the first fetch that returned them.
    """

    hash: str
    body: bytes
    url: str
    status: int
    headers: Mapping[str, str]
    fetched: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedArticle:
    """An article with its permanent number in the document tree."""

    number: int
    stored: StoredArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCounts:
    """Numbers that every page of a reader shows. is_empty: the user has no article and no feed."""

    unread: int
    starred: int
    feeds: int
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Numbers of articles, feeds, versions and pages of a user."""

    articles: int
    unread: int
    starred: int
    feeds: int
    revisions: int
    snapshots: int
    pages_waiting: int
