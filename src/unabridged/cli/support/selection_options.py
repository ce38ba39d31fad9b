"""Options that select articles, and the selection made from them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query
from unabridged.cli.support.lookup import feed_number
from unabridged.durations import parse_duration
from unabridged.errors import NotFound
from unabridged.formats.selection import Selection

FeedOption = Annotated[
    str | None, typer.Option("--feed", help="Only this subscription: its number, address or title.")
]
FolderOption = Annotated[str | None, typer.Option("--folder", help="Only the feeds of this folder.")]
TagOption = Annotated[str | None, typer.Option("--tag", help="Only articles with this tag.")]
SourceOption = Annotated[
    str | None, typer.Option("--source", help="Only this source (a folder of the document tree).")
]
StarredOption = Annotated[bool, typer.Option("--starred", help="Only starred articles.")]
UnreadOption = Annotated[bool, typer.Option("--unread", help="Only unread articles.")]
SearchOption = Annotated[
    str | None,
    typer.Option("--search", help="Only articles that match a search; see `unabridged search --help`."),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", help="Only articles since 2025-03-01, 2025-03-01T12:00, or a duration back: 7d."),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", help="Only articles before; same formats as --since.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """Filters as typed on the command line."""

    feed: str | None = None
    folder: str | None = None
    tag: str | None = None
    source: str | None = None
    starred: bool = False
    unread: bool = False
    since: str | None = None
    until: str | None = None
    search: str | None = None

    def selection(self, archive: Archive) -> Selection:
        """Return the selection of articles. Raises NotFound for an unknown feed, folder or tag."""
        query = Query(
            feed=None if self.feed is None else feed_number(archive, self.feed),
            folder=None if self.folder is None else _folder(archive, self.folder),
            tag=None if self.tag is None else _tag(archive, self.tag),
            source=self.source,
            starred=self.starred,
            unread=self.unread,
            since=parse_time(self.since, "--since"),
            until=parse_time(self.until, "--until"),
        )
        return Selection(query=query, words=self.search, title=self._title(archive, query))

    def _title(self, archive: Archive, query: Query) -> str:
        named = None if query.feed is None else archive.library().subscriptions.get(query.feed).title
        marks = [word for word, on in (("starred", self.starred), ("unread", self.unread)) if on]
        words = [one for one in (named, self.folder, self.tag, self.source, self.search, *marks) if one]
        return ", ".join(words) or "All articles"


def _folder(archive: Archive, name: str) -> int:
    library = archive.library()
    for folder in library.subscriptions.folders():
        if name in (folder.name, str(folder.id)) or name.casefold() == folder.name.casefold():
            return folder.id
    names = ", ".join(folder.name for folder in library.subscriptions.folders()) or "none"
    raise NotFound(f"There is no folder {name!r}. Folders: {names}.")


def _tag(archive: Archive, name: str) -> int:
    library = archive.library()
    for tag in library.tags.all():
        if name.casefold() == tag.name.casefold():
            return tag.id
    names = ", ".join(tag.name for tag in library.tags.all()) or "none"
    raise NotFound(f"There is no tag {name!r}. Tags: {names}.")


def parse_time(text: str | None, option: str) -> datetime | None:
    """Return the UTC time of a date, a local time, or a duration back from now. option: for the error."""
    if text is None:
        return None
    try:
        return datetime.now(UTC) - timedelta(seconds=parse_duration(text))
    except (ValueError, OverflowError):
        pass
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter("write 2025-03-01, 2025-03-01T12:00 or 30d", param_hint=option) from None
