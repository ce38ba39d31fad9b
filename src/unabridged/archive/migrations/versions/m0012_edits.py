"""Edits by the publisher, marked on versions and counted on articles; those saved before are marked, too."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

EDITED_AFTER = {"feed": ("feed",), "page": ("page", "replay")}
"""Source of a version -> sources of the version before it that it can be an edit of."""

RANK = {"full": 2, "truncated": 1, "paywalled": 1, "blocked": 0, "not_an_article": 0}
"""Completeness -> its rank; a text that became more complete was not edited."""

COUNT = """
UPDATE articles SET
  edits = (SELECT count(*) FROM revisions r WHERE r.article_id = articles.id AND r.edit = 1),
  edited = (SELECT max(coalesce(r.fetched, r.saved)) FROM revisions r
            WHERE r.article_id = articles.id AND r.edit = 1)
WHERE id IN (SELECT article_id FROM revisions WHERE edit = 1)
"""


def upgrade() -> None:
    op.add_column("articles", sa.Column("edits", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("articles", sa.Column("edited", sa.BigInteger()))
    op.add_column("revisions", sa.Column("edit", sa.SmallInteger(), nullable=False, server_default="0"))
    conn = op.get_bind()
    conn.execute(_mark())
    conn.execute(sa.text(COUNT))


def _mark() -> sa.Update:
    """Mark the versions that were saved as a change of what was read in the same way before."""
    names = ("source", "snapshot_hash", "completeness", "reason", "edit")
    table = sa.table("revisions", sa.column("article_id"), sa.column("number"), *map(sa.column, names))

    def before(name: str) -> sa.ColumnElement[str]:
        return sa.func.lag(table.c[name]).over(partition_by=table.c.article_id, order_by=table.c.number)

    pairs = sa.select(
        *(table.c[name] for name in ("article_id", "number", *names[:4])),
        *(before(name).label(f"old_{name}") for name in names[:3]),
    ).subquery()
    editable = sa.or_(
        *((pairs.c.source == new) & pairs.c.old_source.in_(old) for new, old in EDITED_AFTER.items())
    )
    same_page = (pairs.c.snapshot_hash == pairs.c.old_snapshot_hash) & pairs.c.snapshot_hash.is_not(None)
    grown = _rank(pairs.c.completeness) > _rank(pairs.c.old_completeness)
    older = pairs.c.reason.like("an older page:%")
    edits = sa.select(pairs.c.article_id, pairs.c.number).where(
        editable, sa.not_(sa.func.coalesce(same_page, sa.false())), sa.not_(grown), sa.not_(older)
    )
    return sa.update(table).where(sa.tuple_(table.c.article_id, table.c.number).in_(edits)).values(edit=1)


def _rank(completeness: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    return sa.case(RANK, value=completeness, else_=0)
