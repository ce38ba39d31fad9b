"""An archive of every kind of row, and the fingerprints of its tables."""

from itertools import count

from tests.archive.sample_feeds import NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.maintenance.copy_archive import fingerprint, tables
from unabridged.archive.records.maintenance import Fingerprint
from unabridged.archive.records.rules import RuleDraft
from unabridged.archive.storage.engine import Database

_names = count()


def fill(archive: Archive, start: int = 0, articles: int = 7) -> None:
    """Articles with raw pages of one site, versions, a subscription, a deleted article, a rule, a search."""
    feed = archive.library().subscriptions.add(URL, now=NOW, folder="World").feed
    numbers = save(archive, feed.id, *(an_entry(start + place) for place in range(articles))).new
    for place, number in enumerate(numbers):
        url = f"https://news.example/{start + place}"
        for version in range(2):
            words = f"Text of story {start + place}, version {version}. " * 20
            page = a_page(url, b"<html>frame</html>" * 30 + words.encode(), NOW)
            archive.ingest.save_page(number, an_article(url, text=words), page, now=NOW)
    archive.library().marks.set_starred(numbers[:2], True, now=NOW)
    archive.library().articles.delete(numbers[-1])
    archive.library().rules.add(RuleDraft(action="mute", query="nobody"), now=NOW)
    archive.library().searches.add(f"From {start}", "story", now=NOW)


def prints(dsn: str) -> dict[str, Fingerprint]:
    database = Database(dsn)
    with database.reading() as conn:
        found = {table.name: fingerprint(conn, table) for table in tables()}
    database.close()
    return found
