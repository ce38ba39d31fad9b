"""The subscriptions of an archive as OPML, out and in, with what stands about them in our namespace.

unabridged:retain     on a folder: how long it keeps its articles ("90d")
unabridged:status     "paused": not asked
unabridged:userAgent  how it is asked
unabridged:private    "yes": it was asked with a name, password, header or proxy, which are in no file
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Folder, ListedFeed, Query
from unabridged.archive.records.core import Subscription as Subscribed
from unabridged.config import FeedSettings
from unabridged.durations import format_duration, parse_duration
from unabridged.errors import ExportError
from unabridged.feeds.opml import Subscription, Subscriptions, read_opml, write_opml
from unabridged.formats.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a list. new: feeds subscribed; known: there before, left as they were.

    private: addresses of new ones that need a name, password, header or proxy again.
    """

    new: int
    known: int
    private: tuple[str, ...] = ()


# Out


def listed(archive: Archive, selection: Selection) -> tuple[bytes, int]:
    """The subscriptions of a selection as OPML, and how many there are.

    Raises ExportError for a selection by anything but feed and folder: what else there is, articles have.
    """
    query = selection.query
    if selection.words is not None or query != Query(feed=query.feed, folder=query.folder, limit=query.limit):
        raise ExportError(
            "A list of subscriptions (opml) has feeds, not articles: choose by --feed or --folder alone."
        )
    library = archive.library()
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


# In


def folder_name(outline: Subscription) -> str | None:
    """The one folder that stands for an outline's nested ones."""
    return " / ".join(outline.folder) or None


def read_list(data: bytes, *, name: str, folder: str | None = None) -> Subscriptions:
    """Read OPML. folder: into which all of it goes, whatever the file says. Raises FeedError."""
    found = read_opml(data, name=name)
    if folder is None:
        return found
    return replace(found, feeds=tuple(replace(one, folder=(folder,)) for one in found.feeds), folders={})


def take_list(archive: Archive, found: Subscriptions, *, now: datetime) -> Taken:
    """Subscribe to what is not subscribed to yet, in one transaction; the rest is left as it is."""
    library = archive.library()
    before = {one.feed.id for one in library.subscriptions.all()}
    known = {one.feed.url for one in library.subscriptions.all()}
    fresh = [one for one in found.feeds if one.url not in known]
    numbers = library.subscriptions.add_many(
        [_wanted(one) for one in fresh], now=now, retain=_retention(found)
    )
    new = {number: one for number, one in zip(numbers, fresh, strict=True) if number not in before}
    return Taken(new=len(new), known=len(found.feeds) - len(new), private=_private(list(new.values())))


def _wanted(one: Subscription) -> ListedFeed:
    return ListedFeed(
        url=one.url,
        folder=folder_name(one),
        title=one.title or None,
        paused=one.settings.get("status") == "paused",
        user_agent=_sendable(one.settings.get("userAgent", "")),
    )


def _sendable(user_agent: str) -> str | None:
    """A user agent that may stand in a header, None for one that would end it."""
    return user_agent.strip()[:500] or None if user_agent.isascii() and user_agent.isprintable() else None


def _retention(found: Subscriptions) -> dict[str, int]:
    spans: dict[str, int] = {}
    for path, settings in found.folders.items():
        try:
            spans[" / ".join(path)] = parse_duration(settings.get("retain", ""))
        except ValueError:
            continue
    return spans


def _private(outlines: Sequence[Subscription]) -> tuple[str, ...]:
    return tuple(one.url for one in outlines if one.settings.get("private") == "yes")
