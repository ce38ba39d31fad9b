"""Arguments of the tools: their names, types, bounds and descriptions, as clients are shown them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from unabridged.archive.records.changes import ArticleChangeKind
from unabridged.mcp_server.text.times import FORMS
from unabridged.text.controls import without_controls

LARGEST_ID = 2_147_483_647
"""Largest number that both databases take for an id."""

MOST_IDS = 100
PAGE_CHARACTERS = 8000
"""Characters of text in one answer, unless the caller asks for more or less."""

_Text = Annotated[str, AfterValidator(without_controls)]

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Number = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Name = Annotated[_Text, Field(min_length=1, max_length=200)]
Address = Annotated[_Text, Field(min_length=1, max_length=4000)]
Moment = Annotated[_Text, Field(min_length=1, max_length=40)]

Cursor = Annotated[
    str | None,
    Field(
        max_length=1000,
        description="next_cursor of the last answer; all other arguments stay the same.",
    ),
]
ArticleRef = Annotated[
    Id | Address, Field(description="Number of the article as lists give it, or the address of its page.")
]
FeedRef = Annotated[
    Id | Address | None,
    Field(description="Only this feed: its number, as list_feeds gives it, or address."),
]
Version = Annotated[
    Number | None,
    Field(description="A version as list_versions numbers it; default: the current one."),
]
Characters = Annotated[
    int,
    Field(ge=1000, le=40_000, description="Characters of text in one answer; the cursor leads to the rest."),
]
Limit = Annotated[int, Field(ge=1, le=50, description="Lines in one answer; the cursor goes on.")]


FoldCopies = Annotated[bool, Field(description="Fold near-duplicates: `copies` of the first.")]


class Arguments(BaseModel):
    """Arguments of a tool. Unknown names are refused, so that a typing error is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SearchArguments(Arguments):
    query: Annotated[
        _Text,
        Field(
            min_length=1,
            max_length=1000,
            description=(
                'Words that all must occur, in any language. "white whale" a phrase, whal* a prefix, OR, '
                "-word, parentheses; title: author: tag: site:example.org lang:zh feed: after:2026-01 "
                "before:7d is:unread is:starred is:changed (edited by the publisher)."
            ),
        ),
    ]
    removed: Annotated[
        bool,
        Field(description="Find words that only earlier versions had: what publishers took out of articles."),
    ] = False
    sort: Annotated[Literal["newest", "best"], Field(description="Order of the hits.")] = "newest"
    fold_copies: FoldCopies = False
    limit: Limit = 10
    cursor: Cursor = None


class ListArguments(Arguments):
    feed: FeedRef = None
    folder: Annotated[Name | None, Field(description="Only feeds in the folder with this name.")] = None
    tag: Annotated[Name | None, Field(description="Only articles that the person gave this tag.")] = None
    starred: Annotated[bool, Field(description="Only starred articles.")] = False
    include_read: Annotated[bool, Field(description="Also articles that were read already.")] = False
    since: Annotated[
        Moment | None, Field(description=f"Only articles published at this time or later: {FORMS}.")
    ] = None
    fold_copies: FoldCopies = False
    limit: Limit = 20
    cursor: Cursor = None


class ReadArguments(Arguments):
    article: ArticleRef
    version: Version = None
    characters: Characters = PAGE_CHARACTERS
    cursor: Cursor = None


class VersionsArguments(Arguments):
    article: ArticleRef
    limit: Limit = 20
    cursor: Cursor = None


class DiffArguments(Arguments):
    article: ArticleRef
    older: Annotated[
        Number | None, Field(description="Older version; default: the one before the newer.")
    ] = None
    newer: Annotated[
        Number | None,
        Field(description="Newer version; default: the publisher's last edit, or else the last version."),
    ] = None
    characters: Characters = PAGE_CHARACTERS
    cursor: Cursor = None


class AsOfArguments(Arguments):
    article: ArticleRef
    at: Annotated[Moment, Field(description=f"The time in question: {FORMS}. A day stands for its end.")]
    characters: Characters = PAGE_CHARACTERS
    cursor: Cursor = None


class ChangesArguments(Arguments):
    since: Annotated[
        Moment | None, Field(description=f"Only changes noticed at this time or later: {FORMS}.")
    ] = None
    until: Annotated[
        Moment | None, Field(description="Only changes noticed before this time; a day counts in full.")
    ] = None
    kinds: Annotated[
        list[ArticleChangeKind],
        Field(max_length=3, description="Only these kinds; none stands for all: edits, pages gone and back."),
    ] = []
    article: Annotated[
        Id | Address | None, Field(description="Only this article: its number or address.")
    ] = None
    feed: FeedRef = None
    folder: Annotated[Name | None, Field(description="Only feeds in the folder with this name.")] = None
    tag: Annotated[Name | None, Field(description="Only articles that the person gave this tag.")] = None
    limit: Annotated[int, Field(ge=1, le=20, description="Changes in one answer.")] = 10
    cursor: Cursor = None


class StoriesArguments(Arguments):
    since: Annotated[
        Moment | None,
        Field(description=f"Only stories whose newest article is of this time or later: {FORMS}."),
    ] = None
    feed: FeedRef = None
    articles: Annotated[int, Field(ge=2, le=1000, description="Only stories of at least so many.")] = 2
    limit: Limit = 10
    cursor: Cursor = None


class StoryArguments(Arguments):
    story: Annotated[Id, Field(description="Number of the story, as list_stories gives it.")]
    limit: Annotated[int, Field(ge=1, le=50, description="Articles in one answer.")] = 15
    cursor: Cursor = None


class TraceArguments(Arguments):
    article: ArticleRef


class FeedsArguments(Arguments):
    folder: Annotated[Name | None, Field(description="Only the feeds in the folder with this name.")] = None
    words: Annotated[
        Name | None, Field(description="Only feeds with these words in their title or address.")
    ] = None
    limit: Limit = 20
    cursor: Cursor = None


class PreviewArguments(Arguments):
    url: Annotated[Address, Field(description="Address of a feed, or of a site that has one.")]
    articles: Annotated[int, Field(ge=1, le=5, description="Articles to read whole for the preview.")] = 3


class SubscribeArguments(Arguments):
    url: Annotated[Address, Field(description="Address of a feed, or of a site that has one.")]
    folder: Annotated[Name | None, Field(description="Folder for the feed; made if it is missing.")] = None
    title: Annotated[Name | None, Field(description="Title instead of the feed's own.")] = None


class MarkArguments(Arguments):
    articles: Annotated[
        list[Id], Field(min_length=1, max_length=MOST_IDS, description="Numbers of articles.")
    ]
    read: Annotated[bool | None, Field(description="true: mark read; false: unread.")] = None
    starred: Annotated[bool | None, Field(description="true: star; false: take the star away.")] = None
    add_tags: Annotated[list[Name], Field(max_length=20, description="Tags to add.")] = []
    remove_tags: Annotated[list[Name], Field(max_length=20, description="Tags to take away.")] = []


class SaveArguments(Arguments):
    url: Annotated[Address, Field(description="Address of the page to fetch and keep as an article.")]
