"""View-models of article lists and of the sources page, built from archive records. Pure."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import groupby
from urllib.parse import quote, urlencode

from unabridged import urls
from unabridged.archive.records.core import (
    Failure,
    Folder,
    Headline,
    StoredFeed,
    Subscription,
)
from unabridged.archive.records.library import FoldedHeadlines, Position
from unabridged.archive.records.stories import StoryMark
from unabridged.poll.feeds.diagnostics import login_stayed
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, later, ngettext
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting
from unabridged.serve.views.playback import time_left
from unabridged.serve.views.sources.advice import failure_advice, plain_advice, plain_message
from unabridged.text.scripts import direction as direction_of

TINTS = 8
SUMMARY, WIDE_SUMMARY = 230, 110
"""Characters of a summary in a list, of which two lines are shown; WIDE_SUMMARY: of Han and the like."""

STATE_LABELS = {"waiting": later("being read"), "failed": later("feed’s own text")}
"""Page state -> label shown for an article whose page was not read."""

LEADING_ARTICLES = {"the", "a", "an", "le", "la", "les", "der", "die", "das", "el"}

Icons = Mapping[int, str]
"""Feed number -> SHA-256 (hex) of its stored icon."""

NO_ICONS: Icons = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Present time and the user's time zone."""

    now: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Monogram:
    """A feed's icon if one is stored, else the first letter of its name on one of TINTS colours."""

    letter: str
    tint: int
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem, advice for the user, and the time of the next try."""

    what: str
    advice: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLink:
    """Link to the story of an article: "5 articles on this"."""

    href: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyLine:
    """Another article with nearly the same text. when: its date, "" if unknown."""

    href: str
    source: str
    title: str
    language: str | None
    when: str
    read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One article in a list. minutes: reading time, 0 if unknown; state: short label, or "".

    when: the time in full, with its zone. edited: the publisher's edits in short, or ""; edits: in full.
    original: address of the publisher's page, or "". left: of its audio or video, in words, or "". story:
    the story that it is in. copies: the first of the near-duplicates that are folded under it; folded: how
    many there are.
    """

    id: int
    href: str
    title: str
    language: str | None
    direction: str
    source: str
    source_href: str
    monogram: Monogram
    time: str
    datetime: str
    when: str
    summary: str
    thumb: str | None
    minutes: int
    state: str
    read: bool
    starred: bool
    edited: str
    edits: str
    original: str = ""
    left: str = ""
    story: StoryLink | None = None
    copies: tuple[CopyLine, ...] = ()
    folded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    name: str
    rows: tuple[ArticleRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyNotice:
    """Notice shown for an empty list, with a link to what helps."""

    title: str
    text: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A feed on the sources page."""

    id: int
    title: str
    href: str
    address: str
    monogram: Monogram
    articles: str
    unread: int
    checked: str
    problem: Problem | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderGroup:
    title: str
    href: str
    feeds: tuple[FeedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of articles. stem: path of its full-text feeds without extension, "" if it has none.

    scope: form fields that identify the list; until: time at which it was shown (ISO 8601). order: newest or
    oldest first; in_address: links of the list name the order, because it is not the usual one. of_rules: it
    has what rules set aside.
    """

    title: str
    path: str
    days: tuple[Day, ...] = ()
    tabs: tuple[Tab, ...] = ()
    show: str = "all"
    order: str = "newest"
    in_address: bool = False
    description: str = ""
    site: str = ""
    stem: str = ""
    problem: Problem | None = None
    empty: EmptyNotice | None = None
    older: str = ""
    newest: str = ""
    until: str = ""
    feed: FeedLine | None = None
    scope: tuple[tuple[str, str], ...] = ()
    of_rules: bool = False


def monogram(title: str, feed_id: int | None = None, icons: Icons = NO_ICONS) -> Monogram:
    """Return the monogram of a source; feeds with consecutive numbers differ in colour."""
    words = title.split()
    significant = words[1:] if len(words) > 1 and words[0].lower() in LEADING_ARTICLES else words
    letter = next((c for c in " ".join(significant) if c.isalnum()), "·").upper()
    tint = feed_id if feed_id is not None else zlib.crc32(title.encode("utf-8", "replace"))
    icon_hash = None if feed_id is None else icons.get(feed_id)
    return Monogram(
        letter=letter, tint=tint % TINTS, icon=f"/icons/{feed_id}?v={icon_hash[:12]}" if icon_hash else ""
    )


def feed_path(feed_id: int) -> str:
    return f"/feeds/{feed_id}"


def folder_path(name: str) -> str:
    return f"/folders/{quote(name, safe='')}"


def tag_path(tag_id: int) -> str:
    return f"/tags/{tag_id}"


def source_path(slug: str) -> str:
    return f"/sources/{quote(slug, safe='')}"


def group_by_folder(subscriptions: Iterable[Subscription]) -> list[tuple[str | None, list[Subscription]]]:
    """Group subscriptions by folder: folders by name, then feeds without one; each sorted by title."""
    ordered = sorted(
        subscriptions, key=lambda s: (s.folder is None, (s.folder or "").casefold(), s.title.casefold())
    )
    return [(folder, list(members)) for folder, members in groupby(ordered, key=lambda s: s.folder)]


def feed_has_problem(feed: StoredFeed) -> bool:
    return feed.status == "gone" or feed.last_failure is not None


def feed_problem(feed: StoredFeed, moment: Moment) -> Problem | None:
    """Describe a feed's problem and what to do; None if it has none."""
    if feed.status == "gone":
        return Problem(
            what=gettext("The publisher has closed this feed (410 Gone)."),
            advice=gettext(
                "All stored articles stay here. Look on the site for a new feed, or remove this one."
            ),
        )
    if feed.status == "paused":
        return Problem(
            what=gettext("This feed is paused."), advice=gettext("Resume it below to be up to date again.")
        )
    if feed.last_failure is None:
        return None
    return failure_problem(feed.last_failure, feed.next_poll_at, moment)


def login_problem(subscription: Subscription) -> Problem | None:
    """Report that a feed moved to an address that its login is not sent to; None if it did not."""
    stayed = login_stayed(subscription)
    return (
        None if stayed is None else Problem(what=reported(stayed[0]), advice=plain_advice("login", stayed[1]))
    )


def failure_problem(failure: Failure, next_try: datetime | None, moment: Moment) -> Problem:
    """Describe a failure, with advice and the time of the next try."""
    if next_try is None:
        when = ""
    elif next_try <= moment.now:
        when = gettext("It is tried again in a moment.")
    else:
        at = formatting.relative_time(next_try, moment.now, moment.zone)
        when = gettext("Next try: {time}.").format(time=at)
    return Problem(what=plain_message(failure.message), advice=failure_advice(failure), when=when)


def feed_line(subscription: Subscription, moment: Moment, icons: Icons = NO_ICONS) -> FeedLine:
    """Build a feed's entry on the sources page."""
    feed = subscription.feed
    if feed.last_polled is None:
        checked = gettext("not read yet")
    else:
        at = formatting.relative_time(feed.last_polled, moment.now, moment.zone)
        checked = gettext("checked {time}").format(time=at)
    return FeedLine(
        id=feed.id,
        title=subscription.title,
        href=feed_path(feed.id),
        address=urls.readable(feed.url),
        monogram=monogram(subscription.title, subscription.feed.id, icons),
        articles=formatting.counted("{n} article", "{n} articles", subscription.articles),
        unread=subscription.unread,
        checked=checked,
        problem=feed_problem(feed, moment) or login_problem(subscription),
        status=feed.status,
    )


def folder_groups(
    subscriptions: Iterable[Subscription], moment: Moment, icons: Icons = NO_ICONS
) -> tuple[FolderGroup, ...]:
    """Build the page of sources."""
    return tuple(
        FolderGroup(
            title=folder or gettext("Feeds"),
            href=folder_path(folder) if folder else "",
            feeds=tuple(feed_line(member, moment, icons) for member in members),
        )
        for folder, members in group_by_folder(subscriptions)
    )


def article_row(
    headline: Headline,
    moment: Moment,
    thumb: str | None,
    icons: Icons = NO_ICONS,
    position: Position | None = None,
    story: StoryMark | None = None,
) -> ArticleRow:
    """Build an article's entry in a list. thumb: URL of its image at our proxy. position: in its audio."""
    source = headline.feed_title or headline.source
    language = formatting.language_of(headline.language, f"{headline.title} {headline.summary}")
    return ArticleRow(
        id=headline.id,
        href=f"/a/{headline.id}",
        title=headline.title or formatting.fallback_title(headline.summary, headline.url),
        language=language,
        direction=direction_of(language, f"{headline.title} {headline.summary}"),
        source=source,
        source_href=feed_path(headline.feed_id) if headline.feed_id else source_path(headline.source),
        monogram=monogram(source, headline.feed_id, icons),
        time=formatting.short_time(headline.at, moment.now, moment.zone),
        datetime=headline.at.isoformat(),
        when=formatting.zoned_time(headline.at, moment.zone),
        summary=formatting.shorten(
            headline.summary, WIDE_SUMMARY if formatting.is_cjk(headline.summary) else SUMMARY
        ),
        thumb=thumb,
        minutes=formatting.reading_minutes(headline.words, language)
        if headline.page_state in ("read", "none")
        else 0,
        state=_state(headline),
        read=headline.read,
        starred=headline.starred,
        edited=_edited(headline, moment),
        edits=formatting.edits_text(headline.edits, headline.edited, moment.zone),
        original=headline.url,
        left=time_left(position),
        story=story_link(story),
    )


def story_path(number: int) -> str:
    return f"/story/{number}"


def story_link(mark: StoryMark | None) -> StoryLink | None:
    """Return the link to a story, None for an article that is in none."""
    if mark is None:
        return None
    return StoryLink(
        href=story_path(mark.number),
        text=formatting.counted("{n} article on this", "{n} articles on this", mark.articles),
    )


def copy_line(line: Headline, moment: Moment) -> CopyLine:
    """Build the line of another article with nearly the same text."""
    return CopyLine(
        href=f"/a/{line.id}",
        source=line.feed_title or urls.host(line.url).removeprefix("www."),
        title=line.title or formatting.fallback_title(line.summary, line.url),
        language=formatting.language_of(line.language, line.title),
        when=formatting.zoned_time(line.published, moment.zone) if line.published else "",
        read=line.read,
    )


def with_copies(row: ArticleRow, found: FoldedHeadlines, moment: Moment) -> ArticleRow:
    """Return a row with the near-duplicates that its list folds under it."""
    lines = tuple(copy_line(line, moment) for line in found.lines.get(row.id, ()))
    return replace(row, copies=lines, folded=len(found.under.get(row.id, ())))


def _state(headline: Headline) -> str:
    if headline.muted:
        return formatting.aside_reason(headline.muted)
    return gettext(STATE_LABELS.get(headline.page_state, ""))


def _edited(headline: Headline, moment: Moment) -> str:
    if headline.edited is None:
        return ""
    at = formatting.short_time(headline.edited, moment.now, moment.zone)
    if headline.edits == 1:
        return gettext("Edited {time}").format(time=at)
    count = number(headline.edits)
    words = ngettext("Edited {n} time, last {time}", "Edited {n} times, last {time}", headline.edits)
    return words.format(n=count, time=at)


def group_by_day(rows: Sequence[tuple[datetime, ArticleRow]], moment: Moment) -> tuple[Day, ...]:
    """Group rows, each with its sort time, under the names of their days or months."""
    named = [(formatting.period_heading(at, moment.now, moment.zone), line) for at, line in rows]
    return tuple(
        Day(name=name, rows=tuple(line for _, line in members))
        for name, members in groupby(named, key=lambda pair: pair[0])
    )


def fill_listing(
    listing: Listing,
    *,
    headlines: FoldedHeadlines,
    rows: Sequence[ArticleRow],
    show: str,
    moment: Moment,
    notice: EmptyNotice,
) -> Listing:
    """Return a listing with its rows and the link to further ones, or with a notice if it is empty."""
    order = listing.order if listing.in_address else ""
    older = with_query(listing.path, show, headlines.next, order) if headlines.next else ""
    return replace(
        listing,
        show=show,
        tabs=show_tabs(listing.path, show, order),
        days=group_by_day(
            [(line.at, shown) for line, shown in zip(headlines.headlines, rows, strict=True)], moment
        ),
        empty=None if rows else notice,
        older=older,
        until=moment.now.isoformat(),
    )


def with_query(path: str, show: str, before: str | None, order: str = "") -> str:
    """Return the URL of a list, filtered, from a position on, in an order."""
    pairs = ([("show", show)] if show != "all" else []) + ([("order", order)] if order else [])
    pairs += [("before", before)] if before else []
    return path + (f"?{urlencode(pairs)}" if pairs else "")


def show_tabs(path: str, show: str, order: str = "") -> tuple[Tab, ...]:
    """Return the tabs of a list: all, unread, starred."""
    names = (("all", gettext("All")), ("unread", gettext("Unread")), ("starred", gettext("Starred")))
    return tuple(
        Tab(name=name, href=with_query(path, key, None, order), current=key == show) for key, name in names
    )


def empty_notice(show: str, *, feeds: int, problem: Problem | None, never_polled: bool) -> EmptyNotice:
    """Explain why a list is empty and what to do. never_polled: its feed was not polled yet."""
    if show == "starred":
        return EmptyNotice(
            title=gettext("Nothing starred yet"),
            text=gettext("Press s on an article, or the star above it, to find it here."),
        )
    if show == "unread":
        return EmptyNotice(
            title=gettext("All caught up"),
            text=gettext(
                "You have read everything. New articles are here after the next poll; reload the page."
            ),
        )
    if problem is not None:
        return EmptyNotice(
            title=gettext("Nothing here yet"),
            text=gettext("See the notice above for the reason and what to do."),
        )
    if never_polled:
        return EmptyNotice(
            title=gettext("Being read"),
            text=gettext(
                "The feed was just added. Reload the page in a moment: its articles are listed as soon as "
                "the feed is read, and in full as soon as their pages are."
            ),
        )
    if feeds == 0:
        return EmptyNotice(
            title=gettext("Nothing here yet"),
            text=gettext("Add a feed, or the address of any site that has one."),
            href="/add",
            link=gettext("Add a feed"),
        )
    return EmptyNotice(
        title=gettext("Nothing here yet"),
        text=gettext("Articles are listed after the first poll that finds some; reload the page then."),
    )


def find_folder(folders: Iterable[Folder], name: str) -> Folder | None:
    """Find a folder by its name, ignoring case."""
    return next((folder for folder in folders if folder.name.casefold() == name.casefold()), None)
