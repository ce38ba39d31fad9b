"""Records of events: what happened to the person's articles and feeds."""

from datetime import datetime

from pydantic import Field

from unabridged.api_records.base import Record


class Event(Record):
    """An event. Kinds that a later version adds may appear: ignore those that you do not know.

    number: rises in the order in which events become visible; the same event always has it. before, after:
    versions of the article, to be compared. title, url: of the article, else of the feed.
    """

    number: int = Field(examples=[1201])
    kind: str = Field(examples=["article.changed"])
    at: datetime
    feed: int | None
    article: int | None
    before: int | None
    after: int | None
    details: dict[str, str | int] = Field(examples=[{"reason": "3 words and marks added, 1 removed"}])
    title: str | None
    url: str | None


class EventPage(Record):
    """A page of events, oldest first. next: send it as `after` for the next page; more: there is one now.

    A page may have no events and more behind it.
    """

    events: list[Event]
    next: int
    more: bool
