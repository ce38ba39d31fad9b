"""Analysis of articles that wait for it, in small transactions."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from unabridged.archive.analysis import copies, queue
from unabridged.archive.analysis.sources import add_attributions
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import articles, revisions
from unabridged.archive.storage.tables_stories import article_analyses, attributions
from unabridged.model import Article
from unabridged.stories.attributions import find_attributions
from unabridged.stories.duplicates import band_keys


def analyse_some(conn: Connection, limit: int) -> int:
    """Analyse articles that wait, `limit` at most. Returns how many."""
    queue.lock(conn)
    numbers = queue.waiting(conn, limit)
    _forget(conn, numbers)
    for number, revision, article in _current(conn, numbers):
        _analyse(conn, number, revision, article)
    queue.remove(conn, numbers)
    return len(numbers)


def _forget(conn: Connection, numbers: Sequence[int]) -> None:
    """Remove what is known about articles by their earlier texts."""
    copies.remove_keys(conn, numbers)
    for table in (article_analyses, attributions):
        conn.execute(delete(table).where(table.c.article_id.in_(numbers)))


def _current(conn: Connection, numbers: Sequence[int]) -> list[tuple[int, int, Article]]:
    """Return number, version and text of articles that are no duplicates; damaged ones are left out."""
    current = (revisions.c.article_id == articles.c.id) & (revisions.c.number == articles.c.revision)
    query = select(articles.c.id, articles.c.revision, revisions.c.record).join(revisions, current)
    query = query.where(articles.c.id.in_(numbers), articles.c.same_as.is_(None)).order_by(articles.c.id)
    found = []
    for row in conn.execute(query).all():
        article = article_of(row.record, f"article {row.id}")
        if article is not None:
            found.append((row.id, row.revision, article))
    return found


def _analyse(conn: Connection, number: int, revision: int, article: Article) -> None:
    text = copies.shingles_of(article.text)
    keys = band_keys(text)
    group = copies.group_with_copies(conn, number, text, keys)
    row = {"article_id": number, "revision": revision, "keys": copies.packed(keys), "copy_group": group}
    conn.execute(insert(article_analyses), row)
    copies.add_keys(conn, number, keys)
    add_attributions(conn, number, find_attributions(article.text, language=article.language))
