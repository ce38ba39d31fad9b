"""Damaged files: rows on intact pages are recovered, and every recovered row is complete."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.archive.sample_feeds import NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive
from unabridged.archive.maintenance.backup import restore
from unabridged.archive.maintenance.verify import verify
from unabridged.archive.storage.engine import Database
from unabridged.errors import UnabridgedError

PAGE = 4096
STORIES = 60


def unwatched(_what: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a backup of many articles, every other one of them read."""
    folder = tmp_path_factory.mktemp("whole")
    file = folder / "backup.db"
    with Archive(str(folder / "a.db")) as archive:
        feed = archive.library().subscriptions.add(URL, now=NOW, folder="World").feed
        numbers = save(archive, feed.id, *(an_entry(place) for place in range(STORIES))).new
        for place, number in list(enumerate(numbers))[::2]:
            url = f"https://news.example/{place}"
            words = " ".join(f"word{place * 1000 + step}" for step in range(400))
            page = a_page(url, words.encode(), NOW)
            archive.ingest.save_page(number, an_article(url, text=words), page, now=NOW)
        archive.library().marks.set_starred(numbers[:5], True, now=NOW)
        archive.maintenance.back_up(file)
    return file


def without_page(backup: Path, number: int, folder: Path) -> Path:
    """Copy the backup, with one page of the file overwritten."""
    data = bytearray(backup.read_bytes())
    data[number * PAGE : (number + 1) * PAGE] = b"\xa5" * PAGE
    damaged = folder / f"damaged-{number}.db"
    damaged.write_bytes(data)
    return damaged


PARTS = 7


@pytest.mark.parametrize("part", range(PARTS))
def test_one_bad_page_costs_what_stands_on_it_and_nothing_else(
    backup: Path, part: int, tmp_path: Path
) -> None:
    pages = backup.stat().st_size // PAGE
    damaged = without_page(backup, 1 + (pages - 2) * part // (PARTS - 1), tmp_path)
    restored = tmp_path / "restored.db"
    try:
        restore(damaged, str(restored), unwatched, damaged=True)
    except UnabridgedError as error:  # the schema itself is gone
        assert str(damaged) in str(error) and not restored.exists()
        return
    with closing(Database(str(restored))) as db:
        assert verify(db, unwatched).problems == ()


def test_articles_of_a_bad_page_of_versions_keep_their_places_and_are_read_again(
    backup: Path, tmp_path: Path
) -> None:
    data = backup.read_bytes()
    texts = range(0, len(data), PAGE)
    of_versions = [at // PAGE for at in texts if b"the feed's own text" in data[at : at + PAGE]]
    number = of_versions[1]
    restored = tmp_path / "restored.db"
    found = restore(without_page(backup, number, tmp_path), str(restored), unwatched, damaged=True)
    assert any("their pages again" in problem.why for problem in found.problems)
    with Archive(str(restored)) as archive:
        assert archive.library().counts().articles == STORIES
        articles = [archive.library().articles.get(number) for number in range(1, STORIES + 1)]
        history = {one.id: archive.library().articles.revisions(one.id) for one in articles}
    lost = [one for one in articles if "could not be read" in history[one.id][0].reason]
    assert 0 < len(lost) < STORIES / 4
    assert all(one.page.state == "waiting" and one.article.title for one in lost)
