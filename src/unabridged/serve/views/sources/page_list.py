"""View-model of a page that is read as a feed: the items of its list, and its other lists. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from unabridged import urls
from unabridged.archive.records.polling import StoredList
from unabridged.feeds.lists.profile import ListReading
from unabridged.serve.views import formatting
from unabridged.text.scripts import direction as direction_of

SHOWN_ITEMS = 12
IN_SETTINGS = 6
"""Items of a list that are shown before a subscription, and in a feed's settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """An item of a list. when: its date in words, or ""."""

    title: str
    url: str
    address: str
    when: str
    language: str | None
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherList:
    """Another list of the page: its first headlines, the first of which chooses it. href: of its preview."""

    headline: str
    more: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageListView:
    """The list of a page. count: of all its items. like: the headline that it was chosen by, or ""."""

    count: int
    items: tuple[ListItem, ...]
    others: tuple[OtherList, ...] = ()
    like: str = ""

    @property
    def rest(self) -> int:
        """Return how many items are not shown."""
        return self.count - len(self.items)


def page_list_view(reading: ListReading, given: str = "", folder: str = "") -> PageListView:
    """Build the preview of a list. given: address as typed, for the links to the other lists."""
    feed = reading.feed
    items = tuple(
        _item(
            entry.title,
            entry.url or "",
            feed.language,
            formatting.publisher_time(entry.published.at, day_only=True) if entry.published else "",
        )
        for entry in feed.entries[:SHOWN_ITEMS]
    )
    others = tuple(_other(titles, given, folder) for titles in reading.others)
    like = next(iter(reading.state.examples), "")
    return PageListView(count=len(feed.entries), items=items, others=others, like=like)


def stored_list_view(stored: StoredList, language: str | None) -> PageListView:
    """Build the list of a feed that is a page, as it was last read."""
    items = tuple(_item(title, url, language, "") for url, title in stored.known[:IN_SETTINGS])
    return PageListView(count=len(stored.known), items=items, like=next(iter(stored.examples), ""))


def _item(title: str, url: str, language: str | None, when: str) -> ListItem:
    spoken = formatting.language_of(language, title)
    return ListItem(
        title=title,
        url=urls.web_address(url) or "",
        address=urls.readable(url),
        when=when,
        language=spoken,
        direction=direction_of(spoken, title),
    )


def _other(titles: Sequence[str], given: str, folder: str) -> OtherList:
    query = urlencode({"url": given, "like": titles[0], "folder": folder})
    return OtherList(headline=titles[0], more=" · ".join(titles[1:]), href=f"/add?{query}")
