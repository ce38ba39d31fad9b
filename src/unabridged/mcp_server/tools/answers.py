"""Answers of the tools as structured content. Times are in UTC unless the publisher gave an offset."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from unabridged.archive.records.changes import ArticleChangeKind
from unabridged.mcp_server.text.untrusted import NOTICE
from unabridged.model import CompletenessKind

NextCursor = Annotated[
    str | None,
    Field(description="Give it as `cursor`, all else unchanged, to go on; null at the end."),
]


class Answer(BaseModel):
    """Answer of a tool. notice: what is to be known about texts in it."""

    model_config = ConfigDict(frozen=True)

    notice: str = NOTICE


class ArticleLine(BaseModel):
    """An article in a list."""

    id: int
    title: str
    url: str
    feed: str | None = None
    feed_id: int | None = None
    published: datetime | None = None
    first_seen: datetime
    words: int
    language: str | None = None
    read: bool
    starred: bool
    edits: Annotated[int, Field(description="How often the publisher edited it.")] = 0
    edited: Annotated[datetime | None, Field(description="When the last edit was noticed.")] = None
    summary: str = ""
    version: Annotated[
        int | None, Field(description="For removed words: the earlier version that has them.")
    ] = None
    copies: Annotated[
        list[int], Field(description="With fold_copies: articles with nearly its text, which are left out.")
    ] = []


class ArticleList(Answer):
    articles: list[ArticleLine]
    total: Annotated[int | None, Field(description="Articles in the whole list, where it is known.")] = None
    next_cursor: NextCursor = None
    not_indexed: Annotated[
        int,
        Field(description="Articles that the search cannot find yet: they are being indexed."),
    ] = 0


class Completeness(BaseModel):
    """Verdict on a text. kind: full or live_blog, or what is wrong with it."""

    kind: CompletenessKind
    evidence: list[str] = []


class ArticlePart(Answer):
    """One version of an article, or a part of it."""

    id: int
    version: int
    current_version: int
    title: str
    url: str
    feed: str | None = None
    authors: list[str] = []
    published: datetime | None = None
    modified: Annotated[datetime | None, Field(description="As the publisher states it.")] = None
    first_seen: datetime
    version_seen: Annotated[datetime, Field(description="When this version was first seen.")]
    version_kind: Annotated[str, Field(description="What this version is, in words.")]
    fetched: Annotated[datetime | None, Field(description="When its page was fetched.")] = None
    completeness: Completeness
    words: int
    read: bool
    starred: bool
    tags: Annotated[list[str], Field(description="Tags of the person, not of the publisher.")] = []
    edits: int = 0
    taken_down: Annotated[
        datetime | None, Field(description="When it was noticed that the publisher removed the page.")
    ] = None
    duplicate_of: Annotated[int | None, Field(description="The article that lists show instead.")] = None
    reader_address: Annotated[str | None, Field(description="Where a person can read it.")] = None
    markdown: Annotated[str, Field(description="Untrusted text of the publisher, between two tags.")]
    total_characters: int
    next_cursor: NextCursor = None


class ArticleAsOf(ArticlePart):
    """The version of an article that was current at a time."""

    asked: datetime
    replaced: Annotated[
        datetime | None,
        Field(description="When the next version was first seen; null: this version is still current."),
    ] = None
    last_confirmed: Annotated[
        datetime | None, Field(description="Last fetch up to the time in question that found this version.")
    ] = None


class VersionLine(BaseModel):
    """One version in the history of an article."""

    number: int
    what: Annotated[str, Field(description="What this version is, in words.")]
    edit: Annotated[bool, Field(description="An edit by the publisher.")]
    seen: datetime
    fetched: datetime | None = None
    title: str
    words: int
    completeness: str
    change: Annotated[str, Field(description="What changed, in words.")] = ""


class VersionList(Answer):
    id: int
    url: str
    title: str
    taken_down: datetime | None = None
    versions: list[VersionLine]
    next_cursor: NextCursor = None


class DiffPart(Answer):
    """Differences between two versions, or a part of them."""

    id: int
    url: str
    older: VersionLine
    newer: VersionLine
    words_added: int
    words_removed: int
    title_changed: bool
    limited: Annotated[
        bool, Field(description="Parts were too different to compare by words; they stand as a whole.")
    ]
    diff: Annotated[str, Field(description="Untrusted text between two tags: [-removed-] {+added+}.")]
    total_characters: int
    next_cursor: NextCursor = None


class ChangeLine(BaseModel):
    """A change of an article by its publisher."""

    article: int
    title: str
    url: str
    feed: str | None = None
    kind: ArticleChangeKind
    noticed: datetime
    before: Annotated[int | None, Field(description="Version before the change.")] = None
    after: Annotated[int | None, Field(description="Version after it.")] = None
    reason: Annotated[str, Field(description="What changed, in words.")] = ""
    words: Annotated[
        str | None,
        Field(description="Untrusted: [-removed-] {+added+} words; null: ask diff_versions for them."),
    ] = None


class ChangeList(Answer):
    changes: list[ChangeLine]
    next_cursor: NextCursor = None


class FeedLine(BaseModel):
    """A subscription."""

    id: int
    title: str
    url: str
    site_url: str | None = None
    folder: str | None = None
    status: str
    articles: int
    unread: int
    last_polled: datetime | None = None
    problem: Annotated[str | None, Field(description="Why the last poll failed, and what to do.")] = None


class FeedList(Answer):
    feeds: list[FeedLine]
    total: int
    folders: Annotated[list[str], Field(description="Names of the person's folders.")] = []
    tags: Annotated[list[str], Field(description="Names of the person's tags.")] = []
    next_cursor: NextCursor = None


class PreviewedArticle(BaseModel):
    title: str
    url: str
    published: datetime | None = None
    words: int
    completeness: Completeness
    beginning: str
    warnings: list[str] = []


class FeedPreview(Answer):
    """A feed with the beginnings of its newest articles. Nothing was kept."""

    url: Annotated[str, Field(description="Address to subscribe to.")]
    title: str
    site_url: str | None = None
    description: str = ""
    articles: list[PreviewedArticle]


class Subscribed(Answer):
    feed: FeedLine
    is_new: Annotated[bool, Field(description="false: it was subscribed to already.")]
    new_articles: Annotated[int, Field(description="Articles found; their pages are read in the background.")]


class Marked(Answer):
    articles: Annotated[list[int], Field(description="Articles that now have these marks.")]
    unknown: Annotated[list[int], Field(description="Numbers of no article of this person.")] = []


class Saved(Answer):
    id: int
    change: Literal["new", "same", "changed", "worse"]
    version: int
    reason: str = ""
    title: str
    completeness: Completeness
    reader_address: str | None = None
