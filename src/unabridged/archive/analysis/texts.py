"""Current texts of articles, to be analysed and compared."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import LISTED, articles, revisions
from unabridged.model import Article


def current_texts(conn: Connection, numbers: Sequence[int]) -> list[tuple[int, int, Article]]:
    """Return number, version and text of articles, by number.

    Articles that were merged into others and damaged ones are left out.
    """
    if not numbers:
        return []
    current = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
    query = select(articles.c.id, articles.c.revision, revisions.c.record).join(revisions, current)
    found = []
    for row in conn.execute(query.where(articles.c.id.in_(numbers), LISTED).order_by(articles.c.id)).all():
        article = article_of(row.record, f"article {row.id}")
        if article is not None:
            found.append((row.id, row.revision, article))
    return found
