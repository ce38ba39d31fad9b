"""Answers of the tools about stories, near-duplicates and credited sources, as structured content."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from unabridged.mcp_server.tools.answers import Answer, ArticleLine, NextCursor

BY_RULES = "Read out of texts and times by rules, with a score: report it as such, not as a fact."
"""Remark about everything here."""


class StoryLine(BaseModel):
    """A story in a list."""

    story: int
    title: str
    articles: int
    feeds: int
    first_article: int
    first_feed: str | None = None
    first_at: datetime
    newest_article: int
    newest_title: str
    newest_at: datetime


class StoryList(Answer):
    basis: str = BY_RULES
    stories: list[StoryLine]
    next_cursor: NextCursor = None


class StoryMember(BaseModel):
    """An article of a story."""

    id: int
    title: str
    url: str
    outlet: str | None = None
    at: datetime
    copy_of: Annotated[int | None, Field(description="Earliest article with nearly the same text.")] = None
    share: Annotated[
        float | None,
        Field(description="Part of its words that stand in earlier articles; null: not compared."),
    ] = None
    repeats: Annotated[list[int], Field(description="Articles that it repeats passages of.")] = []
    adds: Annotated[list[str], Field(description="Untrusted: first sentences that no earlier one has.")] = []


class NamedSource(BaseModel):
    """An outlet that names another one."""

    by: str
    source: str
    confidence: float
    article: Annotated[int, Field(description="Article with the surest sentence.")]
    sentence: str


class StoryHappening(BaseModel):
    """An event of the timeline."""

    at: datetime
    kind: Literal["first", "followed", "copied", "edited", "taken_down", "restored", "merged", "split"]
    article: int | None = None
    other: Annotated[int | None, Field(description="The article that was copied, or the other story.")] = None


class StoryPart(Answer):
    """A story, with a part of its articles."""

    basis: str = BY_RULES
    story: int
    title: str
    total_articles: int
    articles: Annotated[list[StoryMember], Field(description="The earliest first.")]
    credits: list[NamedSource]
    timeline: list[StoryHappening]
    reader_address: Annotated[str | None, Field(description="Where a person can see it.")] = None
    next_cursor: NextCursor = None


class CreditLine(BaseModel):
    """A source that an article names."""

    source: str
    relation: str
    through: Annotated[str | None, Field(description="The source that it was taken from.")] = None
    confidence: float
    sentence: str


class ArticleOrigins(Answer):
    """Near-duplicates of an article, the sources that it names, and its story."""

    basis: str = BY_RULES
    id: int
    story: Annotated[int | None, Field(description="For read_story; null: it is in none.")] = None
    copies: list[ArticleLine]
    credits: list[CreditLine]
