"""Edits by the publisher: which versions are one, and how many an article has.

A version is an edit if the publisher changed a word of the headline, the byline or the text of what was read
in the same way before. No edits are: the feed's excerpt before the whole text, a text that became complete,
a stored page that was extracted again, and imported files. The version has the mark `edit`, its article the
number of edits and the time of the last one, so that a list of articles reads no versions.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, FromClause, func, select, update

from unabridged.archive.articles.version_policy import RANK, classify_change
from unabridged.archive.records.core import RevisionSource
from unabridged.archive.storage.row_decoding import article_of
from unabridged.archive.storage.tables import articles, revisions
from unabridged.model import Article

EDITABLE: Mapping[RevisionSource, frozenset[RevisionSource]] = {
    "feed": frozenset({"feed"}),
    "page": frozenset({"page", "replay"}),
}
"""Source of a version -> sources of the version before it that it can be an edit of."""


def noticed_of(versions: FromClause) -> ColumnElement[datetime]:
    """Return the time when the text of a version was seen: when its page was fetched, else when it was saved.

    versions: the table of versions, or an alias of it.
    """
    return func.coalesce(versions.c.fetched, versions.c.saved)


NOTICED = noticed_of(revisions)


def is_edit(
    before: tuple[RevisionSource, Article], after: tuple[RevisionSource, Article], *, same_page: bool = False
) -> bool:
    """Say whether a version is the publisher's edit of the one before it.

    same_page: both were extracted from the same bytes.
    """
    (old_source, old), (source, new) = before, after
    if same_page or old_source not in EDITABLE.get(source, ()):
        return False
    if RANK[new.completeness.kind] > RANK[old.completeness.kind]:
        return False  # more of the text was shown to us
    return classify_change(old, new).kind == "changed"


def mark_by_time(conn: Connection, article_id: int) -> None:
    """Mark the edits among the versions of an article's page, in the order in which they were fetched.

    Needed after an older page was added; its rows are then counted again.
    """
    columns = (revisions.c.number, revisions.c.source, revisions.c.record, revisions.c.snapshot_hash)
    theirs = (revisions.c.article_id == article_id) & (revisions.c.source == "page")
    query = select(*columns).where(theirs, revisions.c.fetched.is_not(None))
    rows = conn.execute(query.order_by(revisions.c.fetched, revisions.c.number)).all()
    read = [(row, article_of(row.record, f"article {article_id}, version {row.number}")) for row in rows]
    for (old, before), (new, after) in pairwise(read):
        if before is None or after is None:
            continue
        same_page = old.snapshot_hash is not None and old.snapshot_hash == new.snapshot_hash
        edit = is_edit((old.source, before), (new.source, after), same_page=same_page)
        mine = (revisions.c.article_id == article_id) & (revisions.c.number == new.number)
        conn.execute(update(revisions).where(mine).values(edit=int(edit)))
    count_edits(conn, article_id)


def count_edits(conn: Connection, article_id: int) -> None:
    """Write the number of an article's edits and the time of the last one to its row."""
    marked = (revisions.c.article_id == article_id) & (revisions.c.edit != 0)
    number, last = conn.execute(select(func.count(), func.max(NOTICED)).where(marked)).one()
    conn.execute(update(articles).where(articles.c.id == article_id).values(edits=number, edited=last))
