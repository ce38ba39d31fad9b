"""Document tree of an archive: its folders and the permanent numbers of articles in them."""

from collections.abc import Iterator

from unabridged.archive.articles import document_numbers, queries
from unabridged.archive.records.core import OWNER, NumberedArticle, Source
from unabridged.archive.storage.engine import Database


class Documents:
    """Sources and article numbers of the document tree: `archive.documents`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def sources(self) -> tuple[Source, ...]:
        """Return the folders of the document tree, by slug."""
        with self._db.reading() as conn:
            return document_numbers.list_sources(conn)

    def other_sources(self) -> tuple[Source, ...]:
        """Return the sources that are no feeds and have articles, by slug."""
        with self._db.reading() as conn:
            return document_numbers.list_other_sources(conn)

    def assign_numbers(self) -> int:
        """Give every article without one its permanent number in its source. Returns how many it gave."""
        return self._db.writing(document_numbers.assign_numbers)

    def articles(self, source: str, *, batch: int = 200) -> Iterator[NumberedArticle]:
        """Yield a source's articles by number, ascending, in steady memory."""
        after = -1
        while True:
            with self._db.reading() as conn:
                pairs = list(document_numbers.numbers_after(conn, source, after, batch))
                found = queries.articles_by_id(conn, [article_id for _, article_id in pairs], OWNER)
            yield from (
                NumberedArticle(number=number, stored=found[one]) for number, one in pairs if one in found
            )
            if len(pairs) < batch:
                return
            after = pairs[-1][0]
