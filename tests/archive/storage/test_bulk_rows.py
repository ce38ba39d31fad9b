"""Many rows at once: those that are known are found."""

from tests.archive.sample_feeds import NOW, URL, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.articles.versions import article_ids_at
from unabridged.archive.storage.bulk_rows import rows_among
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.identity import address_key
from unabridged.archive.storage.tables import articles, items, to_microseconds


def test_among_many_keys_those_that_are_known_are_found(archive: Archive, dsn: str) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    new = save(archive, feed.id, *map(an_entry, range(3))).new
    keys = [key for one in range(1200) if (key := address_key(f"https://news.example/{one}")) is not None]
    database = Database(dsn)
    with database.reading() as conn:
        assert article_ids_at(conn, keys) == dict(zip(keys, new, strict=False))
        assert rows_among(conn, items, ("article_id",), "article_id", [*new, 99], user_id=7) == []
        times = rows_among(conn, articles, ("id", "sort_at"), "id", new[:1])
        assert times == [(new[0], to_microseconds(archive.library().articles.get(new[0]).at))]
        assert rows_among(conn, articles, ("id",), "id", []) == []
    database.close()
