"""Selection of the articles to export, used by all formats."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Headline, Query, StoredArticle
from unabridged.errors import DamagedRecord, NotFound

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Articles that match a query, and a search if there is one.

    words: the search. title: for display ("News, 1 to 7 May").
    """

    query: Query = field(default_factory=Query)
    words: str | None = None
    title: str = "All articles"

    @property
    def whole_sources(self) -> bool:
        """Tell if there is no condition but a feed or a source."""
        narrow = Query(feed=self.query.feed, source=self.query.source, limit=self.query.limit)
        return self.words is None and self.query == narrow


def folded_headlines(archive: Archive, selection: Selection) -> Iterator[tuple[Headline, tuple[int, ...]]]:
    """Yield the headlines of a selection with one of each group of near-duplicates, the one that came first.

    With each come the numbers of those that are folded under it. In a search, the articles of a page are
    compared. Raises BadQuery.
    """
    stories = archive.library().stories
    if selection.words is not None:
        found = iter(_found(archive, selection.words, selection.query))
        while lines := list(islice(found, PAGE)):
            under = stories.folding_among([line.id for line in lines], "first")
            folded = {number for others in under.values() for number in others}
            yield from ((line, under.get(line.id, ())) for line in lines if line.id not in folded)
        return
    query: Query | None = replace(selection.query, limit=PAGE)
    while query is not None:
        page = stories.folded_headlines(query, "first")
        yield from ((line, page.under.get(line.id, ())) for line in page.headlines)
        query = replace(query, before=page.next) if page.next else None


def selected_headlines(archive: Archive, selection: Selection) -> Iterator[Headline]:
    """Yield the headlines of a selection, newest first, page by page. Raises BadQuery."""
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


def selected_articles(archive: Archive, selection: Selection, failed: list[str]) -> Iterator[StoredArticle]:
    """Yield the whole articles of a selection, newest first, page by page. Raises BadQuery.

    failed: receives a line for each article that cannot be read.
    """
    library = archive.library()
    if selection.words is None:
        yield from library.articles.all(selection.query, on_damaged=failed.append)
        return
    for line in selected_headlines(archive, selection):
        try:
            yield library.articles.get(line.id)
        except NotFound:  # deleted meanwhile
            continue
        except DamagedRecord as exc:
            failed.append(str(exc))


def count_selected(archive: Archive, selection: Selection) -> int:
    """Count the articles of a selection."""
    if selection.words is None:
        return archive.library().articles.count(selection.query)
    return sum(1 for _ in selected_headlines(archive, selection))
