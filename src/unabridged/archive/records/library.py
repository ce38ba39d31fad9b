"""The records of the library and of replays: what people made, what a re-extraction would change."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from unabridged.archive.records.encoding import storable
from unabridged.errors import ArchiveError
from unabridged.model import Article, Entry

ReplayKind = Literal["same", "text", "head", "body", "details", "worse"]
"""What a re-extraction makes of an article: nothing new; other words in its text; another title, by-line
or date; other markup, links or pictures; other notes only; something worse, which is not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayVerdict:
    """What a re-extraction is, compared with the version we have. words: how many differ."""

    kind: ReplayKind
    reason: str
    words: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySource:
    """An article whose current version was made of a page that we hold, to be made again.

    snapshot: hash of that page; fetched: when it was. entry: of the feed, as the hint it was then.
    """

    article_id: int
    revision: int
    article: Article
    snapshot: str
    fetched: datetime | None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayChange:
    """A version made anew of the page behind version `base`, to be saved if that is still current."""

    article_id: int
    base: int
    article: Article
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A re-extraction that was applied. asked: with what options. articles: how many it changed.

    finished: None for one that was broken off. undone: None for one that holds.
    """

    id: int
    started: datetime
    finished: datetime | None
    undone: datetime | None
    asked: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What taking a replay back came to. kept: articles with newer versions, which were left alone."""

    restored: int
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingImage:
    """A picture to be fetched. attempts: so far."""

    id: int
    url: str
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage:
    """A picture that is kept, under the SHA-256 of its bytes (hex). type: its media type."""

    url: str
    hash: str
    type: str
    body: bytes
    fetched: datetime


MuteField = Literal["title", "author", "url", "text", "tag"]
MuteKind = Literal["words", "regex"]

TokenScope = Literal["read", "write"]
TOKEN_SCOPES: tuple[TokenScope, ...] = ("read", "write")
"""read: look at everything of the user's; write: mark, tag, subscribe, too."""


MAX_TAG_NAME = 100
"""Characters of a tag's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A user's tag, and how many of their articles it is on."""

    id: int
    name: str
    articles: int = 0
    unread: int = 0


def tag_name(text: str) -> str:
    """Normalize the name of a tag: one line, without white space around it. Raises ArchiveError."""
    name = " ".join(unicodedata.normalize("NFC", storable(text)).split())
    if not name or len(name) > MAX_TAG_NAME or any(unicodedata.category(sign) == "Cc" for sign in name):
        raise ArchiveError(
            f"{text[:40]!r} is no name for a tag: it takes 1 to {MAX_TAG_NAME} letters or signs."
        )
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What lets a program in on a user's behalf. name: the program's. last_used: to the minute."""

    id: int
    user: int
    user_name: str
    name: str
    scope: TokenScope
    created: datetime
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token just made, with the secret that is shown once and kept nowhere."""

    secret: str
    token: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteRule:
    """A user's rule: articles whose `field` has these words, or matches, are delivered as read.

    feed_id: only those that this feed showed; None: all.
    """

    id: int
    field: MuteField
    kind: MuteKind
    pattern: str
    feed_id: int | None
    created: datetime
