"""Feeds, articles and files that are named on the command line."""

import gzip
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from unabridged.errors import InvalidURL, NotAPage, NotFound, without_login
from unabridged.urls import host

if TYPE_CHECKING:  # files are read by commands that need no database, too
    from unabridged.archive.facade.archive import Archive

GZIP = b"\x1f\x8b"


def feed_number(archive: "Archive", name: str) -> int:
    """Return a feed's number. name: its number or address. Raises NotFound."""
    if name.isdecimal():
        return archive.library().subscriptions.get(int(name)).feed.id
    feed = archive.feeds.find(name)
    if feed is None:
        shown = without_login(name)
        raise NotFound(f"There is no subscription {shown}. `unabridged list` shows numbers and addresses.")
    return feed.id


def article_number(archive: "Archive", name: str) -> int:
    """Return an article's number. name: its number or address. Raises NotFound."""
    library = archive.library()
    if name.isdecimal():
        return library.articles.get(int(name)).id
    shown = without_login(name)
    if "." not in name and "://" not in name:
        raise NotFound(
            f"{shown!r} is neither the number nor the address of an article. "
            "`unabridged articles` lists articles with their numbers."
        )
    found = library.articles.find(name)
    if found is None:
        raise NotFound(
            f"There is no article with the address {shown}. "
            "`unabridged articles` lists articles with their numbers, `unabridged search` finds them."
        )
    return found.id


def host_name(site: str) -> str:
    """Return the host of a host or an address as typed. Raises InvalidURL for neither."""
    found = host(site if "://" in site else f"//{site}".lower())
    if not found or any(sign.isspace() for sign in found):
        raise InvalidURL(site, "it names no site; give a host such as news.example.org")
    return found


def read_file(source: str) -> bytes:
    """Return the bytes of a file, or of stdin for "-"; gzip is unpacked. Raises NotAPage."""
    try:
        data = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return gzip.decompress(data) if data[:2] == GZIP else data
    except FileNotFoundError:
        shown = without_login(source)  # an address without https:// is taken for a file name
        raise NotAPage(f"There is no file {shown}. Give a path, an address with https://, or - .") from None
    except (OSError, EOFError, gzip.BadGzipFile) as exc:
        raise NotAPage(f"{source} cannot be read: {exc}.") from exc
