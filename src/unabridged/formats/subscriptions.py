"""Export and import of subscriptions as OPML, with attributes in our namespace.

unabridged:retain     on a folder: retention of its articles ("90d")
unabridged:status     "paused": not polled
unabridged:userAgent  the user agent of its requests
unabridged:interval   on a feed: time between its polls that a person chose ("30m")
unabridged:fullText   "no": the pages of its articles are not read
unabridged:private    "yes": it has a login, header or proxy, which is not exported
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.core import Folder, ListedFeed, Query
from unabridged.archive.records.core import Subscription as Subscribed
from unabridged.config import FeedSettings
from unabridged.durations import format_duration, parse_duration
from unabridged.errors import ExportError
from unabridged.feeds.opml import Subscription, Subscriptions, read_opml, write_opml
from unabridged.formats.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionImport:
    """Result of an import. new: feeds subscribed; known: existing subscriptions, unchanged.

    private: URLs of new feeds whose name, password, header or proxy must be set again.
    """

    new: int
    known: int
    private: tuple[str, ...] = ()


# Export


def subscriptions_opml(archive: Archive, library: Library, selection: Selection) -> tuple[bytes, int]:
    """Return the subscriptions of a selection as OPML, and their number. library: of the person they are.

    Raises ExportError for conditions other than feed and folder, which only articles have.
    """
    query = selection.query
    if selection.words is not None or query != Query(feed=query.feed, folder=query.folder, limit=query.limit):
        raise ExportError("OPML holds feeds, not articles: select them by --feed or --folder only.")
    folders = library.subscriptions.folders()
    wanted = next((one.name for one in folders if one.id == query.folder), None)
    own = archive.feeds.all_settings()
    chosen = [
        _outline(one, own.get(one.feed.id))
        for one in library.subscriptions.all()
        if query.feed in (None, one.feed.id) and (query.folder is None or one.folder == wanted)
    ]
    return write_opml(chosen, folders=_retained(folders)), len(chosen)


def _retained(folders: Iterable[Folder]) -> dict[tuple[str, ...], dict[str, str]]:
    return {(one.name,): {"retain": format_duration(one.retain)} for one in folders if one.retain is not None}


def _outline(one: Subscribed, own: FeedSettings | None) -> Subscription:
    settings: dict[str, str] = {}
    if one.feed.status == "paused":
        settings["status"] = "paused"
    if one.feed.interval is not None:
        settings["interval"] = format_duration(one.feed.interval)
    if not one.feed.full_text:
        settings["fullText"] = "no"
    if own is not None and own.user_agent:
        settings["userAgent"] = own.user_agent
    if own is not None and replace(own, user_agent=None) != FeedSettings():
        settings["private"] = "yes"
    return Subscription(
        url=one.feed.url,
        title=one.title,
        site_url=one.feed.site_url,
        folder=(one.folder,) if one.folder else (),
        settings=settings,
    )


# Import


def folder_name(outline: Subscription) -> str | None:
    """Return the name of the one folder that replaces an outline's nested folders."""
    return " / ".join(outline.folder) or None


def read_subscriptions(data: bytes, *, name: str, folder: str | None = None) -> Subscriptions:
    """Parse OPML. folder: overrides the folders of the file. Raises FeedError."""
    found = read_opml(data, name=name)
    if folder is None:
        return found
    return replace(found, feeds=tuple(replace(one, folder=(folder,)) for one in found.feeds), folders={})


def import_subscriptions(library: Library, found: Subscriptions, *, now: datetime) -> SubscriptionImport:
    """Subscribe to new feeds in one transaction; existing subscriptions do not change."""
    before = {one.feed.id for one in library.subscriptions.all()}
    known = {one.feed.url for one in library.subscriptions.all()}
    fresh = [one for one in found.feeds if one.url not in known]
    numbers = library.subscriptions.add_many(
        [_wanted(one) for one in fresh], now=now, retain=_retention(found)
    )
    new = {number: one for number, one in zip(numbers, fresh, strict=True) if number not in before}
    return SubscriptionImport(
        new=len(new), known=len(found.feeds) - len(new), private=_private(list(new.values()))
    )


def _wanted(one: Subscription) -> ListedFeed:
    return ListedFeed(
        url=one.url,
        folder=folder_name(one),
        title=one.title or None,
        paused=one.settings.get("status") == "paused",
        user_agent=_sendable(one.settings.get("userAgent", "")),
        interval=_seconds(one.settings.get("interval", "")),
        full_text=one.settings.get("fullText") != "no",
    )


def _seconds(duration: str) -> int | None:
    try:
        return parse_duration(duration)
    except ValueError:
        return None


def _sendable(user_agent: str) -> str | None:
    """Return a user agent if it is safe in a header, else None."""
    return user_agent.strip()[:500] or None if user_agent.isascii() and user_agent.isprintable() else None


def _retention(found: Subscriptions) -> dict[str, int]:
    spans: dict[str, int] = {}
    for path, settings in found.folders.items():
        if (seconds := _seconds(settings.get("retain", ""))) is not None:
            spans[" / ".join(path)] = seconds
    return spans


def _private(outlines: Sequence[Subscription]) -> tuple[str, ...]:
    return tuple(one.url for one in outlines if one.settings.get("private") == "yes")
