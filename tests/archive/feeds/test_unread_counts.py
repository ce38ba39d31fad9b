"""Counts of unread items stay right whatever is done to the archive, on both databases."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tests.archive.sample_feeds import NOW, a_feed, an_entry, fine
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, Query
from unabridged.archive.feeds.unread_counts import RECOUNT, unread_by_folder, wrong_counts
from unabridged.archive.storage.tables import items, sightings

FEEDS = 4
FOLDERS = ("Daily", "Weekly", None)


class Walk:
    """Random changes of an archive with two readers, some of whose articles stand in several feeds."""

    def __init__(self, archive: Archive, seed: int) -> None:
        self.archive = archive
        self.dice = random.Random(seed)
        self.readers = [1, add_user(archive, "second")]
        self.now = NOW
        self.marked = NOW
        for reader in self.readers:
            for n in range(FEEDS):
                self.subscribe(reader, n)

    def subscribe(self, reader: int, n: int) -> None:
        address = f"https://news.example/feed-{n}"
        folder = self.dice.choice(FOLDERS)
        self.archive.library(reader).subscriptions.add(address, folder=folder, now=self.now)

    def step(self) -> None:
        self.now += timedelta(minutes=1)
        steps: tuple[Callable[[], None], ...] = (
            *(self.save, self.save, self.mark, self.mark_all, self.undo),
            *(self.leave, self.join, self.purge, self.delete, self.move),
        )
        self.dice.choice(steps)()

    @property
    def reader(self) -> int:
        return self.dice.choice(self.readers)

    def feeds(self, reader: int) -> list[int]:
        return [one.feed.id for one in self.archive.library(reader).subscriptions.all()]

    def articles(self, reader: int) -> list[int]:
        return [line.id for line in self.archive.library(reader).articles.headlines(Query()).headlines]

    def save(self) -> None:
        for feed_id in self.feeds(self.reader)[:2]:
            some = [an_entry(self.dice.randrange(30)) for _ in range(3)]
            feed = a_feed(url=f"https://news.example/feed-{feed_id}")
            self.archive.ingest.save_entries(feed_id, feed, some, fine(self.now))

    def mark(self) -> None:
        reader = self.reader
        some = self.dice.sample(found := self.articles(reader), min(3, len(found)))
        self.archive.library(reader).marks.set_read(some, self.dice.random() < 0.6, now=self.now)

    def mark_all(self) -> None:
        reader = self.reader
        query = Query(feed=self.dice.choice([None, *self.feeds(reader)]))
        self.marked = self.now
        self.archive.library(reader).marks.set_all_read(query, now=self.now, before=self.now)

    def undo(self) -> None:
        self.archive.library(self.reader).marks.undo_all_read(self.marked, now=self.now)

    def leave(self) -> None:
        reader = self.reader
        for feed_id in self.feeds(reader)[:1]:
            self.archive.library(reader).subscriptions.remove(feed_id)

    def join(self) -> None:
        self.subscribe(self.reader, self.dice.randrange(FEEDS))

    def purge(self) -> None:
        for feed_id in self.feeds(1)[-1:]:
            self.archive.library().subscriptions.purge(feed_id)

    def delete(self) -> None:
        for article_id in self.articles(1)[:1]:
            self.archive.library().articles.delete(article_id, now=self.now)

    def move(self) -> None:
        reader = self.reader
        for feed_id in self.feeds(reader)[:1]:
            self.archive.library(reader).subscriptions.move(feed_id, self.dice.choice(FOLDERS))


def assert_right(archive: Archive, reader: int) -> None:
    """Compare what pages show with what is counted from the rows."""
    library = archive.library(reader)
    with archive._db.reading() as conn:
        assert wrong_counts(conn) == 0
        mine = (items.c.user_id == reader) & items.c.read.is_(False)
        every = conn.execute(select(func.count()).select_from(items).where(mine)).scalar_one()
        joined = select(sightings.c.feed_id, func.count())
        joined = joined.join(items, items.c.article_id == sightings.c.article_id)
        by_feed: dict[int, int] = dict(conn.execute(joined.where(mine).group_by(sightings.c.feed_id)).all())
        by_folder = unread_by_folder(conn, reader)
    assert library.mark_counts().unread == every
    shown = library.subscriptions.all()
    assert {one.feed.id: one.unread for one in shown} == {
        one.feed.id: by_feed.get(one.feed.id, 0) for one in shown
    }
    in_folders: dict[str, int] = {}
    for one in shown:
        if one.folder:
            in_folders[one.folder] = in_folders.get(one.folder, 0) + one.unread
    folders = library.subscriptions.folders()
    assert {one.name: one.unread for one in folders} == in_folders
    assert sum(by_folder.values()) == sum(in_folders.values())
    page, _ = library.subscriptions.page(0, 2)
    assert all(one.unread == by_feed.get(one.feed.id, 0) for one in page)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2, 3))])
def test_counts_stay_right_after_every_change(archive: Archive, seed: int) -> None:
    walk = Walk(archive, seed)
    for _ in range(60):
        walk.step()
        for reader in walk.readers:
            assert_right(archive, reader)


def test_a_removed_person_takes_their_counts_along(archive: Archive) -> None:
    walk = Walk(archive, 1)
    for _ in range(10):
        walk.save()
    archive.accounts.remove(walk.readers[1])
    assert_right(archive, 1)


def test_counts_that_were_changed_by_hand_are_found_and_counted_anew(archive: Archive) -> None:
    if not archive._db.on_sqlite:
        pytest.skip("PostgreSQL keeps no counts")
    walk = Walk(archive, 2)
    walk.save()
    archive._db.writing(lambda conn: conn.execute(text("UPDATE unread_counts SET unread = unread + 5")))
    found = [one for one in archive.maintenance.verify().problems if one.what == "unread_counts"]
    assert "kept counts" in found[0].why
    archive._db.writing(lambda conn: [conn.execute(text(statement)) for statement in RECOUNT])
    assert archive.maintenance.verify().problems == ()
