"""View-model of the sidebar: lists, folders with their feeds, tags, other sources. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from unabridged.archive.records.core import Counts, Source, Subscription
from unabridged.archive.records.library import Tag
from unabridged.serve.views import lists
from unabridged.serve.views.lists import NO_ICONS, Icons, Monogram

MAX_ITEMS = 300
"""Maximum feeds, tags and other sources in the sidebar; the sources page shows all."""


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
    """A group of items under a heading. href: link of the heading, or ""."""

    title: str
    href: str
    items: tuple[NavItem, ...]

    @property
    def count(self) -> int:
        """Unread articles of a folder's feeds; one of two feeds counts twice."""
        return sum(item.count for item in self.items)


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
        """Map the addresses of lists and folders to their counts."""
        items = (*self.places, *(item for group in self.groups for item in group.items))
        folders = {group.href: group.count for group in self.groups if group.href}
        return {item.href: item.count for item in items} | folders


def build_sidebar(
    counts: Counts,
    subscriptions: Iterable[Subscription],
    sources: Iterable[Source],
    *,
    every: int | None = None,
    tags: Iterable[Tag] = (),
    muting: bool = False,
    icons: Icons = NO_ICONS,
) -> Sidebar:
    """Build the sidebar: standard lists, folders with their feeds, tags, sources other than feeds.

    every: total number of feeds, if `subscriptions` are only the first of them. muting: there are mute
    rules, so show the list of muted articles.
    """
    feeds = tuple(subscriptions)
    places = (
        NavItem(name="All articles", href="/", icon="all"),
        NavItem(name="Unread", href="/?show=unread", icon="unread", count=counts.unread),
        NavItem(name="Starred", href="/?show=starred", icon="star", count=counts.starred),
        NavItem(name="Sources", href="/sources", icon="sources"),
        *([NavItem(name="Muted", href="/muted", icon="mute")] if muting else []),
    )
    groups = [
        NavGroup(
            title=folder or "Feeds",
            href=lists.folder_path(folder) if folder else "",
            items=tuple(_feed_item(subscription, icons) for subscription in members),
        )
        for folder, members in lists.group_by_folder(feeds)
    ]
    others = tuple(
        NavItem(name=source.title, href=lists.source_path(source.slug), monogram=lists.monogram(source.title))
        for source in sources
        if source.feed_id is None and source.articles
    )[:MAX_ITEMS]
    labels = tuple(
        NavItem(name=tag.name, href=lists.tag_path(tag.id), icon="tag", count=tag.unread) for tag in tags
    )[:MAX_ITEMS]
    if every is not None and every > len(feeds):
        everything = NavItem(name=f"All {every:,} sources", href="/sources", icon="sources")
        groups.append(NavGroup(title="More", href="", items=(everything,)))
    if labels:
        groups.append(NavGroup(title="Tags", href="", items=labels))
    if others:
        groups.append(NavGroup(title="Saved and imported", href="", items=others))
    return Sidebar(
        places=places,
        groups=tuple(groups),
    )


def _feed_item(subscription: Subscription, icons: Icons) -> NavItem:
    return NavItem(
        name=subscription.title,
        href=lists.feed_path(subscription.feed.id),
        count=subscription.unread,
        monogram=lists.monogram(subscription.title, subscription.feed.id, icons),
        has_problem=lists.feed_has_problem(subscription.feed),
    )
