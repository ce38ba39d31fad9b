"""Changes of a feed's settings, typed as key=value, and settings shown without secrets."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import typer

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import plain
from unabridged.config import FeedSettings
from unabridged.errors import ConfigError, without_login
from unabridged.fetch.credentials import check_header
from unabridged.fetch.proxies import DIRECT, proxy_guard
from unabridged.urls import origin

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
)
HIDDEN = "••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Changes of one feed.

    asked: the new request settings. plain: title, folder, url; "" resets one. cookie: None: unchanged,
    "": deleted. dropped: origin of an old login that is deleted because a new one was given.
    """

    asked: FeedSettings
    plain: dict[str, str]
    cookie: str | None = field(default=None, repr=False)
    dropped: str | None = None


def read_changes(
    words: Sequence[str], before: FeedSettings, ask: Callable[[str], str], *, url: str | None = None
) -> Changes:
    """Read key=value words. ask: asks for a value given as "-", which keeps it out of the shell's history.

    url: the feed's address. A new login is bound to its origin. A stored login for another origin is
    deleted then, so that the two are never mixed. Raises InvalidURL, and ConfigError that names the word.
    """
    pairs = [_pair(word, ask) for word in words]
    plain = {key: value for key, value in pairs if key in ("title", "folder", "url")}
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


def _pair(word: str, ask: Callable[[str], str]) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise ConfigError(f"{word!r} is not of the form key=value. Known keys: {', '.join(KEYS)}.")
    return key, ask(key) if value == "-" else value.strip()


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


def ask(key: str) -> str:
    """Read a secret from the terminal without echo, or from a line of stdin."""
    if sys.stdin.isatty():
        answer: str = typer.prompt(key, hide_input=True)
        return answer.strip()
    return sys.stdin.readline().strip()


def settings_to_add(words: Sequence[str]) -> FeedSettings | None:
    """Return the settings of a new feed, or None without any word. Raises ConfigError."""
    if not words:
        return None
    wanted = read_changes(words, FeedSettings(), ask)
    if wanted.plain or wanted.cookie is not None or wanted.asked.origin is not None:
        raise ConfigError("A new feed can be given only user-agent, header.NAME, user, password and proxy.")
    return wanted.asked


def warn_of_lost_settings(urls: Sequence[str], cli: CliContext) -> None:
    """Name the feeds of an imported list that used secrets before; the list itself holds none."""
    for url in urls:
        text = f"{url} used a name, password, header or proxy before: see `unabridged set --help`."
        cli.stderr.print(plain(text, "yellow"))
