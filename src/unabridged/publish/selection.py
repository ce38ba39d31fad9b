"""Which articles go out: one record that every format is written from."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from unabridged.archive.records import Query, StoredArticle
from unabridged.archive.store import Archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Articles that a query names. title: what a person calls them ("News, 1 to 7 May")."""

    query: Query = field(default_factory=Query)
    title: str = "All articles"

    @property
    def whole_sources(self) -> bool:
        """Whether nothing but a feed or a source is asked for."""
        narrow = Query(feed=self.query.feed, source=self.query.source, limit=self.query.limit)
        return self.query == narrow


def chosen(archive: Archive, selection: Selection) -> Iterator[StoredArticle]:
    """The articles of a selection, newest first, in steady memory."""
    return archive.all_articles(selection.query)


def count_chosen(archive: Archive, selection: Selection) -> int:
    """How many articles a selection has."""
    return archive.count_articles(selection.query)
