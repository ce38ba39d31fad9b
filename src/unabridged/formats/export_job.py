"""What an export is asked to write, and what it says it wrote."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.formats.selection import Selection, chosen

Seen = Callable[[StoredArticle], None]


def _unseen(_stored: StoredArticle) -> None:
    """Nobody looks on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """How many articles went out, how many files were really written, and bytes of a single one.

    feeds: subscriptions, None where articles were written; pages: raw pages; pictures: files of them.
    failed: what could not be read of the archive.
    """

    articles: int = 0
    files: int = 0
    size: int = 0
    feeds: int | None = None
    pages: int = 0
    pictures: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be written. now: for the dates of files; seen: called with every article written.

    history: every version of the articles, in formats that have a place for them.
    """

    selection: Selection = field(default_factory=Selection)
    now: datetime
    history: bool = False
    seen: Seen = _unseen

    def articles(self, archive: Archive, failed: list[str]) -> Iterator[StoredArticle]:
        """The articles, newest first, each reported when the next one is asked for.

        failed: to which a line is added for each that cannot be read.
        """
        for stored in chosen(archive, self.selection, failed):
            yield stored
            self.seen(stored)
