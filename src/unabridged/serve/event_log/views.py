"""View-models of events, for the page of the reader and for items of feeds. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from unabridged.archive.records.events import EVENT_KINDS, Event, EventKind
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, later, ngettext
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.lists import Moment, Tab

KIND_NAMES: Mapping[EventKind, str] = {
    "article.new": later("New article"),
    "article.whole": later("Whole text"),
    "article.changed": later("Edited"),
    "article.taken_down": later("Taken down"),
    "article.restored": later("Restored"),
    "feed.failed": later("Feed fails"),
    "feed.recovered": later("Feed works again"),
    "feed.moved": later("Feed moved"),
    "feed.silent": later("Feed silent"),
    "site.redesigned": later("Site redesigned"),
    "import.done": later("Files imported"),
}
"""Kind of an event -> its name for people."""

GROUPS: Mapping[str, tuple[EventKind, ...]] = {
    "all": EVENT_KINDS,
    "articles": tuple(kind for kind in EVENT_KINDS if kind.startswith("article.")),
    "feeds": tuple(kind for kind in EVENT_KINDS if not kind.startswith("article.")),
}
"""Tab of the page -> the kinds that it shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """An event. href: what it is about; diff_href: what changed; line: what else is known; "" for nothing."""

    number: int
    kind: str
    kind_name: str
    title: str
    href: str
    diff_href: str
    line: str
    time: str
    when: str
    datetime: str


def event_view(event: Event, moment: Moment) -> EventView:
    """Build the view of an event."""
    name = gettext(KIND_NAMES[event.kind])
    return EventView(
        number=event.number,
        kind=event.kind,
        kind_name=name,
        title=event.title or event.url or str(event.details.get("site", name)),
        href=_href(event),
        diff_href=_diff_href(event),
        line=_line(event),
        time=formatting.short_time(event.at, moment.now, moment.zone),
        when=formatting.zoned_time(event.at, moment.zone),
        datetime=event.at.isoformat(),
    )


def _href(event: Event) -> str:
    if event.article is not None:
        return f"/a/{event.article}"
    return lists.feed_path(event.feed) if event.feed is not None else ""


def _diff_href(event: Event) -> str:
    if event.article is None or event.before is None or event.after is None:
        return ""
    return f"/a/{event.article}/diff/{event.before}..{event.after}"


def _line(event: Event) -> str:
    details = event.details
    if event.kind == "feed.moved":
        return f"{details['from']} → {details['to']}"
    if event.kind == "import.done":
        new = int(details.get("new", 0))
        return ngettext("{n} new article", "{n} new articles", new).format(n=number(new))
    return reported(details.get("reason", ""))


def group_tabs(group: str) -> tuple[Tab, ...]:
    """Return the tabs of the page. group: the one that is shown."""
    names = {"all": gettext("All"), "articles": gettext("Articles"), "feeds": gettext("Feeds and sites")}
    return tuple(
        Tab(
            name=text,
            href="/event-log" if name == "all" else f"/event-log?kind={name}",
            current=name == group,
        )
        for name, text in names.items()
    )
