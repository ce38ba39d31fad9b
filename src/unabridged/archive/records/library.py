"""Records of the library and of re-extractions: tags, tokens, images, replays."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from unabridged.archive.records.core import Headline
from unabridged.archive.records.encoding import storable
from unabridged.errors import InvalidValue
from unabridged.model import Article, Entry
from unabridged.text.quotes import Quote

AfterEdit = Literal["keep", "marked", "always"]
AFTER_EDIT = "edited"
AFTER_EDITS: tuple[AfterEdit, ...] = ("keep", "marked", "always")
"""Values of the preference AFTER_EDIT: which read articles become unread when their publisher edits them, the
default first. keep: none; marked: those that the user starred or highlighted; always: all."""

Front = Literal["first", "longest"]
"""Article of a group of near-duplicates that a list shows: the one that came first, or the longest one."""

SHARE_MARKS = "share_marks"
SHARE_MARKS_CHOICES = ("own", "shared")
"""Values of the preference SHARE_MARKS: each article has its own marks, or near-duplicates share them."""

ReplayKind = Literal["same", "text", "head", "body", "details", "worse"]
"""Result of a re-extraction. same: no change; text: other words in the text; head: another title, by-line or
date; body: other markup, links or images; details: other notes only; worse: a worse text, rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayVerdict:
    """Result of a re-extraction compared with the stored version. words: number of differing words."""

    kind: ReplayKind
    reason: str
    words: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySource:
    """An article whose current version was extracted from a stored page, to be extracted again.

    snapshot: hash of that page; fetched: when it was fetched. entry: the feed's entry, the hint of that time.
    """

    article_id: int
    revision: int
    article: Article
    snapshot: str
    fetched: datetime | None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySelection:
    """Stored pages to extract again. feed: only articles that it showed. site: only pages of this host.

    since, until: only pages fetched from then on, and up to then.
    """

    feed: int | None = None
    site: str | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERY_PAGE = ReplaySelection()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayChange:
    """A re-extraction of the page of version `base`, to be saved if that version is still current."""

    article_id: int
    base: int
    article: Article
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """An applied re-extraction. asked: its options. articles: number of changed articles.

    finished: None if it was interrupted. undone: None unless it was undone.
    """

    id: int
    started: datetime
    finished: datetime | None
    undone: datetime | None
    asked: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """Result of undoing a replay. kept: articles with newer versions, which were not changed."""

    restored: int
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingImage:
    """An image to be fetched. attempts: number of attempts so far."""

    id: int
    url: str
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage:
    """A stored image. hash: SHA-256 of its bytes (hex). type: its media type."""

    url: str
    hash: str
    type: str
    body: bytes
    fetched: datetime


TokenScope = Literal["read", "write"]
TOKEN_PREFIX = "unabridged_"
"""Beginning of every token, by which people and secret scanners recognise one."""

TOKEN_SCOPES: tuple[TokenScope, ...] = ("read", "write")
"""read: read everything of the user; write: also mark, tag and subscribe."""


MAX_TAG_NAME = 100
"""Characters of a tag's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A user's tag, with the number of their articles that have it."""

    id: int
    name: str
    articles: int = 0
    unread: int = 0


def tag_name(text: str) -> str:
    """Normalize the name of a tag: one line, without white space around it. Raises ArchiveError."""
    name = " ".join(unicodedata.normalize("NFC", storable(text)).split())
    if not name or len(name) > MAX_TAG_NAME or any(unicodedata.category(sign) == "Cc" for sign in name):
        raise InvalidValue(
            f"{text[:40]!r} is no name for a tag: it takes 1 to {MAX_TAG_NAME} letters or signs."
        )
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """API token of a program that acts for a user. name: the program's. last_used: to the minute."""

    id: int
    user: int
    user_name: str
    name: str
    scope: TokenScope
    created: datetime
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A new token, with its secret, which is shown once and not stored."""

    secret: str
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A user's link to one version of an article. number: of the version; title: its title."""

    id: int
    user: int
    article_id: int
    number: int
    title: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShare:
    """A new share link, with its secret, which is shown once and not stored."""

    secret: str
    share: Share


LONGEST_QUOTE = 4000
LONGEST_NOTE = 2000
"""Characters of a highlight's words and of its note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """Words that a user marked in an article, with a note or "".

    number: of the version in which they were marked. title, url: of the article, as it is now.
    """

    id: int
    article_id: int
    number: int
    quote: Quote
    note: str
    created: datetime
    title: str
    url: str


LONGEST_MEDIA = 64
"""Characters of the key of a file that is played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A user's position in an audio or video file of an article, in seconds.

    media: key of the file within the article. length: of the file, None if it is not known yet.
    """

    article_id: int
    media: str
    seconds: int
    length: int | None
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedHeadlines:
    """A page of a list in which near-duplicates are folded. next: cursor for the page after it.

    under: number of an article in front -> numbers of those that are folded under it. lines: the headlines of
    the first 20 of them.
    """

    headlines: tuple[Headline, ...]
    next: str | None = None
    under: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    lines: Mapping[int, tuple[Headline, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedUnread:
    """Unread articles that are folded: in the list of all, and by number of a feed, folder, tag, search."""

    every: int = 0
    feeds: Mapping[int, int] = field(default_factory=dict)
    folders: Mapping[int, int] = field(default_factory=dict)
    tags: Mapping[int, int] = field(default_factory=dict)
    searches: Mapping[int, int] = field(default_factory=dict)
