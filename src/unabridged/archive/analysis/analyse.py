"""Analysis of articles that wait for it, in small transactions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete

from unabridged.archive.analysis import copies, keys, queue, stories
from unabridged.archive.analysis.shared_marks import mark_late
from unabridged.archive.analysis.sources import add_attributions
from unabridged.archive.analysis.texts import current_texts
from unabridged.archive.storage.bulk_rows import insert_rows
from unabridged.archive.storage.tables_stories import article_analyses, attributions
from unabridged.model import Article
from unabridged.stories.attributions import find_attributions
from unabridged.stories.duplicates import band_keys


def analyse_some(conn: Connection, limit: int, now: datetime | None = None) -> int:
    """Analyse articles that wait, `limit` at most. Returns how many.

    now: time of marks that articles take over from near-duplicates; None: that of the marks.
    """
    queue.lock(conn)
    numbers = queue.waiting(conn, limit)
    _forget(conn, numbers)
    texts = current_texts(conn, numbers)
    for number, revision, article in texts:
        _analyse(conn, number, revision, article)
    stories.place_articles(conn, numbers, {number: article for number, _, article in texts})
    mark_late(conn, numbers, now)
    queue.remove(conn, numbers)
    return len(numbers)


def _forget(conn: Connection, numbers: Sequence[int]) -> None:
    """Remove what is known about articles by their earlier texts."""
    keys.remove_keys(conn, numbers)
    for table in (article_analyses, attributions):
        conn.execute(delete(table).where(table.c.article_id.in_(numbers)))


def _analyse(conn: Connection, number: int, revision: int, article: Article) -> None:
    text = copies.shingles_of(article.text)
    own = band_keys(text)
    group = copies.group_with_copies(conn, number, text, own)
    row = {"article_id": number, "revision": revision, "keys": keys.packed(own), "copy_group": group}
    insert_rows(conn, article_analyses, [row])
    keys.add_keys(conn, number, own)
    add_attributions(conn, number, find_attributions(article.text, language=article.language))
