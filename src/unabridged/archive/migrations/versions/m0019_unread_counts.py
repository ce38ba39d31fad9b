"""Counts of unread items by user and feed, kept by triggers on SQLite. Feed 0: all items of the user."""

from alembic import op

revision = "0019"
down_revision = "0018"

TABLE = """
CREATE TABLE unread_counts (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    feed_id INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    PRIMARY KEY (user_id, feed_id)
) WITHOUT ROWID
"""

MORE = """
    INSERT INTO unread_counts (user_id, feed_id, unread)
    SELECT NEW.user_id, feed_id, 1 FROM (
        SELECT 0 AS feed_id UNION ALL SELECT feed_id FROM sightings WHERE article_id = NEW.article_id
    ) WHERE true
    ON CONFLICT (user_id, feed_id) DO UPDATE SET unread = unread + 1;
"""

LESS = """
    UPDATE unread_counts SET unread = unread - 1 WHERE user_id = OLD.user_id AND feed_id IN (
        SELECT 0 UNION ALL SELECT feed_id FROM sightings WHERE article_id = OLD.article_id
    );
"""

SHOWN = """
    INSERT INTO unread_counts (user_id, feed_id, unread)
    SELECT user_id, NEW.feed_id, 1 FROM items WHERE article_id = NEW.article_id AND read = 0
    ON CONFLICT (user_id, feed_id) DO UPDATE SET unread = unread + 1;
"""

HIDDEN = """
    UPDATE unread_counts SET unread = unread - 1 WHERE feed_id = OLD.feed_id AND user_id IN (
        SELECT user_id FROM items WHERE article_id = OLD.article_id AND read = 0
    );
"""

TRIGGERS = (
    f"CREATE TRIGGER unread_item_added AFTER INSERT ON items WHEN NEW.read = 0 BEGIN {MORE} END",
    f"CREATE TRIGGER unread_item_removed AFTER DELETE ON items WHEN OLD.read = 0 BEGIN {LESS} END",
    "CREATE TRIGGER unread_item_read AFTER UPDATE OF read ON items"
    f" WHEN OLD.read = 0 AND NEW.read <> 0 BEGIN {LESS} END",
    "CREATE TRIGGER unread_item_unread AFTER UPDATE OF read ON items"
    f" WHEN OLD.read <> 0 AND NEW.read = 0 BEGIN {MORE} END",
    f"CREATE TRIGGER unread_sighting_added AFTER INSERT ON sightings BEGIN {SHOWN} END",
    f"CREATE TRIGGER unread_sighting_removed AFTER DELETE ON sightings BEGIN {HIDDEN} END",
    "CREATE TRIGGER unread_sighting_moved AFTER UPDATE OF feed_id, article_id ON sightings"
    f" BEGIN {HIDDEN} {SHOWN} END",
)

COUNT = """
INSERT INTO unread_counts (user_id, feed_id, unread)
SELECT user_id, 0, count(*) FROM items WHERE read = 0 GROUP BY user_id
UNION ALL
SELECT items.user_id, sightings.feed_id, count(*) FROM items
JOIN sightings ON sightings.article_id = items.article_id WHERE items.read = 0 GROUP BY 1, 2
"""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    for statement in (TABLE, COUNT, *TRIGGERS):
        connection.exec_driver_sql(statement)
