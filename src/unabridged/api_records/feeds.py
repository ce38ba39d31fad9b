"""Records of feeds: subscriptions, folders, what a site offers, previews, health."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from unabridged.api_records.base import Record, Request

FeedStatus = Literal["active", "paused", "gone"]


class FeedFailure(Record):
    """The last failure of a feed. advice: what a person can do, or ""."""

    kind: str = Field(examples=["timeout"])
    message: str
    advice: str


class Feed(Record):
    """A subscription. title: the person's own, else the feed's.

    interval: seconds between polls that somebody chose; null: as learned. failures: polls failed in a row.
    """

    id: int = Field(examples=[12])
    url: str = Field(examples=["https://news.example/feed.xml"])
    title: str = Field(examples=["The News"])
    folder: str | None = Field(examples=["Reading"])
    site_url: str | None
    description: str
    language: str | None
    status: FeedStatus
    added: datetime
    articles: int
    unread: int
    interval: int | None
    full_text: bool
    last_polled: datetime | None
    last_post: datetime | None
    next_poll: datetime | None
    failures: int
    last_failure: FeedFailure | None


class FeedPage(Record):
    """A page of the subscriptions, by folder and title. total: of the whole list."""

    feeds: list[Feed]
    total: int
    next: str | None


class NewFeed(Request):
    """A feed to subscribe to. url: of a feed, or of a site that has one."""

    url: str = Field(min_length=1, max_length=4000, examples=["https://news.example/"])
    folder: str | None = Field(default=None, max_length=200, examples=["Reading"])
    title: str | None = Field(default=None, max_length=500)


class FeedChange(Request):
    """Changes of a subscription; what is left out stays. title, folder: null takes it away.

    For administrators, as these hold for everybody: interval, in seconds (null: as learned); paused;
    full_text, whether the pages of its articles are read.
    """

    title: str | None = Field(default=None, max_length=500)
    folder: str | None = Field(default=None, max_length=200, examples=["Reading"])
    interval: int | None = Field(default=None, ge=1, le=10**9, examples=[3600])
    paused: bool = False
    full_text: bool = True


class AddedFeed(Record):
    """Result of subscribing. new: false if the feed was subscribed to already."""

    feed: Feed
    new: bool


class FoundFeed(Record):
    """A feed that a site offers."""

    url: str
    title: str
    type: str | None


class FoundFeeds(Record):
    """The feeds that a site offers."""

    feeds: list[FoundFeed]


class PreviewArticle(Record):
    """An article of a feed as it would be stored: the whole text from its page."""

    url: str
    title: str
    authors: list[str]
    published: datetime | None
    completeness: str
    content: str
    format: Literal["html", "markdown", "text"]


class FeedPreview(Record):
    """A feed with its first whole articles; nothing of it is kept."""

    url: str
    title: str
    description: str
    site_url: str | None
    articles: list[PreviewArticle]


class Folder(Record):
    """A person's folder of feeds."""

    id: int
    name: str = Field(examples=["Reading"])
    feeds: int
    unread: int


class FolderList(Record):
    """All folders, by name."""

    folders: list[Folder]


class NewName(Request):
    """Name of a folder or tag. A folder or tag that gets the name of another one is merged with it."""

    name: str = Field(min_length=1, max_length=200, examples=["Reading"])


class Finding(Record):
    """One problem. kind: stable, for programs. what: in words; advice: what to do about it."""

    level: Literal["broken", "warning", "note"]
    about: Literal["feed", "host", "rule", "polling"]
    name: str
    kind: str = Field(examples=["failing"])
    what: str
    advice: str
    feed: int | None
    since: datetime | None


class FindingList(Record):
    """Problems of a person's feeds, broken things first."""

    findings: list[Finding]
