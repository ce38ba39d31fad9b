"""Changes of a feed's settings, and settings shown without secrets: for the command line and the reader."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.core import StoredFeed
from unabridged.config import FeedSettings
from unabridged.durations import parse_duration
from unabridged.errors import ConfigError, without_login
from unabridged.fetch.credentials import check_header, cookie_site
from unabridged.fetch.proxies import DIRECT, proxy_guard
from unabridged.fetch.ssrf_guard import check_url, parse_allowance
from unabridged.urls import host, origin, registrable_domain

KEYS = (
    "title",
    "folder",
    "url",
    "user-agent",
    "header.NAME",
    "user",
    "password",
    "origin",
    "proxy",
    "cookie",
    "interval",
    "full-text",
    "like",
)
PLAIN = ("title", "folder", "url", "interval", "full-text")
"""Keys that are no request settings."""

HIDDEN = "••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Changes of one feed.

    asked: the new request settings. plain: values of the keys PLAIN; "" resets one. cookie: None: unchanged,
    "": deleted. dropped: origin of an old login that is deleted because a new one was given.
    """

    asked: FeedSettings
    plain: dict[str, str]
    cookie: str | None = field(default=None, repr=False)
    dropped: str | None = None


def read_changes(
    pairs: Sequence[tuple[str, str]], before: FeedSettings, *, url: str | None = None
) -> Changes:
    """Read pairs of key and value. url: the feed's address; a new login is bound to its origin.

    A stored login for another origin is deleted then, so that the two are never mixed. Raises InvalidURL,
    and ConfigError that names the key.
    """
    plain = {key: value for key, value in pairs if key in PLAIN}
    read_interval(plain.get("interval", ""))
    read_switch(plain.get("full-text", ""))
    cookies = [_cookie(value) for key, value in pairs if key == "cookie"]
    named = [_origin(value) for key, value in pairs if key == "origin"]
    given = any(value and _is_secret(key) for key, value in pairs)
    here = plain.get("url") or url
    home = None if here is None else origin(here)
    stale = given and not named and before.origin not in (None, home)
    asked = before.without_secrets() if stale else before
    for key, value in pairs:
        if key not in plain and key not in ("cookie", "origin"):
            asked = _asked(asked, key, value)
    bound = named[-1] if named else home if given else before.origin
    return Changes(
        asked=asked.bound_to(bound),
        plain=plain,
        cookie=cookies[-1] if cookies else None,
        dropped=before.origin if stale else None,
    )


def read_interval(value: str) -> int | None:
    """Return the seconds of an interval; None for "" or "learned". Raises ConfigError."""
    if value in ("", "learned"):
        return None
    try:
        return parse_duration(value)
    except ValueError as exc:
        raise ConfigError(f"interval: {exc}") from None


def read_switch(value: str) -> bool:
    """Return whether "on", "off" or "" (on) is on. Raises ConfigError for anything else."""
    if value not in ("", "on", "off"):
        raise ConfigError(f"full-text: {value[:40]!r} is neither on nor off.")
    return value != "off"


def _is_secret(key: str) -> bool:
    return key in ("user", "password") or key.startswith("header.")


def _origin(value: str) -> str:
    if not value:
        raise ConfigError("Name the origin that the login is sent to: origin=https://example.org.")
    return origin(value)


def _asked(asked: FeedSettings, key: str, value: str) -> FeedSettings:
    if key == "user-agent":
        return replace(asked, user_agent=check_header("X-User-Agent", value)[1] or None)
    if key == "user":
        return replace(asked, username=value or None)
    if key == "password":
        return replace(asked, password=value or None)
    if key == "proxy":
        if value and value != DIRECT:
            proxy_guard(value)
        return replace(asked, proxy=value or None)
    if key.startswith("header."):
        return _with_header(asked, key.removeprefix("header."), value)
    raise ConfigError(f"There is no key {key!r}. Known keys: {', '.join(KEYS)}.")


def _with_header(asked: FeedSettings, name: str, value: str) -> FeedSettings:
    pair = check_header(name, value)
    others = tuple(one for one in asked.headers if one[0].lower() != name.lower())
    return replace(asked, headers=(*others, pair) if value else others)


def _cookie(value: str) -> str:
    return check_header("X-Cookie", value.removeprefix("Cookie:").strip())[1]


def masked(asked: FeedSettings) -> dict[str, str]:
    """Return settings for display; a secret is shown as dots."""
    shown: dict[str, str | None] = {
        "user-agent": asked.user_agent,
        **{f"header.{name}": HIDDEN for name, _ in asked.headers},
        "user": asked.username,
        "password": HIDDEN if asked.password is not None else None,
        "origin": asked.origin,
        "proxy": _proxy(asked.proxy),
    }
    return {key: value for key, value in shown.items() if value is not None}


def _proxy(proxy: str | None) -> str | None:
    if proxy is None or (shown := without_login(proxy)) == proxy:
        return proxy
    return shown.replace("//", f"//{HIDDEN}@", 1)


def apply_changes(
    archive: Archive,
    library: Library,
    feed: StoredFeed,
    wanted: Changes,
    *,
    now: datetime,
    allow_private: Sequence[str],
    cookie_host: str | None = None,
) -> None:
    """Save the changes of one feed. cookie_host: the site that a new cookie is for; by default the feed's.

    Raises NotFound, InvalidURL, FetchRefused (an address that may not be fetched), ConfigError.
    """
    site = (cookie_host or site_of(feed)) if wanted.cookie is not None else None
    if "url" in wanted.plain:
        check_url(wanted.plain["url"], parse_allowance(allow_private))  # raises if the guard refuses it
        library.subscriptions.set_feed_url(feed.id, wanted.plain["url"], now=now)
    if "title" in wanted.plain:
        library.subscriptions.rename(feed.id, wanted.plain["title"] or None)
    if "folder" in wanted.plain:
        library.subscriptions.move(feed.id, wanted.plain["folder"] or None)
    if "interval" in wanted.plain:
        library.subscriptions.set_interval([feed.id], read_interval(wanted.plain["interval"]), now=now)
    if "full-text" in wanted.plain:
        on = read_switch(wanted.plain["full-text"])
        library.subscriptions.set_full_text([feed.id], on=on, now=now)
    if site is not None:
        archive.feeds.set_site_cookie(site, wanted.cookie or None, now=now)
    if wanted.asked != archive.feeds.settings(feed.id):
        archive.feeds.set_settings(feed.id, wanted.asked, now=now)


def site_of(feed: StoredFeed) -> str:
    """Return the site of a feed for its cookie. Raises ConfigError if it is not the feed's own domain.

    A feed names its site itself, so it must not direct a cookie to another domain or to http.
    """
    site = feed.site_url or feed.url
    if registrable_domain(site) != registrable_domain(feed.url):
        raise ConfigError(
            f"This feed is at {host(feed.url)} and says that its site is {host(site)}. "
            "Name the site that gets the cookie: `unabridged set example.org cookie=-`."
        )
    return cookie_site(site if site.startswith("https://") else feed.url)
