"""Records of what files bring into the archive: articles, earlier versions, captured pages."""

from dataclasses import dataclass
from datetime import datetime

from unabridged.archive.records.core import RevisionSource
from unabridged.model import Article, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedVersion:
    """A version in an article's history, from a file. number, saved, edit: as recorded in the file."""

    number: int
    saved: datetime
    reason: str
    article: Article
    edit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A version from a file. source: slug of its folder, number: its number there (None: a new one).

    first_seen: when it was first seen, according to the file; None: now. revised: when this version was
    saved, according to the file. revision, older: number of this version, and the other versions, if the
    file has the whole history; they are imported only with a new article. edit: this version is an edit by
    the publisher, according to such a file. fetch: its page is to be fetched, since the file has no more
    than a link or an excerpt; a known article keeps its text then. read, starred, tags: the user's marks;
    they are added, never removed. markdown: the text of a Markdown file as it is, since the article made of
    it may have lost what its notation does not hold.
    """

    article: Article
    origin: RevisionSource
    source: str
    source_title: str | None = None
    number: int | None = None
    first_seen: datetime | None = None
    revised: datetime | None = None
    revision: int = 1
    older: tuple[ImportedVersion, ...] = ()
    edit: bool = False
    fetch: bool = False
    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()
    markdown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPage:
    """A page that was captured elsewhere, at `page.fetched`, with the article extracted from it."""

    article: Article
    page: Page
