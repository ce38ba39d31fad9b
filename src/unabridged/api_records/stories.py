"""Records of stories: articles that, by rules, report on one event."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from unabridged.api_records.articles import Headline
from unabridged.api_records.base import Record


class StoryLine(Record):
    """A story in a list. articles: how many the person has; feeds: of how many different ones."""

    number: int = Field(examples=[4711])
    title: str = Field(examples=["Ferry strikes pier"])
    articles: int = Field(examples=[5])
    feeds: int = Field(examples=[4])
    first: Headline
    newest: Headline


class StoryPage(Record):
    """A page of stories, the one with the newest article first."""

    stories: list[StoryLine]
    next: str | None


class Passage(Record):
    """Words of an article that an earlier one has, too. source: number of the earliest that has them."""

    text: str
    source: int = Field(examples=[4711])


class StoryArticle(Record):
    """An article of a story.

    outlet: its name by the list of outlets, else of its feed. copy_of: the earliest article with nearly the
    same text. compared: false where the story is too long; then nothing is known of the rest. share: part of
    the words that stand in earlier articles, from 0 to 1. repeated: these words. added: sentences that no
    earlier article has.
    """

    article: Headline
    outlet: str | None = Field(examples=["Reuters"])
    domain: str = Field(examples=["reuters.com"])
    country: str | None = Field(examples=["GB"])
    copy_of: int | None
    compared: bool
    share: float = Field(examples=[0.42])
    repeated: list[Passage]
    added: list[str]


class StoryEvidence(Record):
    """A sentence of an article that names a source."""

    article: int
    sentence: str
    relation: str = Field(examples=["report"])
    confidence: float = Field(examples=[0.95])


class StoryCredit(Record):
    """An outlet that names another one as its source.

    evidence: the surest sentences of `sentences` that say so. confidence: of the surest, from 0 to 1. cycle:
    the source names this outlet, too, if through others.
    """

    by: str = Field(examples=["Coast Radio"])
    source: str = Field(examples=["Reuters"])
    sentences: int
    confidence: float
    cycle: bool
    evidence: list[StoryEvidence]


class StoryEvent(Record):
    """An event of the timeline.

    article: its number, null for merges and splits. other: the article that was copied, or the other story.
    before, after: versions of an edit. reason: what changed, or why.
    """

    at: datetime
    kind: Literal["first", "followed", "copied", "edited", "taken_down", "restored", "merged", "split"]
    article: int | None
    other: int | None
    before: int | None
    after: int | None
    reason: str


class Story(Record):
    """A story with the articles of it that the person has, the earliest first.

    number: its present one, whatever earlier number was asked for. Everything was read out of texts and times
    by rules; nothing of it was checked by anybody.
    """

    number: int
    title: str
    articles: list[StoryArticle]
    credits: list[StoryCredit]
    events: list[StoryEvent]
    link: str = Field(description="Address of the story in the reader.")


class StoryOfArticle(Record):
    """The story that an article is in; null for an article that is in none."""

    story: int | None = Field(examples=[4711])
    articles: int = Field(description="Articles of the story that the person has.")
