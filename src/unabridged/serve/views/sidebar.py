"""View-model of the sidebar: lists, folders with their feeds, tags, other sources. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from unabridged.archive.records.core import Folder, MarkCounts, Source, Subscription
from unabridged.archive.records.library import FoldedUnread, Tag
from unabridged.archive.records.rules import SavedSearch
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views import lists
from unabridged.serve.views.formatting import counted
from unabridged.serve.views.lists import NO_ICONS, Icons, Monogram
from unabridged.serve.views.rules import search_path

MAX_ITEMS = 100
"""Maximum folders, tags, other sources, and feeds of an open folder; the sources page shows all."""

OPEN_FEEDS = 50
"""Up to this many feeds, all folders are open. With more, only the folder that is being read is: a page does
not grow with the number of feeds."""

NO_FOLDER = 0
"""Number that stands for the feeds in no folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    name: str
    href: str
    count: int = 0
    icon: str = ""
    monogram: Monogram | None = None
    has_problem: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NavGroup:
    """A group of items under a heading. href: link of the heading, or "".

    folder: number of a folder that can be opened, None for other groups. is_tags: its items are tags. summed:
    its counts are added up.
    """

    title: str
    href: str
    items: tuple[NavItem, ...]
    folder: int | None = None
    is_tags: bool = False
    is_open: bool = True
    summed: bool = True

    @property
    def count(self) -> int:
        """Unread articles of a folder's feeds; one of two feeds counts twice. 0 for a closed folder."""
        return sum(item.count for item in self.items) if self.summed else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidebar:
    """Sidebar of every list."""

    places: tuple[NavItem, ...]
    groups: tuple[NavGroup, ...]

    @property
    def unread(self) -> int:
        """Unread articles of all lists."""
        return next((item.count for item in self.places if item.icon == "unread"), 0)

    @property
    def counts(self) -> dict[str, int]:
        """Map the addresses of lists and open folders to their counts."""
        items = (*self.places, *(item for group in self.groups for item in group.items))
        folders = {
            group.href: group.count for group in self.groups if group.href and group.is_open and group.summed
        }
        return {item.href: item.count for item in items} | folders


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFolder:
    """The folder that is open in a collapsed sidebar, with its first feeds. every: how many it has."""

    id: int
    feeds: Sequence[Subscription]
    every: int


def build_sidebar(
    counts: MarkCounts,
    subscriptions: Iterable[Subscription],
    sources: Iterable[Source],
    *,
    folders: Sequence[Folder] | None = None,
    opened: OpenFolder | None = None,
    tags: Iterable[Tag] = (),
    muting: bool = False,
    searches: Iterable[SavedSearch] = (),
    icons: Icons = NO_ICONS,
) -> Sidebar:
    """Build the sidebar: standard lists, folders with their feeds, tags, sources other than feeds.

    folders: the folders to show collapsed, but for the opened one; None: `subscriptions` are all feeds, and
    their folders are open. muting: there are rules, so show the list of what they set aside. searches: with
    their counts.
    """
    places = (
        NavItem(name=gettext("All articles"), href="/", icon="all"),
        NavItem(name=gettext("Unread"), href="/?show=unread", icon="unread", count=counts.unread),
        NavItem(name=gettext("Starred"), href="/?show=starred", icon="star", count=counts.starred),
        NavItem(name=gettext("Sources"), href="/sources", icon="sources"),
        NavItem(name=gettext("Stories"), href="/stories", icon="stories"),
        NavItem(name=gettext("Changes"), href="/changes", icon="edit"),
        *([NavItem(name=gettext("Muted"), href="/muted", icon="mute")] if muting else []),
    )
    if folders is None:
        groups = [
            NavGroup(
                title=folder or gettext("Feeds"),
                href=lists.folder_path(folder) if folder else "",
                items=feed_items(members, icons),
            )
            for folder, members in lists.group_by_folder(subscriptions)
        ]
    else:
        groups = _collapsed(folders, counts.feeds, opened, icons)
    saved = tuple(
        NavItem(name=one.name, href=search_path(one, first=True), icon="search", count=one.unread or 0)
        for one in searches
    )
    if saved:
        heading = NavGroup(title=gettext("Searches"), href="/searches", items=saved, summed=False)
        groups.insert(0, heading)
    others = tuple(
        NavItem(name=source.title, href=lists.source_path(source.slug), monogram=lists.monogram(source.title))
        for source in sources
        if source.feed_id is None and source.articles
    )[:MAX_ITEMS]
    labels = tuple(
        NavItem(name=tag.name, href=lists.tag_path(tag.id), icon="tag", count=tag.unread) for tag in tags
    )[:MAX_ITEMS]
    if labels:
        groups.append(NavGroup(title=gettext("Tags"), href="", items=labels, is_tags=True))
    if others:
        groups.append(NavGroup(title=gettext("Saved and imported"), href="", items=others))
    return Sidebar(places=places, groups=tuple(groups))


def _collapsed(
    folders: Sequence[Folder], every: int, opened: OpenFolder | None, icons: Icons
) -> list[NavGroup]:
    """Return folders without their feeds, but for the opened one; feeds in no folder come last."""
    loose = every - sum(folder.feeds for folder in folders)
    shown = [(one.id, one.name, lists.folder_path(one.name)) for one in folders[:MAX_ITEMS]]
    if loose > 0:
        shown.append((NO_FOLDER, gettext("Feeds"), f"/sources?folder={NO_FOLDER}"))
    groups = [
        NavGroup(
            title=name,
            href=href,
            items=opened_items(opened, icons) if opened is not None and opened.id == number else (),
            folder=number,
            is_open=opened is not None and opened.id == number,
        )
        for number, name, href in shown
    ]
    if len(folders) > MAX_ITEMS:
        more = NavItem(
            name=counted("All {n} folder", "All {n} folders", len(folders)), href="/sources", icon="sources"
        )
        groups.append(NavGroup(title=gettext("More"), href="", items=(more,)))
    return groups


def opened_items(opened: OpenFolder, icons: Icons) -> tuple[NavItem, ...]:
    """Return the feeds of an opened folder, and a link to all of them if there are more."""
    items = feed_items(opened.feeds, icons)
    if opened.every > len(items):
        name = gettext("All {n} of this folder").format(n=number(opened.every))
        href = f"/sources?folder={opened.id}"
        items = (*items, NavItem(name=name, href=href, icon="sources"))
    return items


def without_folded(subscriptions: Iterable[Subscription], folded: FoldedUnread) -> tuple[Subscription, ...]:
    """Return subscriptions that do not count the unread articles that their lists fold."""
    return tuple(
        replace(one, unread=max(0, one.unread - folded.feeds.get(one.feed.id, 0))) for one in subscriptions
    )


def feed_items(subscriptions: Iterable[Subscription], icons: Icons) -> tuple[NavItem, ...]:
    """Return the items of feeds."""
    return tuple(
        NavItem(
            name=one.title,
            href=lists.feed_path(one.feed.id),
            count=one.unread,
            monogram=lists.monogram(one.title, one.feed.id, icons),
            has_problem=lists.feed_has_problem(one.feed),
        )
        for one in subscriptions
    )
