"""Which articles go out: one record that every format is written from."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Headline, Query, StoredArticle
from unabridged.errors import DamagedRecord, NotFound

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Articles that a query names, and that answer a search where there is one.

    words: of the search. title: what a person calls them ("News, 1 to 7 May").
    """

    query: Query = field(default_factory=Query)
    words: str | None = None
    title: str = "All articles"

    @property
    def whole_sources(self) -> bool:
        """Whether nothing but a feed or a source is asked for."""
        narrow = Query(feed=self.query.feed, source=self.query.source, limit=self.query.limit)
        return self.words is None and self.query == narrow


def lines(archive: Archive, selection: Selection) -> Iterator[Headline]:
    """The articles of a selection as lines, newest first, in steady memory. Raises BadQuery."""
    if selection.words is not None:
        yield from _found(archive, selection.words, selection.query)
        return
    query = replace(selection.query, limit=PAGE)
    while True:
        page = archive.library().articles.headlines(query)
        yield from page.headlines
        if page.next is None:
            return
        query = replace(query, before=page.next)


def _found(archive: Archive, words: str, query: Query) -> Iterator[Headline]:
    before: str | None = None
    library = archive.library()
    while True:
        page = library.search.ids(words, before=before, limit=PAGE)
        yield from library.articles.headlines_among(query, page.article_ids)
        if page.next is None:
            return
        before = page.next


def chosen(archive: Archive, selection: Selection, failed: list[str]) -> Iterator[StoredArticle]:
    """The articles of a selection, whole, newest first, in steady memory. Raises BadQuery.

    failed: to which a line is added for each that cannot be read.
    """
    library = archive.library()
    if selection.words is None:
        yield from library.articles.all(selection.query, on_damaged=failed.append)
        return
    for line in lines(archive, selection):
        try:
            yield library.articles.get(line.id)
        except NotFound:  # erased since it was found
            continue
        except DamagedRecord as exc:
            failed.append(str(exc))


def count_chosen(archive: Archive, selection: Selection) -> int:
    """How many articles a selection has."""
    if selection.words is None:
        return archive.library().articles.count(selection.query)
    return sum(1 for _ in lines(archive, selection))
