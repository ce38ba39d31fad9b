"""Details of a subscription for `list --details`, secrets masked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredFeed, Subscription
from unabridged.cli.support.terminal import Table, plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.durations import format_duration
from unabridged.errors import FetchRefused
from unabridged.fetch.credentials import has_cookie
from unabridged.poll.feeds.setting_changes import HIDDEN, masked


def all_details(archive: Archive, subscriptions: Sequence[Subscription]) -> dict[int, dict[str, Any]]:
    """Return feed number -> details beyond its line in the list."""
    settings, cookies = archive.feeds.all_settings(), archive.feeds.site_cookies()
    moves = archive.feeds.moves()
    hubs = {one.feed_id: one for one in archive.websub.all()}
    found: dict[int, dict[str, Any]] = {}
    for subscription in subscriptions:
        feed = subscription.feed
        hub = hubs.get(feed.id)
        shown = masked(settings[feed.id]) if feed.id in settings else {}
        if _has_cookie(feed, cookies):
            shown["cookie"] = HIDDEN
        found[feed.id] = {
            "settings": shown,
            "moved": [move.old_url for move in moves.get(feed.id, ())],
            "hub": None if hub is None else f"{hub.hub} ({hub.state})",
        } | {"shown": _feed_details(feed)}
    return found


def _has_cookie(feed: StoredFeed, cookies: dict[str, str]) -> bool:
    try:
        return has_cookie(feed.site_url or feed.url, cookies)
    except FetchRefused:
        return False


def _feed_details(feed: StoredFeed) -> dict[str, str]:
    failure = feed.last_failure
    lines = {
        "number": str(feed.id),
        "address": feed.url,
        "site": feed.site_url,
        "state": feed.status,
        "interval": format_duration(feed.interval) if feed.interval is not None else None,
        "full text": None if feed.full_text else "off",
        "last polled": _when(feed.last_polled),
        "last answered": _when(feed.last_ok),
        "next poll": _when(feed.next_poll_at),
        "requests": _publisher_hints(feed),
        "failing": failure and f"{feed.failures} times since {_when(feed.failing_since)}",
        "why": failure and f"{failure.message} {failure.advice}".strip(),
        "repaired": "; ".join(feed.notes),
    }
    return {name: text for name, text in lines.items() if text}


def _publisher_hints(feed: StoredFeed) -> str:
    parts = [f"a pause of {feed.ttl // 60} min" if feed.ttl else ""]
    parts.append(f"no polls at {', '.join(map(str, feed.skip_hours))} h GMT" if feed.skip_hours else "")
    parts.append(f"no polls on {', '.join(feed.skip_days)}" if feed.skip_days else "")
    return ", ".join(filter(None, parts))


def _when(at: datetime | None) -> str | None:
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at else None


def details_table(known: dict[str, Any]) -> Table:
    """Return a table of one subscription's details, a row for each."""
    table = new_table(show_header=False)
    table.add_column(style="dim")
    table.add_column()
    rows: dict[str, str | None] = {**known["shown"]}
    rows["moved from"] = ", ".join(known["moved"])
    rows["hub"] = known["hub"]
    rows |= known["settings"]
    for name, text in rows.items():
        if text:
            table.add_row(f"  {name}", plain(text))
    return table
