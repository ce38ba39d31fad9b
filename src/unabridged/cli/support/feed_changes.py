"""Changes of a feed's settings, typed as key=value."""

import sys
from collections.abc import Callable, Sequence

import typer

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import plain
from unabridged.config import FeedSettings
from unabridged.errors import ConfigError
from unabridged.poll.feeds.setting_changes import KEYS, Changes, read_changes


def typed_changes(
    words: Sequence[str], before: FeedSettings, ask: Callable[[str], str], *, url: str | None = None
) -> Changes:
    """Read key=value words. ask: asks for a value given as "-", which keeps it out of the shell's history.

    url, errors: see `read_changes`.
    """
    return read_changes([_pair(word, ask) for word in words], before, url=url)


def _pair(word: str, ask: Callable[[str], str]) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise ConfigError(f"{word!r} is not of the form key=value. Known keys: {', '.join(KEYS)}.")
    return key, ask(key) if value == "-" else value.strip()


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
    wanted = typed_changes(words, FeedSettings(), ask)
    if wanted.plain or wanted.cookie is not None or wanted.asked.origin is not None:
        raise ConfigError("A new feed can be given only user-agent, header.NAME, user, password and proxy.")
    return wanted.asked


def warn_of_lost_settings(urls: Sequence[str], cli: CliContext) -> None:
    """Name the feeds of an imported list that used secrets before; the list itself holds none."""
    for url in urls:
        text = f"{url} used a name, password, header or proxy before: see `unabridged set --help`."
        cli.stderr.print(plain(text, "yellow"))
