"""Bookmarks as HTML, by browsers and services (Netscape format), and Pocket's former HTML export."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

from unabridged.formats.links.saved_link import READ_FOLDERS, SavedLink, instant, split_tags

HEAD = re.compile(
    rb"\s*<!DOCTYPE\s+NETSCAPE-Bookmark-file|<title>\s*Pocket Export"
    rb"|<dl>\s*(?:<p>)?[\s\S]{0,500}?\sadd_date=",
    re.IGNORECASE,
)
"""Signs at the beginning of such a file, and of no other HTML page."""

_ROOT_FOLDERS = frozenset(
    (
        *("bookmarks", "bookmarks menu", "bookmarks bar", "bookmarks toolbar", "other bookmarks", "menu"),
        *("mobile bookmarks", "favorites", "favorites bar", "unsorted", "toolbar", "reading list", "unread"),
    )
)
"""Folders that browsers and services make by themselves: no tags."""

_NO_PAGES = ("javascript:", "place:", "data:", "about:", "chrome:", "edge:", "file:")
"""Beginnings of bookmarks that lead to no page: passed over."""


def is_bookmarks(head: bytes) -> bool:
    """Tell by the first bytes if a file holds bookmarks."""
    return HEAD.search(head) is not None


def read_bookmarks(text: str) -> Iterator[SavedLink]:
    """Yield the bookmarks of a file, in order; folders become tags."""
    parser = _Parser()
    parser.feed(text)
    parser.close()
    parser.finish()
    yield from parser.links


class _Parser(HTMLParser):
    """Collects links with the folders around them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[SavedLink] = []
        self._folders: list[str] = []
        self._heading = ""
        self._attributes: dict[str, str] | None = None
        self._words: list[str] = []
        self._collects = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("a", "h1", "h3", "h2", "dd", "dt", "dl"):
            self.finish()
        if tag in ("dl", "ul"):
            self._folders.append(self._heading)
            self._heading = ""
        elif tag == "a":
            self._attributes = {name: value or "" for name, value in attrs}
        if tag in ("a", "h1", "h2", "h3", "dd"):
            self._collects, self._words = tag, []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "h1", "h2", "h3", "dl", "ul"):
            self.finish()
        if tag in ("dl", "ul") and self._folders:
            self._folders.pop()

    def handle_data(self, data: str) -> None:
        if self._collects:
            self._words.append(data)

    def finish(self) -> None:
        """End what is being collected: a link, the name of a folder, or a description."""
        words, kind = " ".join("".join(self._words).split()), self._collects
        self._collects, self._words = "", []
        if kind in ("h1", "h2", "h3"):
            self._heading = words
        elif kind == "a" and self._attributes is not None:
            self._add(self._attributes, words)
        elif kind == "dd" and self.links and words and not self.links[-1].excerpt:
            self.links[-1] = replace(self.links[-1], excerpt=words)

    def _add(self, given: dict[str, str], title: str) -> None:
        url = given.get("href", "").strip()
        if not url or url.lower().startswith(_NO_PAGES):
            return
        folders = [name for name in self._folders if name and name.lower() not in _ROOT_FOLDERS]
        read = any(name.lower() in READ_FOLDERS | {"read archive"} for name in self._folders)
        own = [name for name in folders if name.lower() not in READ_FOLDERS | {"read archive"}]
        self.links.append(
            SavedLink(
                url=url,
                title=title,
                tags=tuple(dict.fromkeys((*split_tags(given.get("tags", "")), *own))),
                saved=instant(given.get("add_date") or given.get("time_added") or ""),
                read=read or given.get("toread") == "0" or given.get("unread") == "0",
                starred=given.get("important", given.get("data-important", "")).lower() in ("1", "true"),
            )
        )
