"""Feed objects of the Miniflux API, made of subscriptions."""

from collections.abc import Mapping
from typing import Any

from unabridged.archive.records.core import Subscription
from unabridged.serve.sync.google_reader.items import OTHER_TITLE
from unabridged.serve.sync.google_reader.streams import OTHER_FEED
from unabridged.serve.sync.miniflux.answers import NEVER, moment
from unabridged.serve.sync.miniflux.categories import Category, all_category, category_object, category_of

TEXTS = (
    *("scraper_rules", "rewrite_rules", "urlrewrite_rules", "blocklist_rules", "keeplist_rules"),
    *("block_filter_entry_rules", "keep_filter_entry_rules", "user_agent", "cookie", "username", "password"),
    *("apprise_service_urls", "webhook_url", "ntfy_topic", "proxy_url"),
)
SWITCHES = (
    *("no_media_player", "ignore_http_cache", "allow_self_signed_certificates", "fetch_via_proxy"),
    *("hide_globally", "disable_http2", "ignore_entry_updates", "ntfy_enabled", "pushover_enabled"),
)
UNUSED: Mapping[str, Any] = {
    **dict.fromkeys(TEXTS, ""),
    **dict.fromkeys(SWITCHES, False),
    "ntfy_priority": 3,
    "pushover_priority": 0,
}
"""Fields of Miniflux's settings of a feed that have no counterpart here, or that are secret."""


def feed_object(one: Subscription, icon: str | None) -> dict[str, Any]:
    """Return a feed. icon: SHA-256 (hex) of its stored icon, None without one."""
    feed, failure = one.feed, one.feed.last_failure
    own = {
        "site_url": feed.site_url or feed.url,
        "description": feed.description,
        "language": feed.language or "",
        "checked_at": moment(feed.last_polled),
        "next_check_at": moment(feed.next_poll_at),
        "etag_header": feed.validators.etag or "",
        "last_modified_header": feed.validators.last_modified or "",
        "parsing_error_message": failure.message if failure is not None and feed.failures else "",
        "parsing_error_count": feed.failures,
        "crawler": feed.full_text,
        "disabled": feed.status != "active",
    }
    return _feed_object(one.user, feed.id, feed.url, one.title, category_of(one), icon) | own


def other_feed(user: int, home: str) -> dict[str, Any]:
    """Return the feed of saved pages and of articles that no subscription shows. home: of the reader."""
    return _feed_object(user, OTHER_FEED, home, OTHER_TITLE, all_category(), None)


def _feed_object(
    user: int, number: int, url: str, title: str, category: Category, icon: str | None
) -> dict[str, Any]:
    return {
        "id": number,
        "user_id": user,
        "feed_url": url,
        "site_url": url,
        "title": title,
        "description": "",
        "language": "",
        "checked_at": NEVER,
        "next_check_at": NEVER,
        "etag_header": "",
        "last_modified_header": "",
        "parsing_error_message": "",
        "parsing_error_count": 0,
        "crawler": False,
        "disabled": False,
        **UNUSED,
        "category": category_object(category, user),
        "icon": {"feed_id": number, "icon_id": number if icon else 0, "external_icon_id": icon or ""},
    }
