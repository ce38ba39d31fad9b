"""What people write as key=value about a feed, read into a record; and settings shown without secrets."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import typer

from unabridged.cli.support.context import Door
from unabridged.cli.support.terminal import plain
from unabridged.config import FeedSettings
from unabridged.errors import ConfigError
from unabridged.fetch.credentials import check_header
from unabridged.fetch.proxies import DIRECT, proxy_doorman
from unabridged.fetch.ssrf_guard import without_credentials

KEYS = ("title", "folder", "url", "user-agent", "header.NAME", "user", "password", "proxy", "cookie")
HIDDEN = "••••"
_SECRET = frozenset(("password", "cookie"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """asked: how the feed is asked from now on. plain: title, folder, url; "" takes one back.

    cookie: None: unchanged; "": forgotten.
    """

    asked: FeedSettings
    plain: dict[str, str]
    cookie: str | None = field(default=None, repr=False)


def read_changes(words: Sequence[str], before: FeedSettings, ask: Callable[[str], str]) -> Changes:
    """Read key=value words. ask: gets what was given as "-", so that it is in no shell's history.

    Raises ConfigError, naming the word.
    """
    asked, plain, cookie = before, dict[str, str](), None
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise ConfigError(f"{word!r} is not of the form key=value. Known keys: {', '.join(KEYS)}.")
        value = ask(key) if value == "-" else value.strip()
        if key in ("title", "folder", "url"):
            plain[key] = value
        elif key == "cookie":
            cookie = _cookie(value)
        else:
            asked = _asked(asked, key, value)
    return Changes(asked=asked, plain=plain, cookie=cookie)


def _asked(asked: FeedSettings, key: str, value: str) -> FeedSettings:
    if key == "user-agent":
        return replace(asked, user_agent=check_header("X-User-Agent", value)[1] or None)
    if key == "user":
        return replace(asked, username=value or None)
    if key == "password":
        return replace(asked, password=value or None)
    if key == "proxy":
        if value and value != DIRECT:
            proxy_doorman(value)
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
    """Return settings as they may be shown: that there is a secret, never which."""
    shown: dict[str, str | None] = {
        "user-agent": asked.user_agent,
        **{f"header.{name}": HIDDEN for name, _ in asked.headers},
        "user": asked.username,
        "password": HIDDEN if asked.password is not None else None,
        "proxy": _proxy(asked.proxy),
    }
    return {key: value for key, value in shown.items() if value is not None}


def _proxy(proxy: str | None) -> str | None:
    if proxy is None or not urlsplit(proxy).username:
        return proxy
    return without_credentials(proxy).replace("//", f"//{HIDDEN}@", 1)


def ask(key: str) -> str:
    """Get a secret from the terminal, unseen, or from a line of stdin."""
    if sys.stdin.isatty():
        answer: str = typer.prompt(key, hide_input=True)
        return answer.strip()
    return sys.stdin.readline().strip()


def settings_to_add(words: Sequence[str]) -> FeedSettings | None:
    """Read what a feed is added with; None without any word. Raises ConfigError."""
    if not words:
        return None
    wanted = read_changes(words, FeedSettings(), ask)
    if wanted.plain or wanted.cookie is not None:
        raise ConfigError("Only user-agent, header.NAME, user, password and proxy are set when adding.")
    return wanted.asked


def say_private(urls: Sequence[str], door: Door) -> None:
    """Name the feeds that were asked with secrets where a list comes from, which holds none."""
    for url in urls:
        say = f"{url} was asked with a name, password, header or proxy: see `unabridged set --help`."
        door.note.print(plain(say, "yellow"))
