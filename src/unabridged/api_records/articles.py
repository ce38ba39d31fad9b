"""Records of articles: in lists, whole, in versions and compared; search hits."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from unabridged.api_records.base import ContentFormat, Record

PageState = Literal["waiting", "read", "failed", "skipped", "none"]
SpanKind = Literal["same", "added", "removed"]


class Headline(Record):
    """An article in a list.

    listed_at: the time that orders lists. page: state of its page (read, or why the text is the feed's).
    edits: how often the publisher edited it. muted: the rule that set it aside. content: where asked for.
    """

    id: int = Field(examples=[4711])
    url: str = Field(examples=["https://news.example/story"])
    title: str = Field(examples=["The umbrella mender"])
    summary: str = Field(examples=["For forty-two years he has mended umbrellas."])
    authors: list[str] = Field(examples=[["Ada Writer"]])
    language: str | None = Field(examples=["en"])
    lead_image: str | None
    listed_at: datetime
    published: datetime | None
    first_seen: datetime
    words: int = Field(examples=[812])
    feed: int | None = Field(description="Number of the feed that had it first.", examples=[12])
    feed_title: str | None = Field(examples=["The News"])
    read: bool
    starred: bool
    tags: list[str] = Field(examples=[["harbour"]])
    muted: str | None
    page: PageState
    edits: int
    edited: datetime | None
    content: str | None = None
    folded: list[int] = Field(
        default=[], description="Articles with nearly the same text that the list folds under this one."
    )


class HeadlinePage(Record):
    """A page of a list. next: cursor of the page after it; null at the end."""

    articles: list[Headline]
    next: str | None = Field(examples=["1773997200000000_4711"])


class Completeness(Record):
    """Completeness of a text, with the evidence in words."""

    kind: str = Field(examples=["full"])
    evidence: list[str]


class Enclosure(Record):
    """A file that came with the article. length: bytes as stated."""

    url: str
    type: str | None
    length: int | None
    title: str


class Article(Headline):
    """A whole article in its current version. content: its text in the format asked for.

    revised: when this version was saved. same_as: the article of which it is a duplicate. taken_down: time
    since which the publisher has removed its page.
    """

    content: str
    format: ContentFormat
    version: int
    revised: datetime
    modified: datetime | None
    canonical_url: str | None
    site_name: str | None
    section: str | None
    keywords: list[str] = Field(description="The publisher's own tags.")
    completeness: Completeness
    enclosures: list[Enclosure]
    delivered: datetime | None
    same_as: int | None
    taken_down: datetime | None
    link: str = Field(description="Address of the article in the reader.")


class Version(Record):
    """One version in the history of an article.

    label: in a few words, what this version is. edit: the publisher edited the article. saved: when this
    program had it. fetched: when its page was fetched. sha256: of the stored record.
    """

    article: int
    number: int = Field(examples=[2])
    source: Literal["feed", "page", "document", "jsonl", "replay", "archive"]
    label: str = Field(examples=["edited by the publisher"])
    reason: str = Field(examples=["12 of 340 words changed"])
    edit: bool
    saved: datetime
    fetched: datetime | None
    title: str
    words: int
    completeness: str
    sha256: str


class VersionList(Record):
    """All versions of an article, oldest first."""

    versions: list[Version]


class VersionText(Version):
    """One version of an article with its text."""

    url: str
    authors: list[str]
    published: datetime | None
    content: str
    format: ContentFormat


class Change(Record):
    """A change of an article by its publisher after it came.

    id: stays the same for ever. kind: edited; taken_down: its page is gone; restored: its page is back.
    noticed: when the page that shows it was fetched. before, after: numbers of versions, to be compared.
    """

    id: str = Field(examples=["4711-edited-3"])
    kind: Literal["edited", "taken_down", "restored"]
    noticed: datetime
    before: int | None
    after: int | None
    reason: str = Field(examples=["3 words and marks added, 1 removed"])
    article: Headline


class ChangePage(Record):
    """A page of changes."""

    changes: list[Change]
    next: str | None


class DiffSpan(Record):
    """Words that stand in both versions, or in one only."""

    kind: SpanKind
    text: str


class DiffParagraph(Record):
    """A paragraph of a comparison. moved: it stands in both versions, at different places."""

    kind: Literal["same", "added", "removed", "changed", "moved"]
    spans: list[DiffSpan]


class Diff(Record):
    """Two versions of an article compared, word by word.

    added, removed: words. limited: parts were too different to be compared word by word.
    """

    article: int
    older: int
    newer: int
    title: list[DiffSpan]
    paragraphs: list[DiffParagraph]
    added: int
    removed: int
    limited: bool


class HitSpan(Record):
    """A part of a title or snippet. hit: it matches the search."""

    text: str
    hit: bool


class Hit(Record):
    """An article that matches a search. version: the older version that had the words, else null."""

    article: Headline
    title: list[HitSpan]
    snippet: list[HitSpan]
    version: int | None


class HitPage(Record):
    """A page of hits. waiting: articles that are not indexed yet."""

    hits: list[Hit]
    next: str | None
    waiting: int


class Credit(Record):
    """A source that an article names, as read out of one of its sentences by rules.

    source: its usual name, or the words of the text; mention: these words. relation: report, told, cites,
    dateline, credit, or unnamed. parent: place in the list of the source that it was taken from, null for the
    article itself. evidence: the sentence. confidence: from 0 to 1, to order and filter by.
    """

    source: str = Field(examples=["Xinhua"])
    mention: str = Field(examples=["the Xinhua news agency"])
    domain: str | None = Field(examples=["xinhuanet.com"])
    country: str | None = Field(examples=["CN"])
    relation: str = Field(examples=["cites"])
    parent: int | None = Field(examples=[0])
    evidence: str
    confidence: float = Field(examples=[0.95])
    times: int = Field(examples=[1])


class CreditList(Record):
    """The sources that an article names, in the order of its text."""

    credits: list[Credit]
