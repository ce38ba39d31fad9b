"""Records of an export: the job and its report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredArticle
from unabridged.formats.selection import Selection, selected_articles

OnArticle = Callable[[StoredArticle], None]


def ignore(_stored: StoredArticle) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """Result of an export: articles, files written (unchanged ones do not count), and bytes of a single file.

    feeds: subscriptions, None if articles were exported; pages: raw pages; pictures: picture files.
    failed: one line for each item of the archive that could not be read.
    """

    articles: int = 0
    files: int = 0
    size: int = 0
    feeds: int | None = None
    pages: int = 0
    pictures: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """Selection and options of an export. now: dates the files; on_article: called for each article written.

    history: include earlier versions, in formats that have them.
    """

    selection: Selection = field(default_factory=Selection)
    now: datetime
    history: bool = False
    on_article: OnArticle = ignore

    def articles(self, archive: Archive, failed: list[str]) -> Iterator[StoredArticle]:
        """Yield the articles, newest first, and report each one after it was consumed.

        failed: receives a line for each article that cannot be read.
        """
        for stored in selected_articles(archive, self.selection, failed):
            yield stored
            self.on_article(stored)
