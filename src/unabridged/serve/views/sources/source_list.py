"""Links of the list of sources: to its pages and to its folders. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from unabridged.archive.records.core import Folder
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views.sidebar import MAX_ITEMS, NO_FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderLink:
    """A link to the feeds of one folder. folder: its name, "" for the feeds in none; None for all feeds."""

    name: str
    href: str
    feeds: int
    current: bool
    folder: str | None


def sources_path(page: int = 1, folder: int | None = None, words: str = "") -> str:
    """Return the address of a page of the list."""
    pairs: list[tuple[str, object]] = []
    pairs += [] if folder is None else [("folder", folder)]
    pairs += [("q", words)] if words else []
    pairs += [("page", page)] if page > 1 else []
    return "/sources" + (f"?{urlencode(pairs)}" if pairs else "")


def page_links(page: int, pages: int, folder: int | None, words: str) -> tuple[tuple[str, str], ...]:
    """Return (name, URL) of the links to the previous and the next page."""
    links = []
    if page > 1:
        links.append((gettext("Previous"), sources_path(page - 1, folder, words)))
    if page < pages:
        links.append((gettext("Next"), sources_path(page + 1, folder, words)))
    return tuple(links)


def folder_links(
    folders: Sequence[Folder], every: int, current: int | None, words: str
) -> tuple[FolderLink, ...]:
    """Return links to all feeds, to those of each folder, and to those in none."""
    loose = every - sum(one.feeds for one in folders)
    wanted: list[tuple[int | None, str, int]] = [(None, gettext("All"), every)]
    wanted += [(one.id, one.name, one.feeds) for one in folders[:MAX_ITEMS]]
    wanted += [(NO_FOLDER, gettext("No folder"), loose)] if loose > 0 else []
    return tuple(
        FolderLink(
            name=name,
            href=sources_path(folder=number, words=words),
            feeds=feeds,
            current=number == current,
            folder=None if number is None else "" if number == NO_FOLDER else name,
        )
        for number, name, feeds in wanted
    )
