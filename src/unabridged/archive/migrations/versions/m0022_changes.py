"""Indexes of edits, marks of take-downs and restorations, and the web archive that a version comes from."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

NOTICED = sa.text("coalesce(fetched, saved)")
MARKED_EDIT, MARKED_CHANGE = sa.text("edit != 0"), sa.text("change IS NOT NULL")

MARK = """
UPDATE observations SET change = (
  SELECT CASE WHEN turns.kind = 'gone' THEN 'taken_down' ELSE 'restored' END
  FROM turns WHERE turns.id = observations.id
) WHERE id IN (SELECT id FROM turns WHERE (kind = 'gone') <> (before = 'gone'))
"""

TURNS = """
WITH turns AS (
  SELECT id, kind, coalesce(lag(kind) OVER (PARTITION BY article_id ORDER BY id), 'same') AS before
  FROM observations
  WHERE kind IN ('gone', 'new', 'same', 'changed') AND status IS NOT NULL
    AND article_id IN (SELECT article_id FROM observations WHERE kind = 'gone')
)
"""
"""Fetches of pages that were gone at least once, those that found a page or found it gone."""


def upgrade() -> None:
    op.add_column("revisions", sa.Column("origin", sa.Text()))
    op.add_column("observations", sa.Column("change", sa.Text()))
    op.get_bind().execute(sa.text(TURNS + MARK))
    op.create_index(
        "ix_revisions_edits",
        "revisions",
        [NOTICED, "article_id", "number"],
        sqlite_where=MARKED_EDIT,
        postgresql_where=MARKED_EDIT,
    )
    op.create_index(
        "ix_observations_changes",
        "observations",
        ["at", "article_id", "id"],
        sqlite_where=MARKED_CHANGE,
        postgresql_where=MARKED_CHANGE,
    )
