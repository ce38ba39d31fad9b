"""Records of what a person makes: marks, tags, saved searches, rules, highlights, saved pages; who asks."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from unabridged.api_records.base import MOST_ARTICLES, Id, Record, Request, Time

TagName = Annotated[str, Field(min_length=1, max_length=100, examples=["harbour"])]


class Me(Record):
    """The person of a token. scope: what the token may do."""

    id: int
    name: str = Field(examples=["owner"])
    role: Literal["admin", "reader"]
    scope: Literal["read", "write"]


class Counts(Record):
    """Numbers of a person's library. versions: stored texts; pages_waiting: pages to be fetched."""

    articles: int
    unread: int
    starred: int
    feeds: int
    versions: int
    pages_waiting: int


class MarkChange(Request):
    """Marks to set on up to 1,000 articles; what is left out stays. Unknown articles are skipped."""

    articles: list[Id] = Field(min_length=1, max_length=MOST_ARTICLES, examples=[[4711, 4712]])
    read: bool | None = Field(default=None, examples=[True])
    starred: bool | None = None
    add_tags: list[TagName] = Field(default=[], max_length=20)
    remove_tags: list[TagName] = Field(default=[], max_length=20)


class MarkResult(Record):
    """Numbers of articles that were changed; tagged, untagged: that were there."""

    read: int
    starred: int
    tagged: int
    untagged: int


class ReadAll(Request):
    """A list of articles to mark as read: those of all conditions; without any, everything.

    delivered_until: only what had come by then; by default everything so far.
    """

    feed: Id | None = None
    folder: Id | None = None
    tag: Id | None = None
    search: Id | None = None
    starred: bool = False
    since: Time | None = None
    until: Time | None = None
    delivered_until: Time | None = None


class ReadAllResult(Record):
    """Result of marking a list. at: name of this marking, by which it can be undone."""

    changed: int
    at: datetime


class UndoReadAll(Request):
    """A marking of a list to be undone. at: as it was answered."""

    at: Time


class UndoResult(Record):
    """Number of articles that are unread again."""

    restored: int


class Tag(Record):
    """A person's tag."""

    id: int
    name: str
    articles: int
    unread: int


class TagList(Record):
    """All tags, by name."""

    tags: list[Tag]


class SearchDraft(Request):
    """A search to be saved. unread_only: its list shows unread articles at first."""

    name: str = Field(min_length=1, max_length=200, examples=["Harbour"])
    query: str = Field(min_length=1, max_length=4000, examples=["harbour -ferry after:30d"])
    unread_only: bool = False


class SavedSearch(Record):
    """A saved search. complete: all present articles are in it."""

    id: int
    name: str
    query: str
    unread_only: bool
    created: datetime
    complete: bool
    unread: int | None


class SavedSearchList(Record):
    """All saved searches, by name."""

    searches: list[SavedSearch]


class Rule(Record):
    """A rule that sets articles aside. feed, folder: where it holds; without either, everywhere."""

    id: int
    action: Literal["mute", "keep"]
    query: str
    feed: int | None
    folder: int | None
    created: datetime


class RuleList(Record):
    """All rules, oldest first."""

    rules: list[Rule]


class NewHighlight(Request):
    """Words of an article to be marked. version: in which they stand; by default the current one.

    prefix, suffix: what stands before and after them, if the words stand there more than once.
    """

    article: Id
    version: int | None = Field(default=None, ge=0, lt=10**9)
    exact: str = Field(min_length=1, max_length=4000, examples=["mended umbrellas"])
    prefix: str = Field(default="", max_length=200)
    suffix: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=2000)


class HighlightChange(Request):
    """A new note of a highlight."""

    note: str = Field(max_length=2000)


class Highlight(Record):
    """Words that a person marked. version: in which they were marked; title, url: of the article."""

    id: int
    article: int
    version: int
    exact: str
    prefix: str
    suffix: str
    note: str
    created: datetime
    title: str
    url: str


class HighlightPage(Record):
    """A page of highlights, newest first."""

    highlights: list[Highlight]
    next: str | None


class SaveRequest(Record):
    """A page to be saved: by its address, or with its HTML.

    html: the page as text; html_base64: as bytes, in any charset. Without either, the address is fetched.
    """

    url: str = Field(default="", max_length=8000, examples=["https://news.example/story"])
    html: str = ""
    html_base64: str = ""


class Saved(Record):
    """A saved page. change: whether it made a new article or version; reason: why, in words."""

    id: int
    change: Literal["new", "same", "changed", "worse"]
    version: int
    reason: str
    title: str
    completeness: str
    url: str = Field(description="Address of the article in the reader.")
