"""View-model of the settings of one feed: without secrets. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unabridged.archive.records.core import Folder, StoredFeed, Subscription
from unabridged.config import FeedSettings
from unabridged.poll.feeds.setting_changes import masked
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views import formatting, lists
from unabridged.serve.views.lists import FeedLine, Moment
from unabridged.serve.views.sources.bulk_edit import INTERVALS, LEARNED, every_name

DAY = 86_400
KEPT_DAYS = (7, 30, 90, 180, 365, 730)
"""Times that a folder keeps its articles, offered in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettingsView:
    """Settings of a feed. own_title: the person's own, or "". given_title: the feed's.

    retain: (seconds as text, name, selected) of the times to keep the articles of its folder.
    """

    line: FeedLine
    own_title: str
    given_title: str
    folder: str
    folders: tuple[str, ...]
    site: str
    retain: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSettingsView:
    """Settings of the requests for a feed; secrets only by their names. cookie_host: site of the cookie."""

    address: str
    user_agent: str
    user: str
    has_password: bool
    headers: tuple[str, ...]
    proxy: str
    origin: str
    cookie_host: str
    has_cookie: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """Settings of how a feed is read. intervals: (value, name, selected)."""

    intervals: tuple[tuple[str, str, bool], ...]
    full_text: bool


def reading_view(feed: StoredFeed) -> ReadingView:
    """Build the settings of how a feed is read."""
    present = "paused" if feed.status == "paused" else str(feed.interval or LEARNED)
    chosen = {*INTERVALS, *([feed.interval] if feed.interval else [])}
    choices = [(LEARNED, _learned_name(feed))]
    choices += [(str(one), _sentence(every_name(one))) for one in sorted(chosen)]
    choices += [("paused", gettext("Not at all: paused"))]
    return ReadingView(
        intervals=tuple((value, name, value == present) for value, name in choices),
        full_text=feed.full_text,
    )


def _learned_name(feed: StoredFeed) -> str:
    """Return the name of the choice to learn the interval, with the present one if it is learned."""
    known = feed.interval is None and feed.status == "active" and not feed.failures
    if not known or feed.last_polled is None or feed.next_poll_at is None:
        return gettext("As learned from its habit")
    seconds = (feed.next_poll_at - feed.last_polled).total_seconds()
    rounded = next((size for size in (86_400, 3600) if seconds >= 2 * size), 60)
    about = every_name(max(1, round(seconds / rounded)) * rounded)
    return gettext("As learned from its habit: about {every}").format(every=about)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def feed_settings_view(
    subscription: Subscription, folders: Iterable[Folder], moment: Moment, *, names: int
) -> FeedSettingsView:
    """Build the settings of a feed. names: most folders suggested."""
    known = tuple(folders)
    mine = next((one for one in known if one.name == subscription.folder), None)
    feed = subscription.feed
    given = feed.title or feed.url
    return FeedSettingsView(
        line=lists.feed_line(subscription, moment),
        own_title="" if subscription.title == given else subscription.title,
        given_title=given,
        folder=subscription.folder or "",
        folders=tuple(one.name for one in known)[:names],
        site=feed.site_url or "",
        retain=_retain_choices(mine.retain) if mine else (),
    )


def _retain_choices(present: int | None) -> tuple[tuple[str, str, bool], ...]:
    days = sorted({*KEPT_DAYS, *([] if present is None else [max(1, present // DAY)])})
    choices = [("", gettext("for ever"), present is None)]
    chosen = None if present is None else max(1, present // DAY)
    choices += [
        (str(one * DAY), formatting.counted("{n} day", "{n} days", one), one == chosen) for one in days
    ]
    return tuple(choices)


def request_settings_view(
    address: str, asked: FeedSettings, cookie_host: str, cookies: Mapping[str, str]
) -> RequestSettingsView:
    """Build the request settings of a feed. cookies: those of all sites."""
    shown = masked(asked)
    return RequestSettingsView(
        address=address,
        user_agent=asked.user_agent or "",
        user=asked.username or "",
        has_password=asked.password is not None,
        headers=tuple(name for name, _ in asked.headers),
        proxy=shown.get("proxy", ""),
        origin=asked.origin or "",
        cookie_host=cookie_host,
        has_cookie=cookie_host in cookies,
    )
