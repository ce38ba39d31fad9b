"""The records of the archive: what is stored, what a reader asks for, what a write did.

All times are aware; those that the archive makes itself are UTC. Numbers called `id` are given by
the archive and never used twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from unabridged.config import FeedSettings
from unabridged.model import Article, Entry, Page

OWNER = 1
"""The number of the user who owns a private archive: the only one so far."""

FeedStatus = Literal["active", "paused", "gone"]
"""gone: the publisher answered 410, nothing is asked any more; everything kept stays."""

RevisionSource = Literal["feed", "page", "document", "jsonl", "replay"]
"""Where a version's text came from: the feed's own text, the publisher's page, an imported file; the page
we hold, read anew: no edit of the publisher's."""

PageState = Literal["waiting", "read", "failed", "skipped", "none"]
"""waiting: to be read; failed: tried without success; skipped: older than what a new subscription
reads; none: the entry has no address."""

ChangeKind = Literal["new", "same", "changed", "worse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server said to recognise a document again: kept byte for byte, quotes and `W/` too.

    body_sha256: hex digest of the decoded feed document, for servers that say nothing.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why something went wrong: kind is a word ("timeout"), advice what the user can do, or ""."""

    kind: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMove:
    """A feed's address changed: `status` is the redirect's (0: by the user's hand)."""

    old_url: str
    new_url: str
    status: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRedirect:
    """A permanent redirect seen but not followed for good yet. hits: consecutive polls that saw it."""

    to: str
    hits: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFeed:
    """One feed as the archive knows it. bucket: hash of the registrable domain, 0-255.

    ttl: seconds the feed asks for between polls; skip_hours (GMT), skip_days: when it asks for none.
    usual_gap: seconds between its sittings, the last of which was at last_post. notes: what had to be
    mended in its last document. failures: polls failed in a row, since failing_since.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedFeed:
    """A due feed, claimed by a worker until `until`; the token must come back with the result.

    own: how this feed is asked, where it differs from the others. pushed: a hub tells us of its news.
    """

    feed: StoredFeed
    token: str
    until: datetime
    own: FeedSettings = field(default_factory=FeedSettings)
    pushed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One user's subscription. title: the user's own, else the feed's, else its address.

    new: whether this call made it (False: it was there already). login_origin: where its login goes, of a
    feed that is at another origin now and gets none; else None.
    """

    user: int
    feed: StoredFeed
    title: str
    folder: str | None
    added: datetime
    new: bool = False
    articles: int = 0
    unread: int = 0
    login_origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """A feed as a list of subscriptions names it. title: the user's own, None: the feed's.

    paused, user_agent: how it stands and is asked, unless somebody here reads it already.
    """

    url: str
    folder: str | None = None
    title: str | None = None
    paused: bool = False
    user_agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A user's folder; its number does not change with its name.

    retain: seconds after which its articles are erased, None: never.
    """

    id: int
    name: str
    feeds: int = 0
    unread: int = 0
    retain: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where articles come from as the document tree names it: `slug` is a folder name, for ever.

    feed_id: None for imported documents and pages saved by hand.
    """

    id: int
    slug: str
    title: str
    feed_id: int | None
    articles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedEntries:
    """What came of a feed's entries. new: article numbers, in the feed's order.

    known: entries seen before. updated: articles whose text in the feed changed.
    """

    new: tuple[int, ...] = ()
    known: int = 0
    updated: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPage:
    """A page to be read: where, the feed's entry as a hint, and how often it was tried.

    held: its text is here already, and this is another look at it. published: the article's place in
    lists. validators: of the page that we hold. own: what its feed's settings say for this address.
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
    """What a save did to an article: `reason` says why in words ("12 of 340 words changed").

    revision: the number of the version that is current after it.
    """

    kind: ChangeKind
    article_id: int
    revision: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecord:
    """How the reading of an article's page stands. next_try_at: None when nothing is planned.

    taken_down: since when the publisher has had no such page any more, None where it has.
    """

    state: PageState
    attempts: int = 0
    tried: datetime | None = None
    next_try_at: datetime | None = None
    failure: Failure | None = None
    taken_down: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """An article's line in a list: no body.

    id: the article's number, for ever. item_id: the user's item (None: not delivered to them).
    at: the time that orders lists (published, never after it was first seen).
    feed_id, feed_title: the feed that showed it first, None for imports and saved pages.
    source: slug of its folder in the document tree. muted: why a rule of the user's set it aside.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article with its current version, the user's marks and how its page stands.

    revised: when this version was saved. fetched: when its page was fetched, None where none was.
    content_hash: SHA-256 in hex of the version's record. snapshot: hash of the raw page. muted: why a rule
    of the user's set it aside. delivered: when it came to the user; changed: when they last marked it.
    same_as: the number of the article that this one turned out to be, under another address; lists, search
    and exports show that one alone.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which articles, newest first. All conditions hold together.

    feed: a feed's number; folder: a folder's number; source: a slug; tag: a tag's number; muted: only what
    mute rules set aside. since, until: of the time that orders lists, until not included; came: delivered
    to the user at this time or later. before: the `next` of the page of results before. limit: 1-1000.
    """

    feed: int | None = None
    folder: int | None = None
    source: str | None = None
    unread: bool = False
    starred: bool = False
    tag: int | None = None
    muted: bool = False
    since: datetime | None = None
    until: datetime | None = None
    came: datetime | None = None
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Headlines:
    """A page of headlines. next: cursor for the page after it, None at the end."""

    headlines: tuple[Headline, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """A page of whole articles. next: cursor for the page after it, None at the end.

    damaged: for each article that cannot be read and is passed over, a line that names it.
    """

    articles: tuple[StoredArticle, ...]
    next: str | None = None
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLine:
    """One version in an article's history, without its text."""

    number: int
    source: RevisionSource
    saved: datetime
    content_hash: str
    snapshot: str | None
    title: str
    words: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRevision:
    """One version of an article, whole. entry: the feed's entry it was made of, where it was."""

    article_id: int
    line: RevisionLine
    article: Article
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One look at an article's page, whatever came of it.

    kind "failed": no page was got; "gone": the publisher has taken it down.
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

    url, status, headers, fetched: of the first fetch that brought them.
    """

    hash: str
    body: bytes
    url: str
    status: int
    headers: Mapping[str, str]
    fetched: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedVersion:
    """A version of an article's history, from a file. number: as it was there. saved: when it was, there."""

    number: int
    saved: datetime
    reason: str
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A version from a file. source: slug of its folder, number: its place there (None: a new one).

    first_seen: when the file says that somebody first saw it; None: now. revised: when it says that this
    version was saved. revision, older: the number of this version and the others, of a file that has the
    whole history: taken in with an article that is new. read, starred, tags: the user's marks; they are
    added, never taken away.
    """

    article: Article
    origin: RevisionSource
    source: str
    source_title: str | None = None
    number: int | None = None
    first_seen: datetime | None = None
    revised: datetime | None = None
    revision: int = 1
    older: tuple[ImportedVersion, ...] = ()
    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPage:
    """A page that somebody else fetched, at `page.fetched`, with the article made of it."""

    article: Article
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedArticle:
    """An article with its permanent place in the document tree."""

    number: int
    stored: StoredArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is for a user."""

    articles: int
    unread: int
    starred: int
    feeds: int
    revisions: int
    snapshots: int
    pages_waiting: int
